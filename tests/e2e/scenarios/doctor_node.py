"""doctor passes a healthy node, and says of each thing that is broken on it exactly that."""

import os
import shutil
import time
from pathlib import Path

from node.cluster import APP
from node.doctor import bad, doctor
from node.node import BROKER_FILE, PLUGIN
from node.world import EXCHANGE

# The kernel of a test machine may be without a time service, and without Landlock.
CHECKS = ["privileges", "kubelet", "kubelet-version", "kubelet-flags", "provider-file", "provider-rules", "plugins", "plugin-version",
          "feature-gate", "kubelet-restart", "environment", "broker-file", "agreement", "rule", "rule-run", "broker-rules", "dns", "connect",
          "proxy", "tls", "pull-records"]
HOSTS = Path("/etc/hosts")


def look(node, image=APP):
    return doctor(node, "--image", image, "--namespace", "team-node", "--service-account", "puller")


def file_mode(path, mode):
    """Another mode until the function that comes back is called."""
    usual = path.stat().st_mode & 0o7777
    path.chmod(mode)
    return lambda: path.chmod(usual)


def file_text(path, change):
    usual = path.read_bytes()
    path.write_text(change(usual.decode()))
    return lambda: path.write_bytes(usual)


def no_file(path):
    hidden = path.with_name(f".{path.name}.hidden")
    path.rename(hidden)
    return lambda: hidden.rename(path)


def other_program(path, text):
    usual = path.with_name(f".{path.name}.usual")
    shutil.copy2(path, usual)
    path.unlink()
    path.write_text(text)
    path.chmod(0o755)
    return lambda: usual.rename(path)


def variable(name, value):
    os.environ[name] = value
    return lambda: os.environ.pop(name)


def stopped_kubelet(node):
    node.kubelet.stop()
    return node.kubelet.restart


def cut_wire(node):
    node.world.exchange.cut()
    return node.world.exchange.mend


def breakages(node):
    """(what breaks it, the check, its verdict, a part of its line, other checks that follow from it). What breaks it returns what undoes it."""
    providers, plugin = node.kubelet.provider_file, node.kubelet.plugins / PLUGIN
    private_ca = node.put_beside_broker_file("private.pem", node.keys.authority.read_bytes())
    return [
        (lambda: file_mode(providers, 0o666), "provider-file", "fail", "write", set()),
        (lambda: no_file(providers), "provider-file", "fail", "No such file", set()),
        (lambda: file_text(providers, lambda text: text.replace("cacheType:", "cacheTyp:")), "provider-rules", "fail", "does not start with it",
         {"kubelet-restart"}),
        (lambda: file_mode(plugin, 0o644), "plugins", "fail", "is not executable", set()),
        (lambda: no_file(plugin), "plugins", "fail", "has no program of this name", {"rule"}),
        (lambda: other_program(plugin, "not a program"), "plugins", "fail", "neither a program nor a script", {"rule"}),
        (lambda: other_program(plugin, "#!/bin/sh\nexit 1\n"), "plugins", "fail", "runs this program", {"rule"}),
        (lambda: other_program(plugin, f"#!/bin/sh\necho {PLUGIN} 0.0.1\n"), "plugin-version", "warn", "is version 0.0.1", set()),
        (lambda: file_mode(BROKER_FILE, 0o622), "broker-file", "fail", "write", set()),
        (lambda: file_text(BROKER_FILE, lambda text: text.replace("audience:", "audiense:")), "broker-file", "fail", "audience: is missing", set()),
        (lambda: no_file(BROKER_FILE), "broker-file", "fail", "there is no broker file", set()),
        (lambda: file_text(BROKER_FILE, lambda text: text.replace("audience: cloudsmith", "audience: other")), "agreement", "fail", "requests tokens for",
         set()),
        (lambda: file_text(BROKER_FILE, lambda text: text.replace('["docker.cloudsmith.io"]', '["docker.cloudsmith.io/globex"]')), "rule", "fail",
         "code=no-rule", {"agreement", "broker-rules"}),
        (lambda: file_text(BROKER_FILE, lambda text: text.replace("  audience: cloudsmith\n",
                                                                  "  audience: cloudsmith\n  allow: [{namespace: other}]\n")),
         "rule-run", "fail", "code=not-allowed", set()),
        (lambda: file_text(BROKER_FILE, lambda text: text + "  tls: {caFile: /etc/none.pem}\n"), "broker-rules", "fail", "/etc/none.pem",
         {"rule-run", "tls"}),
        (lambda: file_text(HOSTS, lambda text: text.replace(EXCHANGE, "elsewhere.test")), "dns", "fail", EXCHANGE, set()),
        (lambda: cut_wire(node), "connect", "fail", "refused the connection", set()),
        (lambda: file_text(BROKER_FILE, lambda text: f"{text}  tls: {{caFile: {private_ca}, caMode: replace}}\n"), "tls", "fail", "authority", set()),
        (lambda: variable("HTTPS_PROXY", "http://user:canary@proxy.test:3128"), "environment", "warn", "this shell has HTTPS_PROXY", set()),
        (lambda: node.kubelet.restart_changed(without="--image-credential-provider"), "kubelet-flags", "fail",
         "without --image-credential-provider-config and", set()),
        (lambda: stopped_kubelet(node), "kubelet", "fail", "no kubelet runs", set()),
    ]


def must_say(findings, check, verdict, text, others):
    found = bad(findings, CHECKS)
    # Each change of the provider file is newer than the kubelet.
    assert check in found and found <= {check, "kubelet-restart", *others}, f"expected {check} to be bad; {found} are: {findings}"
    lines = [what for its, what, _ in findings[check] if its == verdict]
    assert any(text in line for line in lines), f"{check}: {text} in none of {lines}"


def kubelet_is_older_than_its_file(node):
    later = time.time() + 60  # starts are known to the second
    os.utime(node.kubelet.provider_file, (later, later))
    must_say(look(node), "kubelet-restart", "warn", "but the kubelet was started at", set())
    node.kubelet.restart()


def records_say_who_may_use_the_image(node):
    undo = node.kubelet.restart_changed(gates={"KubeletEnsureSecretPulledImages": True})
    try:
        node.cluster.service_account("team-node", "puller")
        node.cluster.pod("team-node", "puller").must_run()
        findings = look(node)
        assert not bad(findings, CHECKS), findings
        assert any("team-node/puller is one of them" in what for _, what, _ in findings["pull-records"]), findings["pull-records"]
    finally:
        undo()


def prove(node):
    healthy = look(node)
    assert not bad(healthy, CHECKS), healthy
    wrong = []
    for breaks, check, verdict, text, others in breakages(node):
        undo = breaks()
        try:
            must_say(look(node), check, verdict, text, others)
        except AssertionError as failure:
            wrong.append(str(failure))
        finally:
            undo()
    assert not wrong, "\n".join(wrong)
    node.kubelet.restart()
    kubelet_is_older_than_its_file(node)
    records_say_who_may_use_the_image(node)
    assert not bad(look(node), CHECKS)
