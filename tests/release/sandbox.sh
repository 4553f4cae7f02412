#!/usr/bin/env bash
# Runs a command as root on a copy of this machine that is forgotten afterwards: tests/release/sandbox.sh FOLDER COMMAND…
#
# FOLDER is /mnt there, and where the command starts. Needs a kernel with overlayfs.
set -euo pipefail
room=$(mktemp -d)
trap 'rmdir "$room"' EXIT
# shellcheck disable=SC2016 # for the shell within
unshare --mount --propagation private bash -euc '
  room=$1 folder=$2
  shift 2
  mount -t tmpfs tmpfs "$room"
  mkdir "$room"/{changes,work,root}
  mount -t overlay overlay -o "lowerdir=/,upperdir=$room/changes,workdir=$room/work" "$room/root"
  for part in dev proc sys; do mount --rbind "/$part" "$room/root/$part"; done
  mount --bind "$folder" "$room/root/mnt"
  exec chroot "$room/root" env --chdir=/mnt "$@"
' sandbox "$room" "$(realpath "$1")" "${@:2}"
