"""The services outside of the node: test servers for what issues credentials, and a real Docker registry behind them."""

import json
import socket
import subprocess
from pathlib import Path

from .image import compile_static, write_image
from .process import Process
from .wire import Wire

REGISTRY = "docker.cloudsmith.io"
EXCHANGE = "api.cloudsmith.io"
# Registries of the clouds, and what issues their credentials. A login server of Azure is both.
ECR = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
ARTIFACT_REGISTRY = "europe-west3-docker.pkg.dev"
ACR = "contoso.azurecr.io"
CLOUDS = ["sts.us-west-2.amazonaws.com", "api.ecr.us-west-2.amazonaws.com", "sts.googleapis.com",
          "iamcredentials.googleapis.com", "login.microsoftonline.com", ACR]
# A registry of the company's own whose credentials come from its own token service.
IN_HOUSE = "registry.internal"
IN_HOUSE_LOGIN = "login.test"
# Registries of the company's own: one verifies service account tokens itself, one knows a single account.
TOKEN_REGISTRY = "registry.test"
MIRROR = "mirror.test"
MIRROR_ADDRESS = "127.0.2.4"
MIRROR_USER = "pull"
MIRROR_PASSWORD = "canary-mirror-password"

MIRROR_CONFIG = """version: 0.1
log: {{level: info}}
storage:
  filesystem: {{rootdirectory: {storage}}}
http:
  addr: {address}:443
  tls: {{certificate: {certificate}, key: {key}}}
auth:
  htpasswd: {{realm: mirror, path: {passwords}}}
"""
# bcrypt of the password above.
MIRROR_PASSWORDS = "pull:$2b$04$WUqV6Rgp/ITccwIO/Bmn8u8cgs2SNWN.j472RIsoa3Sr8I/gF6H32\n"

APP = """
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static void end(int signal) { (void)signal; _exit(0); }
int main(void) { signal(SIGTERM, end); puts("pulled and running"); fflush(stdout); for (;;) pause(); }
"""


class World:
    def __init__(self, program, keys, folder, logs, issuer, issuer_keys):
        self._folder = folder / "world"
        self._folder.mkdir(mode=0o700)
        self.registry = Wire("127.0.2.1", 443)
        self.exchange = Wire("127.0.2.2", 443)
        self.token_registry = Wire("127.0.2.3", 443)
        keys_file = self._folder / "issuer-keys.json"
        keys_file.write_bytes(issuer_keys)
        self.hosts = {self.registry.address: [REGISTRY, ECR, ARTIFACT_REGISTRY, IN_HOUSE],
                      self.exchange.address: [EXCHANGE, IN_HOUSE_LOGIN, *CLOUDS],
                      self.token_registry.address: [TOKEN_REGISTRY], MIRROR_ADDRESS: [MIRROR]}
        certified = [f"--host-name={name}" for names in self.hosts.values() for name in names]
        self._process = Process("world", [
            program, "serve", "--folder", self._folder, *certified, "--issuer", issuer, "--issuer-keys", keys_file,
            "--registry",
        ], logs)
        self._app = folder / "app"
        self._mirror = self._mirror_process(keys, logs)

    def _mirror_process(self, keys, logs):
        """A registry with one account, over the storage of the other."""
        certificate, key = keys.server(MIRROR)
        passwords, config = self._folder / "mirror-passwords", self._folder / "mirror.yml"
        passwords.write_text(MIRROR_PASSWORDS)
        config.write_text(MIRROR_CONFIG.format(storage=self._folder / "registry/storage", address=MIRROR_ADDRESS,
                                               certificate=certificate, key=key, passwords=passwords))
        return Process("mirror", ["docker-registry", "serve", config], logs)

    def start(self):
        self._process.start()
        self._process.wait_ready(lambda: (self._folder / "ready").exists())
        endpoints = json.loads((self._folder / "endpoints.json").read_text())
        self.authority = Path(endpoints["ca"])
        self._side_door = endpoints["sideDoor"]
        self.registry.lay(_address(endpoints["registry"]))
        self.exchange.lay(_address(endpoints["exchange"]))
        self.token_registry.lay(_address(endpoints["registry"]))
        self._mirror.start()
        self._mirror.wait_ready(lambda: socket.create_connection((MIRROR_ADDRESS, 443), 1).close() is None)
        compile_static(APP, self._app)

    def push(self, *names):
        """Puts the test program into the registry under these names, "repository:tag"."""
        archive = self._folder / "app.tar"
        for name in names:
            write_image(archive, name, self._app)
            subprocess.run(["skopeo", "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false",
                            f"oci-archive:{archive}", f"docker://{self._side_door}/{name}"],
                           check=True, capture_output=True)

    def exchanges(self, service_account=None):
        """What the exchange was asked so far: organization, service, serviceAccount ("namespace/name"), status."""
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
