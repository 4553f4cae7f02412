"""The plain manifests: what the chart renders, and nothing else."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import policy
import yaml
from chart import REPOSITORY

MANIFESTS = REPOSITORY / "config/deploy/manifests"


class Manifests(unittest.TestCase):
    def test_are_what_the_chart_renders(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([MANIFESTS / "render.sh", folder], check=True, env=os.environ | {"HELM": os.environ["RCB_HELM"]}, timeout=60)
            rendered = {path.name: path.read_text() for path in Path(folder).iterdir()}
        kept = {path.name: path.read_text() for path in MANIFESTS.glob("*.yaml")}
        self.assertEqual(rendered, kept, "run config/deploy/manifests/render.sh")

    def test_keep_the_policy(self):
        for name, mode in (("install", "install"), ("uninstall", "uninstall"), ("access-rules", "rbac-only")):
            objects = list(yaml.safe_load_all((MANIFESTS / f"{name}.yaml").read_text()))
            self.assertEqual(policy.faults(objects, mode), [])
