"""The chart: what helm renders of values, and what it refuses."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import policy
import yaml
from chart import AUDIENCES, BROKER_FILE, CHART, IMAGE, PATHS, REPOSITORY, SAMPLES, helm, only, pod_of, refusal, render, usual

VECTORS = REPOSITORY / "tests/core/dispatch/vectors/kubelet-match.jsonl"
PATTERN = r"^[A-Za-z0-9.*-]+(:[0-9]+)?(/[\w./-]*)?$"
MODES = ("install", "files-only", "rbac-only", "uninstall")


def values_of(mode, **changes):
    return usual(mode=mode, **({"kubelet": PATHS} if mode == "files-only" else {}), **changes)


def arguments(container):
    return " ".join(container["args"])


class Lint(unittest.TestCase):
    def test_finds_nothing_in_any_mode(self):
        for mode in MODES:
            with self.subTest(mode):
                run = helm("lint", CHART, "--strict", "--values", "-", stdin=yaml.safe_dump(values_of(mode)))
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
                self.assertNotIn("[WARNING]", run.stdout)

    def test_packs_only_what_the_chart_needs(self):
        with tempfile.TemporaryDirectory() as folder:
            run = helm("package", CHART, "--destination", folder)
            self.assertEqual(run.returncode, 0, run.stderr)
            archive = next(Path(folder).iterdir())
            names = subprocess.run(["tar", "-tzf", archive], check=True, capture_output=True, text=True).stdout.split()
        known = {"Chart.yaml", "values.yaml", "values.schema.json"}
        self.assertEqual({name for name in names if "/templates/" not in name}, {f"registry-credential-broker/{name}" for name in known})

    def test_chart_has_the_programs_version(self):
        version = re.search(r"VERSION (\S+)", (REPOSITORY / "CMakeLists.txt").read_text().partition("project(")[2])[1]
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        self.assertEqual((chart["version"], chart["appVersion"]), (version, version))


class Modes(unittest.TestCase):
    def test_none_has_a_fault_of_the_policy(self):
        for mode in MODES:
            with self.subTest(mode):
                folders = {"/etc/kubernetes", PATHS["binDir"]}
                self.assertEqual(policy.faults(render(values_of(mode)), mode, folders), [])

    def test_policy_finds_what_it_must_find(self):
        objects = render(usual())
        for break_it, fault in (
            (lambda pod: pod.update(hostIPC=True), "hostIPC is set"),
            (lambda pod: pod.pop("automountServiceAccountToken"), "the pod gets a token"),
            (lambda pod: pod["containers"][0]["securityContext"].update(privileged=True), "install: privileged"),
            (lambda pod: pod["containers"][0]["securityContext"]["capabilities"]["add"].append("SYS_ADMIN"), "install: capability SYS_ADMIN"),
            (lambda pod: pod["volumes"][0]["hostPath"].update(path="/proc"), "sees /proc of the node"),
            (lambda pod: pod["containers"][0]["volumeMounts"].pop(0), "volume node is not mounted"),
        ):
            broken = json.loads(json.dumps(objects))
            break_it(pod_of(broken))
            self.assertEqual(policy.faults(broken, "install"), [fault])
        # A restart of the kubelet needs them; files alone do not.
        self.assertEqual(policy.faults(objects, "files-only"), ["hostPID is set", "sees / of the node"])

    def test_kinds_of_each(self):
        rules = ["ClusterRole", "ClusterRoleBinding"]
        for mode, kinds in (("install", ["ServiceAccount", "ConfigMap", *rules, "DaemonSet"]),
                            ("files-only", ["ServiceAccount", "ConfigMap", *rules, "DaemonSet"]),
                            ("uninstall", ["ServiceAccount", *rules, "DaemonSet"]), ("rbac-only", rules)):
            with self.subTest(mode):
                self.assertEqual(sorted(thing["kind"] for thing in render(values_of(mode))), sorted(kinds))

    def test_install_sees_the_node_and_stays(self):
        pod = pod_of(render(usual()))
        self.assertEqual(arguments(pod["containers"][0]), "install --root /host --config /config/config.yaml --stay")
        self.assertEqual(pod["containers"][0]["readinessProbe"]["exec"]["command"],
                         ["/registry-credential-broker", "install", "--check", "--root", "/host", "--config", "/config/config.yaml"])
        self.assertTrue(pod["hostNetwork"])

    def test_files_only_sees_four_folders_and_names_the_kubelets_files(self):
        pod = pod_of(render(values_of("files-only")))
        self.assertEqual([volume["hostPath"]["path"] for volume in pod["volumes"] if "hostPath" in volume],
                         ["/etc/registry-credential-broker", "/var/lib/registry-credential-broker", PATHS["binDir"], "/etc/kubernetes"])
        for mount in pod["containers"][0]["volumeMounts"][:4]:
            path = next(volume["hostPath"]["path"] for volume in pod["volumes"] if volume["name"] == mount["name"])
            self.assertEqual(mount["mountPath"], "/host" + path)
        self.assertIn(f"--files-only --kubernetes 1.34 --kubelet-config {PATHS['configPath']} --bin-dir {PATHS['binDir']} --stay",
                      arguments(pod["containers"][0]))

    def test_files_only_mounts_a_folder_once_and_takes_a_folder_of_the_kubelet_as_it_is(self):
        for path, folder in (("/etc/eks/image-credential-provider/config.json", "/etc/eks/image-credential-provider"),
                             ("/etc/kubernetes/credential-providers.d", "/etc/kubernetes/credential-providers.d")):
            pod = pod_of(render(values_of("files-only") | {"kubelet": PATHS | {"configPath": path, "binDir": folder}}))
            self.assertEqual([volume["hostPath"]["path"] for volume in pod["volumes"] if "hostPath" in volume][2:], [folder])

    def test_uninstall_is_ready_only_after_the_node_is_clean(self):
        pod = pod_of(render(values_of("uninstall")))
        self.assertEqual(arguments(pod["initContainers"][0]), "uninstall --root /host")
        self.assertEqual(arguments(pod["containers"][0]), "uninstall --root /host --stay")
        self.assertNotIn("broker-file", [volume["name"] for volume in pod["volumes"]])

    def test_uninstall_after_files_only_leaves_the_kubelet_alone(self):
        objects = render(values_of("uninstall", kubelet=PATHS))
        self.assertEqual(arguments(pod_of(objects)["initContainers"][0]), "uninstall --root /host --files-only")
        self.assertEqual(policy.faults(objects, "files-only", {"/etc/kubernetes", PATHS["binDir"]}), [])

    def test_rbac_only_needs_no_image(self):
        objects = render({"mode": "rbac-only", "audiences": ["harbor"]})
        self.assertEqual(only(objects, "ClusterRole")["rules"][0]["resources"], ["harbor"])


class Rendered(unittest.TestCase):
    def test_pods_go_to_every_node_first(self):
        daemonset = only(render(usual(maxUnavailable="10%")), "DaemonSet")["spec"]
        pod = daemonset["template"]["spec"]
        self.assertEqual(daemonset["updateStrategy"], {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}})
        self.assertEqual((pod["tolerations"], pod["priorityClassName"]), ([{"operator": "Exists"}], "system-node-critical"))

    def test_nodes_are_chosen_and_windows_never(self):
        affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
            {"matchExpressions": [{"key": "pool", "operator": "In", "values": ["a"]}]}]}}}
        pod = pod_of(render(usual(nodeSelector={"pool": "a", "kubernetes.io/os": "windows"}, affinity=affinity)))
        self.assertEqual(pod["nodeSelector"], {"pool": "a", "kubernetes.io/os": "linux"})
        self.assertEqual(pod["affinity"], affinity)

    def test_image_is_named_by_tag_digest_or_the_charts_version(self):
        digest = "sha256:" + "0" * 64
        for image, name in (({}, ":0.1.0"), ({"tag": "1.2"}, ":1.2"), ({"digest": digest}, "@" + digest),
                            ({"tag": "1.2", "digest": digest}, ":1.2@" + digest)):
            self.assertEqual(pod_of(render(usual(image=IMAGE | image)))["containers"][0]["image"], IMAGE["repository"] + name)

    def test_resources_and_pull_secrets_are_the_values(self):
        pod = pod_of(render(usual(resources={"limits": {"memory": "99Mi"}}, imagePullSecrets=[{"name": "pull"}])))
        self.assertEqual(pod["containers"][0]["resources"]["limits"]["memory"], "99Mi")
        self.assertEqual(pod["imagePullSecrets"], [{"name": "pull"}])

    def test_broker_file_is_the_same_bytes(self):
        for text in (BROKER_FILE, BROKER_FILE.rstrip("\n"), BROKER_FILE + "\n\n", "# {{ .Values }} 'q' \"\\n\" ü\n" + BROKER_FILE):
            config_map = only(render(usual(broker={"config": text})), "ConfigMap")
            self.assertEqual(config_map["data"], {"config.yaml": text})
            self.assertTrue(config_map["immutable"])

    def test_changed_broker_file_changes_the_pods(self):
        one, other = render(usual()), render(usual(broker={"config": BROKER_FILE + "# changed\n"}))
        names = [only(objects, "ConfigMap")["metadata"]["name"] for objects in (one, other)]
        self.assertNotEqual(*names)
        for objects, name in zip((one, other), names):
            self.assertEqual(pod_of(objects)["volumes"][-1]["configMap"]["name"], name)

    def test_existing_config_map_is_mounted(self):
        objects = render(usual(broker={"existingConfigMap": "mine"}))
        self.assertEqual(pod_of(objects)["volumes"][-1]["configMap"]["name"], "mine")
        self.assertNotIn("ConfigMap", [thing["kind"] for thing in objects])

    def test_namespace_is_the_releases(self):
        for thing in render(usual(), namespace="elsewhere"):
            self.assertEqual(thing["metadata"].get("namespace"), None if thing["kind"].startswith("Cluster") else "elsewhere")

    def test_rules_without_identity_need_no_access_rules(self):
        file = "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n" \
               "- {name: m, module: static-token, identity: none, matchImages: [mirror.test], settings: {username: a, passwordFile: /etc/p}}\n"
        self.assertNotIn("ClusterRole", [thing["kind"] for thing in render(usual(broker={"config": file}, audiences=[]))])

    def test_every_sample_is_taken(self):
        for sample in sorted(SAMPLES.glob("broker-*")):
            with self.subTest(sample.name):
                if sample.suffix not in (".yaml", ".json") or "schema" in sample.name:
                    continue
                text = sample.read_text()
                audiences = sorted({rule["audience"] for rule in yaml.safe_load(text)["providers"] if "audience" in rule})
                self.assertEqual(only(render(usual(broker={"config": text}, audiences=audiences)), "ConfigMap")["data"]["config.yaml"], text)

    def test_notes_say_what_to_do_next(self):
        for mode, text in (("install", "kubectl rollout status daemonset/broker --namespace kube-system"), ("files-only", "Nothing was restarted"),
                           ("uninstall", "helm uninstall broker --namespace kube-system"), ("rbac-only", "cloudsmith, harbor")):
            run = helm("install", "broker", CHART, "--namespace", "kube-system", "--values", "-", "--dry-run=client",
                       stdin=yaml.safe_dump(values_of(mode)))
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn(text, run.stdout.partition("NOTES:")[2])


class Refused(unittest.TestCase):
    def test_values_that_contradict_each_other(self):
        for values, why in (
            (usual(image={}), "image.repository is empty"),
            (usual(broker={}), "mode install needs the broker file"),
            (usual(broker={"config": BROKER_FILE, "existingConfigMap": "mine"}), "both broker.config and broker.existingConfigMap"),
            (usual(kubelet=PATHS), "but mode install reads it from the running kubelet"),
            (usual(mode="files-only"), "mode files-only needs kubelet."),
            (usual(mode="files-only", kubelet=PATHS | {"binDir": ""}), "mode files-only needs kubelet.binDir"),
            (usual(audiences=["cloudsmith"]), 'audiences are ["cloudsmith"], but those of the broker file are ["cloudsmith","harbor"]'),
            (usual(audiences=[*AUDIENCES, "other"]), "set audiences to the latter"),
            (usual(mode="rbac-only", audiences=["cloudsmith"]), "set audiences to the latter"),
            (usual(broker={"config": "a: [b"}), "the broker file is not valid YAML"),
            (usual(broker={"config": "kind: CredentialProviderConfig\n"}), "has the kind CredentialProviderConfig instead of BrokerConfig"),
        ):
            with self.subTest(why):
                self.assertIn(why, refusal(values))

    def test_image_that_needs_the_broker(self):
        image = {"repository": "docker.cloudsmith.io/acme/tools/registry-credential-broker"}
        self.assertIn("matches docker.cloudsmith.io of rule cloudsmith: nodes would need the broker to pull the broker", refusal(usual(image=image)))
        # With a secret the nodes can pull it by themselves; and for uninstalling it is there already.
        render(usual(image=image, imagePullSecrets=[{"name": "pull"}]))
        render(usual(image=image, mode="uninstall"))

    def test_values_that_the_schema_does_not_know(self):
        for change in ({"mode": "privileged"}, {"extra": 1}, {"image": {"repository": "a", "pullPolicy": "Always"}}, {"audiences": ["*"]},
                       {"audiences": ["a", "a"]}, {"audiences": "cloudsmith"}, {"image": {"repository": "a", "digest": "sha256:0"}},
                       {"image": {"repository": "https://registry.example.com/a"}}, {"kubelet": {"version": "1.34.4"}},
                       {"kubelet": {"binDir": "plugins"}}, {"kubelet": {"binDir": "/a/../b"}}, {"maxUnavailable": 0}, {"maxUnavailable": "0%"},
                       {"broker": {"config": {"kind": "BrokerConfig"}}}, {"imagePullSecrets": ["pull"]}, {"nodeSelector": {"a": True}}):
            with self.subTest(str(change)):
                self.assertIn("values don't meet the specifications of the schema", refusal(usual(**change)))

    def test_kubernetes_without_the_stable_api(self):
        self.assertIn("kubeVersion", refusal(usual(), "--kube-version", "1.25.0"))
        render(usual(), "--kube-version", "1.26.0")


class Matching(unittest.TestCase):
    def test_agrees_with_the_kubelet(self):
        vectors = [json.loads(line) for line in VECTORS.read_text().splitlines()]
        # What the schema takes as a repository, with or without tag and digest, and what a broker file may have as a pattern.
        repository = json.loads((CHART / "values.schema.json").read_text())["properties"]["image"]["properties"]["repository"]["pattern"]
        vectors = [vector for vector in vectors if "/" in vector["image"] and re.search(PATTERN, vector["pattern"])
                   and re.search(repository, re.sub(r"(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$", "", vector["image"]))]
        self.assertGreater(len(vectors), 200)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "templates").mkdir()
            shutil.copy(CHART / "Chart.yaml", folder)
            shutil.copy(CHART / "templates/_helpers.tpl", Path(folder) / "templates")
            (Path(folder) / "templates/answers.yaml").write_text(
                'answers:\n{{ range .Values.vectors }}- {{ include "rcb.matches" . | default "false" }}\n{{ end }}')
            answers = render({"vectors": [{"image": vector["image"], "pattern": vector["pattern"]} for vector in vectors]}, chart=folder)
        wrong = [(vector["pattern"], vector["image"]) for vector, answer in zip(vectors, answers[0]["answers"], strict=True)
                 if answer != vector["matches"]]
        self.assertEqual(wrong, [])


class AccessRules(unittest.TestCase):
    def test_are_those_that_the_program_renders(self):
        config = SAMPLES / "broker-three-registries.yaml"
        for version in ("1.33", "1.34", "1.37"):
            with self.subTest(version):
                run = subprocess.run([os.environ["RCB_PROGRAM"], "render", "rbac", "--kubernetes", version, "--config", config],
                                     check=True, capture_output=True, text=True)
                rendered = {thing["kind"]: thing for thing in yaml.safe_load_all(run.stdout)}
                objects = render(usual(), "--kube-version", f"{version}.0")
                self.assertEqual(only(objects, "ClusterRole")["rules"], rendered["ClusterRole"]["rules"])
                self.assertEqual(only(objects, "ClusterRoleBinding")["subjects"], rendered["ClusterRoleBinding"]["subjects"])


if __name__ == "__main__":
    unittest.main()
