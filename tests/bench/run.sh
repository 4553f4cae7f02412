#!/usr/bin/env bash
# The benchmark: one credential each, by our program, by the lean peer (lean-peer/src/main.rs), by raw OpenSSL (floor.cpp) and by any other plugin.
#
#   tests/bench/run.sh [--runs N] [--check] [--record] [--machine NAME] [--peer NAME=COMMAND]…
#                      [--judge BUILD_FOLDER] [--programs BUILD_FOLDER]
#
# It builds what it needs in build/bench; with --programs the target `bench` has been built there before. --judge names another build whose program
# and floor take the place of those built here. --check fails if a count exceeds what is recorded in counts.json. --help says the rest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=${here%/tests/bench}

programs=
words=("$@")
for index in "${!words[@]}"; do
  if [[ ${words[index]} == --programs ]]; then programs=${words[index + 1]:?--programs needs a folder}; fi
  if [[ ${words[index]} == -h || ${words[index]} == --help ]]; then exec python3 "$here/run.py" --help; fi
done
if [[ -z $programs ]]; then
  programs=$root/build/bench
  cmake --preset release -S "$root" -B "$programs" -DRCB_BUILD_TESTS=ON >/dev/null
  cmake --build "$programs" --target bench -- --quiet
fi
"$here/lean-peer/build.sh" "$programs/bin/lean-peer"
export PYTHONDONTWRITEBYTECODE=1
# /etc/hosts of its own, since what a machine's says about localhost decides how often a program connects. Only root may do that.
if ((EUID == 0)) && unshare --mount true 2>/dev/null; then
  # shellcheck disable=SC2016
  exec unshare --mount sh -c 'mount --bind "$1" /etc/hosts && shift && exec "$@"' sh "$here/hosts" python3 "$here/run.py" "$@"
fi
exec python3 "$here/run.py" "$@"
