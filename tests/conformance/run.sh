#!/usr/bin/env bash
# Registers the program with the kubelet's own plugin code and looks images up through its keyring, without root or a cluster:
#
#   tests/conformance/run.sh [VERSION…]      Kubernetes versions; default: 1.33.13 1.34.4 1.37.2
#
# The kubelet's packages come through the Go module proxy; the first run of a version takes minutes, later ones seconds.
# RCB_PROGRAM and RCB_WORLD name a program and an rcb-test-world to take instead of building them.
set -euo pipefail
cd "$(dirname "$0")/../.."

if (($# == 0)); then set -- 1.33.13 1.34.4 1.37.2; fi
# shellcheck source=/dev/null
source tests/e2e/go.sh
find_go

if [[ -z ${RCB_PROGRAM:-} || -z ${RCB_WORLD:-} ]]; then
  cmake --preset debug >/dev/null
  cmake --build --preset debug --target registry-credential-broker rcb-test-world -- --quiet
fi
RCB_PROGRAM=$(realpath "${RCB_PROGRAM:-build/debug/bin/registry-credential-broker}")
RCB_WORLD=$(realpath "${RCB_WORLD:-build/debug/bin/rcb-test-world}")
RCB_SAMPLES=$PWD/config/samples/kubelet
RCB_GUIDE=$PWD/docs/operations.md
export RCB_PROGRAM RCB_WORLD RCB_SAMPLES RCB_GUIDE

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
output=$work/output
passed=0
failed=0
for version in "$@"; do
  module=$work/$version
  python3 tests/e2e/kubernetes_module.py "$version" "$module"
  cp tests/conformance/*.go "$module/"
  echo "== Kubernetes $version"
  # vet would look at all that the kubelet is made of.
  RCB_KUBERNETES=$version kubernetes_go test -C "$module" -vet=off -count=1 -v ./... >"$output" 2>&1 || true
  now_passed=$(grep -c '^--- PASS' "$output" || true)
  now_failed=$(grep -c '^--- FAIL' "$output" || true)
  # Nothing passed: it did not even compile.
  if ((now_failed > 0 || now_passed == 0)); then
    grep -v '^go: downloading' "$output"
    now_failed=$((now_failed > 0 ? now_failed : 1))
  fi
  passed=$((passed + now_passed))
  failed=$((failed + now_failed))
done
printf '\n%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
