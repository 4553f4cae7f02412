#!/usr/bin/env bash
# the benchmark runs (tests/bench); where there is a portable build, its bars hold
source "$(dirname "$0")/common.sh"

shipped bench || exit 1
# The bars are the portable build's; the ordinary one only shows that the benchmark runs.
portable=build/linux-musl-amd64/bin judged=(--runs 3)
if [[ -x $portable/bench_floor ]]; then
  judged=(--runs 61 --check --broker "$portable/registry-credential-broker" --floor "$portable/bench_floor")
fi
tally_each "the benchmark's own tests" quietly python3 tests/bench/bench_test.py
tally_each "the benchmark runs and its bars hold" tests/bench/run.sh --programs build/bench "${judged[@]}"
