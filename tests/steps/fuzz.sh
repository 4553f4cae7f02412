#!/usr/bin/env bash
# every fuzzer for RCB_FUZZ_SECONDS (default 4); nightly.yml gives each five minutes
source "$(dirname "$0")/common.sh"

# Every seed and what was found before, and as much more as shows that the fuzzers find their way. Searching is for the night.
export RCB_FUZZ_SECONDS=${RCB_FUZZ_SECONDS:-4}
configure sanitize && compile sanitize --target fuzzers || exit 1
tally_summary "${unrandomised[@]}" tests/fuzz/run.sh
