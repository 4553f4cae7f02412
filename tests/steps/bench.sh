#!/usr/bin/env bash
# the benchmark runs (tests/bench); where there is a portable build, it costs no more than what is recorded
source "$(dirname "$0")/common.sh"

shipped bench || exit 1
# The recorded counts are the portable build's; the ordinary one only shows that the benchmark runs.
portable=build/linux-musl-amd64 judged=(--runs 1)
if [[ -x $portable/bin/bench_floor ]]; then judged=(--runs 21 --check --judge "$portable"); fi
tally_each "the benchmark's own tests" quietly python3 tests/bench/bench_test.py
tally_each "the benchmark runs and no count exceeds the recorded one" tests/bench/run.sh --programs build/bench "${judged[@]}"
