#!/usr/bin/env bash
# Builds what loads provider files as the kubelet does, once for each version, and prints the program of each, a line each:
#
#   tests/conformance/loaders.sh [VERSION…]    such as 1.34.4, or 1.34 for its release below; default: all of them
#
# loader/main.go says how to call them, loaders.py calls them for many files. They stay in
# ${XDG_CACHE_HOME:-$HOME/.cache}/registry-credential-broker/loaders/VERSION.
set -euo pipefail
cd "$(dirname "$0")"

# A release of each minor version that the broker knows, as new as the module proxy has it.
releases=(1.26.15 1.27.16 1.28.15 1.29.14 1.30.14 1.31.14 1.32.13 1.33.13 1.34.4 1.35.4 1.36.3 1.37.2)
if (($# == 0)); then set -- "${releases[@]}"; fi

sources=$(cat loader/main.go ../e2e/kubernetes_module.py ../e2e/go.sh | sha256sum)
sources=${sources:0:16}
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/registry-credential-broker/loaders
go_found=false
module=
trap 'rm -rf "$module"' EXIT

build() {
  local version=$1 folder=$cache/$1 start=$SECONDS
  if ! $go_found; then
    # shellcheck source=/dev/null
    source ../e2e/go.sh
    find_go
    go_found=true
  fi
  module=$(mktemp -d)
  python3 ../e2e/kubernetes_module.py "$version" "$module"
  cp loader/main.go "$module/"
  rm -f "$folder"/loader-*
  if ! kubernetes_go build -C "$module" -ldflags "-s -w" -o "$folder/new" . >"$folder/log" 2>&1; then
    grep -v '^go: downloading' "$folder/log" >&2
    return 1
  fi
  rm -rf "$module"
  mv "$folder/new" "$folder/loader-$sources"
  echo "loaders: built Kubernetes $version in $((SECONDS - start)) s" >&2
}

for version in "$@"; do
  for release in "${releases[@]}"; do
    if [[ ${release%.*} == "$version" ]]; then version=$release; fi
  done
  if [[ ! $version =~ ^1\.[0-9]+\.[0-9]+$ ]]; then
    echo "loaders.sh: '$version' is not a version such as 1.34.4" >&2
    exit 64
  fi
  program=$cache/$version/loader-$sources
  if [[ ! -x $program ]]; then
    mkdir -p "$cache/$version"
    exec {lock}>"$cache/$version/lock"
    flock "$lock"
    if [[ ! -x $program ]]; then build "$version"; fi
    exec {lock}>&-
  fi
  echo "$program"
done
