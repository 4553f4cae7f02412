"""The kubelet with its credential provider plugins."""

import json
import re
import shutil
import ssl
import urllib.request
from pathlib import Path

from .cluster import NODE_NAME
from .containerd import SOCKET
from .machine import NODE_ADDRESS
from .process import Process, wait_until


class Kubelet:
    def __init__(self, programs, version, kubeconfig, folder, logs):
        self._folder = folder
        self.plugins = folder / "plugins"
        self.plugins.mkdir()
        self._providers = folder / "credential-provider-config.yaml"
        self._config = folder / "kubelet.json"
        self._config.write_text(json.dumps(self._settings(version, folder)))
        self.kubeconfig = kubeconfig
        self._process = Process("kubelet", [
            programs / "kubelet", f"--config={self._config}", f"--kubeconfig={kubeconfig}",
            f"--root-dir={folder / 'kubelet'}", f"--cert-dir={folder / 'kubelet-certificates'}",
            f"--hostname-override={NODE_NAME}", f"--node-ip={NODE_ADDRESS}",
            f"--image-credential-provider-config={self._providers}",
            f"--image-credential-provider-bin-dir={self.plugins}", "--v=4",
        ], logs)
        self._mark = 0

    @staticmethod
    def _settings(version, folder):
        settings = {
            "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
            "containerRuntimeEndpoint": f"unix://{SOCKET}",
            "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
            "authorization": {"mode": "AlwaysAllow"},
            "cgroupDriver": "cgroupfs", "cgroupsPerQOS": False, "enforceNodeAllocatable": [], "failSwapOn": False,
            "evictionHard": {"memory.available": "1Mi", "nodefs.available": "0.01%", "nodefs.inodesFree": "0.01%",
                             "imagefs.available": "0.01%", "imagefs.inodesFree": "0.01%"},
            "imageGCHighThresholdPercent": 100, "podLogsDir": str(folder / "pod-logs"), "resolvConf": "",
            "serializeImagePulls": False,
        }
        if version < (1, 34):
            settings["featureGates"] = {"KubeletServiceAccountTokenForCredentialProviders": True}
        if version >= (1, 35):
            settings["failCgroupV1"] = False
        return settings

    def install_plugin(self, program, name):
        """As an installer does it: complete before it has its name."""
        draft = self.plugins / f".{name}.new"
        shutil.copyfile(program, draft)
        draft.chmod(0o755)
        draft.rename(self.plugins / name)

    def start(self, providers):
        """With this CredentialProviderConfig, a file's text."""
        self._providers.write_text(providers)
        self._process.start()
        self._process.wait_ready(self.is_ready, 60)

    @property
    def command_without_plugins(self):
        """For a kubelet that is started in another way."""
        return [word for word in self._process.command if not word.startswith("--image-credential-provider-")]

    @property
    def providers(self):
        return self._providers.read_text()

    @property
    def provider_file(self):
        return self._providers

    @property
    def pid(self):
        return self._process.pid

    def restart(self, providers=None):
        """Containers go on; credentials in memory are forgotten."""
        providers = providers or self.providers
        self._process.stop()
        self.start(providers)

    def stop(self):
        self._process.stop()

    def restart_changed(self, without="", gates=None):
        """With all flags but one, and with more feature gates, until the function that comes back is called."""
        command, settings = self._process.command, self._config.read_text()
        self._process.command = [part for part in command if not (without and part.startswith(without))]
        changed = json.loads(settings)
        changed["featureGates"] = {**changed.get("featureGates", {}), **(gates or {})}
        self._config.write_text(json.dumps(changed))
        self.restart()

        def undo():
            self._process.command = command
            self._config.write_text(settings)
            self.restart()

        return undo

    @staticmethod
    def is_ready():
        with urllib.request.urlopen("http://127.0.0.1:10248/healthz") as answer:
            return answer.read() == b"ok"

    # --- What it says ---

    def mark(self):
        """From here on `says` looks."""
        self._mark = self._process.log.stat().st_size

    def said(self):
        with self._process.log.open("rb") as log:
            log.seek(self._mark)
            return log.read().decode(errors="replace")

    def says(self, *texts, seconds=30):
        """Waits for a line with all these texts, which comes back. Quotes in it are as the plugin wrote them."""
        def line():
            for candidate in self.said().splitlines():
                candidate = candidate.replace('\\"', '"')
                if all(text in candidate for text in texts):
                    return candidate
            return None

        return wait_until(line, seconds, f"the kubelet's log has a line with {', '.join(map(repr, texts))}")

    def plugin_runs(self, name):
        """How often the kubelet ran this plugin, by its own metrics."""
        context = ssl._create_unverified_context()  # the kubelet's certificate is one that it made for itself
        with urllib.request.urlopen("https://127.0.0.1:10250/metrics", context=context) as answer:
            metrics = answer.read().decode()
        count = "kubelet_credential_provider_plugin_duration_count"
        found = re.search(rf'^{count}{{plugin_name="{name}"}} (\d+)', metrics, re.M)
        return int(found.group(1)) if found else 0
