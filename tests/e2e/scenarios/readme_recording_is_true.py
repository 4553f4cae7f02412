"""The recording in the README is what a user sees: one pod, running in one namespace and refused its image in another."""

import json

import recording
from node.cluster import APP, Pod
from node.process import wait_until

SESSION = (
    "kubectl get secrets --all-namespaces",
    "kubectl apply --namespace team-a --filename app.json",
    "kubectl apply --namespace outsiders --filename app.json",
    "kubectl get pods --all-namespaces",
    r"""grep -o 'registry-credential-broker: [^"\\]*' kubelet.log | tail -n 1""",
)


def prove(node):
    allowed, denied = (Pod(node.cluster, namespace, "app", APP) for namespace in ("team-a", "outsiders"))
    for pod in (allowed, denied):
        node.cluster.service_account(pod.namespace, "puller")
    manifest = allowed.manifest("puller")
    del manifest["metadata"]["namespace"]  # the command names it
    (node.logs / "app.json").write_text(json.dumps(manifest, indent=2))

    played = []
    for command in SESSION:
        if "get pods" in command:
            allowed.must_run()
            wait_until(lambda: denied.container_state().get("waiting", {}).get("reason") == "ImagePullBackOff",
                       60, "the kubelet gives the pull up for now")
        played.append((command, node.type_in(command)))

    picture = recording.picture(played)
    if node.record:
        recording.FILE.write_text(picture)
        return f"written: {recording.FILE}"
    was, now = recording.shown(recording.FILE.read_text()), recording.shown(picture)
    assert was == now, f"it shows\n{was}\nbut this came:\n{now}\ntests/e2e/run.sh --record regenerates it"
    return None
