#!/usr/bin/env bash
# The benchmark: one credential each, by our program, by the lean peer (lean-peer/src/main.rs), by raw OpenSSL (floor.cpp) and by any other plugin.
#
#   tests/bench/run.sh [--runs N] [--check] [--markdown FILE] [--plot FILE] [--peer NAME=COMMAND]…
#                      [--broker PROGRAM] [--floor PROGRAM] [--programs BUILD_FOLDER]
#
# It builds what it needs in build/bench; with --programs the target `bench` has been built there before. --broker and --floor take the place of
# the programs built here. --check fails if a bar (run.py) is broken. --help says the rest.
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
exec env PYTHONDONTWRITEBYTECODE=1 python3 "$here/run.py" "$@"
