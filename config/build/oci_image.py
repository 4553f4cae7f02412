#!/usr/bin/env python3
"""Makes a container image FROM scratch as an OCI archive, without a container engine.

    oci_image.py OUT.tar --program amd64=FILE [--program arm64=FILE] --tag V [--file IMAGE_PATH=FILE…] [--label KEY=VALUE…]

Each program becomes the entry point of one image; one index lists them all. The same input gives the same bytes: every time is
SOURCE_DATE_EPOCH, every owner root.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import sys
import tarfile
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

sys.dont_write_bytecode = True

PROGRAM = "registry-credential-broker"
# An installer, which writes to the node's folders, requests root itself.
USER = "65532:65532"


def archive(entries, epoch):
    """A tar file of (path, bytes, mode), with the folders above each, sorted."""
    out = io.BytesIO()
    folders = {str(parent) for path, _, _ in entries for parent in Path(path).parents if str(parent) != "."}
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, content, mode in sorted([(folder, None, 0o755) for folder in folders] + entries, key=lambda entry: entry[0]):
            info = tarfile.TarInfo(path)
            info.mtime, info.mode = epoch, mode
            if content is None:
                info.type = tarfile.DIRTYPE
            else:
                info.size = len(content)
            tar.addfile(info, None if content is None else io.BytesIO(content))
    return out.getvalue()


@dataclass
class Layout:
    """The blobs of an OCI image layout."""
    blobs: dict[str, bytes] = field(default_factory=dict)

    def add(self, media_type, content):
        """Keeps a blob (a dict is written as JSON); returns its descriptor."""
        if isinstance(content, dict):
            content = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        digest = hashlib.sha256(content).hexdigest()
        self.blobs[digest] = content
        return {"mediaType": f"application/vnd.oci.image.{media_type}", "digest": f"sha256:{digest}", "size": len(content)}

    def files(self, index):
        return [("oci-layout", b'{"imageLayoutVersion":"1.0.0"}', 0o644),
                ("index.json", json.dumps(index, sort_keys=True, separators=(",", ":")).encode(), 0o644),
                *((f"blobs/sha256/{digest}", content, 0o644) for digest, content in self.blobs.items())]


def add_image(layout, architecture, program, files, labels, epoch):
    """One architecture's image: a layer with program and files, its configuration, its manifest. Returns the index's entry."""
    layer = archive([(PROGRAM, program, 0o755)] + files, epoch)
    created = datetime.fromtimestamp(epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    config = layout.add("config.v1+json", {
        "created": created, "architecture": architecture, "os": "linux",
        "config": {"Entrypoint": [f"/{PROGRAM}"], "User": USER, "Labels": labels},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
        "history": [{"created": created, "created_by": "config/build/oci_image.py"}]})
    manifest = layout.add("manifest.v1+json", {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config,
        "layers": [layout.add("layer.v1.tar+gzip", gzip.compress(layer, mtime=0))], "annotations": labels})
    return manifest | {"platform": {"architecture": architecture, "os": "linux"}}


def named_file(text):
    name, equals, path = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=FILE")
    return name, Path(path).read_bytes()


def label(text):
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not KEY=VALUE")
    return key, value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tag", required=True)
    parser.add_argument("--program", action="append", required=True, type=named_file)
    parser.add_argument("--file", action="append", default=[], type=named_file)
    parser.add_argument("--label", action="append", default=[], type=label)
    options = parser.parse_args()
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])

    layout, labels = Layout(), dict(options.label)
    files = [(path, content, 0o644) for path, content in options.file]
    manifests = [add_image(layout, architecture, program, files, labels, epoch) for architecture, program in sorted(options.program)]
    index = layout.add("index.v1+json", {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                                         "manifests": manifests, "annotations": labels})
    names = {"schemaVersion": 2, "manifests": [index | {"annotations": {"org.opencontainers.image.ref.name": options.tag}}]}
    options.out.write_bytes(archive(layout.files(names), epoch))


if __name__ == "__main__":
    main()
