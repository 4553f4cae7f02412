#!/usr/bin/env bash
# Builds a program that the tests of this folder need, once, through the Go module proxy, and prints its path:
#
#   tests/deploy/go_program.sh helm | hclfmt | ignition-validate
#
# helm takes about three minutes on two cores, the others less than one. They stay in
# ${XDG_CACHE_HOME:-$HOME/.cache}/registry-credential-broker/NAME-VERSION.
set -euo pipefail
cd "$(dirname "$0")"

case ${1:-} in
  helm) version=4.3.1 package=helm.sh/helm/v4/cmd/helm ;;
  # Reads HCL, which Packer's templates are written in.
  hclfmt) version=2.25.0 package=github.com/hashicorp/hcl/v2/cmd/hclfmt ;;
  # Reads Ignition's configuration, which is in a MachineConfig.
  ignition-validate) version=2.24.0 package=github.com/coreos/ignition/v2/validate ;;
  *)
    echo "usage: go_program.sh helm | hclfmt | ignition-validate" >&2
    exit 64
    ;;
esac
folder=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/registry-credential-broker/$1-$version

if [[ ! -e $folder/complete ]]; then
  # shellcheck source=/dev/null
  source ../e2e/go.sh
  find_go
  mkdir -p "$folder"
  exec {lock}>"$folder/lock"
  flock "$lock"
fi
if [[ ! -e $folder/complete ]]; then
  echo "deploy: building $1 $version" >&2
  start=$SECONDS
  (cd / && CGO_ENABLED=0 GOWORK=off GOFLAGS=-trimpath GOBIN=$folder go install -ldflags '-s -w' "$package@v$version") >&2
  if [[ ! -e $folder/$1 ]]; then mv "$folder/${package##*/}" "$folder/$1"; fi
  touch "$folder/complete"
  echo "deploy: built in $((SECONDS - start)) s" >&2
fi
echo "$folder/$1"
