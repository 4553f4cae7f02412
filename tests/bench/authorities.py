"""Certificate authorities like those of a system, generated for each run, so that figures that depend on their number and size are the same everywhere."""

import subprocess
from pathlib import Path

COUNT = 140  # Debian 12 has so many; with a key of 3,072 bits each their bundle is as large as Debian's


class Authorities:
    """Their certificates in `folder`, under OpenSSL's hashed names as well. They share one unused key."""

    def __init__(self, folder):
        self.folder = Path(folder)
        if not self.folder.exists():
            self._make()

    def bundle(self):
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.pem")))

    def _make(self):
        self.folder.mkdir()
        key = self.folder / "key"
        run("genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out", key)
        for number in range(100, 100 + COUNT):
            run("req", "-x509", "-new", "-key", key, "-sha256", "-days", "3650", "-set_serial", str(number), "-out", self.folder / f"{number}.pem",
                "-subj", f"/C=XX/O=Authority {number} of the benchmark/CN=Benchmark Global Root {number}")
        key.unlink()
        run("rehash", self.folder)


def run(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdin=subprocess.DEVNULL, capture_output=True)
