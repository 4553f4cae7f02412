"""One broker file serves Cloudsmith, a registry that verifies the pod's token itself, and a mirror with one account."""

from node.node import SAMPLES
from node.world import MIRROR, MIRROR_PASSWORD, MIRROR_USER, TOKEN_REGISTRY

MORE_RULES = """- name: own
  module: passthrough
  matchImages: ["registry.test"]
  audience: registry.test
  settings: {username: service-account}
- name: mirror
  module: static-token
  matchImages: ["mirror.test"]
  identity: none
"""


def prove(node):
    password = node.put_beside_broker_file("mirror-password", MIRROR_PASSWORD.encode())
    node.use_broker_file(
        node.usual_broker_file + MORE_RULES + f"  settings: {{username: {MIRROR_USER}, passwordFile: {password}}}\n")
    node.use_providers((SAMPLES / "several-audiences.yaml").read_text())
    node.cluster.allow_audience(TOKEN_REGISTRY)
    node.world.push("team-three/app:1")

    node.cluster.service_account("team-three", "puller")
    for image in ("docker.cloudsmith.io/acme/app:1", f"{TOKEN_REGISTRY}/team-three/app:1", f"{MIRROR}/acme/app:1"):
        node.cluster.pod("team-three", "puller", image).must_run()
    assert len(node.world.exchanges("team-three/puller")) == 1

    # That registry looks at who the pod is: another namespace's image is not for it.
    node.cluster.service_account("team-other", "puller")
    node.cluster.pod("team-other", "puller", f"{TOKEN_REGISTRY}/team-three/app:1").must_be_refused()
