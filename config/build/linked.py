#!/usr/bin/env python3
"""Documents what is linked into a program of dist/: a CycloneDX 1.6 bill of materials, and the licence notices.

    linked.py --target T --program FILE --version V --sources FOLDER --bill OUT.cdx.json --notices OUT.txt

sources.json lists what is linked, and PARTS lists the third-party code within such a source. FOLDER holds each source unpacked, as
NAME-VERSION. The same input gives the same bytes: the only time is SOURCE_DATE_EPOCH, and nothing is random. RCB_SOURCE_URL,
if set, is said to be the place of our own source.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote

sys.dont_write_bytecode = True

HERE = Path(__file__).resolve().parent
OURS = "registry-credential-broker"
# Where `from` in sources.json says that an archive comes from, as the package URL of its source.
ORIGINS = {"cargo": "pkg:cargo/{}", "debian": "pkg:deb/debian/{}?arch=source", "pypi": "pkg:pypi/{}"}


@dataclass(frozen=True)
class Part:
    """Third-party code within a source. With `only`, it is in targets that begin so; with `mark`, in programs that contain these bytes."""
    inside: str
    name: str
    licence: str
    text: str  # the file that contains the licence, or a comment with the copyright
    version: tuple[str, str] | None = None  # a file, and a pattern whose groups are the version's numbers
    only: str = ""
    mark: bytes = b""


LLVM = "Apache-2.0 WITH LLVM-exception"
LLVM_VERSION = ("lib/libcxx/include/__config", r"define _LIBCPP_VERSION (\d+)(\d\d)(\d\d)\b")
PARTS = (
    Part("poco", "double-conversion", "BSD-3-Clause", "Foundation/src/double-conversion.cc"),
    Part("poco", "ordered-map", "MIT", "Foundation/include/Poco/ordered_hash.h"),
    Part("poco", "bsd-random", "BSD-3-Clause", "Foundation/include/Poco/Random.h"),
    Part("poco", "rsa-md5", "RSA-MD", "Foundation/include/Poco/MD5Engine.h"),
    Part("poco", "pcre", "BSD-3-Clause", "Foundation/src/pcre_compile.c",
         ("Foundation/src/pcre.h", r"define PCRE_MAJOR\s+(\d+)\s+#define PCRE_MINOR\s+(\d+)"), mark=b"missing terminating ] for character class"),
    Part("poco", "zlib", "Zlib", "Foundation/include/Poco/zlib.h",
         ("Foundation/include/Poco/zlib.h", r'define ZLIB_VERSION "([\d.]+)"'), mark=b"Mark Adler"),
    Part("ziglang", "libc++", LLVM, "lib/libcxx/LICENSE.TXT", LLVM_VERSION),
    Part("ziglang", "libc++abi", LLVM, "lib/libcxxabi/LICENSE.TXT", LLVM_VERSION),
    Part("ziglang", "libunwind", LLVM, "lib/libunwind/LICENSE.TXT", LLVM_VERSION),
    Part("ziglang", "musl", "MIT", "lib/libc/musl/COPYRIGHT", ("lib/libc/musl/src/internal/version.h", r'VERSION "([\d.]+)"'), only="linux-musl"),
    Part("ziglang", "glibc-start-files", "LGPL-2.1-or-later WITH GCC-exception-2.0", "lib/libc/glibc/sysdeps/x86_64/start.S", only="linux-gnu"),
)


@dataclass(frozen=True)
class Component:
    name: str
    version: str  # may be empty: not every part states one
    licence: str
    text: str
    source: dict  # of sources.json


def licence_text(path):
    """A licence file as it is; of a source file, the comment with the copyright, without the comment's markers."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if not re.search(r"\.(c|cc|h|S)$", path.name):
        return text.strip()
    for comment in re.findall(r"(?:^//[^\n]*\n)+|/\*.*?\*/", text, re.M | re.S):
        if "opyright" in comment:
            return "\n".join(re.sub(r"^\s*(//+!?|/\*+|\*+/?)? ?|\s*\*+/$", "", line).rstrip() for line in comment.strip().splitlines()).strip()
    raise SystemExit(f"linked.py: {path} has no comment with a copyright; correct PARTS")


