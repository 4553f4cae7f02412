"""What is beyond the node: Cloudsmith's two endpoints, which are pretended, and a real Docker registry behind them."""

import json
import subprocess
from pathlib import Path

from .image import compile_static, write_image
from .process import Process
from .wire import Wire

REGISTRY = "docker.cloudsmith.io"
EXCHANGE = "api.cloudsmith.io"

APP = """
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static void end(int signal) { (void)signal; _exit(0); }
int main(void) { signal(SIGTERM, end); puts("pulled and running"); fflush(stdout); for (;;) pause(); }
"""


class World:
    def __init__(self, program, folder, logs, issuer, issuer_keys):
        self._folder = folder / "world"
        self._folder.mkdir(mode=0o700)
        self.registry = Wire("127.0.2.1", 443)
        self.exchange = Wire("127.0.2.2", 443)
        keys = self._folder / "issuer-keys.json"
        keys.write_bytes(issuer_keys)
        self._process = Process("world", [
            program, "serve", "--folder", self._folder, "--host-name", REGISTRY, "--host-name", EXCHANGE,
            "--issuer", issuer, "--issuer-keys", keys, "--registry",
        ], logs)
        self._app = folder / "app"

    @property
    def hosts(self):
        return {self.registry.address: REGISTRY, self.exchange.address: EXCHANGE}

    def start(self):
        self._process.start()
        self._process.wait_ready(lambda: (self._folder / "ready").exists())
        endpoints = json.loads((self._folder / "endpoints.json").read_text())
        self.authority = Path(endpoints["ca"])
        self._side_door = endpoints["sideDoor"]
        self.registry.lay(_address(endpoints["registry"]))
        self.exchange.lay(_address(endpoints["exchange"]))
        compile_static(APP, self._app)

    def push(self, *names):
        """Puts the test program into the registry under these names, "repository:tag"."""
        archive = self._folder / "app.tar"
        for name in names:
            write_image(archive, name, self._app)
            subprocess.run(["skopeo", "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", f"oci-archive:{archive}",
                            f"docker://{self._side_door}/{name}"], check=True, capture_output=True)

    def exchanges(self, service_account=None):
        """What the exchange was asked so far, by this "namespace/name" or by all: organization, service, serviceAccount, status."""
        lines = (self._folder / "exchanges.jsonl").read_text().splitlines()
        exchanges = [json.loads(line) for line in lines]
        return [one for one in exchanges if service_account in (None, one["serviceAccount"])]

    def policy(self, **changes):
        """Replaces the policy by the usual one with these members changed; see tests/support/cloudsmith_policy.hpp."""
        draft = self._folder / "policy.json.new"
        draft.write_text(json.dumps(changes))
        draft.rename(self._folder / "policy.json")


def _address(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)
