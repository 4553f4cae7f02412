#!/usr/bin/env bash
# Installs what is missing of the Debian 12 packages in packages.txt:
#
#   tests/packages.sh [--list] [GROUP…]     GROUP: of packages.txt; default: build, demo and test; --list only prints their names
set -euo pipefail
list=$(cd "$(dirname "$0")/.." && pwd)/packages.txt

only_print=false
if [[ ${1:-} == --list ]]; then
  only_print=true
  shift
fi

if (($# == 0)); then set -- build demo test; fi
wanted=()
for group in "$@"; do
  packages=$(sed -n "s/^$group: //p" "$list")
  if [[ -z $packages ]]; then
    echo "packages.sh: packages.txt has no group '$group'" >&2
    exit 64
  fi
  read -r -d '' -a members <<<"$packages" || true
  wanted+=("${members[@]}")
done
if $only_print; then
  printf '%s\n' "${wanted[@]}"
  exit
fi

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  if [[ $state != installed ]]; then missing+=("$package"); fi
done
if ((${#missing[@]} == 0)); then
  echo "packages: all ${#wanted[@]} are installed"
  exit
fi
if ((EUID != 0)); then
  echo "packages.sh: run as root: apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 69
fi
echo "packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# dpkg prints a line a file; only a failure is worth reading.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } </dev/null >"$log" 2>&1; then
  cat "$log" >&2
  exit 69
fi
