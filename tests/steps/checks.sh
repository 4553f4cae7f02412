#!/usr/bin/env bash
# layers, public text, no binaries, versions, pages and their words, fuzzers, workflows, headers (tests/checks)
source "$(dirname "$0")/common.sh"

tally_each "the checks' own tests" quietly python3 tests/checks/checks_test.py
for check in layers public_text text_files versions documents contents matching pictures registries words fuzzers workflows headers; do
  tally_each "tests/checks/$check.py" python3 "tests/checks/$check.py"
done
