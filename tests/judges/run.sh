#!/usr/bin/env bash
# Lets the vendors' own clients and mocks judge the providers, because our own servers share our misreadings:
#
#   tests/judges/run.sh [JUDGE…]      a file of tests/judges, without .py; default: all of them
#
# Each judge is called `JUDGE.py PROGRAM WORLD` (keycloak: `PROGRAM KEYCLOAK`), and its last line is `N passed, M failed`. Their packages come from
# PyPI, in the versions of requirements.txt, into a virtual environment that is kept; a first run takes a minute more.
#
# RCB_PROGRAM and RCB_WORLD name a program and an rcb-test-world to take instead of building them, RCB_ECR_PEER an ecr-credential-provider to take
# instead of building it with Go. Keycloak (155 MB, 25 s to start) is a judge only where it is named: `tests/judges/run.sh keycloak` fetches it with
# Maven (`tests/packages.sh keycloak`), or RCB_KEYCLOAK names an unpacked one. The nightly workflow has it.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  config/build/help.sh tests/judges/run.sh
  exit
fi
judges=("$@")
if (($# == 0)); then
  for file in tests/judges/*.py; do
    if [[ $file != */keycloak.py ]]; then judges+=("$(basename "$file" .py)"); fi
  done
fi

if [[ -z ${RCB_PROGRAM:-} || -z ${RCB_WORLD:-} ]]; then
  cmake --preset debug >/dev/null
  cmake --build --preset debug --target registry-credential-broker rcb-test-world -- --quiet
fi
RCB_PROGRAM=$(realpath "${RCB_PROGRAM:-build/debug/bin/registry-credential-broker}")
RCB_WORLD=$(realpath "${RCB_WORLD:-build/debug/bin/rcb-test-world}")

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/registry-credential-broker
key=$({ python3 --version && cat tests/judges/requirements.txt; } | sha256sum | cut -c 1-16)
environment=$cache/judges-$key
if [[ ! -e $environment/complete ]]; then
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement tests/judges/requirements.txt
  touch "$environment/complete"
fi

# ecr_peer: sets RCB_ECR_PEER, to nothing if it cannot be built here.
ecr_peer() {
  local version=v1.37.1 folder
  if [[ -n ${RCB_ECR_PEER+set} ]]; then return; fi
  RCB_ECR_PEER=$cache/ecr-credential-provider-$version
  export RCB_ECR_PEER
  if [[ -x $RCB_ECR_PEER ]]; then return; fi
  # shellcheck source=/dev/null
  source tests/e2e/go.sh
  if ! (find_go && folder=$(cd / && go mod download -json "k8s.io/cloud-provider-aws@$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p') &&
    cd "$folder" && CGO_ENABLED=0 GOWORK=off GOFLAGS=-trimpath go build -buildvcs=false -ldflags='-s -w' -o "$RCB_ECR_PEER" ./cmd/ecr-credential-provider); then
    echo "run.sh: ecr-credential-provider cannot be built here; its comparison is left out" >&2
    RCB_ECR_PEER=
  fi
}

# keycloak: sets RCB_KEYCLOAK.
keycloak() {
  local version=26.5.2
  if [[ -n ${RCB_KEYCLOAK:-} ]]; then return; fi
  RCB_KEYCLOAK=$cache/keycloak-$version
  if [[ -x $RCB_KEYCLOAK/bin/kc.sh ]]; then return; fi
  local folder=$cache/keycloak-$version.part
  rm -rf "$folder"
  mkdir -p "$folder"
  (cd "$folder" && mvn --quiet --batch-mode dependency:copy "-Dartifact=org.keycloak:keycloak-quarkus-dist:$version:zip" "-DoutputDirectory=$folder" &&
    unzip -q "$folder/keycloak-quarkus-dist-$version.zip")
  mv "$folder/keycloak-$version" "$RCB_KEYCLOAK"
  rm -rf "$folder"
}

passed=0
failed=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT
for judge in "${judges[@]}"; do
  echo "== $judge"
  other=$RCB_WORLD
  if [[ $judge == ecr ]]; then ecr_peer; fi
  if [[ $judge == keycloak ]]; then
    keycloak
    other=$RCB_KEYCLOAK
  fi
  status=0
  PYTHONDONTWRITEBYTECODE=1 "$environment/bin/python" "tests/judges/$judge.py" "$RCB_PROGRAM" "$other" 2>&1 | tee "$output" || status=$?
  if [[ $(tail -n 1 "$output") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    echo "FAILED: $judge did not come to its end (status $status)"
    failed=$((failed + 1))
  fi
done
printf '\n%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
