"""What is in the cluster, through kubectl: namespaces, service accounts, pods and their states."""

import json
import os
import re
import subprocess

from .process import NotReady, wait_until

NODE_NAME = "node-1"
APP = "docker.cloudsmith.io/acme/app:1"


class Cluster:
    def __init__(self, kubectl, kubeconfig):
        self._kubectl = [str(kubectl), "--kubeconfig", str(kubeconfig)]
        # So that plain `kubectl` is this one.
        self.environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "PATH": f"{kubectl.parent}:{os.environ['PATH']}"}
        self._namespaces = set()
        self._pods = 0

    def kubectl(self, *arguments, stdin=""):
        command = [*self._kubectl, *map(str, arguments)]
        run = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)
        if run.returncode != 0:
            raise ValueError(f"kubectl {' '.join(map(str, arguments))}: {run.stderr.strip()}")
        return run.stdout

    def objects(self, kind, *arguments):
        return json.loads(self.kubectl("get", kind, "-o", "json", *arguments))["items"]

    def apply(self, thing):
        self.kubectl("apply", "-f", "-", stdin=json.dumps(thing))

    def service_account(self, namespace, name, annotations=None):
        if namespace not in self._namespaces:
            self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
            self._namespaces.add(namespace)
        self.apply({"apiVersion": "v1", "kind": "ServiceAccount",
                    "metadata": {"namespace": namespace, "name": name, "annotations": annotations or {}}})

    def allow_audience(self, audience):
        """Nodes may have tokens for this audience too."""
        name = "audience-" + re.sub(r"[^\w.-]+", "-", audience)
        api = "rbac.authorization.k8s.io"
        self.apply({"apiVersion": f"{api}/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": [
            {"apiGroups": [""], "resources": [audience], "verbs": ["request-serviceaccounts-token-audience"]}]})
        self.apply({"apiVersion": f"{api}/v1", "kind": "ClusterRoleBinding", "metadata": {"name": name},
                    "roleRef": {"apiGroup": api, "kind": "ClusterRole", "name": name},
                    "subjects": [{"apiGroup": api, "kind": "Group", "name": "system:nodes"}]})

    def pod(self, namespace, service_account, image=APP):
        return self.pods(namespace, service_account, [image])[0]

    def pods(self, namespace, service_account, images):
        """Pods of one account that exists, one an image, all made at once."""
        pods = []
        for image in images:
            self._pods += 1
            pods.append(Pod(self, namespace, f"pod-{self._pods}", image))
        self.apply({"apiVersion": "v1", "kind": "List", "items": [pod.manifest(service_account) for pod in pods]})
        return pods

    def delete_pods(self):
        self.kubectl("delete", "pods", "--all", "--all-namespaces", "--force", "--grace-period=0", "--wait=false")


class Pod:
    def __init__(self, cluster, namespace, name, image):
        self.cluster, self.namespace, self.name, self.image = cluster, namespace, name, image

    def manifest(self, service_account):
        return {
            "apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": self.namespace, "name": self.name},
            "spec": {
                "serviceAccountName": service_account, "automountServiceAccountToken": False,
                # Without a network plugin the node is never ready, and there is no scheduler; with these members the pod runs nevertheless.
                "nodeName": NODE_NAME, "hostNetwork": True, "tolerations": [{"operator": "Exists"}],
                "terminationGracePeriodSeconds": 1,
                # Always: the kubelet asks the registry with the pod's credential even if the image is there.
                "containers": [{"name": "app", "image": self.image, "imagePullPolicy": "Always"}],
            },
        }

    def container_state(self):
        """{"running": …}, {"waiting": {"reason": …, "message": …}}, or {} if the kubelet has not said anything yet."""
        pod = json.loads(self.cluster.kubectl("get", "pod", "-n", self.namespace, self.name, "-o", "json"))
        statuses = pod.get("status", {}).get("containerStatuses", [])
        return statuses[0]["state"] if statuses else {}

    def must_run(self, seconds=60):
        try:
            running = f"pod {self.namespace}/{self.name} runs"
            wait_until(lambda: "running" in self.container_state(), seconds, running, 0.3)
        except NotReady as failure:
            raise NotReady(f"{failure}; its state: {self.container_state()}") from None

    def must_be_refused(self, seconds=60):
        """Waits until the kubelet gives the pull up for now; what it says of the pull comes back."""
        def refusal():
            state = self.container_state()
            assert "running" not in state, f"pod {self.namespace}/{self.name} runs, but must not"
            waiting = state.get("waiting", {})
            given_up = waiting.get("reason") in ("ErrImagePull", "ImagePullBackOff")
            return waiting.get("message") if given_up else None

        return wait_until(refusal, seconds, f"pod {self.namespace}/{self.name} is refused its image", 0.3)

    def delete(self):
        self.cluster.kubectl("delete", "pod", "-n", self.namespace, self.name, "--force", "--grace-period=0")
