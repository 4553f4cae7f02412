#!/usr/bin/env bash
# Runs a program in a root that contains only itself and its files: an empty root on a read-only file system, without /etc, /dev and /proc.
# As root:
#
#   RCB_WORLD=PATH tests/portable/empty_root.sh PROGRAM
#
# RCB_WORLD is an rcb-test-world. RCB_PROGRAM_RUNNER may name a static emulator, which goes along.
# The last line is `N passed, M failed`.
set -euo pipefail

program=$(realpath "${1:?"empty_root.sh: name a program"}")
world=$(realpath "${RCB_WORLD:?"empty_root.sh: RCB_WORLD must name an rcb-test-world"}")
if [[ ${RCB_OWN_MOUNTS:-} != yes ]]; then
  exec env RCB_OWN_MOUNTS=yes unshare --mount --propagation private "$0" "$program"
fi

folder=$(mktemp -d)
world_process=''
clean_up() {
  if [[ -n $world_process ]]; then
    kill "$world_process" 2>/dev/null || true
    wait "$world_process" 2>/dev/null || true
  fi
  umount "$folder/root" 2>/dev/null || true
  rm -rf "$folder"
}
trap clean_up EXIT

# --- The servers, outside, and what the root holds. ---

"$world" serve --folder "$folder/world" >"$folder/world.log" 2>&1 &
world_process=$!
for ((i = 0; i < 300; ++i)); do
  if [[ -e $folder/world/ready ]]; then break; fi
  sleep 0.1
done
exchange=$(sed -nE 's/^ *"exchange": "(.*)".*/\1/p' "$folder/world/endpoints.json")

root=$folder/root
mkdir "$root"
mount -t tmpfs -o mode=755,size=64m tmpfs "$root"
cp "$program" "$root/program"
command=(/program)
if [[ -n ${RCB_PROGRAM_RUNNER:-} ]]; then
  cp "$RCB_PROGRAM_RUNNER" "$root/emulator"
  command=(/emulator /program)
fi
cp "$folder/world/ca.pem" "$root/"
printf 'canary-password' >"$root/password"
chmod 600 "$root/password"

# rules NAME MODULE MEMBERS: a broker file with one rule.
rules() {
  cat >"$root/$1.yaml" <<CONFIG
apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
deadline: 5s
providers:
- {name: only, module: $2, matchImages: [registry.test], $3}
CONFIG
}
rules exchange cloudsmith \
  "audience: cloudsmith, tls: {caFile: /ca.pem, caMode: replace}, settings: {organization: acme, service: kubelet-puller, apiHost: '$exchange'}"
rules no-trust cloudsmith \
  "audience: cloudsmith, settings: {organization: acme, service: kubelet-puller, apiHost: '$exchange'}"
rules no-system cloudsmith \
  "audience: cloudsmith, tls: {caFile: /ca.pem}, settings: {organization: acme, service: kubelet-puller, apiHost: '$exchange'}"
rules no-name cloudsmith \
  "audience: cloudsmith, tls: {caFile: /ca.pem, caMode: replace}, settings: {organization: acme, service: kubelet-puller, apiHost: api.invalid}"
rules static static-token "identity: none, settings: {username: pull, passwordFile: /password}"
rules module /opt/registry-credential-broker/lib/cloudsmith.so "identity: none"
mount -o remount,ro "$root"

# --- Running it. ---

chroot=$(command -v chroot)
# inside ARGUMENTS…: the program, with what is on stdin; leaves $status, $output and $errors.
inside() {
  status=0
  env -i "$chroot" "$root" "${command[@]}" "$@" >"$folder/output" 2>"$folder/errors" || status=$?
  output=$(<"$folder/output")
  errors=$(<"$folder/errors")
}
# request NAMESPACE: what the kubelet asks for a pod of that namespace.
request() {
  local token
  token=$("$world" token --folder "$folder/world" --namespace "$1" --service-account app)
  printf '{"kind":"CredentialProviderRequest","apiVersion":"credentialprovider.kubelet.k8s.io/v1","image":"%s","serviceAccountToken":"%s"}' \
    registry.test/app "$token"
}

passed=0
failed=0
# holds STATEMENT CONDITION…: one test of the last run.
holds() {
  local statement=$1
  shift
  if "$@"; then
    echo "ok: $statement"
    passed=$((passed + 1))
  else
    printf 'FAILED: %s\n  status: %s\n  stdout: %s\n  stderr: %s\n' "$statement" "$status" "${output:-}" "${errors:-}"
    failed=$((failed + 1))
  fi
}
# ended STATUS STDOUT STDERR: all of both, as patterns, where `*(` would mean something else than `*\(`.
# shellcheck disable=SC2053
ended() { [[ $status == "$1" && $output == $2 && $errors == $3 ]]; }
cannot_write() { ! touch "$root/new" 2>/dev/null; }

status='' output=''
holds "the root cannot be written" cannot_write
inside version </dev/null
holds "it says its version, and that it loads no modules" ended 0 'registry-credential-broker * (no modules)*' ''
inside validate --config /exchange.yaml </dev/null
holds "it validates a file" ended 0 '/exchange.yaml: valid, 1 rule' ''
inside validate --config /missing.yaml </dev/null
holds "it says that a file is missing" ended 78 '' '*/missing.yaml*'

inside --config /static.yaml < <(request team-a)
holds "it answers with a long-lived password" ended 0 '*"username":"pull","password":"canary-password"*' ''
inside --config /exchange.yaml < <(request team-a)
holds "it exchanges a pod's token for a credential" ended 0 '*"registry.test":{"username":"token","password":"eyJ*' ''
inside --config /exchange.yaml < <(request default)
holds "it refuses a pod that the exchange refuses" ended 77 '' '*\(code=exchange-denied, status=401, *'

inside --config /no-trust.yaml < <(request team-a)
holds "it trusts no server where there is no authority" ended 69 '' '*\(code=tls-failed, *'
inside --config /no-system.yaml < <(request team-a)
holds "it says how to trust a CA file alone where the system has no authorities" ended 69 '' '* no trusted *set the rule'"'"'s tls.caFile with caMode: replace'
inside --config /no-name.yaml < <(request team-a)
holds "it says that a name cannot be found where nothing resolves it" ended 69 '' '* api.invalid*\(code=d*'

refusal='the provider module /opt/registry-credential-broker/lib/cloudsmith.so is refused: this build cannot load shared libraries'
inside --config /module.yaml < <(request team-a)
holds "it refuses a shared library" ended 78 '' "*$refusal (code=module-refused, *"
inside validate --config /module.yaml </dev/null
holds "it says so beforehand, to validate" ended 78 "*$refusal*" ''
inside explain registry.test/app --config /module.yaml </dev/null
holds "it says so beforehand, to explain" ended 78 "*$refusal*" ''

inside --config /static.yaml <&-
holds "it says that stdin is closed" ended 65 '' '*stdin is not open for reading (code=request-not-json*'
# Not into a file that it opens itself, which would have taken the descriptor's place.
status=0 output=''
request team-a | env -i "$chroot" "$root" "${command[@]}" --config /exchange.yaml 2>"$folder/errors" >&- || status=$?
errors=$(<"$folder/errors")
holds "it says that stdout is closed" ended 74 '' '*stdout is not open for writing (code=output-failed*'

printf '\n%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
