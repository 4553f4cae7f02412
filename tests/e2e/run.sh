#!/usr/bin/env bash
# Shows on a real node that pods pull through the program: kubelet, API server, containerd and registry, all real.
# As root:
#
#   tests/e2e/run.sh [--kubernetes X.Y.Z] [--keep] [--record] [SCENARIO…]
#
#   SCENARIO       a file of tests/e2e/scenarios, without .py; default: all
#   --kubernetes   default: 1.34.4; built once through the Go module proxy, as helm is; about twelve minutes on two cores
#   --keep         leaves the node up after the scenarios, until ^C
#   --record       writes the README's recording again (scenario readme_recording_is_true)
#
# The node lives in namespaces of its own (namespace.sh). RCB_PROGRAM and RCB_WORLD name a program and an rcb-test-world
# to take instead of building them. Where a part is missing and cannot be had, exits with status 77; under CI=true that is
# a failure like any other.
set -euo pipefail
cd "$(dirname "$0")/../.."

kubernetes=1.34.4
keep=false
arguments=()
while (($# > 0)); do
  case $1 in
    --kubernetes)
      kubernetes=${2:?"run.sh: --kubernetes needs a version such as 1.34.4"}
      shift
      ;;
    --keep)
      keep=true
      arguments+=(--keep)
      ;;
    --record) arguments+=(--record) ;;
    -h | --help)
      config/build/help.sh tests/e2e/run.sh
      exit
      ;;
    -*)
      echo "run.sh: unknown option '$1'; see --help" >&2
      exit 64
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

missing() {
  echo "e2e: not run: $1" >&2
  if [[ ${CI:-} == true ]]; then exit 1; fi
  exit 77
}

# --- The programs ---

if ((EUID != 0)); then missing "a kubelet needs root; run it with sudo"; fi
for program in containerd docker-registry etcd gcc ip openssl python3 runc skopeo unshare; do
  if ! command -v "$program" >/dev/null; then
    tests/packages.sh node || missing "$program is not here; tests/packages.sh node says what to install"
    break
  fi
done
programs=$(tests/e2e/kubernetes.sh "$kubernetes") || missing "Kubernetes $kubernetes could not be built; see above"
RCB_HELM=$(tests/deploy/go_program.sh helm) || missing "helm could not be built; see above"
export RCB_HELM

if [[ -z ${RCB_PROGRAM:-} || -z ${RCB_WORLD:-} ]]; then
  cmake --preset debug >/dev/null
  cmake --build --preset debug --target registry-credential-broker rcb-test-world -- --quiet
fi
broker=$(realpath "${RCB_PROGRAM:-build/debug/bin/registry-credential-broker}")
world=$(realpath "${RCB_WORLD:-build/debug/bin/rcb-test-world}")

# --- The node ---

folder=$(mktemp -d "${TMPDIR:-/tmp}/rcb-e2e.XXXXXX")
hosts_before=$(sha256sum /etc/hosts)
had_cgroup=false
if [[ -n $(find /sys/fs/cgroup -type d -name k8s.io -print -quit) ]]; then had_cgroup=true; fi
node=

# Where its containers and its kubelet's unit were: the last things of a node that its namespaces do not take along.
cgroups() {
  local container
  for container in "$folder"/containerd/io.containerd.grpc.v1.cri/{sandboxes,containers}/*; do
    if [[ -e $container ]]; then find /sys/fs/cgroup -depth -type d -path "*/k8s.io/${container##*/}*"; fi
  done
  find /sys/fs/cgroup -depth -type d -path "*/${folder##*/}*"
  if ! $had_cgroup; then find /sys/fs/cgroup -type d -name k8s.io; fi
}

leftovers() {
  grep -lsF "RCB_E2E=$folder" /proc/[0-9]*/environ | sed 's/^/process: /' || true
  grep -F "$folder" /proc/self/mountinfo | sed 's/^/mount: /' || true
  cgroups | sed 's/^/cgroup: /'
  if [[ $(sha256sum /etc/hosts) != "$hosts_before" ]]; then echo "the machine's /etc/hosts was changed"; fi
}

# With the shell that started them dead, the kernel ends all processes within.
end() {
  local status=$?
  trap - EXIT
  trap '' INT TERM HUP
  if [[ -n $node ]]; then
    kill -KILL "$node" 2>/dev/null || true
    wait "$node" 2>/dev/null || true
  fi
  for ((try = 0; try < 50; ++try)); do
    cgroups | xargs --no-run-if-empty rmdir 2>/dev/null || true
    if [[ -z $(leftovers) ]]; then break; fi
    sleep 0.1
  done
  if [[ -n $(leftovers) ]]; then
    echo "e2e: left behind:" >&2
    leftovers >&2
    status=1
  fi
  if ((status == 0)); then
    rm -rf "$folder"
  else
    echo "e2e: logs are in $folder/logs" >&2
  fi
  exit "$status"
}
trap end EXIT
trap 'exit 130' INT TERM HUP

export PYTHONDONTWRITEBYTECODE=1
env RCB_E2E="$folder" tests/e2e/namespace.sh python3 tests/e2e/main.py --broker "$broker" --world "$world" \
  --kubernetes "$programs" --version "$kubernetes" --folder "$folder" "${arguments[@]}" &
node=$!
if $keep; then
  echo "to look around: nsenter --all --target \$(cat /proc/$node/task/$node/children)" \
    "env KUBECONFIG=$folder/admin.kubeconfig $programs/kubectl get pods --all-namespaces"
fi
wait "$node" || { status=$?; node=; exit "$status"; }
node=
