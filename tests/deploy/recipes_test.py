"""The recipes: each file is what its reader expects, and all of them say the same of one broker file."""

import base64
import email
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import jsonschema
import yaml
from chart import REPOSITORY, SAMPLES, render

RECIPES = REPOSITORY / "config/deploy/recipes"
SAMPLE = SAMPLES / "broker-cloudsmith.yaml"


def program(*arguments, **options):
    return subprocess.run([os.environ["RCB_PROGRAM"], *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False, **options)


def load(name):
    return yaml.safe_load((RECIPES / name).read_text())


def kubelet_file(broker_file=SAMPLE):
    """What the program prints for a broker file."""
    run = program("render", "kubelet", "--kubernetes", "1.34", "--config", "-", "--skip-files", input=broker_file.read_text())
    assert run.returncode == 0, run.stderr
    return yaml.safe_load(run.stdout)


def here_documents(script):
    """The here-documents of a script that end with END, by the file that they are written to."""
    return dict(re.findall(r"^cat >(\S+) <<'END'\n(.*?)^END\n", script, re.M | re.S))


def written(user_data, path):
    return next(file["content"] for file in user_data["write_files"] if file["path"] == path)


class Complete(unittest.TestCase):
    def test_every_file_is_named_in_the_table(self):
        table = (RECIPES / "README.md").read_text()
        for path in sorted(RECIPES.glob("*/*")):
            self.assertIn(f"({path.relative_to(RECIPES)})", table)

    def test_scripts_are_executable_and_parse(self):
        for path in sorted(RECIPES.glob("*/*.sh")):
            self.assertTrue(os.access(path, os.X_OK), path)
            subprocess.run(["sh", "-n", path], check=True)


class BrokerFiles(unittest.TestCase):
    def test_are_the_sample(self):
        sample = yaml.safe_load(SAMPLE.read_text())
        user_data = load("cloud-init/user-data.yaml")
        eks = EksUserData.script()
        for text in (load("talos/broker-file.yaml")["machine"]["files"][0]["content"], written(user_data, "/etc/registry-credential-broker/config.yaml"),
                     here_documents(eks)["/etc/registry-credential-broker/config.yaml"]):
            self.assertEqual(yaml.safe_load(text), sample)
            run = program("validate", "--config", "-", input=text)
            self.assertEqual(run.returncode, 0, run.stderr + run.stdout)


class Talos(unittest.TestCase):
    def test_kubelets_entries_are_those_that_the_program_prints(self):
        new = load("talos/credential-provider.yaml")
        old = load("talos/credential-provider-1.13.yaml")
        self.assertEqual((new["apiVersion"], new["kind"]), ("v1alpha1", "KubeCredentialProviderConfig"))
        expected = kubelet_file()
        self.assertEqual(new["configuration"], expected)
        self.assertEqual(old["machine"]["kubelet"]["credentialProviderConfig"], expected)

    def test_extension_puts_the_program_where_the_kubelet_looks(self):
        dockerfile = (RECIPES / "talos/Dockerfile").read_text()
        self.assertIn("/registry-credential-broker /rootfs/usr/local/lib/kubelet/credentialproviders/registry-credential-broker\n", dockerfile)
        manifest = load("talos/manifest.yaml")
        self.assertEqual((manifest["version"], manifest["metadata"]["name"]), ("v1alpha1", "registry-credential-broker"))
        chart = yaml.safe_load((REPOSITORY / "config/deploy/helm/Chart.yaml").read_text())
        self.assertEqual(manifest["metadata"]["version"], chart["appVersion"])

    def test_broker_file_is_below_var_and_mounted_where_the_program_looks(self):
        machine = load("talos/broker-file.yaml")["machine"]
        path, mount = Path(machine["files"][0]["path"]), machine["kubelet"]["extraMounts"][0]
        self.assertTrue(path.is_relative_to("/var"))
        self.assertEqual(machine["files"][0]["permissions"], "0o644")
        self.assertEqual((str(path.parent), mount["destination"]), (mount["source"], "/etc/registry-credential-broker"))
        self.assertEqual(mount["options"], ["bind", "ro"])


class CloudInit(unittest.TestCase):
    def test_is_valid(self):
        schema = json.loads(Path(os.environ["RCB_CLOUD_INIT_SCHEMA"]).read_text())
        user_data = load("cloud-init/user-data.yaml")
        self.assertTrue((RECIPES / "cloud-init/user-data.yaml").read_text().startswith("#cloud-config\n"))
        jsonschema.Draft4Validator(schema).validate(user_data)
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.Draft4Validator(schema).validate(user_data | {"write_files": [{"content": "without a path"}]})

    def test_kubelet_gets_the_paths_that_are_written(self):
        user_data = load("cloud-init/user-data.yaml")
        join, script = yaml.safe_load(written(user_data, "/etc/kubernetes/join.yaml")), written(user_data, "/usr/local/sbin/join")
        flags = {flag["name"]: flag["value"] for flag in join["nodeRegistration"]["kubeletExtraArgs"]}
        self.assertIn(f"--kubelet-config {flags['image-credential-provider-config']} --bin-dir {flags['image-credential-provider-bin-dir']}", script)
        self.assertLess(script.index("install --files-only"), script.index("kubeadm join"))
        check_script(script)


class EksUserData(unittest.TestCase):
    @staticmethod
    def script():
        message = email.message_from_string((RECIPES / "eks/user-data.txt").read_text())
        parts = message.get_payload()
        assert message.get_content_type() == "multipart/mixed" and len(parts) == 1, message
        assert parts[0].get_content_type() == "text/x-shellscript"
        return parts[0].get_payload()

    def test_script_is_sound(self):
        check_script(self.script())

    def test_entry_is_written_before_each_start_of_the_kubelet_and_a_failure_does_not_keep_it_down(self):
        unit = next(text for path, text in here_documents(self.script()).items() if "/kubelet.service.d/" in path)
        command = re.search(r"^ExecStartPre=-(.*)$", unit.replace("\\\n", ""), re.M)[1].split()
        self.assertEqual(command[:2], ["/usr/libexec/registry-credential-broker/registry-credential-broker", "install"])
        self.assertIn("/etc/eks/image-credential-provider/config.json", command)


class MachineConfig(unittest.TestCase):
    def rendered(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "kubelet.yaml"
            file.write_text(yaml.safe_dump(kubelet_file()))
            run = subprocess.run([RECIPES / "machineconfig/machineconfig.sh", "worker", "registry.example.com/broker@sha256:0", SAMPLE, file,
                                  "/etc/kubernetes/credential-providers/ecr-credential-provider.yaml"], check=True, capture_output=True, text=True)
        return yaml.safe_load(run.stdout)

    def test_is_valid_ignition(self):
        config = self.rendered()["spec"]["config"]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(config, file)
            file.flush()
            run = subprocess.run([os.environ["RCB_IGNITION_VALIDATE"], file.name], capture_output=True, text=True, check=False)
        self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))

    def test_files_are_what_was_given(self):
        config = self.rendered()
        self.assertEqual(config["metadata"]["labels"], {"machineconfiguration.openshift.io/role": "worker"})
        files = {file["path"]: base64.b64decode(file["contents"]["source"].removeprefix("data:;base64,")).decode()
                 for file in config["spec"]["config"]["storage"]["files"]}
        self.assertEqual(files["/etc/registry-credential-broker/config.yaml"], SAMPLE.read_text())
        self.assertEqual(files["/etc/registry-credential-broker/stage.sh"], (RECIPES / "machineconfig/stage.sh").read_text())
        self.assertEqual(yaml.safe_load(files["/etc/kubernetes/credential-providers/ecr-credential-provider.yaml"]), kubelet_file())


