"""A node whose files, links and access rules are what `render` prints pulls for two audiences, and gets no token for one that is not granted."""

from node.node import PLUGIN, SAMPLES
from node.world import MIRROR, TOKEN_REGISTRY

GRANTED = f"""- name: own
  module: passthrough
  matchImages: ["{TOKEN_REGISTRY}"]
  audience: {TOKEN_REGISTRY}
  settings: {{username: service-account}}
"""
NOT_GRANTED = f"""- name: stranger
  module: passthrough
  matchImages: ["{MIRROR}"]
  audience: stranger.test
"""
ROLES = ("clusterrole,clusterrolebinding", PLUGIN, f"audience-{TOKEN_REGISTRY}", "--ignore-not-found")


def prove(node):
    version = f"--kubernetes {node.version[0]}.{node.version[1]}"
    node.cluster.kubectl("delete", *ROLES)
    for program in node.kubelet.plugins.iterdir():
        program.unlink()
    node.kubelet.install_plugin(node.broker, PLUGIN)
    try:
        node.use_broker_file(node.usual_broker_file + GRANTED)
        node.type_in(f"{node.broker} render rbac {version} | kubectl apply -f -")

        node.use_broker_file(node.usual_broker_file + GRANTED + NOT_GRANTED)
        node.type_in(f"cd {node.kubelet.plugins}; ./{PLUGIN} render links | xargs -r -n 1 ln -sf {PLUGIN}")
        node.kubelet.restart(node.type_in(f"{node.broker} render kubelet {version}"))

        node.world.push("team-b/app:1")
        # The annotation comes only if the kubelet may read the account.
        node.cluster.service_account("team-b", "puller", {"cloudsmith.io/org-slug": "globex"})
        for image in ("docker.cloudsmith.io/globex/app:1", f"{TOKEN_REGISTRY}/team-b/app:1"):
            node.cluster.pod("team-b", "puller", image).must_run()
        assert node.kubelet.plugin_runs(f"{PLUGIN}-own") == 1

        node.cluster.pod("team-b", "puller", f"{MIRROR}/acme/app:1").must_be_refused()
        node.kubelet.says("stranger.test", "not authorized to request tokens for")
        assert node.kubelet.plugin_runs(f"{PLUGIN}-stranger") == 0
    finally:
        node.cluster.kubectl("apply", "-f", SAMPLES / "rbac.yaml")  # others need it
