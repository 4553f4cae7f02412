#!/usr/bin/env bash
# The Debian 12 packages that the project needs, stated once. Installs those that are missing:
#
#   tests/packages.sh [build] [demo] [test]     default: all three groups
#   tests/packages.sh --list [GROUP…]           only prints their names
#
# build: compile the program; demo: what the quick start adds to it; test: what tests/run.sh adds to both.
set -euo pipefail

declare -A packages=(
  [build]="cmake g++ libcli11-dev libfmt-dev libpoco-dev libssl-dev libyaml-dev ninja-build"
  [demo]="ca-certificates docker-registry libgmock-dev libgtest-dev openssl skopeo"
  [test]="ccache clang-14 clang-format-14 clang-tidy-14 gcovr git libclang-rt-14-dev libyaml-cpp-dev llvm-14 python3
          shellcheck"
)

list=false
if [[ ${1:-} == --list ]]; then
  list=true
  shift
fi
groups=("$@")
if ((${#groups[@]} == 0)); then groups=(build demo test); fi

wanted=()
for group in "${groups[@]}"; do
  if [[ ! -v packages[$group] ]]; then
    echo "packages.sh: there is no group '$group'; known: build, demo, test" >&2
    exit 64
  fi
  read -r -d '' -a members <<<"${packages[$group]}" || true
  wanted+=("${members[@]}")
done
if $list; then
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
  echo "packages.sh: missing: ${missing[*]}" >&2
  echo "packages.sh: run as root: apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 69
fi
echo "packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# dpkg prints a line a file; only a failure is worth reading.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! apt-get install -y --no-install-recommends "${missing[@]}" </dev/null >"$log" 2>&1; then
  cat "$log" >&2
  exit 69
fi
