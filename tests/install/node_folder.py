"""A node as files in a folder, for `--root`: what its kubelet's files are, and the program run on it."""

import os
import shutil
import stat
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

BROKER = """apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
providers:
- name: acme
  module: passthrough
  matchImages: [docker.example.com]
  audience: registry
- name: other
  module: passthrough
  matchImages: [other.example.com]
  audience: other
"""
PROVIDERS = """# by the vendor
apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
- name: vendor-provider   # theirs
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  defaultCacheDuration: 12h
  matchImages: ["*.vendor.example"]
"""
UNIT = """[Service]
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=/usr/bin/kubelet $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
"""
FLAGS = "# the operator's\nKUBELET_EXTRA_ARGS=--node-ip=192.0.2.1\n"

STATE = "var/lib/registry-credential-broker"
# These runs end inside the node's folder, whose /proc is not the kernel's. A build that measures coverage writes its counters at its end: to this
# folder, in which no file is the node's. A sanitized build would look for leaks, but its leak checker finds no threads there, and fails the run.
COUNTERS = "proc/rcb-coverage-counters"
ENVIRONMENT = {**os.environ, "GCOV_PREFIX": f"/{COUNTERS}", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}


@contextmanager
def without_symbols(program):
    """A copy of the program that `install` copies faster: an instrumented build is half symbols, and a test installs it a hundred times."""
    with tempfile.TemporaryDirectory(prefix="rcb-program-") as folder:
        copy = Path(folder) / Path(program).name
        subprocess.run(["strip", "-o", copy, program], check=True)
        yield copy


class NodeFolder:
    """A kubeadm node that has a plugin already, or any other folder that is copied."""

    def __init__(self, program, files=None):
        self.program = Path(program).resolve()
        self._folder = tempfile.TemporaryDirectory(prefix="rcb-node-")
        self.root = Path(self._folder.name) / "root"
        self.root.mkdir()
        self.root.chmod(0o755)
        Path(self._folder.name).chmod(0o755)
        self.broker = Path(self._folder.name) / "broker.yaml"
        self.broker.write_text(BROKER)
        for path, text in (kubeadm() if files is None else files).items():
            self.write(path, text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def write(self, path, text, mode=0o644):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755 if text.startswith("#!") else mode)

    def command(self, command, *options):
        return [str(self.program), command, "--root", str(self.root), *map(str, options)]

    def run(self, command, *options, status=0):
        run = subprocess.run(self.command(command, *options), capture_output=True, text=True, timeout=120, check=False,
                             env=ENVIRONMENT)
        assert run.returncode == status, f"{command} {options}: status {run.returncode}\n{run.stdout}{run.stderr}"
        return run.stdout + run.stderr

    def snapshot(self):
        """Every file and link with its mode, owner and bytes; folders without content do not count, nor what is in /proc."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            info = path.lstat()
            if stat.S_ISDIR(info.st_mode) or name.startswith("proc/"):
                continue
            content = os.readlink(path) if path.is_symlink() else path.read_bytes()
            found[name] = (stat.S_IMODE(info.st_mode), info.st_uid, content)
        return found

    def copy(self):
        """Another folder with the same files."""
        other = NodeFolder(self.program, {})
        shutil.copytree(self.root, other.root, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns(Path(COUNTERS).name))
        shutil.copy(self.broker, other.broker)
        return other


def kubeadm():
    return {
        "lib/systemd/system/kubelet.service": UNIT,
        "etc/default/kubelet": FLAGS,
        "etc/kubernetes/credential-provider-config.yaml": PROVIDERS,
        "usr/local/lib/kubelet-plugins/vendor-provider": "#!/bin/true\n",
        "var/lib/kubelet/kubeadm-flags.env": "KUBELET_KUBEADM_ARGS=\"--v=2\"\n",
        "var/lib/dpkg/status": "",
        "proc/1/cmdline": "/sbin/init\0",
    }
