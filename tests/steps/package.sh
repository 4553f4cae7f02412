#!/usr/bin/env bash
# packages, image and bill of materials of these, installed and read; two builds give the same bytes (tests/release; root)
source "$(dirname "$0")/common.sh"

# same_bytes TARGET FOLDER: builds and packs it again in that folder, a copy of this one, and compares all files.
same_bytes() {
  local first=$PWD/dist/$1
  (cd "$2" && config/build/release.sh --target "$1" && config/build/package.sh --target "$1" && tests/release/reproducible.sh "$first" "dist/$1")
}

tally_summary tests/release/run.sh linux-gnu-amd64 linux-musl-amd64
copy=$(mktemp -d)
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy" && cp -r .git "$copy/"
for target in linux-gnu-amd64 linux-musl-amd64; do
  tally_each "two builds of $target give the same bytes" quietly same_bytes "$target" "$copy"
done
rm -rf "$copy"
