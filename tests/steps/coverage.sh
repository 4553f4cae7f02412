#!/usr/bin/env bash
# g++, debug: all tests, and the line coverage of core/, compat/ and providers/
source "$(dirname "$0")/common.sh"

core_bar=85

find_module_languages && configure coverage && compile coverage || exit 1
find build/coverage -name '*.gcda' -delete
run_ctest coverage
trace=build/coverage/coverage.json
# gcov sometimes writes a negative count of a branch, where counters of several threads or processes met; gcovr would not go on.
quietly gcovr --root . --object-directory build/coverage --filter core/ --filter compat/ --filter providers/ --gcov-ignore-parse-errors \
  --json "$trace" -j "$jobs" || exit 1
gcovr --root . --add-tracefile "$trace" --sort-percentage --output build/coverage/coverage.txt
echo "line coverage of each file: build/coverage/coverage.txt"
for part in core compat providers; do
  printf '%s: ' "$part"
  gcovr --root . --add-tracefile "$trace" --filter "$part/" --print-summary --output build/coverage/gcovr.txt | grep '^lines'
done
tally_each "at least $core_bar % of the lines of core/ are covered" quietly \
  gcovr --root . --add-tracefile "$trace" --filter core/ --fail-under-line "$core_bar" --output build/coverage/gcovr.txt
