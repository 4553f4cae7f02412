#!/usr/bin/env bash
# Writes the plain manifests of this folder again from the chart, for clusters without helm:
#
#   config/deploy/manifests/render.sh [FOLDER]      default: this folder
#
# HELM names a helm 4 (tests/deploy/helm.sh builds one). tests/deploy compares the folder with what the chart renders.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here}
helm=${HELM:-helm}

# render NAME MODE: stdin is the head of the file.
render() {
  {
    sed 's/^/# /; s/ *$//'
    "$helm" template registry-credential-broker "$here/../helm" --namespace kube-system --kube-version 1.34.0 --set mode="$2" \
      --set image.repository=registry.example.com/tools/registry-credential-broker \
      --set broker.existingConfigMap=registry-credential-broker --set 'audiences={cloudsmith}' |
      grep -v '^# Source: '
  } >"$folder/$1.yaml"
}

render access-rules rbac-only <<'END'
Made from the chart by render.sh. For Kubernetes 1.34 and later. Only the access rules, for nodes that have the plugin already: replace the
audiences by those of your broker file.

  kubectl apply -f access-rules.yaml
END

render install install <<'END'
Made from the chart by render.sh. For Kubernetes 1.34 and later. Installs the plugin on every node. Replace the image, which nodes must be able to
pull without the plugin, and the audiences by those of your broker file; then:

  kubectl create configmap registry-credential-broker --namespace kube-system --from-file=config.yaml
  kubectl apply -f install.yaml
  kubectl rollout status daemonset/registry-credential-broker --namespace kube-system

A change of the ConfigMap reaches all nodes within two minutes. To go from node to node instead, create it under another name and change the name
below.
END

render uninstall uninstall <<'END'
Made from the chart by render.sh. Takes the plugin off every node that install.yaml put it on. Replace the image as there; then:

  kubectl apply -f uninstall.yaml
  kubectl rollout status daemonset/registry-credential-broker --namespace kube-system
  kubectl delete -f uninstall.yaml
  kubectl delete configmap registry-credential-broker --namespace kube-system
END
