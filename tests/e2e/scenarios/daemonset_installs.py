"""The chart installs by DaemonSet on a node without plugins, upgrades during 100 runs, goes back from what fails, and gives the node its files back."""

import shutil
import subprocess
import threading
from pathlib import Path

from node import chart
from node.controllers import controllers
from node.image import write_image_with_libraries
from node.node import BROKER_FILE
from node.process import wait_until
from node.service import ENVIRONMENT, kubelet_service

PLUGINS = Path("/usr/local/lib/kubelet-plugins")
PROGRAM = PLUGINS / "registry-credential-broker"
PROVIDERS = Path("/etc/kubernetes/credential-provider-config.yaml")
STATE = Path("/var/lib/registry-credential-broker")
# The kubelet of this node's service does not start with a file that has this name in it.
REFUSED = "\n- {name: refuse-me, module: passthrough, matchImages: [a.example.com], audience: refuse-me}\n"


def files():
    paths = [ENVIRONMENT, PROVIDERS, BROKER_FILE, *PLUGINS.glob("*"), *STATE.glob("*")]
    return {path: path.read_bytes() for path in paths if path.exists()}


def put_image(node, tag):
    """An image of the program, in which each tag is another program. Its bytes come back."""
    program = node.folder / "image" / PROGRAM.name
    program.parent.mkdir(exist_ok=True)
    shutil.copyfile(node.broker, program)
    with program.open("ab") as file:
        file.write(tag.encode())
    program.chmod(0o755)
    archive = node.folder / "image.tar"
    write_image_with_libraries(archive, f"{chart.IMAGE}:{tag}", program)
    node.containerd.load(archive)
    return program.read_bytes()


def run_often(failures):
    """100 runs of the program on the node, by the name that the kubelet calls."""
    for _ in range(100):
        try:
            run = subprocess.run([PROGRAM, "validate", "--config", BROKER_FILE], capture_output=True, text=True, check=False, timeout=60)
            if run.returncode != 0:
                failures.append(run)
        except OSError as error:
            failures.append(error)


def must_pull(node, namespace):
    node.cluster.service_account(namespace, "puller")
    node.cluster.pod(namespace, "puller").must_run()
    assert node.world.exchanges(f"{namespace}/puller")


def must_say(node, text):
    """Waits for a line of the installing pod, which is not ready."""
    wait_until(lambda: text in chart.said(node), 120, f"the pod says '{text}'", 1)
    assert chart.ready_pods(node) == 0


def prove(node):
    first, second = put_image(node, "1"), put_image(node, "2")
    BROKER_FILE.unlink()
    with kubelet_service(node) as service, controllers(node), chart.tools_of_the_node(service):
        original = files()

        chart.apply(node, tag="1")
        chart.wait_ready(node)
        assert PROGRAM.read_bytes() == first and BROKER_FILE.read_text() == node.usual_broker_file
        assert f"--image-credential-provider-config={PROVIDERS}" in service.command_line()
        assert service.restarts == 1
        must_pull(node, "team-daemonset")

        # Another program and another comment: nothing that a kubelet reads at its start.
        failures = []
        runs = threading.Thread(target=run_often, args=[failures])
        runs.start()
        changed = node.usual_broker_file + "# changed\n"
        chart.apply(node, tag="2", broker_file=changed)
        chart.wait_ready(node)
        runs.join()
        assert not failures, failures
        assert PROGRAM.read_bytes() == second and BROKER_FILE.read_text() == changed
        assert service.restarts == 1
        good = files()

        # A broker file that no run would accept is never written.
        chart.apply(node, tag="2", broker_file=changed + "surprise: true\n")
        must_say(node, "surprise")
        assert files() == good and service.restarts == 1

        # One that the kubelet does not start with is taken back.
        service.behaves("refuses")
        chart.apply(node, tag="2", broker_file=changed + REFUSED, audiences=["cloudsmith", "refuse-me"])
        must_say(node, "they have their former content again")
        assert {path: content for path, content in files().items() if path.parent != STATE} == \
            {path: content for path, content in good.items() if path.parent != STATE}
        must_pull(node, "team-rolled-back")

        # The last release that was well.
        chart.rollback(node, 2)
        chart.wait_ready(node)
        restarts = service.restarts

        chart.apply(node, tag="2", broker_file=changed, mode="uninstall")
        chart.wait_ready(node)
        assert files() == original, files().keys()
        assert service.restarts == restarts + 1
        chart.remove(node)
        node.cluster.service_account("team-after", "puller")
        node.cluster.pod("team-after", "puller").must_be_refused()
        return f"the kubelet was restarted {service.restarts} times"
