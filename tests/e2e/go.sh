# shellcheck shell=bash
# For scripts that source this: a Go that can build Kubernetes.

go_release=1.26.8

# Puts a `go` into PATH. What the machine has is taken if it is new enough or can fetch a newer one by itself (1.21 and
# later do); Debian 12's own cannot, but can fetch the module that the newer ones come as.
find_go() {
  if ! command -v go >/dev/null; then
    bash "$(dirname "${BASH_SOURCE[0]}")/../packages.sh" go >&2
  fi
  local have minor
  have=$(go env GOVERSION) # such as go1.19.8
  minor=${have#go1.}
  minor=${minor%%[!0-9]*}
  if ((minor >= ${go_release:2:2})); then
    return
  elif ((minor >= 21)); then
    export GOTOOLCHAIN=go$go_release
    return
  fi
  echo "go: $have cannot build Kubernetes; fetching go$go_release" >&2
  local folder
  folder=$(go env GOMODCACHE)/golang.org/toolchain@v0.0.1-go$go_release.$(go env GOOS)-$(go env GOARCH)
  if [[ ! -x $folder/bin/go ]]; then
    (cd / && GOFLAGS='' go mod download "golang.org/toolchain@${folder##*@}") >&2
    # A module's files are never executable.
    find "$folder/bin" "$folder/pkg/tool" -type f -exec chmod a+x {} +
  fi
  export GOROOT=$folder GOTOOLCHAIN=local PATH=$folder/bin:$PATH
}

# kubernetes_go COMMAND [ARGUMENT…]: go, for a module of kubernetes_module.py. Without debug information, so that scripts share what they compiled.
kubernetes_go() { CGO_ENABLED=0 GOWORK=off GOFLAGS='-mod=mod -trimpath -gcflags=all=-dwarf=false' go "$@"; }
