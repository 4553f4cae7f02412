#!/usr/bin/env bash
# Shows the whole path on one Debian 12 machine: a pod's token goes in as from the kubelet, a short-lived credential comes out, and a private image
# is pulled with it, from two registries that one broker file serves. Installs missing packages (as root), builds, and runs real servers on loopback
# only. Leaves nothing but build/release.
set -euo pipefail
cd "$(dirname "$0")"

program=build/release/bin/registry-credential-broker
world=build/release/bin/rcb-test-world

if [[ -t 1 ]]; then bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'; else bold='' dim='' green='' red='' plain=''; fi
step() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
say() { printf '   %s\n' "$1"; }
good() { printf '   %s✔ %s%s\n' "$green" "$1" "$plain"; }
fail() {
  printf '   %s✘ %s%s\n' "$red" "$1" "$plain" >&2
  exit 1
}
# Only the first letters of tokens are shown.
masked() { sed -E 's/(eyJ|issued-)[A-Za-z0-9_.-]{16,}/\1…/g'; }
# milliseconds COMMAND…: runs it and sets $elapsed to its duration.
milliseconds() {
  local start=${EPOCHREALTIME/[.,]/} status=0
  "$@" || status=$?
  elapsed=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
  return "$status"
}

folder=''
world_processes=()
clean_up() {
  local process
  for process in "${world_processes[@]}"; do
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  if [[ -n $folder ]]; then rm -rf "$folder"; fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cat <<'PICTURE'

   kubelet ── 1 image, pod's token ──▶ registry-credential-broker ── 2 pod's token ──▶ exchange
      ▲                                             │      ▲                               │ who is it? what may it pull?
      └───────── 4 user, password ──────────────────┘      └───── 3 short-lived token ─────┘
      │
      └── 5 pull ──▶ registry
PICTURE

step "1. Packages and build"
tests/packages.sh build demo | sed 's/^/   /'
folder=$(mktemp -d)
jobs=$(nproc)
build() {
  cmake --preset release -DRCB_BUILD_TESTS=ON && cmake --build --preset release --parallel "$jobs" --target registry-credential-broker rcb-test-world
}
say "building with $jobs jobs …"
milliseconds build >"$folder/build.log" 2>&1 || {
  tail -n 40 "$folder/build.log" >&2
  fail "the build failed"
}
good "$program, $(($(stat -Lc %s "$program") / 1024)) KiB, after $((elapsed / 1000)) s"

# start_world NAME OPTION…: the servers of one site, with their files in $folder/NAME.
start_world() {
  local name=$1 i
  shift
  "$world" serve --folder "$folder/$name" --registry "$@" >"$folder/$name.log" 2>&1 &
  world_processes+=($!)
  for ((i = 0; i < 300; ++i)); do
    if [[ -e $folder/$name/ready ]]; then break; fi
    kill -0 "${world_processes[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  if [[ ! -e $folder/$name/ready ]]; then
    cat "$folder/$name.log" >&2
    fail "the servers did not start"
  fi
  # skopeo takes authorities as a folder.
  mkdir "$folder/$name/trust"
  cp "$folder/$name/ca.pem" "$folder/$name/trust/ca.crt"
}
# endpoint NAME WHICH
endpoint() { sed -nE "s/^ *\"$2\": \"(.*)\".*/\1/p" "$folder/$1/endpoints.json"; }

step "2. Servers on loopback"
start_world cloudsmith
issuer=$(endpoint cloudsmith issuer)
start_world in-house --issuer "$issuer" --issuer-keys "$folder/cloudsmith/issuer-keys.json" --image in-house/app:1 --image team-b/app:1
exchange=$(endpoint cloudsmith exchange) cloudsmith=$(endpoint cloudsmith registry)
login=$(endpoint in-house exchange) in_house=$(endpoint in-house registry)
say "identity service  $issuer   signs pods' tokens, as a cluster's API server does"
say "Cloudsmith        https://$exchange   its exchange: verifies signature, audience, expiry and claims"
say "                  https://$cloudsmith   its registry, Docker's own with token authentication: the private acme/app:1"
say "in-house          https://$login   a login service (RFC 8693) that verifies the same, with another audience"
say "                  https://$in_house   its registry: the private in-house/app:1"

cat >"$folder/config.yaml" <<CONFIG
apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
providers:
- name: cloudsmith
  module: cloudsmith
  matchImages: ["$cloudsmith"]
  audience: cloudsmith
  tls: {caFile: "$folder/cloudsmith/ca.pem"}
  settings: {organization: acme, service: kubelet-puller, apiHost: "$exchange"}
- name: in-house
  module: token-exchange
  matchImages: ["$in_house"]
  audience: login.test
  tls: {caFile: "$folder/in-house/ca.pem"}
  settings: {url: "https://$login/oauth/token", parameters: {scope: "pull:{namespace}"}, username: ci-team-a}
CONFIG
"$program" validate --config "$folder/config.yaml" | sed "s|$folder/||; s/^/   /"

# skopeo_with ARGUMENTS…: skopeo in place of a container runtime, since it needs no daemon.
skopeo_with() { skopeo --insecure-policy "$@" 2>"$folder/skopeo.log"; }

step "3. Without a credential the pull is refused"
if skopeo_with inspect --cert-dir "$folder/cloudsmith/trust" --no-creds "docker://$cloudsmith/acme/app:1" >/dev/null; then
  fail "the registry served the image without a credential"
fi
good "refused: $(sed -nE 's/.*: ([a-z /]*unauthorized.*)"$/\1/p' "$folder/skopeo.log")"

show() { printf '   %s%-7s %s%s\n' "$dim" "$1" "${2:-(nothing)}" "$plain"; }
# ask NAMESPACE AUDIENCE IMAGE: runs the program as the kubelet does for a pod of that namespace; sets $status, and writes its output to files.
ask() {
  local token
  token=$("$world" token --folder "$folder/cloudsmith" --namespace "$1" --service-account app --audience "$2")
  printf '{"kind":"CredentialProviderRequest","apiVersion":"credentialprovider.kubelet.k8s.io/v1","image":"%s","serviceAccountToken":"%s"}\n' \
    "$3" "$token" >"$folder/request.json"
  status=0
  milliseconds env -i "$PWD/$program" --config "$folder/config.yaml" \
    <"$folder/request.json" >"$folder/response.json" 2>"$folder/errors.txt" || status=$?
  show stdin "$(masked <"$folder/request.json")"
  show stdout "$(masked <"$folder/response.json")"
  show stderr "$(masked <"$folder/errors.txt")"
  show exit "$status, after $elapsed ms"
}
# pull NAME REGISTRY IMAGE OTHER: with the credential in response.json; OTHER is an image that it must not open.
pull() {
  local username password layer hello=''
  if ((status != 0)); then fail "the program gave no credential"; fi
  username=$(sed -nE 's/.*"username":"([^"]*)".*/\1/p' "$folder/response.json")
  password=$(sed -nE 's/.*"password":"([^"]*)".*/\1/p' "$folder/response.json")
  # In a file, since every user can see command lines.
  printf '{"auths":{"%s":{"auth":"%s"}}}\n' "$2" "$(printf '%s:%s' "$username" "$password" | base64 -w 0)" >"$folder/auth.json"
  skopeo_with copy --quiet --src-cert-dir "$folder/$1/trust" --src-authfile "$folder/auth.json" "docker://$2/$3:1" "dir:$folder/pulled-$1" || {
    cat "$folder/skopeo.log" >&2
    fail "the pull failed"
  }
  for layer in "$folder/pulled-$1"/*; do
    hello+=$(tar -xOf "$layer" hello.txt 2>/dev/null || true)
  done
  if [[ $hello != "You pulled $3:1." ]]; then fail "the image is not the one that was pushed"; fi
  good "pulled with it; hello.txt in the image says: $hello"
  if skopeo_with inspect --cert-dir "$folder/$1/trust" --authfile "$folder/auth.json" "docker://$2/$4:1" >/dev/null; then
    fail "the registry served $4, which is another's image"
  fi
  good "refused with it: $4:1, which is another's"
}

step "4. A pod of namespace team-a, which both sites allow: Cloudsmith"
ask team-a cloudsmith "$cloudsmith/acme/app"
pull cloudsmith "$cloudsmith" acme/app globex/app

step "5. The same pod, the same file, the other registry"
ask team-a login.test "$in_house/in-house/app"
pull in-house "$in_house" in-house/app team-b/app

step "6. A pod of namespace default, which the exchange does not allow"
ask default cloudsmith "$cloudsmith/acme/app"
if ((status != 77)) || [[ -s $folder/response.json ]]; then fail "the program did not refuse"; fi
good "no credential, and the reason is in the kubelet's log"

step "What Cloudsmith's exchange saw"
sed 's/^/   /' "$folder/cloudsmith/exchanges.jsonl"
printf '\n%sDone.%s README.md says how to put it on a node.\n' "$bold" "$plain"
