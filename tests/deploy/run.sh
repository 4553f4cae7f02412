#!/usr/bin/env bash
# Tests what config/deploy has: the chart through helm, the manifests, and the recipes for nodes that the chart cannot change:
#
#   tests/deploy/run.sh [TEST…]      a file of tests/deploy, without _test.py; default: all of them
#
# helm and what reads the recipes' formats are built once through the Go module proxy (go_program.sh). cloud-init's schema is taken out of Debian's
# package, which is not installed. RCB_PROGRAM names a program to take instead of building it.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  config/build/help.sh tests/deploy/run.sh
  exit
fi
RCB_HELM=$(tests/deploy/go_program.sh helm)
RCB_HCLFMT=$(tests/deploy/go_program.sh hclfmt)
RCB_IGNITION_VALIDATE=$(tests/deploy/go_program.sh ignition-validate)

RCB_CLOUD_INIT_SCHEMA=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/registry-credential-broker/cloud-config-schema.json
if [[ ! -e $RCB_CLOUD_INIT_SCHEMA ]]; then
  package=$(mktemp -d)
  trap 'rm -rf "$package"' EXIT
  chmod 0755 "$package"
  (cd "$package" && { apt-get download cloud-init || { apt-get update && apt-get download cloud-init; }; } && dpkg-deb -x ./*.deb .) >/dev/null
  mv "$package"/usr/lib/python3/dist-packages/cloudinit/config/schemas/schema-cloud-config-v1.json "$RCB_CLOUD_INIT_SCHEMA"
fi
if [[ -z ${RCB_PROGRAM:-} ]]; then
  cmake --preset debug >/dev/null
  cmake --build --preset debug --target registry-credential-broker -- --quiet
fi
RCB_PROGRAM=$(realpath "${RCB_PROGRAM:-build/debug/bin/registry-credential-broker}")
export RCB_HELM RCB_HCLFMT RCB_IGNITION_VALIDATE RCB_CLOUD_INIT_SCHEMA RCB_PROGRAM PYTHONDONTWRITEBYTECODE=1
python3 tests/deploy/main.py "$@"
