#!/usr/bin/env bash
# Says whether two builds are the same, byte for byte: tests/release/reproducible.sh FOLDER FOLDER
#
# The folders are dist/ or dist/TARGET of two builds of one commit. Exits with 1 and names each file that differs, the first place where,
# and in a program the section of that place.
set -euo pipefail
if (($# != 2)) || [[ ! -d $1 || ! -d $2 ]]; then
  echo "reproducible.sh: needs two folders; see its first lines" >&2
  exit 64
fi

# section FILE OFFSET: the section of an ELF file that holds this byte.
section() {
  { readelf --section-headers --wide "$1" 2>/dev/null || true; } | sed -nE 's/^ *\[ *[0-9]+\] +//p' | while read -r name kind _ start size _; do
    if [[ $kind != NOBITS && $name != NULL ]] && (($2 >= 16#$start && $2 < 16#$start + 16#$size)); then echo ", in section $name"; fi
  done
}

status=0
while IFS= read -r file; do
  if [[ ! -f $1/$file || ! -f $2/$file ]]; then
    echo "reproducible.sh: $file is in one folder only"
    status=1
  elif ! difference=$(cmp -- "$1/$file" "$2/$file" 2>&1); then
    if [[ $difference =~ differ:\ (byte|char)\ ([0-9]+) ]]; then
      offset=$((BASH_REMATCH[2] - 1))
      echo "reproducible.sh: $file differs, first at offset $offset$(section "$1/$file" "$offset")"
    else
      echo "reproducible.sh: $file differs in length: $difference"
    fi
    status=1
  fi
done < <(for folder in "$1" "$2"; do (cd "$folder" && find . -type f -printf '%P\n'); done | LC_ALL=C sort -u)
exit "$status"
