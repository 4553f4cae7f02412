#!/usr/bin/env bash
# Builds the libraries of the portable program, and prints their folders, separated by semicolons:
#
#   config/build/libraries.sh TARGET      TARGET: see release.sh
#
# Each library is built once: its folder, below the cache, is named after everything that went into it. About six minutes a target on two cores.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=config/build/portable.sh
source ./portable.sh
target=${1:?usage: libraries.sh TARGET}
tools=$(compiler_for "$target")
jobs=$(nproc)

# One section per function, so that the linker can discard unused functions.
flags="-O2 -g0 -fPIC -ffunction-sections -fdata-sections -fstack-protector-strong -DNDEBUG"
if [[ $target == linux-gnu-* ]]; then flags+=" -D_FORTIFY_SOURCE=2"; fi

# Left out of OpenSSL: what the program's HTTPS client never uses. Its algorithms are those of patches/openssl-*/providers/defltprov.c.
openssl_without=(
  # parts of the build
  apps autoload-config docs demos dso http makedepend module shared tests uplink
  # error strings, which are never shown, and what a single thread does not need
  err filenames atexit async secure-memory threads thread-pool default-thread-pool
  # protocols
  dtls quic ssl-trace tls1 tls1_1 psk srp srtp sctp nextprotoneg ktls tfo ech comp ct ocsp cms cmp ts rfc3779 ui-console
  # algorithms
  legacy deprecated weak-ssl-ciphers integrity-only-ciphers tls-deprecated-ec ec_explicit_curves ec2m multiblock
  aria bf blake2 camellia cast cmac des dh dsa gost idea md4 mdc2 ocb rc2 rc4 rmd160 scrypt argon2 seed siphash siv sm2 sm3 sm4 whirlpool
  ml-dsa ml-kem slh-dsa lms hmac-drbg-kdf kbkdf krb5kdf pvkkdf snmpkdf srtpkdf sshkdf sskdf x942kdf x963kdf
)
build_openssl() (
  local machine=linux-x86_64
  if [[ $target == *-arm64 ]]; then machine=linux-aarch64; fi
  export CC=$tools/cc CXX=$tools/c++ AR=$tools/ar RANLIB=$tools/ranlib
  # shellcheck disable=SC2086
  cd "$work" &&
    "$source/Configure" "$machine" --prefix=/usr --openssldir=/etc/ssl --libdir=lib "${openssl_without[@]/#/no-}" $flags &&
    make -j"$jobs" build_libs &&
    make install_dev DESTDIR="$prefix"
)
build_poco() {
  local package=$source
  source=$PWD/poco build_with_cmake -DPOCO_SOURCE="$package" -DPOCO_VERSION="${package##*-}"
}
build_fmt() { build_with_cmake -DFMT_DOC=OFF -DFMT_TEST=OFF; }
build_libyaml() { build_with_cmake -DBUILD_TESTING=OFF; }
# Small rather than fast: it reads one short answer, of one provider.
build_expat() { flags+=" -Os" && build_with_cmake -DEXPAT_SHARED_LIBS=OFF -DEXPAT_BUILD_{DOCS,EXAMPLES,PKGCONFIG,TESTS,TOOLS}=OFF; }

# build_with_cmake [OPTION…]. Nothing is linked, not even to try the compiler: for that it would make a C++ library with these options first.
build_with_cmake() {
  cmake -S "$source" -B "$work" -G Ninja -DCMAKE_BUILD_TYPE=None -DBUILD_SHARED_LIBS=OFF -DCMAKE_INSTALL_PREFIX="$prefix" \
    -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY \
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_TOOLCHAIN_FILE="$PWD/zig.cmake" -DRCB_ZIG_TOOLS="$tools" -DRCB_ZIG_LIBRARIES="$prefix" \
    -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" "$@" &&
    cmake --build "$work" --parallel "$jobs" &&
    cmake --install "$work"
}

# library NAME: builds it if its folder is not there, which is left in $prefix.
library() {
  local name=$1 source key lock
  source=$(source_folder "$name")
  key=$({
    echo "$target" "$flags" "${openssl_without[*]}" "$(<"$source.sha256")" "$(basename "$(source_folder ziglang)")"
    declare -f "build_$name" build_with_cmake
    cat zig.cmake "$name/CMakeLists.txt" 2>/dev/null || true
  } | sha256sum)
  key=${key:0:12}
  prefix=$portable/libraries/$target/$name-$key
  if [[ -e $prefix/complete ]]; then return; fi
  mkdir -p "$prefix"
  exec {lock}>"$prefix/lock"
  flock "$lock"
  if [[ -e $prefix/complete ]]; then return; fi
  echo "libraries: building $(basename "$source") for $target" >&2
  local start=$SECONDS work=$portable/work/$target-$name-$key
  rm -rf "$work"
  mkdir -p "$work"
  # The compiler caches objects by their relative paths, so objects of other options need a difference. And no message may contain a path of this
  # machine.
  flags="$flags -DRCB_BUILD_$key -ffile-prefix-map=$work=. -ffile-prefix-map=$source=." "build_$name" >"$work.log" 2>&1 </dev/null || {
    tail -n 60 "$work.log" >&2
    echo "libraries.sh: building $name for $target failed" >&2
    exit 70
  }
  rm -rf "$work" "$work.log"
  touch "$prefix/complete"
  echo "libraries: $name took $((SECONDS - start)) s" >&2
}

prefixes=()
for name in openssl poco fmt libyaml expat; do
  library "$name"
  prefixes+=("$prefix")
done
(IFS=';' && echo "${prefixes[*]}")
