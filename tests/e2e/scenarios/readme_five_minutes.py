"""The README's five minutes are true: its blocks, as they are, make a kubelet without plugins pull a private image, in less time."""

import re
import shutil
import time

from node.node import BROKER_FILE, REPOSITORY, SAMPLES
from node.service import kubelet_service

BLOCK = re.compile(r"^ *<!-- e2e: (\S+) -->\n(?: *<!-- [^\n]* -->\n)?( *)```\w+\n(.*?)^ *```$", re.S | re.M)
LIMIT = 300  # seconds; what a reader types and reads is not in it
# The README is for these, whose kubelets need no feature gate.
SINCE = (1, 34)


def blocks():
    text = (REPOSITORY / "README.md").read_text()
    return {name: "".join(line.removeprefix(indent) for line in block.splitlines(keepends=True)) for name, indent, block in BLOCK.findall(text)}


def prove(node):
    if node.version < SINCE:
        return "not for this version"
    steps = blocks()
    assert list(steps) == ["config.yaml", "cluster", "node", "check"], steps.keys()
    folder = node.folder / "readme"
    folder.mkdir()
    BROKER_FILE.unlink()
    node.cluster.kubectl("delete", "clusterrole,clusterrolebinding", "--ignore-not-found", "registry-credential-broker")
    node.cluster.service_account("team-a", "puller")
    try:
        with kubelet_service(node) as service:
            start = time.monotonic()
            shutil.copy2(node.broker, folder / "registry-credential-broker")
            (folder / "config.yaml").write_text(steps["config.yaml"])
            for step in ("cluster", "node", "check"):
                service.type_in(steps[step], folder)
            node.cluster.pod("team-a", "puller").must_run()
            seconds = time.monotonic() - start
            assert seconds < LIMIT, f"{seconds:.0f} s"
            assert service.restarts == 1
            assert node.world.exchanges("team-a/puller")
            service.run("uninstall")
    finally:
        node.cluster.kubectl("apply", "-f", SAMPLES / "rbac.yaml")  # others need it
    return f"{seconds:.0f} s from the files to a running pod"
