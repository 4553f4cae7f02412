# shellcheck shell=bash
# Functions of the steps. A step sources this first; its last line is then `N passed, M failed`, the sum of its tallies.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70

jobs=$(nproc)
# Compiled once for the steps conformance and e2e.
# shellcheck disable=SC2034
kubernetes=1.34.4
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/registry-credential-broker
# A clone in another folder finds what this one compiled.
export CCACHE_DIR=${CCACHE_DIR:-$cache/ccache} CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-2G} CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
export CLICOLOR_FORCE=0 PYTHONDONTWRITEBYTECODE=1

tallied_passed=0
tallied_failed=0

# tally PASSED FAILED
tally() {
  tallied_passed=$((tallied_passed + $1))
  tallied_failed=$((tallied_failed + $2))
}

# A step that failed without a failed test failed as a whole.
finish() {
  local status=$?
  if ((status != 0 && tallied_failed == 0)); then tallied_failed=1; fi
  printf '%d passed, %d failed\n' "$tallied_passed" "$tallied_failed"
  exit $((tallied_failed > 0))
}
trap finish EXIT

# tally_each DESCRIPTION COMMAND…: one test that is a command.
tally_each() {
  local description=$1
  shift
  if "$@"; then
    tally 1 0
  else
    echo "FAILED: $description"
    tally 0 1
  fi
}

# tally_summary COMMAND…: tests of a script whose last line is `N passed, M failed`.
tally_summary() {
  local output status
  output=$(mktemp)
  "$@" | tee "$output"
  if [[ $(tail -n 1 "$output") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    tally "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    status=0
  else
    echo "FAILED: $1 did not come to its end"
    tally 0 1
    status=1
  fi
  rm -f "$output"
  return "$status"
}

# Prints the command's output only if it fails.
quietly() {
  local output
  output=$("$@" 2>&1) || {
    printf '%s\n' "$output"
    return 1
  }
}

# configure PRESET [OPTION…]
configure() {
  local launcher=()
  if command -v ccache >/dev/null; then
    launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  quietly cmake --preset "$@" "${launcher[@]}"
}

# Modules are also written in Go and Rust (tests/sdk): with what the machine has, or Debian's.
find_module_languages() {
  command -v go >/dev/null || quietly tests/packages.sh go || return 1
  command -v cargo >/dev/null || quietly tests/packages.sh rust
}

# compile FOLDER [OPTION…]
compile() {
  local folder=$1
  shift
  cmake --build "build/$folder" --parallel "$jobs" "$@" -- --quiet
}

# run_ctest PRESET: all its tests; prints what did not pass. A skipped test counts as failed: nothing here has a reason to be skipped.
run_ctest() {
  local junit=$PWD/build/$1/ctest.xml
  rm -f "$junit"
  ctest --preset "$1" --parallel "$jobs" --timeout 120 --no-tests=error --no-label-summary --output-junit "$junit" |
    grep -vE '^ *Start +[0-9]+:|^ *[0-9]+/[0-9]+ Test .* Passed |^Total Test time'
  local status=${PIPESTATUS[0]} tests passed
  if ! tests=$(grep -om1 -P '\btests="\K[0-9]+' "$junit"); then
    tally 0 1
    return 1
  fi
  passed=$(grep -c '<testcase .* status="run"' "$junit")
  tally "$passed" $((tests - passed))
  return "$status"
}

# clang 14's sanitizers find no space for their shadow memory where the kernel randomises addresses by more than 28 bits.
unrandomised=()
if (($(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28) > 28)) && setarch -R true 2>/dev/null; then
  # shellcheck disable=SC2034
  unrandomised=(setarch -R)
fi

# find_files PATTERN…: our files of these names, NUL between them.
find_files() {
  local names=(-name "$1")
  shift
  for pattern in "$@"; do names+=(-o -name "$pattern"); done
  find . \( -path ./build -o -path ./dist -o -path ./.git -o -path ./.cache \) -prune -o -type f \( "${names[@]}" \) -print0 | sort -z
}

# The program as it is shipped, with TARGET… of the tests beside it. With the options of the step `release`, so that ccache has it from there.
shipped() {
  configure release -B build/bench -DRCB_BUILD_TESTS=ON -DCMAKE_COMPILE_WARNING_AS_ERROR=ON && compile bench --target "$@"
}

# against_shipped COMMAND…: tests of a script that takes program and services by these names.
against_shipped() {
  shipped registry-credential-broker rcb-test-world || return 1
  local built=$PWD/build/bench/bin
  RCB_PROGRAM=$built/registry-credential-broker RCB_WORLD=$built/rcb-test-world tally_summary "$@"
}
