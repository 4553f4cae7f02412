#!/usr/bin/env bash
# Makes the files of a release from the programs that config/build/release.sh built:
#
#   config/build/package.sh [--target TARGET]… [--release]     default: every dist/TARGET with a program
#
# Leaves in dist/TARGET, beside the program: .deb, .rpm, of a musl build an OCI image, the bill of materials (CycloneDX), the licence
# notices of what is linked, and SHA256SUMS over all of them. --release gathers all targets' files in dist/release under names that
# differ, with one image for all processors and one SHA256SUMS. The same commit gives the same bytes.
#
# Needs python3, cmake, rpm, git; not the compiler, but the sources that release.sh unpacked, for their licences. RCB_SOURCE_URL, if set,
# is recorded as the address of the source. SOURCE_DATE_EPOCH is the commit's time unless it is set.
set -euo pipefail
umask 022
cd "$(dirname "$0")/../.."

targets=()
release=false
while (($# > 0)); do
  case $1 in
    --target)
      targets+=("${2:?"package.sh: --target needs a name such as linux-musl-amd64"}")
      shift 2
      ;;
    --release)
      release=true
      shift
      ;;
    -h | --help)
      config/build/help.sh config/build/package.sh
      exit
      ;;
    *)
      echo "package.sh: unknown option '$1'; see --help" >&2
      exit 64
      ;;
  esac
done
if ((${#targets[@]} == 0)); then
  for program in dist/linux-*/registry-credential-broker; do
    if [[ -f $program ]]; then targets+=("$(basename "$(dirname "$program")")"); fi
  done
fi
if ((${#targets[@]} == 0)); then
  echo "package.sh: dist/ contains no program; run config/build/release.sh first" >&2
  exit 66
fi

sources=${XDG_CACHE_HOME:-$HOME/.cache}/registry-credential-broker/portable/sources
project=$(<CMakeLists.txt)
[[ $project =~ project\(registry-credential-broker\ VERSION\ ([0-9.]+)[^\"]*\"([^\"]*)\" ]]
version=${BASH_REMATCH[1]} description=${BASH_REMATCH[2]}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

# image OUT ARCHITECTURE=PROGRAM…: with the notices of the last program, which are those of all musl builds.
image() {
  local out=$1 programs=() program notices label labels=()
  shift
  for label in title=registry-credential-broker "description=$description" "version=$version" "revision=$(git rev-parse HEAD)" \
    licenses=Apache-2.0 ${RCB_SOURCE_URL:+"source=$RCB_SOURCE_URL"}; do
    labels+=(--label "org.opencontainers.image.$label")
  done
  for program in "$@"; do programs+=(--program "$program"); done
  notices=$(echo "$(dirname "${program#*=}")"/*.notices.txt)
  python3 config/build/oci_image.py "$out" "${programs[@]}" --tag "$version" "${labels[@]}" \
    --file licenses/LICENSE=LICENSE --file "licenses/THIRD_PARTY_NOTICES.txt=$notices"
}

# packages TARGET FOLDER STEM: .deb and .rpm.
packages() {
  local build=build/package/$1 output
  rm -rf "$build"
  if ! output=$({
    cmake -S config/build/package -B "$build" -DRCB_VERSION="$version" -DRCB_DESCRIPTION="$description" -DRCB_TARGET="$1" \
      -DRCB_FOLDER="$PWD/$2" -DRCB_STEM="$3" && (cd "$build" && cpack)
  } 2>&1); then
    printf '%s\n' "$output" >&2
    return 1
  fi
  mv "$build/$3.deb" "$build/$3.rpm" "$2/"
}

sums() {
  local list
  list=$(cd "$1" && find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum)
  printf '%s\n' "$list" >"$1/SHA256SUMS"
}

for target in "${targets[@]}"; do
  folder=dist/$target
  program=$folder/registry-credential-broker
  stem=registry-credential-broker-$version-$target
  if [[ ! -f $program ]]; then
    echo "package.sh: $program does not exist; run config/build/release.sh --target $target first" >&2
    exit 66
  fi
  rm -f "$folder"/registry-credential-broker-* "$folder/SHA256SUMS"
  chmod 0755 "$program"
  python3 config/build/linked.py --target "$target" --program "$program" --version "$version" --sources "$sources" \
    --bill "$folder/$stem.cdx.json" --notices "$folder/$stem.notices.txt"
  packages "$target" "$folder" "$stem"
  if [[ $target == linux-musl-* ]]; then image "$folder/$stem.oci.tar" "${target##*-}=$program"; fi
  sums "$folder"
  echo "package.sh: $folder: $(wc -l <"$folder/SHA256SUMS") files"
done

if $release; then
  folder=dist/release
  rm -rf "$folder"
  mkdir "$folder"
  programs=()
  for target in "${targets[@]}"; do
    stem=registry-credential-broker-$version-$target
    cp "dist/$target/registry-credential-broker" "$folder/$stem"
    cp "dist/$target/$stem".{deb,rpm,cdx.json,notices.txt} "$folder/"
    if [[ $target == linux-musl-* ]]; then programs+=("${target##*-}=dist/$target/registry-credential-broker"); fi
  done
  if ((${#programs[@]} > 0)); then image "$folder/registry-credential-broker-$version.oci.tar" "${programs[@]}"; fi
  sums "$folder"
  echo "package.sh: $folder: $(wc -l <"$folder/SHA256SUMS") files"
fi
