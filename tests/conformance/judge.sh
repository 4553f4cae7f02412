#!/usr/bin/env bash
# Lets the kubelets judge provider files, without root or a cluster: those that `render kubelet` makes, and those in kubelet_files.
#
#   tests/conformance/judge.sh [VERSION…]      as for loaders.sh; default: all minor versions from 1.26 on
#
# RCB_PROGRAM names a program to take instead of building it. judge.py says more.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ -z ${RCB_PROGRAM:-} ]]; then
  cmake --preset debug >/dev/null
  cmake --build --preset debug --target registry-credential-broker -- --quiet
fi
exec python3 tests/conformance/judge.py "$(realpath "${RCB_PROGRAM:-build/debug/bin/registry-credential-broker}")" "$@"
