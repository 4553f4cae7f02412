"""The commands of docs/walkthrough.md work, except the creation of the node: issuer, pods, annotations, clean-up."""

import re

from node.cluster import APP, NODE_NAME, Pod
from node.node import REPOSITORY, SAMPLES
from node.process import wait_until

BLOCK = re.compile(r"<!-- e2e: (\S+) -->\n```\w+\n(.*?)```", re.S)
ALLOWED, DENIED = "team-guide", "guide-outsiders"
# Without a network plugin and a scheduler a pod needs this to run, here only.
OF_THIS_NODE = f"  nodeName: {NODE_NAME}\n  hostNetwork: true\n  tolerations: [{{operator: Exists}}]\n"


def prove(node):
    # In namespaces of its own: other scenarios have used the page's names, and without controllers none ever goes away.
    page = (REPOSITORY / "docs/walkthrough.md").read_text().replace("team-a", ALLOWED).replace("outsiders", DENIED)
    blocks = dict(BLOCK.findall(page))
    assert blocks["app.yaml"].count("spec:\n") == 1
    (node.logs / "app.yaml").write_text(blocks["app.yaml"].replace("spec:\n", "spec:\n" + OF_THIS_NODE))

    published = node.type_in(blocks["issuer"])
    assert '"jwks_uri"' in published and '"kty"' in published, published

    node.type_in(blocks["apply"])
    allowed, denied = (Pod(node.cluster, namespace, "app", APP) for namespace in (ALLOWED, DENIED))
    allowed.must_run()
    assert "401" in denied.must_be_refused()
    seen = node.type_in(blocks["look"])
    assert re.search(rf"{ALLOWED} +app +1/1 +Running", seen), seen

    # The test's Cloudsmith has that service for another account: the choice is what counts.
    node.type_in(blocks["annotate"])
    wait_until(lambda: [one["service"] for one in node.world.exchanges(f"{ALLOWED}/puller")][-1:] == ["release-puller"],
               60, "the exchange is for the service of the annotation")
    try:
        node.type_in(blocks["clean-up"])
    finally:
        node.cluster.kubectl("apply", "-f", SAMPLES / "rbac.yaml")  # others need it
