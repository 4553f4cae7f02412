"""Under the name of Cloudsmith's plugin, with its variables and without a broker file, the program does what that plugin does."""

NAME = "cloudsmith-kubernetes-credential-provider"
VARIABLES = """
  env:
  - {name: CLOUDSMITH_ORG_SLUG, value: acme}
  - {name: CLOUDSMITH_SERVICE_SLUG, value: kubelet-puller}
"""


def prove(node):
    node.remove_broker_file()
    node.kubelet.install_plugin(node.broker, NAME)
    node.kubelet.restart(node.usual_providers.replace("name: registry-credential-broker", f"name: {NAME}") + VARIABLES)

    node.cluster.service_account("team-moving", "puller")
    node.cluster.service_account("partner", "puller", {"cloudsmith.io/org-slug": "globex"})
    node.cluster.service_account("outsiders", "puller")
    node.cluster.pod("team-moving", "puller").must_run()
    node.cluster.pod("partner", "puller", "docker.cloudsmith.io/globex/app:1").must_run()
    node.cluster.pod("outsiders", "puller").must_be_refused()
    node.kubelet.says(NAME, "code=exchange-denied", "status=401")
    assert node.kubelet.plugin_runs(NAME) >= 3
