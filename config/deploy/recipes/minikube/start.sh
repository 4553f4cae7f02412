#!/bin/sh
# Starts a Minikube node that has the plugin from its first start:
#
#   minikube/start.sh PROGRAM BROKER_FILE [MINIKUBE_OPTION…]      for instance --kubernetes-version=v1.34.4
#
# Minikube copies ~/.minikube/files into the node, as root and with the files' modes, before the kubelet starts.
set -eu

program=$1
broker_file=$2
shift 2
files=${MINIKUBE_HOME:-$HOME/.minikube}/files
plugins=/usr/local/lib/kubelet-plugins
config=/etc/kubernetes/credential-provider-config.yaml

install -D -m 0755 "$program" "$files$plugins/registry-credential-broker"
install -d -m 0755 "$files${config%/*}"
install -D -m 0644 "$broker_file" "$files/etc/registry-credential-broker/config.yaml"
"$program" render kubelet --kubernetes "${KUBERNETES:-1.34}" --config - --skip-files <"$broker_file" >"$files$config.new"
mv "$files$config.new" "$files$config"
# Copies, because Minikube does not copy links.
for name in $("$program" render links --config - --skip-files <"$broker_file"); do
  install -m 0755 "$program" "$files$plugins/$name"
done
minikube start "$@" --extra-config=kubelet.image-credential-provider-config="$config" \
  --extra-config=kubelet.image-credential-provider-bin-dir="$plugins"
