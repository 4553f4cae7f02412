#!/usr/bin/env bash
# pods pull through the program on a real node (tests/e2e; root)
source "$(dirname "$0")/common.sh"

against_shipped tests/e2e/run.sh --kubernetes "$kubernetes"
