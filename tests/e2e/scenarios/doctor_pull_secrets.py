"""doctor --pull-secrets finds the pods that no longer need their pull secrets, as node and as administrator, without reading one."""

import json

from node.cluster import APP
from node.doctor import doctor

NAMESPACE = "team-secrets"
SECRET = "canary-password-of-a-pull-secret"


def pod_with(node, image, name):
    """A pod with a pull secret of its own."""
    pod = node.cluster.pod(NAMESPACE, "puller", image)
    manifest = pod.manifest("puller")
    manifest["metadata"]["name"] = name
    manifest["spec"]["imagePullSecrets"] = [{"name": "regcred"}]
    pod.delete()
    node.cluster.apply(manifest)
    return pod


def report(node, *arguments):
    return json.loads(doctor(node, "--pull-secrets", "--output", "json", *arguments, text=True))


def prove(node):
    try:
        judge(node)
    finally:
        # Other scenarios show that a cluster needs no Secret.
        node.cluster.kubectl("delete", "secret", "-n", NAMESPACE, "regcred", "--ignore-not-found")


def judge(node):
    node.passwords.append(SECRET.encode())
    node.cluster.service_account(NAMESPACE, "puller")
    node.cluster.apply({"apiVersion": "v1", "kind": "Secret", "metadata": {"namespace": NAMESPACE, "name": "regcred"},
                        "type": "kubernetes.io/dockerconfigjson",
                        "stringData": {".dockerconfigjson": json.dumps({"auths": {"docker.cloudsmith.io": {"password": SECRET}}})}})
    pod_with(node, APP, "covered")
    pod_with(node, "registry.example.com/app:1", "uncovered")

    of_node = report(node)
    assert of_node["scope"] == "the node node-1", of_node
    mine = {one["owner"]: one for one in of_node["found"] if one["namespace"] == NAMESPACE}
    assert mine["Pod/covered"]["needed"] is False, mine
    assert mine["Pod/covered"]["pullSecrets"] == [{"name": "regcred", "ofServiceAccount": False}], mine
    assert mine["Pod/uncovered"]["needed"] is True, mine
    assert mine["Pod/uncovered"]["images"][0]["why"] == "no rule", mine

    of_cluster = report(node, "--kubeconfig", node.folder / "admin.kubeconfig")
    assert of_cluster["scope"] == "the cluster", of_cluster
    assert mine == {one["owner"]: one for one in of_cluster["found"] if one["namespace"] == NAMESPACE}

    table = doctor(node, "--pull-secrets", text=True)
    assert "no longer needed" in table and "still needed" in table and "registry.example.com/app:1: no rule" in table, table
