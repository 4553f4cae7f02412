#!/usr/bin/env bash
# Builds the programs of one version that a node and its cluster need, once, and prints their folder:
#
#   tests/e2e/kubernetes.sh X.Y.Z
#
# About eight minutes on two cores; then they stay in
# ${XDG_CACHE_HOME:-$HOME/.cache}/registry-credential-broker/kubernetes/X.Y.Z.
set -euo pipefail
cd "$(dirname "$0")"

version=${1:?"usage: kubernetes.sh X.Y.Z"}
if [[ ! $version =~ ^1\.([0-9]+)\.[0-9]+$ ]]; then
  echo "kubernetes.sh: '$version' is not a version such as 1.34.4" >&2
  exit 64
fi
minor=${BASH_REMATCH[1]}
programs=(kubelet kube-apiserver kubectl kube-controller-manager kube-scheduler)
folder=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/registry-credential-broker/kubernetes/$version

# The programs that are not in the folder yet.
missing() {
  local program
  for program in "${programs[@]}"; do
    if [[ ! -e $folder/complete || ! -x $folder/$program ]]; then echo "$program"; fi
  done
}

if [[ -n $(missing) ]]; then
  # shellcheck source=/dev/null
  source ./go.sh
  find_go
  mkdir -p "$folder"
  exec {lock}>"$folder/lock"
  flock "$lock"
fi
mapfile -t wanted < <(missing)
if ((${#wanted[@]} > 0)); then
  echo "kubernetes: building ${wanted[*]} $version, up to eight minutes on two cores" >&2
  start=$SECONDS
  module=$(mktemp -d)
  trap 'rm -rf "$module"' EXIT
  python3 kubernetes_module.py "$version" "$module"
  names=k8s.io/component-base/version
  kubernetes_go build -C "$module" -o "$folder/" \
    -ldflags "-s -w -X $names.gitVersion=v$version -X $names.gitMajor=1 -X $names.gitMinor=$minor" \
    "${wanted[@]/#/k8s.io/kubernetes/cmd/}" >&2
  touch "$folder/complete"
  echo "kubernetes: built in $((SECONDS - start)) s" >&2
fi
echo "$folder"
