#!/usr/bin/env bash
# clang-format changes nothing
source "$(dirname "$0")/common.sh"

tally_each "run clang-format-14 -i on these files" \
  xargs -0 clang-format-14 --dry-run --Werror < <(find_files '*.c' '*.h' '*.cpp' '*.hpp')
