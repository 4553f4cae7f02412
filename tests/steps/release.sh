#!/usr/bin/env bash
# g++, optimised, no warning
source "$(dirname "$0")/common.sh"

configure release -DCMAKE_COMPILE_WARNING_AS_ERROR=ON && compile release || exit 1
tally_each "the release program is hardened" python3 tests/checks/hardening.py build/release
tally_each "the release program says its version" quietly build/release/bin/registry-credential-broker version
