#!/bin/sh
# Puts program, broker file and the kubelet's file into a node image while it is built. As root, with the program, the broker file config.yaml
# and SHA256SUMS in the current folder:
#
#   KUBERNETES=1.34 sh install.sh registry-credential-broker-0.1.0-linux-musl-amd64
#
# The kubelet's flags belong to the one that starts it: kubeadm's `kubeletExtraArgs`, KUBELET_EXTRA_ARGS, or the node's bootstrap.
set -eu

file=$1
config=${KUBELET_CONFIG:-/etc/kubernetes/credential-provider-config.yaml} # --image-credential-provider-config
plugins=${PLUGINS:-/usr/local/lib/kubelet-plugins}                        # --image-credential-provider-bin-dir

grep -F "  $file" SHA256SUMS | sha256sum --check --strict -
chmod 0755 "$file"
# The program checks all of it before it writes anything.
"./$file" install --files-only --kubernetes "${KUBERNETES:?the minor version of the kubelet, such as 1.34}" --config config.yaml \
  --kubelet-config "$config" --bin-dir "$plugins"
