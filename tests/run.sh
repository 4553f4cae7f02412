#!/usr/bin/env bash
# Runs the tests and says how many passed: tests/run.sh [all | STEP…]
#
# Without an argument, what shows that a change works: a debug build, all its tests, and the checks of the sources; about ten minutes on two cores
# for a first run, on Debian 12 as root. `all` is everything, as CI runs it: about an hour for a first run, half of it with a warm cache.
# A step that fails fails the run; the later ones still run.
set -uo pipefail
exec </dev/null
cd "$(dirname "$0")/.." || exit 70

everyday=(packages debug format shell checks)
everything=(packages release portable package coverage sanitize fuzz format shell checks bench conformance judges deploy tidy e2e)

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  config/build/help.sh tests/run.sh
  printf '\nSteps:\n'
  for step in debug "${everything[@]}"; do printf '  %-12s %s\n' "$step" "$(sed -n '2s/^# //p' "tests/steps/$step.sh")"; done
  exit
fi

steps=("$@")
if (($# == 0)); then steps=("${everyday[@]}"); fi
if [[ "$*" == all ]]; then steps=("${everything[@]}"); fi
for step in "${steps[@]}"; do
  if [[ ! -x tests/steps/$step.sh ]]; then
    echo "run.sh: unknown step '$step'; expected all, debug or one of: ${everything[*]}" >&2
    exit 64
  fi
done

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
total_passed=0
total_failed=0
table=$(printf '%-12s %-7s %7s %7s %8s' step result passed failed time)

# run_step STEP: its output is shown and kept.
run_step() {
  local start=$SECONDS
  "tests/steps/$1.sh" 2>&1 | tee "$results/$1"
  echo $((SECONDS - start)) >"$results/$1.seconds"
}

# judge STEP: adds the counts of its last line to the totals and the table.
judge() {
  local passed=0 failed=1 result=FAILED
  if [[ $(tail -n 1 "$results/$1") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=${BASH_REMATCH[1]} failed=${BASH_REMATCH[2]}
  fi
  if ((failed == 0)); then result=ok; fi
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
  table+=$(printf '\n%-12s %-7s %7d %7d %6d s' "$1" "$result" "$passed" "$failed" "$(<"$results/$1.seconds")")
}

for index in "${!steps[@]}"; do
  step=${steps[index]}
  # The node of e2e mostly waits: clang-tidy has the processor meanwhile.
  if [[ $step == tidy && ${steps[index + 1]:-} == e2e ]]; then
    (renice -n 10 "$BASHPID" >/dev/null && run_step tidy >/dev/null) &
    tidying=$!
    continue
  fi
  printf '\n== %s\n' "$step"
  run_step "$step"
  judge "$step"
  if [[ -n ${tidying:-} ]]; then
    wait "$tidying"
    printf '\n== tidy\n'
    cat "$results/tidy"
    judge tidy
    tidying=
  fi
done
printf '\n%s\n\n%d passed, %d failed\n' "$table" "$total_passed" "$total_failed"
((total_failed == 0))
