#!/usr/bin/env bash
# Runs all tests, as CI does: tests/run.sh [--quick] [STEP…]
#
#   packages     install what is missing (Debian 12, as root)
#   release      g++, optimised, no warning
#   portable     the amd64 programs that run on any node: built, and every test of a program on each (tests/portable; root)
#   package      packages, image and bill of materials of these, installed and read; two builds give the same bytes (tests/release; root)
#   coverage     g++, debug: all tests, and the line coverage of core/ and providers/
#   sanitize     clang with ASan, and UBSan in core/ and providers/: all tests
#   fuzz         every fuzzer for RCB_FUZZ_SECONDS (default 10); nightly.yml gives each five minutes
#   format       clang-format changes nothing
#   tidy         clang-tidy finds nothing in core/ and providers/
#   shell        shellcheck finds nothing
#   checks       layers, links, public text, fuzzers, headers (tests/checks)
#   bench        the benchmark runs (tests/bench); where there is a portable build, it costs no more than what is recorded
#   conformance  the kubelet's own plugin code runs the program (tests/conformance), of one version; nightly.yml takes three
#   e2e          pods pull through the program on a real node (tests/e2e; root)
#
# --quick: a debug build and its tests only. Without a STEP, all of them. A step that fails fails the run; the later ones still run.
set -uo pipefail
exec </dev/null
cd "$(dirname "$0")/.." || exit 70

all_steps=(packages release portable package coverage sanitize fuzz format tidy shell checks bench conformance e2e)
core_coverage_bar=85
kubernetes=1.34.4  # compiled once for conformance and e2e
jobs=$(nproc)

steps=()
for argument in "$@"; do
  case $argument in
    --quick) steps=(debug) ;;
    -h | --help)
      sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
      exit
      ;;
    *)
      if [[ " ${all_steps[*]} debug " != *" $argument "* ]]; then
        echo "run.sh: there is no step '$argument'; known: ${all_steps[*]}" >&2
        exit 64
      fi
      steps+=("$argument")
      ;;
  esac
done
if ((${#steps[@]} == 0)); then steps=("${all_steps[@]}"); fi

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/registry-credential-broker
# A clone in another folder finds what this one compiled.
export CCACHE_DIR=${CCACHE_DIR:-$cache/ccache} CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-2G} CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
export CLICOLOR_FORCE=0 PYTHONDONTWRITEBYTECODE=1

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# --- What the steps share. `tally` says how many tests of the present step passed and failed. ---

tally() { echo "$1 $2" >>"$results/$step"; }

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
  local output=$results/$step.output
  "$@" | tee "$output"
  [[ $(tail -n 1 "$output") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] && tally "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
}

# Says what it does only if it fails.
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
  ctest --preset "$1" --parallel "$jobs" --timeout 120 --no-tests=error --output-junit "$junit" |
    grep -vE '^ *Start +[0-9]+:|^ *[0-9]+/[0-9]+ Test .* Passed |^Total Test time'
  local status=${PIPESTATUS[0]} tests passed
  tests=$(grep -om1 -P '\btests="\K[0-9]+' "$junit") || return 1
  passed=$(grep -c '<testcase .* status="run"' "$junit")
  tally "$passed" $((tests - passed))
  return "$status"
}

# clang 14's sanitizers find no room for their shadow memory where the kernel randomises addresses by more than 28 bits.
unrandomised=()
if (($(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28) > 28)) && setarch -R true 2>/dev/null; then
  unrandomised=(setarch -R)
fi

# find_files PATTERN…: our files of these names, NUL between them.
find_files() {
  local names=(-name "$1")
  shift
  for pattern in "$@"; do names+=(-o -name "$pattern"); done
  find . \( -path ./build -o -path ./dist -o -path ./.git -o -path ./.cache \) -prune -o -type f \( "${names[@]}" \) -print0 | sort -z
}

# --- The steps ---

step_packages() { tests/packages.sh; }

step_debug() {
  configure debug && compile debug && run_ctest debug
}

step_release() {
  configure release -DCMAKE_COMPILE_WARNING_AS_ERROR=ON && compile release || return 1
  tally_each "the release program says its version" quietly build/release/bin/registry-credential-broker version
}

step_coverage() {
  configure coverage && compile coverage || return 1
  find build/coverage -name '*.gcda' -delete
  run_ctest coverage
  local status=$? trace=build/coverage/coverage.json
  quietly gcovr --root . --object-directory build/coverage --filter core/ --filter providers/ --json "$trace" -j "$jobs" || return 1
  gcovr --root . --add-tracefile "$trace" --sort-percentage --output build/coverage/coverage.txt
  echo "line coverage of each file: build/coverage/coverage.txt"
  for part in core providers; do
    printf '%s: ' "$part"
    gcovr --root . --add-tracefile "$trace" --filter "$part/" --print-summary --output build/coverage/gcovr.txt | grep '^lines'
  done
  tally_each "at least $core_coverage_bar % of the lines of core/ are covered" quietly \
    gcovr --root . --add-tracefile "$trace" --filter core/ --fail-under-line "$core_coverage_bar" --output build/coverage/gcovr.txt
  return "$status"
}

step_sanitize() {
  export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
  ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-14)
  export ASAN_SYMBOLIZER_PATH
  configure sanitize && "${unrandomised[@]}" cmake --build build/sanitize --parallel "$jobs" -- --quiet && run_ctest sanitize
}

