#!/usr/bin/env python3
"""Keycloak judges the provider token-exchange: a real authorization server exchanges the pod's token in three grants.

    keycloak.py PROGRAM KEYCLOAK        KEYCLOAK: the unpacked distribution (25 s to start on two cores); its last line: "N passed, M failed"

A realm trusts the issuer of a cluster (one key made here) as an identity provider. Service account tokens are signed with that key, the program is run on
them as the kubelet runs it, and what it answers must be a token that Keycloak signed for the account that the realm knows, and nothing for another one.
"""
import base64
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from shared.broker import ask, claims_of

ISSUER = "https://cluster.test"
PULLER = "system:serviceaccount:team-a:puller"
# The last two: of the three, only RFC 8693 for tokens of other issuers still needs what Keycloak calls legacy token exchange.
FEATURES = "client-auth-federated,jwt-authorization-grant,token-exchange:v1,admin-fine-grained-authz:v1"
ADMIN = "admin"
SECRET = "s3cret of the node: %+&"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Cluster:
    """The issuer of service account tokens."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def public_pem(self):
        encoded = self.key.public_key().public_bytes(serialization.Encoding.PEM,
                                                     serialization.PublicFormat.SubjectPublicKeyInfo)
        return "".join(encoded.decode().splitlines()[1:-1])

    def token(self, audience, subject=PULLER, life=3600, key=None):
        now = int(time.time())
        _, _, namespace, name = subject.split(":")
        claims = {"iss": ISSUER, "sub": subject, "aud": [audience], "iat": now - 1, "nbf": now - 1, "exp": now + life,
                  "jti": base64url(os.urandom(16)),
                  "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": name, "uid": "1"}}}
        signed = ".".join(base64url(json.dumps(part).encode())
                          for part in ({"alg": "RS256", "typ": "JWT", "kid": "cluster"}, claims))
        signature = (key or self.key).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return signed + "." + base64url(signature)


def realm(cluster):
    """What docs/registries/keycloak.md tells an operator to set up."""
    return {
        "realm": "registry", "enabled": True, "accessTokenLifespan": 900,
        "identityProviders": [{
            "alias": "cluster", "providerId": "oidc", "enabled": True, "hideOnLogin": True,
            "config": {"issuer": ISSUER, "clientId": "unused", "clientSecret": "unused", "validateSignature": "true",
                       "authorizationUrl": ISSUER, "tokenUrl": ISSUER, "syncMode": "LEGACY", "disableTypeClaimCheck": "true",
                       "useJwksUrl": "false", "publicKeySignatureVerifier": cluster.public_pem(),
                       "publicKeySignatureVerifierKeyId": "cluster",
                       "supportsClientAssertions": "true", "supportsClientAssertionReuse": "true",
                       "federatedClientAssertionMaxExpiration": "3660",
                       "jwtAuthorizationGrantEnabled": "true", "jwtAuthorizationGrantAssertionReuseAllowed": "true",
                       "jwtAuthorizationGrantMaxAllowedAssertionExpiration": "3660"}}],
        "clients": [
            {"clientId": "puller", "enabled": True, "serviceAccountsEnabled": True, "standardFlowEnabled": False,
             "clientAuthenticatorType": "federated-jwt",
             "attributes": {"jwt.credential.issuer": "cluster", "jwt.credential.sub": PULLER}},
            {"clientId": "node", "enabled": True, "secret": SECRET, "standardFlowEnabled": False,
             "attributes": {"oauth2.jwt.authorization.grant.enabled": "true",
                            "oauth2.jwt.authorization.grant.idp": "cluster",
                            "standard.token.exchange.enabled": "true"}}],
        "users": [{"username": "team-a-puller", "enabled": True, "email": "puller@team-a.test", "firstName": "p",
                   "lastName": "p", "emailVerified": True,
                   "federatedIdentities": [{"identityProvider": "cluster", "userId": PULLER, "userName": PULLER}]}],
    }


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Keycloak:
    def __init__(self, distribution, folder, cluster):
        self.folder = folder
        self.port = free_port()
        self.url = f"https://localhost:{self.port}/realms/registry"
        self.authority = folder / "server.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "server.key", "-out", self.authority],
                       check=True, capture_output=True)
        home = folder / "keycloak"
        subprocess.run(["cp", "-r", distribution, home], check=True)
        (home / "data/import").mkdir(parents=True)
        (home / "data/import/registry-realm.json").write_text(json.dumps(realm(cluster)))
        self.log = open(folder / "keycloak.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [home / "bin/kc.sh", "start-dev", "--import-realm", "--http-enabled=false", f"--https-port={self.port}",
             f"--https-certificate-file={self.authority}", f"--https-certificate-key-file={folder / 'server.key'}",
             f"--hostname=https://localhost:{self.port}", f"--features={FEATURES}", "--health-enabled=false"],
            env={**os.environ, "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN, "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN},
            stdout=self.log, stderr=subprocess.STDOUT)
        self.bearer = ""

    def request(self, method, url, body=None, form=None):
        headers = {"Authorization": f"Bearer {self.bearer}"} if self.bearer else {}
        data = None
        if form is not None:
            data = urllib.parse.urlencode(form).encode()
        elif body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        wanted = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(wanted, context=ssl.create_default_context(cafile=self.authority)) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def wait(self):
        for _ in range(240):
            if self.process.poll() is not None:
                break
            try:
                self.request("GET", self.url)
                return
            except OSError:
                time.sleep(1)
        sys.stderr.write((self.folder / "keycloak.log").read_text()[-4000:])
        sys.exit("keycloak.py: Keycloak did not start")

    def allow_exchange(self):
        """Lets the client `node` exchange tokens of the identity provider: the policy that legacy token exchange asks for."""
        root = f"https://localhost:{self.port}"
        self.bearer = self.request("POST", f"{root}/realms/master/protocol/openid-connect/token", form={
            "grant_type": "password", "client_id": "admin-cli", "username": ADMIN, "password": ADMIN})["access_token"]
        realm_url = f"{root}/admin/realms/registry"
        permissions = self.request("PUT", f"{realm_url}/identity-provider/instances/cluster/management/permissions",
                                   {"enabled": True})
        permission = permissions["scopePermissions"]["token-exchange"]
        clients = {client["clientId"]: client["id"] for client in self.request("GET", f"{realm_url}/clients")}
        authorization = f"{realm_url}/clients/{clients['realm-management']}/authz/resource-server"
        policy = self.request("POST", f"{authorization}/policy/client", {"name": "node", "clients": [clients["node"]]})
        scope = self.request("GET", f"{authorization}/permission/scope/{permission}")
        self.request("PUT", f"{authorization}/permission/scope/{permission}", {**scope, "policies": [policy["id"]]})

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


class Judge:
    def __init__(self, program, keycloak, cluster):
        self.program, self.keycloak, self.cluster = program, keycloak, cluster
        self.folder = keycloak.folder
        self.passed = self.failed = 0
        secret = self.folder / "client-secret"
        secret.write_text(SECRET + "\n")
        secret.chmod(0o600)

    def run(self, settings, token):
        rule = {"name": "keycloak", "module": "token-exchange", "matchImages": ["registry.internal"],
                "audience": self.keycloak.url, "tls": {"caFile": str(self.keycloak.authority)},
                "settings": {"url": self.keycloak.url + "/protocol/openid-connect/token", "username": "token", **settings}}
        return ask(self.program, self.folder, rule, "registry.internal/team-a/app", token)

    def expect(self, what, met, run):
        if met:
            self.passed += 1
        else:
            self.failed += 1
        print("ok  " if met else "FAIL", what, "" if met else run.stderr or run.stdout)

    def issues(self, what, settings, **claims):
        run = self.run(settings, self.cluster.token(self.keycloak.url))
        if run.returncode != 0:
            return self.expect(what, False, run)
        answer = json.loads(run.stdout)
        issued = claims_of(answer["auth"]["registry.internal"]["password"])
        met = issued["iss"] == self.keycloak.url and all(issued.get(name) == value for name, value in claims.items())
        return self.expect(what, met and answer["cacheDuration"].startswith("13m"), run)

    def refuses(self, what, settings, token, *parts):
        run = self.run(settings, token)
        met = run.returncode == 77 and not run.stdout and all(part in run.stderr for part in parts)
        self.expect(what, met and token[-40:] not in run.stderr and SECRET not in run.stderr, run)


GRANTS = {
    "client-credentials": {"grant": "client-credentials"},
    "jwt-bearer": {"grant": "jwt-bearer", "clientAuthentication": "basic", "clientId": "node"},
    "token-exchange": {"clientAuthentication": "post", "clientId": "node", "parameters": {"subject_issuer": "cluster"}},
}


def main():
    program, distribution = (os.path.abspath(path) for path in sys.argv[1:3])
    cluster = Cluster()
    with tempfile.TemporaryDirectory() as folder:
        keycloak = Keycloak(distribution, pathlib.Path(folder), cluster)
        try:
            keycloak.wait()
            keycloak.allow_exchange()
            judge = Judge(program, keycloak, cluster)
            for settings in GRANTS.values():
                if "clientId" in settings:
                    settings["clientSecretFile"] = str(judge.folder / "client-secret")
            judge.issues("client-credentials: the pod's token is the client's assertion", GRANTS["client-credentials"], azp="puller")
            judge.issues("jwt-bearer: a token of the user that is linked to the account", GRANTS["jwt-bearer"], azp="node",
                         preferred_username="team-a-puller")
            judge.issues("token-exchange: the same by RFC 8693", GRANTS["token-exchange"], azp="node")
            for grant, settings in GRANTS.items():
                if grant != "token-exchange":  # Keycloak makes a user for every account of the issuer
                    other = cluster.token(keycloak.url, "system:serviceaccount:default:puller")
                    judge.refuses(f"{grant}: another account gets nothing", settings, other)
                stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
                judge.refuses(f"{grant}: a token that another key signed", settings, cluster.token(keycloak.url, key=stranger))
        finally:
            keycloak.stop()
    print(f"{judge.passed} passed, {judge.failed} failed")
    sys.exit(judge.failed != 0)


if __name__ == "__main__":
    main()
