#!/usr/bin/env bash
# the chart through helm, the manifests, and the recipes for image bakes and locked nodes (tests/deploy)
source "$(dirname "$0")/common.sh"

shipped registry-credential-broker && RCB_PROGRAM=$PWD/build/bench/bin/registry-credential-broker tally_summary tests/deploy/run.sh
