#!/usr/bin/env bash
# the vendors' own clients and mocks judge the providers (tests/judges)
source "$(dirname "$0")/common.sh"

against_shipped tests/judges/run.sh
