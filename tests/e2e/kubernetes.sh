#!/usr/bin/env bash
# Builds kubelet, kube-apiserver and kubectl of one version, once, and prints their folder:
#
#   tests/e2e/kubernetes.sh X.Y.Z
#
# About six minutes on two cores; then they stay in
# ${XDG_CACHE_HOME:-$HOME/.cache}/registry-credential-broker/kubernetes/X.Y.Z.
set -euo pipefail
cd "$(dirname "$0")"

version=${1:?"usage: kubernetes.sh X.Y.Z"}
if [[ ! $version =~ ^1\.([0-9]+)\.[0-9]+$ ]]; then
  echo "kubernetes.sh: '$version' is not a version such as 1.34.4" >&2
  exit 64
fi
minor=${BASH_REMATCH[1]}
programs=(kubelet kube-apiserver kubectl)
folder=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/registry-credential-broker/kubernetes/$version

if [[ ! -e $folder/complete ]]; then
  # shellcheck source=/dev/null
  source ./go.sh
  find_go
  mkdir -p "$folder"
  exec {lock}>"$folder/lock"
  flock "$lock"
fi
if [[ ! -e $folder/complete ]]; then
  echo "kubernetes: building ${programs[*]} $version, about six minutes on two cores" >&2
  start=$SECONDS
  module=$(mktemp -d)
  trap 'rm -rf "$module"' EXIT
  python3 kubernetes_module.py "$version" "$module"
  names=k8s.io/component-base/version
  kubernetes_go build -C "$module" -o "$folder/" \
    -ldflags "-s -w -X $names.gitVersion=v$version -X $names.gitMajor=1 -X $names.gitMinor=$minor" \
    "${programs[@]/#/k8s.io/kubernetes/cmd/}" >&2
  touch "$folder/complete"
  echo "kubernetes: built in $((SECONDS - start)) s" >&2
fi
echo "$folder"
