"""The chart as helm renders it."""

import os
import subprocess
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
CHART = REPOSITORY / "config/deploy/helm"
SAMPLES = REPOSITORY / "config/samples"
# Values that one test needs are added to these.
IMAGE = {"repository": "tools.example.org/nodes/registry-credential-broker"}
PATHS = {"version": "1.34", "configPath": "/etc/kubernetes/credential-provider-config.yaml", "binDir": "/usr/local/lib/kubelet-plugins"}
BROKER_FILE = (SAMPLES / "broker-three-registries.yaml").read_text()
AUDIENCES = ["cloudsmith", "harbor"]


def usual(**changes):
    """Values of an installation, with these members changed."""
    return {"image": IMAGE, "broker": {"config": BROKER_FILE}, "audiences": AUDIENCES, **changes}


def helm(*arguments, stdin=""):
    return subprocess.run([os.environ["RCB_HELM"], *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=60, check=False)


def render(values, *options, chart=CHART, namespace="kube-system"):
    """The objects of a release `broker` with these values."""
    run = helm("template", "broker", chart, "--namespace", namespace, "--values", "-", *options, stdin=yaml.safe_dump(values))
    assert run.returncode == 0, run.stderr
    return [thing for thing in yaml.safe_load_all(run.stdout) if thing]


def refusal(values, *options):
    """Why helm does not render these values."""
    run = helm("template", "broker", CHART, "--namespace", "kube-system", "--values", "-", *options, stdin=yaml.safe_dump(values))
    assert run.returncode != 0, f"helm renders {values}"
    return run.stderr


def only(objects, kind):
    found = [thing for thing in objects if thing["kind"] == kind]
    assert len(found) == 1, f"{len(found)} objects of kind {kind}"
    return found[0]


def pod_of(objects):
    return only(objects, "DaemonSet")["spec"]["template"]["spec"]
