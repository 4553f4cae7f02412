#!/bin/sh
# Prints the MachineConfig that installs the plugin on the nodes of one pool of an OpenShift cluster:
#
#   machineconfig.sh ROLE IMAGE BROKER_FILE KUBELET_FILE KUBELET_FILE_ON_NODE | oc apply -f -
#
#   ROLE                   of the pool, such as worker
#   IMAGE                  the broker's image, by digest
#   KUBELET_FILE           the pool's present file with the broker's entries added, as `registry-credential-broker render kubelet` prints them
#   KUBELET_FILE_ON_NODE   the kubelet's --image-credential-provider-config: /etc/kubernetes/credential-providers/ecr-credential-provider.yaml on AWS,
#                          acr- on Azure, gcr- on Google Cloud, generic- elsewhere
#
# The operator drains and restarts the pool's nodes one after the other. The kubelet's file is part of the MachineConfig, so that the operator does
# not take it for a change by hand. After an update of OpenShift that changes its own file, make KUBELET_FILE again from the new one.
set -eu

here=$(dirname "$0")
role=$1 image=$2 broker_file=$3 kubelet_file=$4 on_node=$5

data() { printf 'data:;base64,%s' "$(base64 --wrap=0 "$1")"; }

cat <<END
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 99-$role-registry-credential-broker
  labels:
    machineconfiguration.openshift.io/role: $role
spec:
  config:
    ignition:
      version: 3.4.0
    storage:
      files:
      - path: /etc/registry-credential-broker/config.yaml
        mode: 0644
        overwrite: true
        contents:
          source: $(data "$broker_file")
      - path: /etc/registry-credential-broker/stage.sh
        mode: 0755
        overwrite: true
        contents:
          source: $(data "$here/stage.sh")
      - path: $on_node
        mode: 0644
        overwrite: true
        contents:
          source: $(data "$kubelet_file")
    systemd:
      units:
      - name: registry-credential-broker.service
        enabled: true
        contents: |
          [Unit]
          Description=Puts registry-credential-broker beside the kubelet's other credential provider plugins
          Wants=network-online.target
          After=network-online.target
          Before=kubelet.service
          [Service]
          Type=oneshot
          RemainAfterExit=yes
          ExecStart=/bin/sh /etc/registry-credential-broker/stage.sh $image
          [Install]
          RequiredBy=kubelet.service
END
