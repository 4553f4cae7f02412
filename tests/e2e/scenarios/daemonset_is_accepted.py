"""The API server accepts, with strict validation, what the chart renders for each mode, and the plain manifests."""

import json

from node.chart import MANIFESTS, render

SECRET = [{"name": "pull"}]
PATHS = {"version": "1.34", "configPath": "/etc/kubernetes/credential-provider-config.yaml", "binDir": "/usr/local/lib/kubelet-plugins"}
AFFINITY = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
    {"matchExpressions": [{"key": "pool", "operator": "NotIn", "values": ["spot"]}]}]}}}


def prove(node):
    strict = ("apply", "--dry-run=server", "--validate=strict", "-f")
    objects = 0
    for values in ({}, {"mode": "files-only", "kubelet": PATHS}, {"mode": "rbac-only"}, {"mode": "uninstall"}, {"mode": "uninstall", "kubelet": PATHS},
                   {"imagePullSecrets": SECRET, "affinity": AFFINITY, "nodeSelector": {"pool": "a"}, "maxUnavailable": "10%"},
                   {"broker": {"existingConfigMap": "mine"}}):
        said = node.cluster.kubectl(*strict, "-", "-o", "json", stdin=render(node, **values))
        objects += len(json.loads(said)["items"])
    for manifest in sorted(MANIFESTS.glob("*.yaml")):
        node.cluster.kubectl(*strict, manifest)
    # The same check finds a member that does not exist.
    broken = render(node).replace("hostNetwork:", "hostNetworks:")
    try:
        node.cluster.kubectl(*strict, "-", stdin=broken)
    except ValueError as refusal:
        assert "unknown field" in str(refusal), refusal
    else:
        raise AssertionError("an unknown field is accepted")
    return f"{objects} objects"
