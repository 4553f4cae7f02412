#!/usr/bin/env python3
"""Writes the go.mod of a module that builds Kubernetes programs or packages of one version.

    kubernetes_module.py VERSION FOLDER

The module k8s.io/kubernetes finds its sister modules (k8s.io/api and so on) in its own folder, which does not reach a
module that depends on it: there they have to be named by the versions they are published under, v0.34.4 for Kubernetes
v1.34.4.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

KUBERNETES = "k8s.io/kubernetes"


def go_json(*arguments, folder):
    # The folder has no go.mod yet.
    environment = dict(os.environ, GOFLAGS="-mod=mod", GOWORK="off")
    run = subprocess.run(["go", *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, check=False)
    if run.returncode != 0:
        said = run.stdout.decode(errors="replace").strip()
        sys.exit(f"kubernetes_module.py: go {' '.join(arguments)} failed: {said}")
    return json.loads(run.stdout)


def go_mod(version, folder):
    downloaded = go_json("mod", "download", "-json", f"{KUBERNETES}@v{version}", folder=folder)
    kubernetes = go_json("mod", "edit", "-json", downloaded["GoMod"], folder=folder)
    sisters = sorted(replacement["Old"]["Path"] for replacement in kubernetes["Replace"])
    sister_version = "v0." + version.partition(".")[2]

    lines = ["module registry-credential-broker.test/kubernetes", "", f"go {kubernetes['Go']}", ""]
    lines += ["require (", f"\t{KUBERNETES} v{version}"]
    for required in kubernetes["Require"]:
        path = required["Path"]
        lines.append(f"\t{path} {sister_version if path in sisters else required['Version']}")
    lines += [")", "", "replace ("]
    lines += [f"\t{sister} => {sister} {sister_version}" for sister in sisters]
    lines += [")", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    (target / "go.mod").write_text(go_mod(sys.argv[1], target))
