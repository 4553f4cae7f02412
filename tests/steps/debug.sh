#!/usr/bin/env bash
# g++, debug: all tests of units, scenarios and services
source "$(dirname "$0")/common.sh"

configure debug && compile debug && run_ctest debug