class Others(unittest.TestCase):
    def test_packer_template_is_formatted_hcl(self):
        file = RECIPES / "packer/node-image.pkr.hcl"
        run = subprocess.run([os.environ["RCB_HCLFMT"], "-check", "-require-no-change", file], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_chart_takes_the_values_for_container_optimized_os(self):
        values = load("cos/values.yaml") | {"broker": {"config": SAMPLE.read_text()}}
        self.assertIn("DaemonSet", [thing["kind"] for thing in render(values)])

    def test_kind_mounts_what_the_kubelet_is_told(self):
        node = load("kind/cluster.yaml")["nodes"][0]
        mounted = [mount["containerPath"] for mount in node["extraMounts"]]
        flags = yaml.safe_load(node["kubeadmConfigPatches"][0])["nodeRegistration"]["kubeletExtraArgs"]
        self.assertIn(flags["image-credential-provider-bin-dir"], mounted)
        self.assertIn(str(Path(flags["image-credential-provider-config"]).parent), mounted)
        self.assertIn("/etc/registry-credential-broker", mounted)


class Run(unittest.TestCase):
    """The scripts, run in a folder of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)

    def tool(self, name, text):
        tool = self.folder / "tools" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text(text)
        tool.chmod(0o755)

    def shell(self, script, *arguments, **variables):
        environment = {"PATH": f"{self.folder}/tools:{os.environ['PATH']}", "HOME": str(self.folder), **variables}
        return subprocess.run(["sh", script, *map(str, arguments)], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60,
                              check=False)

    def test_minikube_gets_files_before_it_starts(self):
        self.tool("minikube", f"#!/bin/sh\necho \"$@\" >{self.folder}/started\n")
        broker_file = SAMPLES / "broker-three-registries.yaml"
        run = self.shell(RECIPES / "minikube/start.sh", os.environ["RCB_PROGRAM"], broker_file, "--kubernetes-version=v1.34.4")
        self.assertEqual(run.returncode, 0, run.stderr)
        files = self.folder / ".minikube/files"
        self.assertEqual(yaml.safe_load((files / "etc/kubernetes/credential-provider-config.yaml").read_text()),
                         kubelet_file(broker_file))
        self.assertEqual((files / "etc/registry-credential-broker/config.yaml").read_text(), broker_file.read_text())
        for name in ("", "-harbor", "-mirror"):
            self.assertTrue(os.access(files / f"usr/local/lib/kubelet-plugins/registry-credential-broker{name}", os.X_OK))
        self.assertIn("start --kubernetes-version=v1.34.4 --extra-config=kubelet.image-credential-provider-config=/etc/kubernetes/",
                      (self.folder / "started").read_text())

    def test_minikube_does_not_start_with_an_invalid_broker_file(self):
        self.tool("minikube", f"#!/bin/sh\ntouch {self.folder}/started\n")
        file = self.folder / "config.yaml"
        file.write_text("kind: Nothing\n")
        self.assertNotEqual(self.shell(RECIPES / "minikube/start.sh", os.environ["RCB_PROGRAM"], file).returncode, 0)
        self.assertFalse((self.folder / "started").exists())

    def image(self, text):
        """The current folder of packer/install.sh."""
        (self.folder / "program").write_text(text)
        (self.folder / "config.yaml").write_text(SAMPLE.read_text())
        digest = subprocess.run(["sha256sum", "program"], cwd=self.folder, check=True, capture_output=True, text=True).stdout
        (self.folder / "SHA256SUMS").write_text(digest)

    def test_image_bake_installs_the_verified_program(self):
        self.image("#!/bin/sh\necho \"$@\" >called\n")
        run = self.shell(RECIPES / "packer/install.sh", "program", KUBERNETES="1.34", PLUGINS="/opt/plugins")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual((self.folder / "called").read_text(), "install --files-only --kubernetes 1.34 --config config.yaml --kubelet-config "
                         "/etc/kubernetes/credential-provider-config.yaml --bin-dir /opt/plugins\n")

    def test_image_bake_does_not_run_another_program_than_the_verified_one(self):
        self.image("#!/bin/sh\necho \"$@\" >called\n")
        (self.folder / "program").write_text("#!/bin/sh\ntouch called\n")
        self.assertNotEqual(self.shell(RECIPES / "packer/install.sh", "program", KUBERNETES="1.34").returncode, 0)
        self.assertNotEqual(self.shell(RECIPES / "packer/install.sh", "unknown", KUBERNETES="1.34").returncode, 0)
        self.assertFalse((self.folder / "called").exists())


def check_script(text):
    run = subprocess.run(["shellcheck", "--shell=sh", "-"], input=text.lstrip("\n"), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


if __name__ == "__main__":
    unittest.main()
