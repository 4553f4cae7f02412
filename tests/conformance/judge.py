#!/usr/bin/env python3
"""Lets the kubelets judge what the program says about their provider files:

    judge.py PROGRAM [VERSION…]

Every file that `render kubelet` makes, of the samples and of made-up broker files, is taken by the kubelet of its version and by `validate`; and for
each file in kubelet_files the kubelet, the file's own verdict and `validate` agree. VERSION as for loaders.sh. The last line is `N passed, M failed`.
"""

import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from loaders import add_program, add_programs, loaders

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parents[1] / "config/samples"
FILES = HERE / "kubelet_files"
NEEDS_TOKENS = 33  # what passes tokens to plugins
CONFIG = 78


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def expect(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}")
        return holds


class Program:
    def __init__(self, path):
        self.path = path

    def run(self, *arguments):
        return subprocess.run([self.path, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


# --- Broker files ---

AUDIENCES = ["sts.amazonaws.com", "api://AzureADTokenExchange", "https://iam.googleapis.com/projects/1/locations/global", "yes", "null", "12",
             "0x1f", "1e3", "2001-12-14", "a b", "a: b", "#", "- x", "\u00fc \U0001f600", "\"quoted\" 'too'", "back\\slash", "%", "@", "&a", "*a", "!t",
             "{a}", "[a]", "a,b", "|", ">", "~", ".5", "1:30", "?", "=", "x" * 300, "../..", "true", "On"]
PATTERNS = ["registry.example.com", "*.example.com", "registry.example.com:5000", "*.*.geo.example.com", "111122223333.dkr.ecr.us-west-2.amazonaws.com",
            "10.0.0.1", "10.0.0.1:80", "[::1]:5000", "localhost", "localhost:5000/a", "a-*-b.example.com", "registry.example.com/team/app",
            "h*t.example.com", "docker.io", "xn--bcher-kva.example", "sub.*.example.com/a/b/c/"]
KEYS = ["k", "cloudsmith.io/org-slug", "Upper.Example/Key_1", "a." * 100 + "a/" + "b" * 63, "eks.amazonaws.com/role-arn"]


def made_up_rule(draw, number):
    audience = draw.choice(AUDIENCES)
    # No two rules may answer for the same images.
    patterns = [f"r{number}-{n}.{pattern}" if pattern[0].isalpha() and "." in pattern else f"r{number}-{n}.example.net/{n}"
                for n, pattern in enumerate(draw.choices(PATTERNS, k=draw.randint(1, 3)))]
    rule = {"name": f"rule-{number}" + draw.choice(["", "-x", "y" * 40]), "matchImages": patterns}
    kind = draw.randrange(4)
    if kind == 0:
        return {**rule, "module": "static-token", "identity": "none", "settings": {"username": "a", "passwordFile": "/nowhere"}}
    if kind == 1:
        return {**rule, "module": "passthrough", "audience": audience}
    rule = {**rule, "module": "cloudsmith", "audience": audience, "settings": {"organization": "acme"}}
    keys = draw.sample(KEYS, 2)
    rule["annotations"] = {keys[0]: {"setting": "service"}}
    if kind == 3:
        rule["annotations"][keys[1]] = {"setting": "organization", "oneOf": ["acme", "globex"]}
        rule["settings"]["service"] = "x"
    return rule


def made_up_files(folder):
    draw = random.Random(16)
    shapes = [[made_up_rule(draw, number) for number in range(draw.randint(1, 8))] for _ in range(20)]
    every_audience = [{"name": f"a{n}", "module": "passthrough", "matchImages": [f"a{n}.example.com"], "audience": audience}
                      for n, audience in enumerate(AUDIENCES)]
    every_pattern = [{"name": f"p{n}", "module": "passthrough", "matchImages": [pattern], "audience": "x"} for n, pattern in enumerate(PATTERNS)]
    without_token = [{"name": f"n{n}", "module": "static-token", "identity": "none", "matchImages": [pattern],
                      "settings": {"username": "a", "passwordFile": "/nowhere"}} for n, pattern in enumerate(PATTERNS)]
    paths = []
    for number, rules in enumerate([*shapes, every_audience, every_pattern, without_token]):
        paths.append(folder / f"made-up-{number}.yaml")
        paths[-1].write_text(json.dumps({"apiVersion": "registry-credential-broker/v1alpha1", "kind": "BrokerConfig", "providers": rules}, ensure_ascii=False),
                             encoding="utf-8")
    return paths


def validate(program, loader, path, broker):
    return program.run("validate", "--skip-files", "-f", broker, "--kubernetes", str(loader), "--kubelet-config", path)


# --- render ---

def needs_of(rules):
    """What the rules need entries for: no token, or the audience. The two kinds of cacheType are not told apart here."""
    return {rule.get("audience") for rule in rules}


def check_entries(tally, entries, rules, loader, what):
    """The entries say for the kubelet what the rules say for the program."""
    with_token = [entry for entry in entries if "tokenAttributes" in entry]
    expected = needs_of(rules) if loader.minor >= NEEDS_TOKENS else {None}
    found = {entry.get("tokenAttributes", {}).get("serviceAccountTokenAudience") for entry in entries}
    tally.expect(found == expected, f"{what}: audiences {found}, want {expected}")
    images = {(rule.get("audience"), image) for rule in rules for image in rule["matchImages"]}
    named = {(entry.get("tokenAttributes", {}).get("serviceAccountTokenAudience"), image) for entry in entries for image in entry["matchImages"]}
    tally.expect(named == {pair for pair in images if pair[0] in expected}, f"{what}: images {named}")
    tally.expect(all(("cacheType" in entry["tokenAttributes"]) == (loader.minor >= 34) for entry in with_token), f"{what}: cacheType")


def render_for(tally, program, loader, broker, folder):
    """Makes what a node of this version needs from the broker file; the questions for its kubelet."""
    rules = yaml.safe_load(broker.read_text(encoding="utf-8"))["providers"]
    links = program.run("render", "links", "--skip-files", "-f", broker)
    tally.expect(links.returncode == 0 and re.fullmatch(r"([a-z0-9-]+\n)*", links.stdout), f"render links {broker.name}: {links}")
    programs = folder / f"{broker.stem}-programs"
    programs.mkdir(exist_ok=True)
    for name in ["registry-credential-broker", *links.stdout.split()]:
        add_program(programs, name)
    questions = []
    for form in ["yaml", "json"]:
        what = f"render kubelet --kubernetes {loader} -o {form} -f {broker.name}"
        rendered = program.run("render", "kubelet", "--kubernetes", str(loader), "-o", form, "--skip-files", "-f", broker)
        if loader.minor < NEEDS_TOKENS and None not in needs_of(rules):
            tally.expect(rendered.returncode == CONFIG and "1.33" in rendered.stderr and not rendered.stdout, f"{what}: {rendered}")
            continue
        if not tally.expect(rendered.returncode == 0, f"{what}: {rendered}"):
            continue
        left_out = [rule["name"] for rule in rules if loader.minor < NEEDS_TOKENS and "audience" in rule]
        tally.expect(all(name in rendered.stderr for name in left_out) and bool(left_out) == ("Left out" in rendered.stderr),
                     f"{what}: does not say what it left out: {rendered.stderr}")
        file = folder / f"{broker.stem}-{loader}.{form}"
        file.write_text(rendered.stdout, encoding="utf-8")
        checked = validate(program, loader, file, broker)
        tally.expect(checked.returncode == 0, f"{what}; validate: {checked.stdout}{checked.stderr}")
        entries = (json.loads if form == "json" else yaml.safe_load)(rendered.stdout)["providers"]
        check_entries(tally, entries, rules, loader, what)
        questions.append((file, programs))
    return questions


def judge_rendered(tally, program, kubelets, folder):
    brokers = [*sorted(SAMPLES.glob("broker-*.yaml")), SAMPLES / "broker-three-registries.json", *made_up_files(folder)]
    for loader in kubelets:
        questions = [question for broker in brokers for question in render_for(tally, program, loader, broker, folder)]
        for (file, _), said in zip(questions, loader.refusals(questions)):
            tally.expect(said == "", f"the kubelet of {loader} refuses {file.name}: {said}\n{file.read_text(encoding='utf-8')}")
    for broker in brokers:
        judge_access_rules(tally, program, broker)


def judge_access_rules(tally, program, broker):
    """What kubelets may do is exactly what the rules need, and only kubelets may do it."""
    wanted = needs_of(yaml.safe_load(broker.read_text(encoding="utf-8"))["providers"]) - {None}
    rendered = program.run("render", "rbac", "-f", broker)
    if not tally.expect(rendered.returncode == 0, f"render rbac {broker.name}: {rendered}"):
        return
    documents = list(yaml.safe_load_all(rendered.stdout))
    if not wanted:
        tally.expect(documents in ([], [None]), f"render rbac {broker.name}: {rendered}")
        return
    role, binding = documents
    what = f"render rbac {broker.name}: {rendered.stdout}"
    tally.expect(role["rules"] == [{"apiGroups": [""], "resources": role["rules"][0]["resources"], "verbs": ["request-serviceaccounts-token-audience"]}],
                 what)
    tally.expect(set(role["rules"][0]["resources"]) == wanted and len(role["rules"][0]["resources"]) == len(wanted), what)
    tally.expect(binding["subjects"] == [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "system:nodes"}] and
                 binding["roleRef"] == {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role["metadata"]["name"]}, what)


# --- kubelet_files ---

VERDICT = re.compile(r"1\.(\d+)(?:(-)(?:1\.(\d+))?)? (accept|refuse)")


def verdict_of(line, minor):
    for first, span, last, verdict in VERDICT.findall(line):
        if int(first) <= minor and (minor <= int(last) if last else span or minor == int(first)):
            return verdict
    return None


def files_with_verdicts():
    """Each file, or folder of files, with the line of its verdict."""
    for folder in ["valid", "invalid"]:
        listed = FILES / folder / "verdicts.txt"
        lines = dict(line.split(": ", 1) for line in listed.read_text(encoding="utf-8").splitlines() if line) if listed.is_file() else {}
        for path in sorted((FILES / folder).glob("*")):
            if path != listed:
                yield path, lines.get(path.name) or path.read_text(encoding="utf-8").partition("\n")[0]
    for path in sorted((FILES / "folders").glob("*.verdict")):
        yield path.with_suffix(""), path.read_text(encoding="utf-8")


def programs_for(path, folder):
    return add_programs(folder / ("programs-" + str(path.relative_to(FILES)).replace("/", "-")), path)


def judge_files(tally, program, kubelets, folder):
    cases = [(path, line, programs_for(path, folder)) for path, line in files_with_verdicts()]
    for loader in kubelets:
        answers = loader.refusals([(path, programs) for path, _, programs in cases])
        for (path, line, _), said in zip(cases, answers):
            expected = verdict_of(line, loader.minor)
            what = f"{path.relative_to(FILES)}, Kubernetes {loader}: expected: {expected}; the kubelet: {said or 'accept'}"
            tally.expect(expected == ("refuse" if said else "accept"), what)
            checked = validate(program, loader, path, SAMPLES / "broker-cloudsmith.yaml")
            tally.expect(checked.returncode == (CONFIG if expected == "refuse" else 0),
                         f"{what}; validate: status {checked.returncode}: {checked.stdout}{checked.stderr}")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = Program(sys.argv[1])
    kubelets = loaders(sys.argv[2:])
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        judge_rendered(tally, program, kubelets, Path(folder))
        if FILES.is_dir():
            judge_files(tally, program, kubelets, Path(folder))
    print(f"{tally.passed} passed, {tally.failed} failed")
    return int(tally.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
