#!/usr/bin/env python3
"""Fetches what config/build/sources.json pins, checks every hash, and unpacks it:

    config/build/fetch_sources.py FOLDER

FOLDER/archives contains the downloads, FOLDER/sources/NAME-VERSION the sources and the compiler.
An archive that exists is not fetched again; an archive that was put into FOLDER/archives by hand is used as well (a machine
without Debian's source packages, or without any network). Nothing that fails its hash is ever unpacked.
"""

import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


class FetchError(Exception):
    """What could not be fetched, and what to try."""


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(command, folder, advice):
    """Runs a package manager. Its output is shown only if it fails."""
    try:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
    except FileNotFoundError:
        raise FetchError(f"command not found: {command[0]}; {advice}") from None
    if done.returncode != 0:
        raise FetchError(f"`{' '.join(map(str, command))}` failed; {advice}\n{done.stdout.strip()}")


def fetch_crate(name, archive, folder):
    """The crate in cargo's cache. Cargo verifies it against its index, and this script against sources.json."""
    version = archive.removeprefix(f"{name}-").removesuffix(".crate")
    (folder / "Cargo.toml").write_text(f'[package]\nname = "fetch"\nversion = "0.0.0"\n[lib]\npath = "empty.rs"\n'
                                       f'[dependencies]\n{name} = "={version}"\n', encoding="utf-8")
    (folder / "empty.rs").touch()
    home = folder / "home"
    own = Path.home() / ".cargo"
    home.mkdir()
    for settings in ("config.toml", "config", "credentials.toml"):  # a mirror that this machine is configured for
        if (own / settings).is_file():
            shutil.copy(own / settings, home / settings)
    run(["env", f"CARGO_HOME={home}", "cargo", "fetch"], folder, "install a Rust of 1.70 or later (Debian 12: cargo-web)")
    return next(home.glob(f"registry/cache/*/{archive}"))


def source_list(sources):
    """The machine's own Debian archives, as sources of source packages."""
    deb822, lines = "", ""
    for path in sorted([Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if path.suffix == ".sources":
            deb822 += re.sub(r"(?m)^Types:.*$", "Types: deb-src", text) + "\n"
        elif path.name == "sources.list" or path.suffix == ".list":
            lines += "".join(re.sub(r"^deb ", "deb-src ", line) + "\n" for line in text.splitlines() if line.startswith("deb "))
    sources.mkdir()
    (sources / "all.sources").write_text(deb822, encoding="utf-8")
    (sources / "all.list").write_text(lines, encoding="utf-8")


def fetch_debian(name, archive, folder):
    """The upstream archive of a Debian source package, fetched by apt from the mirror that it is configured for."""
    source_list(folder / "sources.d")
    (folder / "lists/partial").mkdir(parents=True)
    options = ["-o", "Dir::Etc::SourceList=/dev/null", "-o", f"Dir::Etc::SourceParts={folder}/sources.d",
               "-o", f"Dir::State::Lists={folder}/lists", "-o", "APT::Sandbox::User=root"]
    advice = "use Debian 12, or put the file into the folder of archives by hand"
    run(["apt-get", *options, "update"], folder, advice)
    run(["apt-get", *options, "source", "--download-only", "--tar-only", name], folder, advice)
    found = folder / archive
    if not found.is_file():
        have = ", ".join(sorted(path.name for path in folder.glob("*.orig.*")))
        raise FetchError(f"the Debian archive of this machine has {have} instead; {advice}")
    return found


def fetch_wheel(name, archive, folder):
    """A wheel of the Python index, for this machine."""
    run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder,
         f"{name}=={archive.split('-')[1]}"], folder, "install pip (Debian: python3-pip)")
    found, = folder.glob("*.whl")
    return found


FETCHERS = {"cargo": fetch_crate, "debian": fetch_debian, "pypi": fetch_wheel}


def fetch(source, archives):
    """The checked archive of one source."""
    kept = archives / source["archive"]
    (manager, name), = source["from"].items()
    if not kept.is_file():
        print(f"fetching {source['name']} {source['version']}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            shutil.move(FETCHERS[manager](name, source["archive"], Path(folder)), kept)
    if sha256(kept) != source["sha256"]:
        raise FetchError(f"{kept} has SHA-256 {sha256(kept)}, but sources.json pins {source['sha256']}; remove the file to fetch it again")
    return kept


def tree_hash(source, changes):
    """A value that changes with the archive and with its patches."""
    digest = hashlib.sha256(source["sha256"].encode())
    for path in changes:
        digest.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def unpack(source, archive, target):
    """The source's folder with the patches applied: patches/NAME-VERSION.patch, and the files of patches/NAME-VERSION/ in place of its own."""
    patches = HERE / "patches"
    patch, overlay = patches / f"{target.name}.patch", patches / target.name
    changes = sorted(path for path in [patch, *overlay.rglob("*")] if path.is_file())
    stamp = target.parent / f"{target.name}.sha256"
    state = tree_hash(source, changes)
    if target.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as content:
                content.extractall(folder)
        else:
            with tarfile.open(archive) as content:
                content.extractall(folder)
        unpacked = Path(folder) / source["folder"]
        if patch.is_file():
            run(["patch", "-p1", "-i", patch], unpacked, "install patch")
        if overlay.is_dir():
            shutil.copytree(overlay, unpacked, dirs_exist_ok=True)
        if source["name"] == "ziglang":
            (unpacked / "zig").chmod(0o755)
        unpacked.rename(target)
    stamp.write_text(state, encoding="utf-8")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    folder = Path(sys.argv[1]).resolve()
    for part in ("archives", "sources"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    try:
        for source in json.loads((HERE / "sources.json").read_text(encoding="utf-8")):
            if platform.machine() == "aarch64":
                source |= source.get("onArm64", {})
            archive = fetch(source, folder / "archives")
            unpack(source, archive, folder / "sources" / f"{source['name']}-{source['version']}")
    except FetchError as problem:
        sys.exit(f"fetch_sources.py: {problem}")


if __name__ == "__main__":
    main()
