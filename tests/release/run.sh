#!/usr/bin/env bash
# Packs what config/build/release.sh left in dist/ and tests what comes out, as root: tests/release/run.sh [TARGET…]
#
# Default: every target whose program is in dist/. The packages are installed, and docs/install.md is followed, on a copy of the machine that
# is forgotten afterwards (sandbox.sh). CycloneDX's schema comes with a Python package, pinned below, which is kept in the cache.
set -euo pipefail
cd "$(dirname "$0")/../.."
schema=${XDG_CACHE_HOME:-$HOME/.cache}/registry-credential-broker/cyclonedx-1.6
wheel='cyclonedx-python-lib==11.12.0 --hash=sha256:0e807521a921a5c3cb8ce1153f8a61d29eedfe76a46aac2796b7c6b573391a54'

tests/packages.sh release
if [[ ! -d $schema ]]; then
  download=$(mktemp -d)
  trap 'rm -rf "$download"' EXIT
  python3 -m pip download --quiet --no-deps --require-hashes --only-binary :all: --dest "$download" --requirement <(echo "$wheel")
  mkdir -p "${schema%/*}"
  python3 -m zipfile --extract "$download"/*.whl "$download/all"
  mv "$download/all/cyclonedx/schema/_res" "$schema"
fi

targets=()
for target in "$@"; do targets+=(--target "$target"); done
config/build/package.sh --release "${targets[@]}"
RCB_CYCLONEDX=$schema PYTHONDONTWRITEBYTECODE=1 python3 -W ignore::DeprecationWarning tests/release/release_test.py
