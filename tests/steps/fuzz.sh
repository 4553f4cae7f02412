#!/usr/bin/env bash
# every fuzzer for RCB_FUZZ_SECONDS (default 10); nightly.yml gives each five minutes
source "$(dirname "$0")/common.sh"

configure sanitize && compile sanitize --target fuzzers || exit 1
tally_summary "${unrandomised[@]}" tests/fuzz/run.sh
