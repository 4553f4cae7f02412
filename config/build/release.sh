#!/usr/bin/env bash
# Builds the program so that one download runs on every node, from any Linux with Python, CMake, Ninja, Make and Perl:
#
#   config/build/release.sh [--target TARGET]… [--fetch]     default: all targets; --fetch only fetches and unpacks the sources
#
#   linux-gnu-amd64, linux-gnu-arm64     needs glibc 2.28 or later and nothing else; loads modules
#   linux-musl-amd64, linux-musl-arm64   needs nothing, not even a root file system; built-in providers only
#
# Leaves dist/TARGET/registry-credential-broker, stripped. Compiler and libraries are pinned by hash (sources.json), fetched once and kept
# below ${XDG_CACHE_HOME:-$HOME/.cache}/registry-credential-broker/portable; the same commit gives the same bytes. `tests/packages.sh portable`
# installs what it needs on Debian 12. The first build of a target takes about six minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=config/build/portable.sh
source config/build/portable.sh

chosen=()
fetch_only=false
while (($# > 0)); do
  case $1 in
    --target)
      chosen+=("${2:?"release.sh: --target needs a name such as linux-musl-amd64"}")
      shift 2
      ;;
    --fetch)
      fetch_only=true
      shift
      ;;
    -h | --help)
      config/build/help.sh config/build/release.sh
      exit
      ;;
    *)
      echo "release.sh: unknown option '$1'; see --help" >&2
      exit 64
      ;;
  esac
done
if ((${#chosen[@]} == 0)); then chosen=("${targets[@]}"); fi

python3 config/build/fetch_sources.py "$portable"
if $fetch_only; then exit; fi

# Two at a time: the compiler builds its C++ library on one core, and the other target uses the second one meanwhile.
if ((${#chosen[@]} > 1)); then
  for target in "${chosen[@]}"; do compiler_for "$target" >/dev/null; done # fails here for an unknown target
  printf '%s\n' "${chosen[@]}" | xargs -P 2 -I {} config/build/release.sh --target {} || exit 70
  exit
fi

# Puts the functions of an exchange next to each other, so that a run touches fewer pages (tests/bench/function_order.py).
export RCB_FUNCTION_ORDER=$PWD/config/build/function_order.txt

target=${chosen[0]}
build=build/$target
tools=$(compiler_for "$target")
libraries=$(config/build/libraries.sh "$target")
openssl=${libraries%%;*}/usr
mkdir -p "$build" "dist/$target"
# Keeps paths of this machine out of messages, whatever the clone's folder is.
flags=(-g0 -fPIE -fomit-frame-pointer -ffunction-sections -fdata-sections "-ffile-prefix-map=$PWD=." "-ffile-prefix-map=$portable=.")
link=(-pie "-Wl,--gc-sections")
# The compiler's C and C++ libraries are not marked for CET or BTI, so the program would not be either: marks in its own code alone have no effect.
options=(-DRCB_BRANCH_PROTECTION=OFF)
if [[ $target == linux-musl-* ]]; then
  link+=(-static)
  options+=(-DRCB_LOADABLE_MODULES=OFF)
fi
if [[ $target == linux-gnu-arm64 ]]; then
  "$tools/cc" -O2 "${flags[@]}" -c config/build/stack_guard.c -o "$build/stack_guard.o"
  link+=("$PWD/$build/stack_guard.o")
fi
if [[ $RCB_FUNCTION_ORDER -nt $build/bin/registry-credential-broker ]]; then rm -f "$build/bin/registry-credential-broker"; fi
{
  cmake --preset release --fresh -B "$build" -DCMAKE_TOOLCHAIN_FILE="$PWD/config/build/zig.cmake" -DRCB_ZIG_TOOLS="$tools" -DRCB_ZIG_LIBRARIES="$libraries" \
    -DCMAKE_COMPILE_WARNING_AS_ERROR=ON -DCMAKE_C_FLAGS="${flags[*]}" -DCMAKE_CXX_FLAGS="${flags[*]}" -DCMAKE_EXE_LINKER_FLAGS="${link[*]}" "${options[@]}" &&
    cmake --build "$build" --parallel "$(nproc)" --target registry-credential-broker &&
    # The reference of the benchmark: the same OpenSSL, linked in the same way.
    "$tools/c++" -std=c++20 -O2 "${flags[@]}" -I. -I"$openssl/include" -c tests/bench/floor.cpp -o "$build/floor.o" &&
    "$tools/link" "${link[@]}" "$build/floor.o" "$openssl"/lib/lib{ssl,crypto}.a -o "$build/bin/bench_floor"
} >"$build.log" 2>&1 || {
  tail -n 60 "$build.log" >&2
  echo "release.sh: building $target failed" >&2
  exit 70
}
cp "$build/bin/registry-credential-broker" "dist/$target/"
echo "dist/$target/registry-credential-broker"