step_fuzz() {
  configure sanitize && compile sanitize --target fuzzers || return 1
  tally_summary "${unrandomised[@]}" tests/fuzz/run.sh
}

step_format() {
  tally_each "run clang-format-14 -i on these files" \
    xargs -0 clang-format-14 --dry-run --Werror < <(find_files '*.c' '*.h' '*.cpp' '*.hpp')
}

step_tidy() {
  configure sanitize && tally_summary python3 tests/checks/tidy.py build/sanitize
}

step_shell() {
  local script
  while IFS= read -r -d '' script; do
    tally_each "shellcheck $script" shellcheck --external-sources --source-path=SCRIPTDIR "$script"
  done < <({ printf '.ci/run\0' && find_files '*.sh'; })
}

step_checks() {
  local check
  tally_each "the checks' own tests" quietly python3 tests/checks/checks_test.py
  for check in layers public_text documents fuzzers headers; do
    tally_each "tests/checks/$check.py" python3 "tests/checks/$check.py"
  done
}

# The program as it is shipped, with TARGET… of the tests beside it.
shipped() {
  configure release -B build/bench -DRCB_BUILD_TESTS=ON && compile bench --target "$@"
}

# What config/build/release.sh needs. A machine without cargo gets Debian's.
portable_packages() {
  quietly tests/packages.sh portable && { command -v cargo >/dev/null || quietly tests/packages.sh rust; }
}

step_portable() {
  local target
  portable_packages || return 1
  tally_each "the tests of fetch_sources.py" quietly python3 tests/portable/fetch_sources_test.py
  # The network's time and the processor's; what could not be fetched is tried again below.
  config/build/release.sh --fetch &
  local fetching=$!
  shipped rcb-test-world scenario_test tls_matrix_test || return 1
  wait "$fetching"
  tally_each "config/build/release.sh" config/build/release.sh --target linux-gnu-amd64 --target linux-musl-amd64
  for target in linux-gnu-amd64 linux-musl-amd64; do
    tally_summary tests/portable/run.sh --target "$target" --tests build/bench
  done
}

# same_bytes TARGET FOLDER: builds and packs it again in that folder, a copy of this one, and compares all files.
same_bytes() {
  local first=$PWD/dist/$1
  cd "$2" && config/build/release.sh --target "$1" && config/build/package.sh --target "$1" && tests/release/reproducible.sh "$first" "dist/$1"
}

step_package() {
  tally_summary tests/release/run.sh linux-gnu-amd64 linux-musl-amd64
  local copy target
  copy=$(mktemp -d)
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy" && cp -r .git "$copy/"
  for target in linux-gnu-amd64 linux-musl-amd64; do
    tally_each "two builds of $target give the same bytes" quietly same_bytes "$target" "$copy"
  done
  rm -rf "$copy"
}

step_bench() {
  shipped bench || return 1
  # The recorded counts are the portable build's; the ordinary one only shows that the benchmark runs.
  local portable=build/linux-musl-amd64 judged=(--runs 1)
  if [[ -x $portable/bin/bench_floor ]]; then judged=(--runs 21 --check --judge "$portable"); fi
  tally_each "the benchmark's own tests" quietly python3 tests/bench/bench_test.py
  tally_each "the benchmark runs and no count exceeds the recorded one" tests/bench/run.sh --programs build/bench "${judged[@]}"
}

# against_shipped COMMAND…: tests of a script that takes program and services by these names.
against_shipped() {
  shipped registry-credential-broker rcb-test-world || return 1
  local built=$PWD/build/bench/bin
  RCB_PROGRAM=$built/registry-credential-broker RCB_WORLD=$built/rcb-test-world tally_summary "$@"
}

step_conformance() { against_shipped tests/conformance/run.sh "$kubernetes"; }

step_e2e() { against_shipped tests/e2e/run.sh --kubernetes "$kubernetes"; }

# --- Run them, then say what happened. ---

total_passed=0
total_failed=0
table=$(printf '%-12s %-7s %7s %7s %8s' step result passed failed time)
for step in "${steps[@]}"; do
  printf '\n== %s\n' "$step"
  start=$SECONDS
  "step_$step"
  status=$?
  read -r passed failed < <(awk '{p += $1; f += $2} END {print p + 0, f + 0}' "$results/$step" 2>/dev/null || echo "0 0")
  if ((status != 0 && failed == 0)); then failed=1; fi
  if ((failed == 0)); then result=ok; else result=FAILED; fi
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
  table+=$(printf '\n%-12s %-7s %7d %7d %6d s' "$step" "$result" "$passed" "$failed" $((SECONDS - start)))
done
printf '\n%s\n\n%d passed, %d failed\n' "$table" "$total_passed" "$total_failed"
((total_failed == 0))
