#!/usr/bin/env bash
# Tests a portable build of the program, dist/TARGET/registry-credential-broker, as config/build/release.sh leaves it. As root:
#
#   tests/portable/run.sh --target linux-{gnu,musl}-{amd64,arm64} [--program PATH] [--tests FOLDER]
#
#   --program   another program than that of dist/
#   --tests     a CMake build folder with scenario_test, tls_matrix_test and rcb-test-world; default: build/debug
#
# What needs no run (inspect_program.py), every scenario (tests/scenarios), every kind of TLS, and for musl an empty root (empty_root.sh).
# arm64 runs under qemu-user and is not part of tests/run.sh; `tests/packages.sh arm64` installs what it needs.
# The last line is `N passed, M failed`.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ((EUID != 0)); then
  echo "run.sh: run as root: it mounts folders of its own, where the program may load modules from, and an empty root" >&2
  exit 77
fi
if [[ ${RCB_OWN_MOUNTS:-} != yes ]]; then exec env RCB_OWN_MOUNTS=yes unshare --mount --propagation private "$0" "$@"; fi

target='' program='' tests=build/debug
while (($# > 0)); do
  case $1 in
    --target) target=${2:?} ;;
    --program) program=${2:?} ;;
    --tests) tests=${2:?} ;;
    *)
      echo "run.sh: unknown option '$1'; see the top of $0" >&2
      exit 64
      ;;
  esac
  shift 2
done
case $target in
  linux-*-amd64) runner='' compiler=g++ ;;
  linux-gnu-arm64) runner='qemu-aarch64-static -L /usr/aarch64-linux-gnu' compiler=aarch64-linux-gnu-g++-12 ;;
  linux-musl-arm64) runner='qemu-aarch64-static' ;;
  *)
    echo "run.sh: --target must be one of linux-{gnu,musl}-{amd64,arm64}" >&2
    exit 64
    ;;
esac
RCB_PROGRAM=$(realpath "${program:-dist/$target/registry-credential-broker}")
RCB_WORLD=$(realpath "$tests/bin/rcb-test-world")
export RCB_PROGRAM RCB_WORLD
if [[ -n $runner ]]; then
  RCB_PROGRAM_RUNNER=$(command -v "${runner%% *}")${runner#"${runner%% *}"}
  export RCB_PROGRAM_RUNNER
fi

output=$(mktemp)
trap 'rm -f "$output"' EXIT
passed=0
failed=0

# part DESCRIPTION COMMAND…: tests that end with `N passed, M failed`.
part() {
  printf '\n-- %s: %s\n' "$target" "$1"
  shift
  "$@" 2>&1 | tee "$output" || true
  if [[ $(tail -n 1 "$output") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    echo "FAILED: it did not come to its end"
    failed=$((failed + 1))
  fi
}

# google_test PROGRAM [OPTION…]: the same of a GoogleTest program.
google_test() {
  local log ran passed
  log=$("$@" --gtest_brief=1 2>&1) || true
  printf '%s\n' "$log"
  ran=$(sed -nE 's/^\[=+\] ([0-9]+) tests? .* ran\. .*/\1/p' <<<"$log")
  passed=$(sed -nE 's/^\[  PASSED  \] ([0-9]+) tests?\.$/\1/p' <<<"$log")
  if [[ -n $ran ]]; then echo "$passed passed, $((ran - passed)) failed"; fi
}

says_whether_it_loads_modules() {
  local version
  # Unquoted: words of a command.
  # shellcheck disable=SC2086
  version=$(${RCB_PROGRAM_RUNNER:-} "$RCB_PROGRAM" version)
  echo "$version"
  case $target:$version in
    linux-gnu-*:*'(module ABI '*) echo '1 passed, 0 failed' ;;
    linux-musl-*:*'(no modules)'*) echo '1 passed, 0 failed' ;;
    *) echo '0 passed, 1 failed' ;;
  esac
}

canaries_differ() {
  local build=build/$target tools one another
  # shellcheck source=config/build/portable.sh
  tools=$(source config/build/portable.sh && compiler_for "$target")
  "$tools/cc" -O2 -fPIE -pie tests/portable/stack_guard_test.c "$build/stack_guard.o" -o "$build/bin/stack_guard_test"
  # shellcheck disable=SC2086
  { one=$($RCB_PROGRAM_RUNNER "$build/bin/stack_guard_test") && another=$($RCB_PROGRAM_RUNNER "$build/bin/stack_guard_test"); }
  if [[ $one =~ ^[0-9a-f]{8,}00$ && $another =~ ^[0-9a-f]{8,}00$ && $one != "$another" ]]; then
    echo '1 passed, 0 failed'
  else
    printf "two runs have the canaries '%s' and '%s'\n0 passed, 1 failed\n" "$one" "$another"
  fi
}

part "what needs no run" python3 tests/portable/inspect_program.py "$RCB_PROGRAM" --target "$target"
part "its version says whether it loads modules" says_whether_it_loads_modules
if [[ $target == linux-gnu-arm64 ]]; then part "two runs have different stack canaries" canaries_differ; fi
if [[ $target == linux-gnu-* ]]; then
  # In one of the folders that are built in, which no one else sees: a module of another compiler, with that one's own C++ library.
  mount -t tmpfs -o mode=755 tmpfs /opt
  export RCB_MODULES=/opt/registry-credential-broker/lib/builtin
  mkdir -p "$RCB_MODULES"
  "$compiler" -std=c++20 -O2 -fPIC -shared -fvisibility=hidden -I. -Icore/sdk/include providers/cloudsmith/*.cpp -o "$RCB_MODULES/cloudsmith.so"
fi
# A loaded module has a process of its own, which the program starts as itself: an emulator leaves that to the kernel, which cannot.
loading=()
if [[ -n ${RCB_PROGRAM_RUNNER:-} ]]; then loading=(--gtest_filter=-*/module_*); fi
part "scenarios" google_test "$tests/bin/scenario_test" "${loading[@]}"
part "TLS" google_test "$tests/bin/tls_matrix_test"
if [[ $target == linux-musl-* ]]; then part "an empty root" env -u RCB_OWN_MOUNTS tests/portable/empty_root.sh "$RCB_PROGRAM"; fi

printf '\n%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
