#!/usr/bin/env python3
"""The workflows of .github are YAML that runs what is in this tree, in the image named here, with actions pinned by commit and no more rights than said.

Reads them with python3-yaml; the other YAML files of .github need only be valid.
"""

import re
from pathlib import Path

import yaml

import repository

# What every container job runs in. A tag can be moved: name it with its digest (`debian:12@sha256:…`, from `skopeo inspect docker://debian:12`) here
# and in the workflows, which this check compares.
IMAGE = "debian:12"
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
SCRIPT = re.compile(r"\bbash ((?:\.ci|tests|config)/[\w./-]+)")


def job_problems(root, name, job):
    if "timeout-minutes" not in job:
        yield f"job {name} has no timeout-minutes; the default is six hours"
    container = job.get("container")
    image = container.get("image") if isinstance(container, dict) else container
    if image not in (None, IMAGE):
        yield f"job {name} runs in {image}; tests/checks/workflows.py says {IMAGE}"
    for step in job.get("steps", []):
        if "uses" in step and not PINNED.match(step["uses"]):
            yield f"job {name} uses {step['uses']}; pin it by its commit"
        for script in SCRIPT.findall(step.get("run", "")):
            if not (Path(root) / script).is_file():
                yield f"job {name} runs {script}, which does not exist"


def workflow_problems(root, workflow):
    if not isinstance(workflow, dict) or not isinstance(workflow.get("jobs"), dict):
        yield "has no jobs"
        return
    if workflow.get("permissions") != {"contents": "read"}:
        yield "does not begin with 'permissions: contents: read'; give more to the one job that needs it"
    for name, job in workflow["jobs"].items():
        yield from job_problems(root, name, job)


def problems(root):
    found = []
    for path in repository.files(root, r"\.ya?ml$", ".github"):
        try:
            content = yaml.safe_load((Path(root) / path).read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            found.append(f"{path}: is not valid YAML: {' '.join(str(error).split())}")
            continue
        if path.parent == Path(".github/workflows"):
            found += [f"{path}: {problem}" for problem in workflow_problems(root, content)]
    return found


if __name__ == "__main__":
    repository.main(problems)
