"""The program's command doctor, run on the node as root, as an operator does."""

import json
import re
import subprocess

# A JSON Web Token, a bearer token of the test servers, and Basic credentials for "token:ey…".
SECRETS = re.compile(r"eyJ[A-Za-z0-9_-]{16,}|dG9rZW46ZX[A-Za-z0-9+/]{8,}|issued-[0-9a-f]{16,}|PRIVATE KEY|canary")


def doctor(node, *arguments, text=False):
    """What it prints: the findings by check, each a list of (verdict, what, fix); or the text as it is. Neither has a secret."""
    command = [str(node.broker), "doctor", *map(str, arguments)]
    run = subprocess.run(command + ([] if text else ["--output", "json"]), capture_output=True, text=True, timeout=170, check=False)
    secret = SECRETS.search(run.stdout + run.stderr)
    assert secret is None, f"doctor shows a secret, at {secret.start()}"
    assert not any(password.decode() in run.stdout + run.stderr for password in node.passwords), "doctor shows a password"
    assert run.returncode in (0, 78), f"{' '.join(command)}: status {run.returncode}: {run.stderr}"
    if text:
        return run.stdout
    findings = {}
    for one in json.loads(run.stdout)["checks"]:
        findings.setdefault(one["check"], []).append((one["verdict"], one["what"], one["fix"]))
    return findings


def bad(findings, checks):
    """The names of those of these checks that failed or warned."""
    return {check for check in checks for verdict, _, _ in findings.get(check, []) if verdict in ("fail", "warn")}
