#!/usr/bin/env python3
"""Google's own client judges the provider gar: both make the same exchanges against the same server, and their requests are compared field by field.

    gar.py PROGRAM WORLD        WORLD: rcb-test-world of the same build; its last line: "N passed, M failed"

The client is google-auth (identity_pool.Credentials, made from a file as gcloud writes it). The server is the Google of tests/support, which verifies the pod's
token. What it receives from the two may differ in the headers of their HTTP libraries, in the order of a form, and in `"delegates": null`, and in nothing else.
"""
import json
import pathlib
import sys
import tempfile
import urllib.parse

import google.auth.exceptions
import google.auth.identity_pool
import google.auth.transport.requests
import requests

from shared.broker import ask
from shared.world import World

PROVIDER = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/clusters/providers/test"
CLUSTER = "identitynamespace:acme.svc.id.goog:https://container.googleapis.com/v1/projects/acme/locations/europe-west3/clusters/prod"
PULLER = "puller@acme-images.iam.gserviceaccount.com"
CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"
READ_ONLY = "https://www.googleapis.com/auth/devstorage.read_only"
REGISTRY = "europe-west3-docker.pkg.dev"
# Of the HTTP libraries, and how Google counts the use of its own.
TRANSPORT = {"host", "connection", "user-agent", "accept", "accept-encoding", "content-length", "x-goog-api-client"}


def comparable(request):
    """A request without what may differ."""
    headers = {name: value for name, value in request["headers"].items() if name not in TRANSPORT}
    if headers.get("authorization", "").startswith("Bearer ya29."):
        headers["authorization"] = "Bearer (federated)"  # each has its own
    if headers.get("content-type") == "application/json":
        body = {name: value for name, value in json.loads(request["body"]).items() if value is not None}
    else:
        body = dict(urllib.parse.parse_qsl(request["body"], strict_parsing=True))
    return {"method": request["method"], "target": request["target"], "headers": headers, "body": body}


class RecordingWorld(World):
    def __init__(self, program, folder):
        super().__init__(program, folder, "https:" + PROVIDER, "--record-requests")
        self.seen = 0

    def received(self):
        """The requests since the last call."""
        lines = [json.loads(line) for line in (self.folder / "requests.jsonl").read_text().splitlines()]
        new, self.seen = lines[self.seen:], len(lines)
        return new


class Judge:
    def __init__(self, program, world, folder):
        self.program, self.world, self.folder = program, world, folder
        self.passed = self.failed = 0

    def expect(self, what, met, shown=""):
        self.passed, self.failed = self.passed + bool(met), self.failed + (not met)
        print("ok  " if met else "FAIL", what, "" if met else shown)

    def file(self, account, lifetime, audience):
        """The file of gcloud, as create-cred-config writes it."""
        info = {"universe_domain": "googleapis.com", "type": "external_account", "audience": audience,
                "subject_token_type": "urn:ietf:params:oauth:token-type:jwt", "token_url": f"https://{self.world.exchange}/v1/token",
                "credential_source": {"file": str(self.folder / "token"), "format": {"type": "text"}}}
        if account:
            info["service_account_impersonation_url"] = \
                f"https://{self.world.exchange}/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
        if lifetime:
            info["service_account_impersonation"] = {"token_lifetime_seconds": lifetime}
        return info

    def ask_google(self, info, token, scope):
        """The access token and when it expires, or the client's reason."""
        (self.folder / "token").write_text(token)
        session = requests.Session()
        session.verify, session.trust_env = self.world.ca, False
        credentials = google.auth.identity_pool.Credentials.from_info(info, scopes=[scope])
        try:
            credentials.refresh(google.auth.transport.requests.Request(session))
        except google.auth.exceptions.GoogleAuthError as error:
            return None, str(error)
        return credentials.token, credentials.expiry

    def ask_program(self, settings, token):
        rule = {"name": "artifact-registry", "module": "gar", "matchImages": ["*-docker.pkg.dev"], "audience": "https:" + PROVIDER,
                "tls": {"caFile": self.world.ca},
                "settings": {"stsHost": self.world.exchange, "iamCredentialsHost": self.world.exchange, **settings}}
        return ask(self.program, self.folder, rule, f"{REGISTRY}/acme-images/prod/app", token)

    def compare(self, what, settings, account="team-a/puller", impersonated="", lifetime=None, scope=CLOUD_PLATFORM,
                audience=PROVIDER, succeeds=True):
        """Both are given the same, so that the server must receive the same and answer both with success, or both with a refusal."""
        token = self.world.token(account)
        info = self.file(impersonated, lifetime, audience)
        path = self.folder / "federation.json"
        path.write_text(json.dumps(info))
        path.chmod(0o600)
        settings = {name: str(path) if name == "credentialsFile" else value for name, value in settings.items()}

        self.world.received()
        run = self.ask_program(settings, token)
        ours = [comparable(request) for request in self.world.received()]
        issued, detail = self.ask_google(info, token, scope)
        theirs = [comparable(request) for request in self.world.received()]
        for i, (our, their) in enumerate(zip(ours, theirs)):
            for part in ("method", "target", "headers", "body"):
                self.expect(f"{what}: request {i + 1} has the same {part}", our[part] == their[part], f"{our[part]} != {their[part]}")
        self.expect(f"{what}: as many requests", ours and len(ours) == len(theirs), f"{len(ours)} != {len(theirs)}")
        if not succeeds:
            return self.expect(f"{what}: both are refused", issued is None and run.returncode == 77 and not run.stdout,
                               f"{detail} / {run.stderr}")
        answer = json.loads(run.stdout) if run.returncode == 0 else {}
        login = answer.get("auth", {}).get(REGISTRY, {})
        return self.expect(f"{what}: both have an access token",
                           issued and login.get("username") == "oauth2accesstoken" and login["password"].startswith("ya29."),
                           f"{detail} / {run.stderr}")


def main():
    program, world_program = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        world = RecordingWorld(world_program, folder / "world")
        try:
            judge = Judge(program, world, folder)
            direct = {"stsAudience": PROVIDER}
            judge.compare("the pod's own identity", direct)
            judge.compare("a narrower scope", {**direct, "scope": READ_ONLY}, scope=READ_ONLY)
            judge.compare("a service account", {**direct, "serviceAccount": PULLER}, impersonated=PULLER)
            judge.compare("a service account, for twenty minutes", {**direct, "serviceAccount": PULLER, "lifetime": "20m"},
                          impersonated=PULLER, lifetime=1200)
            judge.compare("a narrower scope for a service account", {**direct, "serviceAccount": PULLER, "scope": READ_ONLY},
                          impersonated=PULLER, scope=READ_ONLY)
            judge.compare("the file of gcloud", {"credentialsFile": ""})
            judge.compare("the file of gcloud with a service account", {"credentialsFile": ""}, impersonated=PULLER, lifetime=2800)
            judge.compare("a pod that the attribute condition excludes", direct, account="default/puller", succeeds=False)
            judge.compare("a GKE cluster, which these servers do not know", {"stsAudience": CLUSTER}, audience=CLUSTER, succeeds=False)
            judge.compare("a pod that may not impersonate", {**direct, "serviceAccount": PULLER}, account="team-a/builder",
                          impersonated=PULLER, succeeds=False)
        finally:
            world.stop()
    print(f"{judge.passed} passed, {judge.failed} failed")
    sys.exit(judge.failed != 0)


if __name__ == "__main__":
    main()
