#!/usr/bin/env bash
# Runs the fuzzers of a build, each for RCB_FUZZ_SECONDS (default 10) and two at a time:
#
#   tests/fuzz/run.sh [FUZZER…]      e.g. tests/fuzz/run.sh request image_reference; default: all
#
# Seeds come from tests/fuzz/corpus; what a fuzzer finds new is kept in the build folder for the next run. Prints a line a fuzzer
# and, last, `N passed, M failed`. Build first: cmake --preset sanitize && cmake --build --preset sanitize --target fuzzers
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=${RCB_FUZZ_BUILD:-${here%/tests/fuzz}/build/sanitize}

fuzz_one() {
  local name=$1 found=$build/fuzz/$1
  mkdir -p "$found/corpus"
  rm -f "$found"/finding-*
  if "$build/bin/${name}_fuzzer" -max_total_time="${RCB_FUZZ_SECONDS:-10}" -timeout=10 -rss_limit_mb=1024 \
    -print_final_stats=1 -artifact_prefix="$found/finding-" "$found/corpus" "$here/corpus/$name" >"$found/log" 2>&1; then
    printf 'passed  %-24s %s inputs\n' "$name" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$found/log")"
  else
    printf 'FAILED  %-24s its input and log are in %s\n%s\n' "$name" "$found" "$(tail -n 40 "$found/log" | sed 's/^/    /')"
  fi
}

if [[ ${1:-} == --one ]]; then
  fuzz_one "$2"
  exit
fi

fuzzers=("$@")
if ((${#fuzzers[@]} == 0)); then
  for program in "$build"/bin/*_fuzzer; do
    if [[ -x $program ]]; then fuzzers+=("$(basename "$program" _fuzzer)"); fi
  done
fi
if ((${#fuzzers[@]} == 0)); then
  echo "fuzz/run.sh: no fuzzers in $build/bin; build them first" >&2
  exit 69
fi

# Without a symbolizer a finding is a list of addresses.
export ASAN_SYMBOLIZER_PATH=${ASAN_SYMBOLIZER_PATH:-$(command -v llvm-symbolizer-14)}
mkdir -p "$build/fuzz"
printf '%s\n' "${fuzzers[@]}" | xargs -P 2 -I {} "$0" --one {} | tee "$build/fuzz/summary"
passed=$(grep -c '^passed  ' "$build/fuzz/summary")
failed=$((${#fuzzers[@]} - passed))
echo "$passed passed, $failed failed"
((failed == 0))