def version_of(folder, where):
    if where is None:
        return ""
    match = re.search(where[1], (folder / where[0]).read_text(encoding="utf-8"))
    if not match:
        raise SystemExit(f"linked.py: {folder / where[0]} does not state its version; correct PARTS")
    return ".".join(number.lstrip("0") or "0" for number in match.groups()) if len(match.groups()) > 1 else match[1]


def linked(sources, target, program, unpacked):
    """All components of the program, in the order of sources.json, each followed by its parts."""
    if unknown := {part.inside for part in PARTS} - {source["name"] for source in sources}:
        raise SystemExit(f"linked.py: PARTS names {', '.join(sorted(unknown))}, which sources.json does not have")
    found = []
    for source in sources:
        folder = unpacked / f"{source['name']}-{source['version']}"
        found.append(Component(source["name"], source["version"], source["licence"], licence_text(folder / source["licenceFile"]), source))
        for part in PARTS:
            if part.inside == source["name"] and target.startswith(part.only) and part.mark in program:
                found.append(Component(part.name, version_of(folder, part.version), part.licence, licence_text(folder / part.text), source))
    return found


def component_entry(component):
    source, version = component.source, component.version
    (origin, package), = source["from"].items()
    archive = {"type": "source-distribution", "url": ORIGINS[origin].format(package), "comment": source["archive"],
               "hashes": [{"alg": "SHA-256", "content": source["sha256"]}]}
    entry = {"type": "library", "bom-ref": component.name, "name": component.name}
    if version:
        entry["version"] = version
    entry["licenses"] = [{"expression": component.licence}]
    entry["purl"] = f"pkg:generic/{quote(component.name)}" + (f"@{quote(version)}" if version else "")
    entry["externalReferences"] = [archive, {"type": "website", "url": source["homepage"]}]
    return entry


def bill(components, target, version, program, epoch, source_url):
    main = {"type": "application", "bom-ref": OURS, "name": OURS, "version": version,
            "description": f"the program as built for {target}", "licenses": [{"expression": "Apache-2.0"}], "purl": f"pkg:generic/{OURS}@{version}",
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(program).hexdigest()}]}
    if source_url:
        main["externalReferences"] = [{"type": "vcs", "url": source_url}]
    names = [component.name for component in components]
    return {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"timestamp": datetime.fromtimestamp(epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), "component": main},
            "components": [component_entry(component) for component in components],
            "dependencies": [{"ref": OURS, "dependsOn": names}] + [{"ref": name} for name in names]}


def notices(components, version):
    rule = "=" * 80
    text = f"{OURS} {version} is licensed under the Apache License 2.0.\nIt contains the following, each under a licence of its own.\n"
    for component in components:
        title = " ".join(filter(None, [component.name, component.version]))
        text += f"\n{rule}\n{title} ({component.licence})\n{component.source['homepage']}\n{rule}\n\n{component.text}\n"
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("target", "version"):
        parser.add_argument(f"--{option}", required=True)
    for option in ("program", "sources", "bill", "notices"):
        parser.add_argument(f"--{option}", required=True, type=Path)
    options = parser.parse_args()
    program = options.program.read_bytes()
    try:
        components = linked(json.loads((HERE / "sources.json").read_text()), options.target, program, options.sources)
    except OSError as error:
        raise SystemExit(f"linked.py: {error}; config/build/release.sh --fetch unpacks the sources") from error
    content = bill(components, options.target, options.version, program, int(os.environ["SOURCE_DATE_EPOCH"]), os.environ.get("RCB_SOURCE_URL"))
    options.bill.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    options.notices.write_text(notices(components, options.version), encoding="utf-8")


if __name__ == "__main__":
    main()
