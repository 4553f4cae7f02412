# shellcheck shell=bash disable=SC2034
# For scripts that source this: the targets, the folder of sources, compiler and libraries, and the compiler of a target.

targets=(linux-gnu-amd64 linux-musl-amd64 linux-gnu-arm64 linux-musl-arm64)
portable=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/registry-credential-broker/portable

# source_folder NAME: of a source that fetch_sources.py unpacked.
source_folder() {
  local found=("$portable/sources/$1"-*/)
  echo "${found[0]%/}"
}

# The compiler's cache, which it validates itself.
export ZIG_GLOBAL_CACHE_DIR=$portable/zig-cache ZIG_LOCAL_CACHE_DIR=$portable/zig-cache

# compiler_for TARGET: a folder with cc, c++, link, ar and ranlib for it.
compiler_for() {
  local triple
  case $1 in
    # The symbols of glibc 2.28 are in every later one: Debian 10, RHEL 8, Amazon Linux 2023 and later.
    linux-gnu-amd64) triple=x86_64-linux-gnu.2.28 ;;
    linux-gnu-arm64) triple=aarch64-linux-gnu.2.28 ;;
    linux-musl-amd64) triple=x86_64-linux-musl ;;
    linux-musl-arm64) triple=aarch64-linux-musl ;;
    *)
      echo "unknown target '$1'; expected one of: ${targets[*]}" >&2
      return 64
      ;;
  esac
  local zig folder tool
  zig=$(source_folder ziglang)/zig
  folder=$portable/tools/$1
  mkdir -p "$folder"
  for tool in cc c++; do write_tool "$folder/$tool" "exec '$zig' $tool -target $triple \"\$@\""; done
  for tool in ar ranlib; do write_tool "$folder/$tool" "exec '$zig' $tool \"\$@\""; done
  # zig's driver refuses linker options that it does not know, so the wrapper asks it for its link command and adds the options to that.
  # RCB_FUNCTION_ORDER names a file of functions to put first, in its order; a target ignores those that it does not have.
  write_tool "$folder/link" "said=\$(ZIG_VERBOSE_LINK=1 '$zig' c++ -target $triple \"\$@\" 2>&1) || { echo \"\$said\" >&2; exit 1; }
command=\$(echo \"\$said\" | grep '^ld.lld ' | tail -n 1)
output=\$(echo \"\$command\" | sed -E 's/.* -o ([^ ]+) .*/\\1/')
exec '$zig' \$command $(link_options "$1") -Map=\"\$output.map\" \
  \${RCB_FUNCTION_ORDER:+\"--symbol-ordering-file=\$RCB_FUNCTION_ORDER\" --no-warn-symbol-ordering}"
  echo "$folder"
}

# Relative relocations are packed where the C library understands it: glibc does from 2.36 on, musl's start code always.
link_options() {
  local options='--strip-all -z relro -z now'
  if [[ $1 == linux-musl-* ]]; then options+=' --pack-dyn-relocs=relr'; fi
  echo "$options"
}

# write_tool FILE COMMANDS
write_tool() {
  printf '#!/bin/sh\n%s\n' "$2" >"$1.new"
  chmod +x "$1.new"
  mv "$1.new" "$1"
}
