#!/usr/bin/env bash
# the amd64 programs that run on any node: built, and every test of a program on each (tests/portable; root)
source "$(dirname "$0")/common.sh"

# What config/build/release.sh needs. A machine without cargo gets Debian's.
quietly tests/packages.sh portable && { command -v cargo >/dev/null || quietly tests/packages.sh rust; } || exit 1
tally_each "the tests of fetch_sources.py" quietly python3 tests/portable/fetch_sources_test.py
# The network's time and the processor's; what could not be fetched is tried again below.
config/build/release.sh --fetch &
fetching=$!
shipped rcb-test-world scenario_test tls_matrix_test || exit 1
wait "$fetching"
tally_each "config/build/release.sh" config/build/release.sh --target linux-gnu-amd64 --target linux-musl-amd64
for target in linux-gnu-amd64 linux-musl-amd64; do
  tally_summary tests/portable/run.sh --target "$target" --tests build/bench
done
