#!/usr/bin/env bash
# clang with ASan, and UBSan in core/ and providers/: all tests
source "$(dirname "$0")/common.sh"

export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-14)
export ASAN_SYMBOLIZER_PATH
find_module_languages && configure sanitize && "${unrandomised[@]}" cmake --build build/sanitize --parallel "$jobs" -- --quiet && run_ctest sanitize
