"""The programs of a node: started with a log, waited for, stopped."""

import subprocess
import time
from pathlib import Path


class NotReady(Exception):
    pass


def wait_until(condition, seconds, what, pause=0.1):
    """The first true answer of `condition`; errors count as "not yet". Fails, naming `what`, after `seconds`."""
    deadline = time.monotonic() + seconds
    last = None
    while True:
        try:
            answer = condition()
            if answer:
                return answer
        except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
            last = error
        if time.monotonic() > deadline:
            raise NotReady(f"{what}: not within {seconds} s" + (f" ({last})" if last else ""))
        time.sleep(pause)


class Process:
    """A running program. Its output goes to LOGS/NAME.log, which goes on through restarts."""

    def __init__(self, name, command, logs, environment=None):
        self.name = name
        self.command = [str(part) for part in command]
        self.environment = environment
        self.log = Path(logs) / f"{name}.log"
        self._running = None

    def start(self):
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             env=self.environment)
        return self

    def wait_ready(self, condition, seconds=30):
        def ready():
            if self._running.poll() is not None:
                status = self._running.returncode
                raise NotReady(f"{self.name} ended with status {status}; its last words:\n{self.last_words()}")
            return condition()

        return wait_until(ready, seconds, f"{self.name} is ready")

    def stop(self, seconds=10):
        if self._running is None:
            return
        self._running.terminate()
        try:
            self._running.wait(seconds)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()
        self._running = None

    @property
    def pid(self):
        return self._running.pid

    def last_words(self, lines=15):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
