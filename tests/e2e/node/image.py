"""Container images of one static program each: small, and made without a registry."""

import hashlib
import io
import json
import re
import subprocess
import tarfile
from pathlib import Path


def compile_static(source, program):
    command = ["gcc", "-static", "-Os", "-s", "-o", str(program), "-x", "c", "-"]
    subprocess.run(command, input=source.encode(), check=True)


def write_image(archive, name, program):
    """An OCI archive at `archive` that runs the static `program`, known as `name` when imported."""
    _write(archive, name, {"program": Path(program).read_bytes()}, "/program")


def write_image_with_libraries(archive, name, program):
    """The same for a program that may need shared libraries, which are put into the image where this machine has them."""
    program = Path(program)
    files = {program.name: program.read_bytes()}
    # "libfmt.so.9 => /lib/x86_64-linux-gnu/libfmt.so.9 (0x…)" and "/lib64/ld-linux-x86-64.so.2 (0x…)". A static program has none.
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    for library in re.findall(r"(/\S+) \(0x", listed):
        files[library.lstrip("/")] = Path(library).read_bytes()
    _write(archive, name, files, f"/{program.name}")


def _write(archive, name, files, entry_point):
    blobs = {}

    def blob(content, media_type):
        digest = hashlib.sha256(content).hexdigest()
        blobs[f"blobs/sha256/{digest}"] = content
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    layer = _tar(files, mode=0o755)
    config = {
        "architecture": _architecture(), "os": "linux", "config": {"Entrypoint": [entry_point]},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
    }
    manifest = {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": blob(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"),
        "layers": [blob(layer, "application/vnd.oci.image.layer.v1.tar")],
    }
    entry = blob(json.dumps(manifest).encode(), manifest["mediaType"])
    entry["annotations"] = {"io.containerd.image.name": name}
    index = {"schemaVersion": 2, "manifests": [entry]}
    files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}', "index.json": json.dumps(index).encode(), **blobs}
    Path(archive).write_bytes(_tar(files, mode=0o644))


def _architecture():
    machine = subprocess.run(["uname", "-m"], check=True, capture_output=True, text=True).stdout.strip()
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)


def _tar(files, mode):
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    return output.getvalue()
