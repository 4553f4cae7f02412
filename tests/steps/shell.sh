#!/usr/bin/env bash
# shell scripts: shellcheck finds nothing
source "$(dirname "$0")/common.sh"

while IFS= read -r -d '' script; do
  tally_each "shellcheck $script" shellcheck --external-sources --source-path=SCRIPTDIR "$script"
done < <({ printf '.ci/run\0' && find_files '*.sh'; })
