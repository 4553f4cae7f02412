"""Keys and certificates of one node, generated for every run."""

import subprocess
from pathlib import Path


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Keys:
    """One authority for everything. `server` and `client` return the files of (certificate, key)."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o700)
        self.authority = self.folder / "ca.crt"
        self._new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        openssl("req", "-x509", *self._new_key, "-keyout", self.folder / "ca.key", "-out", self.authority,
                "-subj", "/CN=registry-credential-broker end-to-end test")

    def server(self, name, *alternatives):
        names = ",".join(f"{'IP' if part[0].isdigit() else 'DNS'}:{part}" for part in (alternatives or (name,)))
        return self._issue(name, f"/CN={name}", "-addext", f"subjectAltName={names}",
                           "-addext", "extendedKeyUsage=serverAuth")

    def client(self, name, subject):
        return self._issue(name, subject, "-addext", "extendedKeyUsage=clientAuth")

    def signing_key(self, name):
        """A private RSA key: the API server's for service account tokens."""
        key = self.folder / f"{name}.key"
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key)
        return key

    def _issue(self, name, subject, *extensions):
        certificate, key = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        openssl("req", "-x509", "-CA", self.authority, "-CAkey", self.folder / "ca.key", *self._new_key, "-keyout", key,
                "-out", certificate, "-subj", subject, "-addext", "basicConstraints=critical,CA:FALSE", *extensions)
        return certificate, key
