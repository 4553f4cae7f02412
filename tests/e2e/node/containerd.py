"""containerd with runc, with a pause image that was not pulled."""

import subprocess
from pathlib import Path

from .image import compile_static, write_image
from .process import Process

SOCKET = "/run/containerd/containerd.sock"
PAUSE_IMAGE = "registry-credential-broker.test/pause:1"

PAUSE = """
#include <signal.h>
#include <unistd.h>
static void end(int signal) { (void)signal; _exit(0); }
int main(void) { signal(SIGTERM, end); signal(SIGINT, end); for (;;) pause(); }
"""

# `native` copies layers: it works where overlays on overlays do not, and the images are small. Without CAP_SYS_RESOURCE, a
# container's OOM score cannot be lowered.
CONFIG = """version = 2
root = "{folder}"
state = "/run/containerd"
[grpc]
  address = "{socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "{registries}"
"""
REGISTRIES = Path("/etc/containerd/certs.d")


class Containerd:
    def __init__(self, folder, logs):
        self._folder = folder
        config = Path(folder) / "containerd.toml"
        config.write_text(CONFIG.format(folder=folder / "containerd", socket=SOCKET, pause=PAUSE_IMAGE,
                                        registries=REGISTRIES))
        self._process = Process("containerd", ["containerd", "--config", config, "--log-level", "debug"], logs)

    def start(self):
        self._process.start()

    @staticmethod
    def mirror(registry, mirror):
        """Images of `registry` come from `mirror` first, with the same credential."""
        folder = REGISTRIES / registry
        folder.mkdir(parents=True)
        (folder / "hosts.toml").write_text(f'[host."https://{mirror}"]\n')

    def wait_ready(self):
        self._process.wait_ready(lambda: self._ctr("version"))
        program, archive = self._folder / "pause", self._folder / "pause.tar"
        compile_static(PAUSE, program)
        write_image(archive, PAUSE_IMAGE, program)
        self.load(archive)

    def load(self, archive):
        """Puts the image of an OCI archive where the kubelet finds it without a pull."""
        self._ctr("images", "import", "--snapshotter", "native", archive)

    @staticmethod
    def _ctr(*arguments):
        command = ["ctr", "--address", SOCKET, "--namespace", "k8s.io", *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
