"""The chart, by the helm that run.sh built, for this node: with the usual broker file and the program's own image."""

import contextlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from .process import NotReady, wait_until

CHART = Path(__file__).resolve().parents[3] / "config/deploy/helm"
MANIFESTS = CHART.parent / "manifests"
NAMESPACE = "kube-system"
RELEASE = "broker"
IMAGE = "tools.test/registry-credential-broker"


def values(node, tag="", broker_file=None, **changes):
    """What an operator of this node sets."""
    usual = {"image": {"repository": IMAGE, "tag": tag}, "broker": {"config": broker_file or node.usual_broker_file}, "audiences": ["cloudsmith"]}
    # A debug build is several times larger than what is shipped, and an installing program has its own bytes in memory.
    return {**usual, "resources": {"limits": {"memory": "1Gi"}}, **changes}


def render(node, **changes):
    """What the chart renders for these values, as YAML."""
    return _helm(node, "template", RELEASE, CHART, "--values", "-", stdin=json.dumps(values(node, **changes)))


def apply(node, **changes):
    """Installs or upgrades the release; does not wait for its pods."""
    _helm(node, "upgrade", "--install", RELEASE, CHART, "--values", "-", stdin=json.dumps(values(node, **changes)))


def rollback(node, revision):
    _helm(node, "rollback", RELEASE, revision)


def remove(node):
    _helm(node, "uninstall", RELEASE)


def _helm(node, *arguments, stdin=""):
    command = [os.environ["RCB_HELM"], *map(str, arguments), "--namespace", NAMESPACE]
    run = subprocess.run(command, input=stdin, env=node.cluster.environment, capture_output=True, text=True, timeout=60, check=False)
    if run.returncode != 0:
        raise ValueError(f"helm {arguments[0]}: {run.stderr.strip()}")
    return run.stdout


def _daemonset(node):
    return json.loads(node.cluster.kubectl("get", "daemonset", RELEASE, "--namespace", NAMESPACE, "-o", "json"))


def ready_pods(node):
    return _daemonset(node)["status"].get("numberReady", 0)


def wait_ready(node, seconds=120):
    """Until the node's pod is of the release's present version, and has been ready for as long as the chart demands: as `rollout status`."""
    def ready():
        daemonset = _daemonset(node)
        status = daemonset["status"]
        return (status.get("observedGeneration") == daemonset["metadata"]["generation"] and status.get("updatedNumberScheduled") == 1
                and status["desiredNumberScheduled"] == status.get("numberAvailable") == 1)

    try:
        wait_until(ready, seconds, "the DaemonSet's pod is ready", 0.5)
    except NotReady as failure:
        raise NotReady(f"{failure}; it says: {said(node)}") from None


def said(node):
    """The last lines of the release's pods, of all containers."""
    selector = f"app.kubernetes.io/instance={RELEASE}"
    return node.cluster.kubectl("logs", "--selector", selector, "--namespace", NAMESPACE, "--all-containers", "--tail=20")


@contextlib.contextmanager
def tools_of_the_node(service):
    """The service manager's systemctl is where a pod finds the node's programs."""
    folder = Path("/usr/local/sbin")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", folder], check=True)
    shutil.copy(service.systemctl, folder)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
