#!/usr/bin/env python3
"""Installs on a copy of each layout of tests/layouts, byte by byte:

    tests/install/layouts.py PROGRAM

Everything that was there keeps its bytes except our entries and flags, a second run changes nothing, and `uninstall` gives every byte back, also where
another program has written to a file in between. Needs root; without it the exit status is 77.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from node_folder import BROKER, ENVIRONMENT, NodeFolder, without_symbols

LAYOUTS = Path(__file__).resolve().parent.parent / "layouts"
# What `install` finds: the unit, the provider file, the plugin folder, and the file that gets the flags.
FOUND = {
    "aks": ("AKS", "kubelet.service", "var/lib/kubelet/credential-provider-config.yaml", "var/lib/kubelet/credential-provider", None),
    "eks-al2023": ("EKS", "kubelet.service", "etc/eks/image-credential-provider/config.json", "etc/eks/image-credential-provider", None),
    "gke-cos": ("GKE", "kubelet.service", "etc/srv/kubernetes/cri_auth_config.yaml", "home/kubernetes/bin", None),
    "k3s": ("k3s", "k3s-agent.service", "var/lib/rancher/credentialprovider/config.yaml", "var/lib/rancher/credentialprovider/bin", None),
    "kind": ("kind", "kubelet.service", "etc/kubernetes/credential-provider-config.yaml", "usr/local/lib/kubelet-plugins", "etc/default/kubelet"),
    "kubeadm-deb": ("kubeadm", "kubelet.service", "etc/kubernetes/credential-provider-config.yaml", "usr/local/lib/kubelet-plugins",
                    "etc/default/kubelet"),
    "kubeadm-rpm": ("kubeadm", "kubelet.service", "etc/kubernetes/credential-provider-config.yaml", "usr/local/lib/kubelet-plugins",
                    "etc/sysconfig/kubelet"),
    "microk8s": ("MicroK8s", "snap.microk8s.daemon-kubelite.service", "var/snap/microk8s/common/credential-provider-config.yaml",
                 "var/snap/microk8s/common/kubelet-plugins", "var/snap/microk8s/8612/args/kubelet"),
    "openshift-aws": ("OpenShift", "kubelet.service", "etc/kubernetes/credential-providers/ecr-credential-provider.yaml",
                      "usr/libexec/kubelet-image-credential-provider-plugins", None),
    "openshift-generic": ("OpenShift", "kubelet.service", "etc/kubernetes/credential-providers/generic-credential-provider.yaml",
                          "usr/libexec/kubelet-image-credential-provider-plugins", None),
    "rke2": ("rke2", "rke2-agent.service", "var/lib/rancher/credentialprovider/config.yaml", "var/lib/rancher/credentialprovider/bin", None),
}
# There is no place for the flags: `install` says so, and writes the files only.
WITHOUT_FLAGS = {"minikube": "minikube"}
OPTIONS = ["--files-only", "--kubernetes", "1.34"]


def node_of(program, layout):
    node = NodeFolder(program, {})
    shutil.copytree(LAYOUTS / layout / "node", node.root, symlinks=True, dirs_exist_ok=True)
    process = "proc/4242"
    words = (LAYOUTS / layout / "cmdline").read_text().splitlines()
    node.write("proc/1/cmdline", "/sbin/init\0")
    node.write(f"{process}/cmdline", "\0".join(words) + "\0")
    node.write(f"{process}/cgroup", (LAYOUTS / layout / "cgroup").read_text())
    node.write(f"{process}/stat", "4242 (kubelet) S " + " ".join(map(str, range(1, 30))) + "\n")
    (node.root / process / "exe").symlink_to((LAYOUTS / layout / "exe").read_text().strip())
    for folder in ("etc", "var", "usr"):
        (node.root / folder).mkdir(exist_ok=True)
    for name in ["ecr", "crio"] if layout.startswith("openshift") else []:
        node.write(f"usr/libexec/kubelet-image-credential-provider-plugins/{name}-credential-provider", "#!/bin/true\n")
    # Other programs are executable there, whatever the copy's modes are.
    for path in node.root.rglob("*-credential-provider*"):
        if path.is_file() and path.suffix not in (".yaml", ".json"):
            path.chmod(0o755)
    for path in node.root.rglob("auth-provider-gcp"):
        path.chmod(0o755)
    return node


def must_add_only(before, after):
    """The old text is in the new one, in its order: nothing was taken out or rewritten."""
    if isinstance(before, str):
        raise AssertionError(f"became a link to {after}")
    rest = iter(after)
    assert all(byte in rest for byte in before), f"{before!r} is not what is left of {after!r}"


def install(program, layout, found):
    distribution, unit, providers, plugins, flags = found
    with node_of(program, layout) as node:
        original = node.snapshot()
        said = node.run("install", *OPTIONS, "--config", node.broker)
        assert said.splitlines()[0] == f"{distribution}, Kubernetes 1.34, {unit}", said
        installed = node.snapshot()
        assert os.access(node.root / plugins / "registry-credential-broker", os.X_OK)
        assert (node.root / plugins / "registry-credential-broker-other").resolve().name == "registry-credential-broker"
        text = (node.root / providers).read_text()
        assert re.search(r'name"?: "?registry-credential-broker-other', text), text
        new = {name for name in installed if name not in original and not name.startswith("var/lib/registry-credential-broker/")}
        expected = {providers, f"{plugins}/registry-credential-broker", f"{plugins}/registry-credential-broker-other",
                    "etc/registry-credential-broker/config.yaml", *([flags] if flags else [])}
        assert new == expected - set(original), new ^ (expected - set(original))
        for name, entry in original.items():
            if name in expected:
                assert installed[name][:2] == entry[:2], f"owner or mode of {name}"
                must_add_only(entry[2], installed[name][2])
            else:
                assert installed[name] == entry, f"{name} was changed"
        if flags:
            assert f"--image-credential-provider-config=/{providers}" in (node.root / flags).read_text()
        assert "the kubelet reads the files when it is restarted" in node.run("install", *OPTIONS, "--config", node.broker)
        assert node.snapshot() == installed, "a second run changed something"
        node.run("uninstall", "--files-only")
        assert node.snapshot() == original, "uninstall left something"
        if (node.root / providers).exists():
            foreign_changes_stay(node, providers, flags)


def foreign_changes_stay(node, providers, flags):
    """Another program writes to the files while the program is installed: `uninstall` takes out what is ours, and `install` puts it back."""
    file = node.root / providers
    node.run("install", *OPTIONS, "--config", node.broker)
    # As a vendor writes its file again, at a boot.
    theirs = file.read_text().replace("\n", " \n", 1) if file.suffix == ".json" else "# theirs\n" + file.read_text()
    file.write_text(theirs)
    node.run("uninstall", "--files-only")
    left = file.read_text()
    assert "registry-credential-broker" not in left, left
    assert left.startswith(theirs[:9]), left
    if flags:
        assert "image-credential-provider" not in (node.root / flags).read_text()


def refused_without_flags(program, layout, distribution):
    with node_of(program, layout) as node:
        original = node.snapshot()
        said = node.run("install", "--kubernetes", "1.34", "--config", node.broker, status=78)
        assert "no place for the kubelet's flags" in said and "code=node-unsupported" in said, said
        assert node.snapshot() == original
        said = node.run("install", *OPTIONS, "--config", node.broker)
        assert said.startswith(distribution) and "note: the kubelet must be started with --image-credential-provider-config=" in said, said
        # The operator sets the flags. A kubelet with them would not start without the file, so they must go first.
        line = node.root / "proc/4242/cmdline"
        without = line.read_text()
        flags = re.search(r"started with (--\S+) and (--\S+)", said).groups()
        line.write_text(without + "\0".join(flags) + "\0")
        installed = node.snapshot()
        assert "remove both flags first" in node.run("uninstall", "--files-only", status=78)
        assert node.snapshot() == installed
        line.write_text(without)
        node.run("uninstall", "--files-only")
        assert node.snapshot() == original


def wait_for(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within a minute"
        time.sleep(0.1)


def stays(program):
    """`--stay` installs again when the file of --config changes, goes on after a failure, and ends at SIGTERM."""
    with NodeFolder(program) as node:
        providers = node.root / "etc/kubernetes/credential-provider-config.yaml"
        log = node.root.parent / "log"
        with log.open("w") as output:
            run = subprocess.Popen(node.command("install", *OPTIONS, "--config", node.broker, "--stay"), stdout=output, stderr=output,
                                   env=ENVIRONMENT)
        try:
            wait_for(lambda: "docker.example.com" in providers.read_text(), "the first installation")
            node.broker.write_text("invalid\n")
            wait_for(lambda: "code=config-invalid" in log.read_text(), "a line about the broken file")
            node.broker.write_text(BROKER.replace("docker.example.com", "changed.example.com"))
            wait_for(lambda: "changed.example.com" in providers.read_text(), "the second installation")
        finally:
            run.terminate()
            status = run.wait(60)
        assert status == 0, f"status {status}\n{log.read_text()}"
        assert log.read_text().count("code=config-invalid") == 1, log.read_text()


def refuses(program):
    """What it cannot do safely: nothing changes, and the line says why."""
    for prepare, why in [
            (lambda node: node.write("usr/local/lib/kubelet-plugins/registry-credential-broker/file", ""), "it is not a regular file"),
            (lambda node: (node.root / "usr/local/lib/kubelet-plugins/vendor-provider").unlink(), "there is no program"),
            (lambda node: node.write("etc/kubernetes/credential-provider-config.yaml", "kind: Pod\n"), "code=config-invalid"),
            (lambda node: (node.root / "etc/kubernetes").chmod(0o777), "code=file-untrusted"),
            (lambda node: node.broker.write_text(BROKER.replace("module: passthrough", "module: none-such")), "none-such"),
            (lambda node: node.write("etc/default/kubelet", "KUBELET_EXTRA_ARGS=--image-credential-provider-config=/other\n"),
             "image-credential-provider-config"),
    ]:
        with NodeFolder(program) as node:
            prepare(node)
            before = node.snapshot()
            said = node.run("install", *OPTIONS, "--config", node.broker, status=78)
            assert why in said and said.count("\n") == 1, said
            assert node.snapshot() == before, f"{why}: something was changed"


def main():
    if os.geteuid() != 0:
        print("not run: needs root")
        return 77
    layouts = {path.name for path in LAYOUTS.iterdir() if path.is_dir()}
    assert layouts == {*FOUND, *WITHOUT_FLAGS}, layouts ^ {*FOUND, *WITHOUT_FLAGS}
    with without_symbols(sys.argv[1]) as program:
        for layout, found in FOUND.items():
            install(program, layout, found)
            print(f"{layout}: installed and uninstalled")
        for layout, distribution in WITHOUT_FLAGS.items():
            refused_without_flags(program, layout, distribution)
            print(f"{layout}: refused, and written without flags")
        stays(program)
        print("--stay: installed again")
        refuses(program)
        print("refused what is not safe")
    return 0


if __name__ == "__main__":
    sys.exit(main())
