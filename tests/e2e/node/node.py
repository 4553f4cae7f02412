"""The whole node and its environment, started. When the namespaces of namespace.sh end, all of it ends."""

import json
import re
import subprocess
from pathlib import Path

from .cluster import NODE_NAME, Cluster
from .containerd import Containerd
from .control_plane import ISSUER, ISSUER_HOST, ControlPlane
from .keys import Keys
from .kubelet import Kubelet
from .machine import NODE_ADDRESS, name_hosts, trust
from .world import ACR, IN_HOUSE, MIRROR_PASSWORD, World

REPOSITORY = Path(__file__).resolve().parents[3]
BROKER_SAMPLES = REPOSITORY / "config/samples"
SAMPLES = BROKER_SAMPLES / "kubelet"
PLUGIN = "registry-credential-broker"
BROKER_FILE = Path("/etc/registry-credential-broker/config.yaml")

# The README's and the walk-through's: what a node of a customer of Cloudsmith has.
USUAL_BROKER_FILE = (BROKER_SAMPLES / "broker-cloudsmith-annotations.yaml").read_text()


class Node:
    def __init__(self, broker, world, kubernetes, version, folder, logs):
        """`broker` is the program under test, `kubernetes` the folder of kubelet and its companions."""
        self.broker, self.folder, self.logs, self.version = Path(broker), folder, logs, version
        self.kubernetes = kubernetes
        self.keys = keys = Keys(folder / "keys")
        self.cluster = Cluster(kubernetes / "kubectl", self._kubeconfig(keys, "admin", "/O=system:masters/CN=admin"))
        node_login = self._kubeconfig(keys, "node", f"/O=system:nodes/CN=system:node:{NODE_NAME}")
        self.control_plane = ControlPlane(kubernetes, keys, folder, logs)
        self.containerd = Containerd(folder, logs)
        self.kubelet = Kubelet(kubernetes, version, node_login, folder, logs)
        self.world = None
        self._world_program = world
        sample = "credential-provider-config.yaml" if version >= (1, 34) else "credential-provider-config-1.33.yaml"
        self.usual_providers = (SAMPLES / sample).read_text()
        self.usual_broker_file = USUAL_BROKER_FILE
        self.record = False  # whether to regenerate the README's recording
        self.passwords = [MIRROR_PASSWORD.encode()]  # that no log may contain

    def start(self):
        name_hosts({"127.0.0.1": [ISSUER_HOST], NODE_ADDRESS: [NODE_NAME]})
        self.control_plane.start()
        self.control_plane.wait_ready(self.cluster)
        for sample in ("rbac.yaml", "issuer-discovery.yaml"):
            self.cluster.kubectl("apply", "-f", SAMPLES / sample)

        issuer_keys = self.control_plane.public_keys()
        self.world = World(self._world_program, self.keys, self.folder, self.logs, ISSUER, issuer_keys)
        name_hosts(self.world.hosts)
        self.world.start()
        for authority in (self.world.authority, self.keys.authority):
            trust(authority)
        self.world.push("acme/app:1", "globex/app:1")

        # The login server is a test server without images.
        self.containerd.mirror(ACR, IN_HOUSE)
        # After the trust: containerd reads the machine's authorities once.
        self.containerd.start()
        self.containerd.wait_ready()
        self.kubelet.install_plugin(self.broker, PLUGIN)
        self.use_broker_file(USUAL_BROKER_FILE)
        self.kubelet.start(self.usual_providers)

    def use_broker_file(self, text):
        BROKER_FILE.parent.mkdir(mode=0o755, exist_ok=True)
        draft = BROKER_FILE.with_suffix(".new")
        draft.write_text(text)
        draft.chmod(0o644)
        draft.rename(BROKER_FILE)

    def use_providers(self, text):
        """A CredentialProviderConfig as Kubernetes 1.34 has it. Every plugin that it names is the program under test."""
        for name in re.findall(r"^- name: (\S+)$", text, re.MULTILINE):
            self.kubelet.install_plugin(self.broker, name)
        if self.version < (1, 34):
            text = "\n".join(line for line in text.splitlines() if "cacheType:" not in line)
        self.kubelet.restart(text)

    def use_cloud(self, cloud, audience, names=()):
        """The samples of one cloud, in which each name of a sample is replaced by one that the test servers know."""
        broker_file = (BROKER_SAMPLES / f"broker-{cloud}.yaml").read_text()
        providers = (SAMPLES / "several-clouds.yaml").read_text()
        for in_sample, here in dict(names).items():
            broker_file, providers = broker_file.replace(in_sample, here), providers.replace(in_sample, here)
        self.use_broker_file(broker_file)
        self.use_providers(providers)
        self.cluster.allow_audience(audience)

    def put_beside_broker_file(self, name, content):
        """A file that the broker file can name; its path comes back."""
        path = BROKER_FILE.parent / name
        path.write_bytes(content)
        path.chmod(0o600)
        return path

    def remove_broker_file(self):
        BROKER_FILE.unlink()

    def type_in(self, commands):
        """The output of a user's shell for these commands, in the folder of the logs. They must succeed."""
        run = subprocess.run(["bash", "-euc", commands], cwd=self.logs, env=self.cluster.environment,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=90, check=False)
        assert run.returncode == 0, f"{commands}\n{run.stdout}"
        return run.stdout

    def back_to_usual(self):
        """Undoes what a scenario may have changed; the kubelet goes on if its file is the usual one."""
        self.cluster.delete_pods()
        self.world.policy()
        self.use_broker_file(USUAL_BROKER_FILE)
        if self.kubelet.providers != self.usual_providers:
            self.kubelet.restart(self.usual_providers)

    def _kubeconfig(self, keys, name, subject):
        certificate, key = keys.client(name, subject)
        path = self.folder / f"{name}.kubeconfig"
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "here",
            "clusters": [{"name": "here", "cluster": {"server": ISSUER, "certificate-authority": str(keys.authority)}}],
            "users": [{"name": name, "user": {"client-certificate": str(certificate), "client-key": str(key)}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": name}}],
        }))
        return path
