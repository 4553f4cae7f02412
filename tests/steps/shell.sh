#!/usr/bin/env bash
# shell scripts: shellcheck finds nothing, and --help works
source "$(dirname "$0")/common.sh"

while IFS= read -r -d '' script; do
  tally_each "shellcheck $script" shellcheck --external-sources --source-path=SCRIPTDIR "$script"
done < <({ printf '.ci/run\0' && find_files '*.sh'; })

# prints_help SCRIPT: says how the script is called, wherever that is done from.
prints_help() {
  local root=$PWD help
  help=$(cd / && "$root/$1" --help) && [[ $help == *"$1 ["* ]]
}
for script in tests/run.sh tests/{e2e,judges,deploy}/run.sh config/build/{release,package}.sh; do
  tally_each "$script --help" prints_help "$script"
done
