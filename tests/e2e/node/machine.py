"""The machine as namespace.sh makes it: an address of its own, and an /etc that may be changed because it is a copy."""

import subprocess
from pathlib import Path

NODE_ADDRESS = "192.0.2.10"


def name_hosts(names):
    """{address: [name, …]}"""
    with Path("/etc/hosts").open("a") as hosts:
        hosts.writelines(f"{address} {' '.join(some)}\n" for address, some in names.items())


def trust(authority):
    """Where an administrator puts an authority of the company: the system's bundle and hashed folder."""
    certificates = Path("/etc/ssl/certs")
    certificates.mkdir(parents=True, exist_ok=True)
    text = Path(authority).read_bytes()
    with (certificates / "ca-certificates.crt").open("ab") as bundle:
        bundle.write(text)
    command = ["openssl", "x509", "-in", authority, "-noout", "-subject_hash"]
    name = subprocess.run(command, check=True, capture_output=True, text=True)
    (certificates / f"{name.stdout.strip()}.0").write_bytes(text)
