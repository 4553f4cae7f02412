#!/usr/bin/env bash
# Runs a command as root on a copy of this machine that is forgotten afterwards: tests/release/sandbox.sh FOLDER COMMAND…
#
# FOLDER is /mnt there, and where the command starts. Needs a kernel with overlayfs.
set -euo pipefail
copy=$(mktemp -d)
trap 'rmdir "$copy"' EXIT
# shellcheck disable=SC2016 # for the shell within
unshare --mount --propagation private bash -euc '
  copy=$1 folder=$2
  shift 2
  mount -t tmpfs tmpfs "$copy"
  mkdir "$copy"/{changes,work,root}
  mount -t overlay overlay -o "lowerdir=/,upperdir=$copy/changes,workdir=$copy/work" "$copy/root"
  for part in dev proc sys; do mount --rbind "/$part" "$copy/root/$part"; done
  mount --bind "$folder" "$copy/root/mnt"
  exec chroot "$copy/root" env --chdir=/mnt "$@"
' sandbox "$copy" "$(realpath "$1")" "${@:2}"
