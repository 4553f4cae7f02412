#!/bin/sh
# On an OpenShift node, before the kubelet starts: puts the program beside the platform's own plugins. As root:
#
#   stage.sh IMAGE      the broker's image, by digest
#
# /usr is read-only there, so a folder with copies of those plugins and the program is mounted over the kubelet's. The mount is lost at a reboot;
# registry-credential-broker.service makes it again before the kubelet.
set -eu

image=$1
plugins=/usr/libexec/kubelet-image-credential-provider-plugins
folder=/var/lib/registry-credential-broker/plugins

if mountpoint --quiet "$plugins"; then umount "$plugins"; fi
rm -rf "$folder.new"
mkdir -p "$folder.new"
cp -a "$plugins/." "$folder.new/"
# After the first boot the image is here, so that a node starts without its registry.
podman image exists "$image" || podman pull --quiet --authfile /var/lib/kubelet/config.json "$image"
container=$(podman create "$image")
trap 'podman rm "$container" >/dev/null' EXIT
podman cp "$container:/registry-credential-broker" "$folder.new/registry-credential-broker"
chmod 0755 "$folder.new/registry-credential-broker"
# The label of the kubelet's own folder, so that SELinux lets the kubelet run what is in this one.
chcon --recursive --reference="$plugins" "$folder.new"
rm -rf "$folder"
mv "$folder.new" "$folder"
mount --bind "$folder" "$plugins"
