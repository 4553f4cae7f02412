"""doctor passes a healthy node's cluster, issuer, exchange and registry, and says of each thing that is broken exactly that."""

import json

from node.cluster import APP
from node.doctor import bad, doctor
from node.keys import openssl
from node.node import PLUGIN, SAMPLES

CHECKS = ["kubeconfig", "api-server", "audience-access", "account-access", "service-account", "annotations", "token", "issuer",
          "issuer-keys", "exchange", "registry", "manifest"]
NAMESPACE = "team-doctor"


def look(node, image=APP, namespace=NAMESPACE, account="puller"):
    return doctor(node, "--image", image, "--namespace", namespace, "--service-account", account)


def must_say(findings, check, *texts, verdict="fail", others=()):
    """This check is bad, for the reason with these texts, and no other is, except those named."""
    found = bad(findings, CHECKS)
    assert found == {check, *others}, f"expected {check} to be bad; {found} are: {findings}"
    lines = [f"{what}; {fix}" for its, what, fix in findings[check] if its == verdict]
    assert any(all(text in line for text in texts) for line in lines), f"{check}: {texts} in none of {lines}"


def access_is_missing(node):
    role = json.loads(node.cluster.kubectl("get", "clusterrole", PLUGIN, "-o", "json"))
    rules = [rule for rule in role["rules"] if "request-serviceaccounts-token-audience" not in rule["verbs"]]
    assert len(rules) < len(role["rules"])
    node.cluster.apply({"apiVersion": role["apiVersion"], "kind": "ClusterRole", "metadata": {"name": PLUGIN}, "rules": rules})
    try:
        must_say(look(node), "audience-access", "may not ask for tokens for the audience cloudsmith", "render rbac")
    finally:
        node.cluster.kubectl("apply", "-f", SAMPLES / "rbac.yaml")


def issuer_needs_a_login(node):
    binding = "registry-credential-broker-issuer-discovery"
    node.cluster.kubectl("delete", "clusterrolebinding", binding)
    try:
        must_say(look(node), "issuer", "would get 403 from https://cluster.test:6443/.well-known/openid-configuration",
                 "system:service-account-issuer-discovery")
    finally:
        node.cluster.kubectl("apply", "-f", SAMPLES / "issuer-discovery.yaml")


def login_is_expired(node):
    """The kubelet's own login: it goes on with what it has in memory."""
    config = node.kubelet.kubeconfig
    usual = config.read_text()
    keys = node.keys
    request, certificate = keys.folder / "expired.csr", keys.folder / "expired.crt"
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", keys.folder / "expired.key",
            "-subj", "/O=system:nodes/CN=system:node:node-1", "-out", request)
    openssl("x509", "-req", "-in", request, "-CA", keys.authority, "-CAkey", keys.folder / "ca.key", "-set_serial", "4711",
            "-days", "-1", "-out", certificate)
    login = json.loads(usual)
    login["users"][0]["user"] = {"client-certificate": str(certificate), "client-key": str(keys.folder / "expired.key")}
    try:
        config.write_text(json.dumps(login))
        findings = look(node)
        must_say(findings, "kubeconfig", f"the client certificate in {certificate} expired", "restart the kubelet", others=["api-server"])
        assert findings["token"][0][0] == "skip", findings
        config.write_text("{}")
        must_say(look(node), "kubeconfig", "current-context", "is not set")
    finally:
        config.write_text(usual)


def prove(node):
    node.cluster.service_account(NAMESPACE, "puller")
    node.cluster.service_account("outsiders", "puller")
    node.cluster.pod(NAMESPACE, "puller").must_run()
    exchanges = len(node.world.exchanges(f"{NAMESPACE}/puller"))

    healthy = look(node)
    verdicts = {check: {verdict for verdict, _, _ in healthy.get(check, [])} for check in CHECKS}
    assert set(map(tuple, verdicts.values())) == {("pass",)}, json.dumps(healthy, indent=1)
    assert "takes the kubelet for the node node-1" in healthy["api-server"][0][1]
    assert "issued one for the pod" in healthy["token"][0][1]
    assert "cached for" in healthy["exchange"][0][1]
    assert "acme/app:1 of docker.cloudsmith.io may be pulled" in healthy["manifest"][0][1]
    assert len(node.world.exchanges(f"{NAMESPACE}/puller")) == exchanges + 1, "the exchange is the real one, and made once"

    must_say(look(node, "docker.cloudsmith.io/acme/app:lost"), "manifest", "acme/app:lost", "is not there (404)")
    must_say(look(node, account="ghost"), "service-account", f"{NAMESPACE}/ghost does not exist")

    node.cluster.pod("outsiders", "puller").must_be_refused()
    must_say(look(node, namespace="outsiders"), "exchange", "code=exchange-denied", "status=401")

    node.world.exchange.cut()
    try:
        must_say(look(node), "exchange", "code=connect-failed")
    finally:
        node.world.exchange.mend()

    access_is_missing(node)
    issuer_needs_a_login(node)
    login_is_expired(node)

    node.use_broker_file(node.usual_broker_file.replace("audience: cloudsmith", "audience: other"))
    must_say(look(node), "audience-access", "may not ask for tokens for the audience other")
    # Only the exchange's own tokens are taken there.
    start, end = node.usual_broker_file.index("  settings:"), len(node.usual_broker_file)
    node.use_broker_file(node.usual_broker_file[:start].replace("module: cloudsmith", "module: passthrough") +
                         node.usual_broker_file[end:])
    must_say(look(node), "registry", "refuses the credential")
    node.use_broker_file(node.usual_broker_file)

    optional, required = "optionalServiceAccountAnnotationKeys: [", 'requiredServiceAccountAnnotationKeys: ["example.com/team", '
    assert optional in node.usual_providers
    node.kubelet.restart(node.usual_providers.replace(optional, required))
    must_say(look(node), "annotations", "lacks the annotation example.com/team")
    node.kubelet.restart(node.usual_providers)

    assert bad(look(node), CHECKS) == set(), "the node is as it was"
