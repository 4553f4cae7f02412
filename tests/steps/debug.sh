#!/usr/bin/env bash
# g++, debug: all tests of units, scenarios and services
source "$(dirname "$0")/common.sh"

# labelled: `ctest -L` leaves out a test without a label.
labelled() {
  local found
  found=$(ctest --preset debug --show-only -LE .)
  if [[ $found == *'Total Tests: 0' ]]; then return; fi
  printf '%s\n' "$found"
  return 1
}

find_module_languages && configure debug && compile debug || exit 1
run_ctest debug
tally_each "every test has a label (tests/CMakeLists.txt)" labelled
