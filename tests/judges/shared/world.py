"""The servers of tests/support (rcb-test-world), which verify every token, for as long as a judge runs."""
import json
import subprocess
import time


class World:
    def __init__(self, program, folder, audience, *options):
        """`audience`: of the tokens. `options`: of `rcb-test-world serve`."""
        self.program, self.folder, self.audience = program, folder, audience
        self.process = subprocess.Popen([program, "serve", "--folder", folder, *options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not (folder / "ready").exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the servers have not started")
            time.sleep(0.05)
        self.ca = str(folder / "ca.pem")
        self.exchange = json.loads((folder / "endpoints.json").read_text())["exchange"]

    def token(self, account="team-a/puller", audience=None, expires_in=3600):
        namespace, name = account.split("/")
        command = [self.program, "token", "--folder", self.folder, "--namespace", namespace, "--service-account", name,
                   "--audience", audience or self.audience, "--expires-in", str(expires_in)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
