"""One credential from each provider that makes an exchange, of one call or of two, with servers that verify what they are given (rcb-test-world)."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from broker_file import HEAD
from relay import Relay
from rows import BROKER, RTT, Row, request

PROVIDER = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/clusters/providers/test"
ROLE = "arn:aws:iam::111122223333:role/pull"
# The Kubernetes project's plugin for ECR; tests/judges/run.sh builds one.
ECR_PEER, ECR_PEER_VARIABLE = "ecr-credential-provider", "RCB_ECR_PEER"


@dataclass(frozen=True)
class Provider:
    """How one provider gets its credential from the servers. `{host}` in a setting stands for their address."""
    name: str
    module: str
    image: str
    audience: str
    settings: dict
    username: str
    calls: int = 1

    @property
    def row(self):
        return f"{BROKER}, {self.name}"

    def rule(self, host, ca_file):
        registry = self.image.partition("/")[0]
        settings = {name: value.replace("{host}", host) for name, value in self.settings.items()}
        return (f'- name: wanted\n  module: {self.module}\n  matchImages: ["{registry}"]\n  audience: "{self.audience}"\n'
                f"  settings: {json.dumps(settings)}\n  tls: {{caFile: {ca_file}, caMode: replace}}\n")


GOOGLE = {"stsHost": "{host}", "iamCredentialsHost": "{host}", "stsAudience": PROVIDER}
ARTIFACT_REGISTRY = ("gar", "europe-west3-docker.pkg.dev/acme-images/prod/app", f"https:{PROVIDER}")
CLOUDSMITH = Provider("cloudsmith", "cloudsmith", "docker.cloudsmith.io/acme/app", "cloudsmith",
                      {"organization": "acme", "service": "kubelet-puller", "apiHost": "{host}"}, "token")
ECR = Provider("ecr", "ecr", "111122223333.dkr.ecr.us-west-2.amazonaws.com/team-a/app", "sts.amazonaws.com",
               {"roleArn": ROLE, "stsUrl": "https://{host}", "ecrUrl": "https://{host}"}, "AWS", calls=2)
PROVIDERS = [
    CLOUDSMITH,
    Provider("token-exchange", "token-exchange", "registry.internal/team-a/app", "login.test",
             {"url": "https://{host}/oauth/token", "username": "token"}, "token"),
    Provider("gar", *ARTIFACT_REGISTRY, GOOGLE, "oauth2accesstoken"),
    Provider("gar, impersonating", *ARTIFACT_REGISTRY, GOOGLE | {"serviceAccount": "puller@acme-images.iam.gserviceaccount.com"},
             "oauth2accesstoken", calls=2),
    Provider("acr", "acr", "contoso.azurecr.io/team-a/app", "api://AzureADTokenExchange",
             {"tenantId": "11111111-2222-3333-4444-555555555555", "clientId": "aaaaaaaa-0000-0000-0000-000000000001",
              "authorityHost": "{host}", "loginServer": "{host}"}, "00000000-0000-0000-0000-000000000000", calls=2),
    ECR,
]


class World:
    """The servers, for as long as the block that uses them. They close each connection after one answer, since the two services of a cloud have a host
    each and a credential of two calls takes two connections there too."""

    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)

    def __enter__(self):
        self.process = subprocess.Popen([self.program, "serve", "--folder", str(self.folder)], stdout=subprocess.DEVNULL)
        while not (self.folder / "ready").exists():
            if self.process.poll() is not None:
                sys.exit("run.py: rcb-test-world did not start")
            time.sleep(0.05)
        exchange = json.loads((self.folder / "endpoints.json").read_text(encoding="utf-8"))["exchange"]
        self.port = int(exchange.rpartition(":")[2])
        self.ca_file = str(self.folder / "ca.pem")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def at_a_distance(self):
        return Relay(self.port, RTT)

    def request(self, provider):
        """What the kubelet sends for a pod that may pull this provider's image."""
        token = subprocess.run([self.program, "token", "--folder", str(self.folder), "--namespace", "team-a", "--service-account", "puller",
                                "--audience", provider.audience], check=True, capture_output=True, text=True).stdout.strip()
        return json.dumps(request(int(time.time())) | {"image": provider.image, "serviceAccountToken": token})

    def rows(self, provider, programs, port):
        """Of the program, and of the peer for the same registry, if there is one here."""
        host, expects = f"localhost:{port}", f'"username":"{provider.username}"'
        config = self.folder / f"{provider.name}-{port}.yaml".replace(", ", "-")
        config.write_text(HEAD + provider.rule(host, self.ca_file), encoding="utf-8")
        config.chmod(0o644)
        rows = [Row(provider.row, [programs.broker, "--config", str(config)], expects, reference=ECR_PEER)]
        peer = os.environ.get(ECR_PEER_VARIABLE)
        if provider is ECR and peer:
            environment = {"AWS_ECR_ROLE_ARN": ROLE, "AWS_ENDPOINT_URL_STS": f"https://{host}", "AWS_ENDPOINT_URL_ECR": f"https://{host}",
                           "AWS_CA_BUNDLE": self.ca_file, "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(self.folder)}
            rows.append(Row(ECR_PEER, [peer], expects, environment, reference=ECR_PEER))
        return rows
