#!/usr/bin/env bash
# Builds the lean peer (src/main.rs says what it is):
#
#   tests/bench/lean-peer/build.sh PROGRAM     PROGRAM: the file to write
#
# with the cargo of the machine, or Debian's cargo-web where that is missing or too old (installed if this is root). Cargo's output stays in the
# user's cache folder; the versions of the libraries are those of Cargo.lock.
set -euo pipefail
program=$(realpath -m "${1:?usage: build.sh PROGRAM}")
cd "$(dirname "$0")"
minor=$(sed -n 's/^rust-version = "1\.\([0-9]*\)"$/\1/p' Cargo.toml)

# usable CARGO: it exists and supports this edition, this lock file and these libraries.
usable() {
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  [[ $version =~ ^cargo\ 1\.([0-9]+)\. ]] && ((BASH_REMATCH[1] >= minor))
}

cargo=cargo
if ! usable cargo; then
  cargo=/usr/bin/cargo
  export RUSTC=/usr/bin/rustc
  usable "$cargo" || ../../packages.sh rust
fi
host=$("${RUSTC:-rustc}" -vV | sed -n 's/^host: //p')
export CARGO_TARGET_DIR=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/registry-credential-broker/lean-peer
# A static program starts faster. Naming the target keeps the option away from build scripts.
RUSTFLAGS='-C target-feature=+crt-static' "$cargo" build --release --locked --quiet --target "$host"
install -D "$CARGO_TARGET_DIR/$host/release/lean-peer" "$program"
