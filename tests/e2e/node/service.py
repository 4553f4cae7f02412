"""The node's kubelet as a service: a small service manager in place of systemd, which reads the unit's environment file and starts what ends."""

import contextlib
import os
import shlex
import signal
import socketserver
import subprocess
import threading
import time
from pathlib import Path

from .process import wait_until

UNIT = Path("/etc/systemd/system/kubelet.service")
ENVIRONMENT = Path("/etc/default/kubelet")
SYSTEMCTL = """#!/usr/bin/env python3
import socket, sys
with socket.socket(socket.AF_UNIX) as manager:
    manager.connect("{socket}")
    manager.sendall(" ".join(sys.argv[1:]).encode() + b"\\n")
    status, _, words = manager.makefile().read().partition(" ")
print(words)
sys.exit(int(status))
"""
# Between the service manager and the kubelet: it joins the unit's control group, and what the file beside it says happens to a kubelet with a file
# that has "refuse-me" in it.
WRAPPER = """#!/usr/bin/env bash
echo $$ >GROUP/cgroup.procs || exit
behaviour=$(cat "$(dirname "$0")/behaviour")
for word in "$@"; do
  case $word in --image-credential-provider-config=*) file=${word#*=} ;; esac
done
if [[ -n ${file:-} ]] && grep -q refuse-me "$file"; then
  case $behaviour in
    refuses) echo "Failed to register CRI auth plugins" >&2; exit 1 ;;
    hangs) exec -a kubelet sleep infinity ;;
    # In the foreground, so that it is in the group of processes that a restart ends: else the next kubelet would find its port taken.
    crashes) exec timeout --foreground 3 KUBELET "$@" ;;
  esac
fi
exec KUBELET "$@"
"""


def control_groups():
    """Where control groups are that name a process's unit: systemd's own hierarchy of the first version, else the second version's."""
    mounts = [line.split()[1:4] for line in Path("/proc/self/mounts").read_text().splitlines()]
    named = [where for where, kind, options in mounts if kind == "cgroup" and "name=systemd" in options.split(",")]
    return Path((named or [where for where, kind, _ in mounts if kind == "cgroup2"])[0])


class KubeletService:
    def __init__(self, node):
        self._node = node
        self._folder = node.folder / "service"
        self._folder.mkdir(exist_ok=True)
        self._log = node.logs / "kubelet.log"
        self._kubelet = None
        self._wanted = False
        self._lock = threading.RLock()
        self.restarts = 0
        self._prepare()

    def _prepare(self):
        socket = self._folder / "manager"
        socket.unlink(missing_ok=True)
        self.systemctl = systemctl = self._folder / "systemctl"
        systemctl.write_text(SYSTEMCTL.format(socket=socket))
        command = self._node.kubelet.command_without_plugins
        self._program = self._folder / "kubelet"
        # Below a name of this node's own: the machine may have such a unit, and run.sh removes what is left.
        self._group = control_groups() / self._node.folder.name / UNIT.name
        self._group.mkdir(parents=True, exist_ok=True)
        self._program.write_text(WRAPPER.replace("KUBELET", str(command[0])).replace("GROUP", str(self._group)))
        self.behaves("well")
        for program in (systemctl, self._program):
            program.chmod(0o755)
        self.arguments = command[1:]
        UNIT.parent.mkdir(parents=True, exist_ok=True)
        UNIT.write_text(f"[Service]\nEnvironmentFile=-{ENVIRONMENT}\n"
                        f"ExecStart={self._program} {shlex.join(self.arguments)} $KUBELET_EXTRA_ARGS\n")
        self.environment = {**os.environ, "PATH": f"{self._folder}:{os.environ['PATH']}"}
        service = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(service._obey(self.rfile.readline().decode().split()).encode())

        self._server = socketserver.ThreadingUnixStreamServer(str(socket), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    def behaves(self, how):
        (self._folder / "behaviour").write_text(how)

    def _obey(self, words):
        if words == ["daemon-reload"]:
            return "0 "
        if words == ["restart", "kubelet.service"]:
            self.restarts += 1
            self.stop()
            self.start()
            return "0 "
        return f"1 unknown command {words}"

    def start(self):
        with self._lock:
            self._wanted = True
            extra = ""
            for line in ENVIRONMENT.read_text().splitlines() if ENVIRONMENT.exists() else []:
                if line.startswith("KUBELET_EXTRA_ARGS="):
                    extra = line.partition("=")[2].strip("\"'")
            with self._log.open("ab") as log:
                self._kubelet = subprocess.Popen([self._program, *self.arguments, *extra.split()], stdin=subprocess.DEVNULL,
                                                 stdout=log, stderr=log, start_new_session=True)

    def _watch(self):
        """Restart=always."""
        while True:
            time.sleep(0.2)
            with self._lock:
                if self._wanted and self._kubelet.poll() is not None:
                    self.start()

    def stop(self):
        with self._lock:
            self._wanted = False
            if self._kubelet is None:
                return
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._kubelet.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._kubelet.wait(10)
                    break

    def command_line(self):
        return [word.decode() for word in Path(f"/proc/{self._kubelet.pid}/cmdline").read_bytes().split(b"\0")[:-1]]

    def wait_ready(self):
        wait_until(self._node.kubelet.is_ready, 60, "the kubelet is ready")

    def end(self):
        self.stop()
        self._server.shutdown()
        wait_until(self._remove_group, 10, "the unit's control group is empty")
        UNIT.unlink()
        ENVIRONMENT.unlink(missing_ok=True)

    def _remove_group(self):
        self._group.rmdir()
        return True

    # --- The program under test ---

    def run(self, *arguments, status=0, program=None):
        self.wait_ready()
        command = [str(program or self._node.broker), *map(str, arguments)]
        run = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300, check=False)
        said = run.stdout + run.stderr
        assert run.returncode == status, f"{' '.join(command)}: status {run.returncode}, expected {status}\n{said}"
        return said

    def type_in(self, commands, folder):
        """The output of root's shell on this node for these commands, in the folder. They must succeed."""
        environment = {**self._node.cluster.environment, "PATH": f"{self._folder}:{self._node.cluster.environment['PATH']}"}
        run = subprocess.run(["bash", "-euc", commands], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             timeout=300, check=False)
        assert run.returncode == 0, f"{commands}\n{run.stdout}"
        return run.stdout


@contextlib.contextmanager
def kubelet_service(node, environment="KUBELET_EXTRA_ARGS=\"--max-pods=99\"\n"):
    """The node's kubelet, without plugins, runs as a service; in the end it is the usual one again. The node's state is in memory."""
    node.kubelet.stop()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", "/var/lib"], check=True)
    ENVIRONMENT.parent.mkdir(exist_ok=True)
    ENVIRONMENT.write_text(environment)
    service = KubeletService(node)
    try:
        service.start()
        service.wait_ready()
        yield service
    finally:
        service.end()
        subprocess.run(["umount", "--lazy", "/var/lib"], check=True)
        node.kubelet.start(node.usual_providers)
