#!/usr/bin/env bash
# the kubelet's own plugin code runs the program (tests/conformance), of one version; nightly.yml takes three
source "$(dirname "$0")/common.sh"

against_shipped tests/conformance/run.sh "$kubernetes"
