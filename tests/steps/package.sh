#!/usr/bin/env bash
# packages, image and bill of materials of these, installed and read; two builds give the same bytes (tests/release; root)
source "$(dirname "$0")/common.sh"

# Built a second time. One target is enough for a change, since both have the same compiler, libraries and commands; nightly.yml names both.
read -ra again <<<"${RCB_BUILT_TWICE:-linux-musl-amd64}"

# build_again FOLDER: in that folder, a copy of this one.
build_again() {
  local options=()
  for target in "${again[@]}"; do options+=(--target "$target"); done
  (cd "$1" && config/build/release.sh "${options[@]}")
}

# same_bytes TARGET FOLDER: packs what build_again left there, and compares all files.
same_bytes() {
  local first=$PWD/dist/$1
  (cd "$2" && config/build/package.sh --target "$1" && tests/release/reproducible.sh "$first" "dist/$1")
}

copy=$(mktemp -d)
# Links stay links: cp leaves out one that leads to a folder, and then fails.
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --no-dereference --parents -t "$copy" && cp -r .git "$copy/" || exit 1
# Beside the tests of packages, which wait for the disk.
quietly build_again "$copy" &
building=$!
tally_summary tests/release/run.sh linux-gnu-amd64 linux-musl-amd64
wait "$building"
for target in "${again[@]}"; do
  tally_each "two builds of $target give the same bytes" quietly same_bytes "$target" "$copy"
done
rm -rf "$copy"
