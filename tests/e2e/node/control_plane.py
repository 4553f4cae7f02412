"""etcd and the API server: an OIDC issuer whose service account tokens every client can verify."""

import json
import os
import ssl
import urllib.request

from .machine import NODE_ADDRESS
from .process import Process

ISSUER_HOST = "cluster.test"
ISSUER = f"https://{ISSUER_HOST}:6443"


class ControlPlane:
    def __init__(self, programs, keys, folder, logs):
        self.keys = keys
        self._keys_url = f"{ISSUER}/openid/v1/jwks"
        certificate, key = keys.server("api-server", ISSUER_HOST, "127.0.0.1")
        token_key = keys.signing_key("service-accounts")
        self._etcd = Process("etcd", [
            "etcd", "--data-dir", folder / "etcd", "--listen-client-urls", "http://127.0.0.1:2379",
            "--advertise-client-urls", "http://127.0.0.1:2379", "--listen-peer-urls", "http://127.0.0.1:2380",
        ], logs, dict(os.environ, ETCD_UNSUPPORTED_ARCH="arm64") if os.uname().machine == "aarch64" else None)
        self._api_server = Process("kube-apiserver", [
            programs / "kube-apiserver", "--etcd-servers=http://127.0.0.1:2379", "--secure-port=6443",
            f"--tls-cert-file={certificate}", f"--tls-private-key-file={key}", f"--client-ca-file={keys.authority}",
            # The service "kubernetes" is not used here; for that, 1.37 would require another address.
            "--endpoint-reconciler-type=none", f"--advertise-address={NODE_ADDRESS}",
            "--service-cluster-ip-range=10.96.0.0/24",
            f"--service-account-issuer={ISSUER}", f"--service-account-jwks-uri={self._keys_url}",
            f"--service-account-key-file={token_key}", f"--service-account-signing-key-file={token_key}",
            "--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction",
            # There is no controller manager that would make the accounts which this plugin waits for.
            "--disable-admission-plugins=ServiceAccount", "--allow-privileged=true",
        ], logs)

    def start(self):
        self._etcd.start()
        self._api_server.start()

    def wait_ready(self, cluster):
        self._api_server.wait_ready(lambda: cluster.kubectl("get", "--raw", "/readyz") == "ok", 60)

    def public_keys(self):
        """What Cloudsmith reads of the issuer: the key set, found by discovery, without a login."""
        context = ssl.create_default_context(cafile=self.keys.authority)
        with urllib.request.urlopen(f"{ISSUER}/.well-known/openid-configuration", context=context) as answer:
            keys_url = json.load(answer)["jwks_uri"]
        with urllib.request.urlopen(keys_url, context=context) as answer:
            return answer.read()
