"""What makes pods of a DaemonSet and gives them to the node. Only scenarios with a DaemonSet need it: all other pods name their node."""

import contextlib

from .process import Process


@contextlib.contextmanager
def controllers(node):
    common = [f"--kubeconfig={node.cluster.environment['KUBECONFIG']}", "--leader-elect=false", "--secure-port=0"]
    processes = [
        Process("kube-controller-manager", [node.kubernetes / "kube-controller-manager", *common, "--controllers=daemonset-controller"], node.logs),
        Process("kube-scheduler", [node.kubernetes / "kube-scheduler", *common], node.logs),
    ]
    try:
        for process in processes:
            process.start()
        yield
    finally:
        for process in processes:
            process.stop()
