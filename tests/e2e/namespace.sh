#!/usr/bin/env bash
# Runs a command as root in namespaces of its own, so that a node can use real names, ports and paths without changing the
# machine:
#
#   tests/e2e/namespace.sh COMMAND…
#
# Processes, mounts and network are in new namespaces: /etc is a copy, /run and /usr/local/lib are empty, the network is lo,
# which also has the address 192.0.2.10. When the command ends, or when this script is killed, the kernel ends every process
# in them and removes every mount.
set -euo pipefail

if [[ ${1:-} != --inside ]]; then
  exec unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private \
    bash "$(realpath "$0")" --inside "$@"
fi
shift

# Containers get their mounts from the kubelet: within, mounts spread; outwards they do not.
mount --make-rshared /
mount -t tmpfs -o mode=0755 tmpfs /run
cp -a /etc /run/etc
mount --bind /run/etc /etc
mount -t tmpfs -o mode=0755 tmpfs /usr/local/lib
ip link set lo up
ip address add 192.0.2.10/32 dev lo

# Not exec: this shell is the first process here and reaps what containerd leaves behind.
"$@"
exit
