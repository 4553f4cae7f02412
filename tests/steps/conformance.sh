#!/usr/bin/env bash
# the kubelet's own plugin code runs the program and judges provider files (tests/conformance), of few versions; nightly.yml takes more
source "$(dirname "$0")/common.sh"

against_shipped tests/conformance/run.sh "$kubernetes"
against_shipped tests/conformance/judge.sh 1.33 "$kubernetes"
tally_summary tests/conformance/judge_pages.py 1.33 "$kubernetes"
