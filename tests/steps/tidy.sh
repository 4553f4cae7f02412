#!/usr/bin/env bash
# clang-tidy finds nothing in core/ and providers/
source "$(dirname "$0")/common.sh"

configure sanitize && tally_summary python3 tests/checks/tidy.py build/sanitize
