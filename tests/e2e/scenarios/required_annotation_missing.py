"""Where the kubelet's entry requires an annotation, the program is not even run for an account without it."""

from node.node import PLUGIN

KEY = "cloudsmith.io/org-slug"


def prove(node):
    optional = f'optionalServiceAccountAnnotationKeys: ["{KEY}", '
    required = f'requiredServiceAccountAnnotationKeys: ["{KEY}"]\n    optionalServiceAccountAnnotationKeys: ['
    assert optional in node.usual_providers
    node.kubelet.restart(node.usual_providers.replace(optional, required))

    node.cluster.service_account("team-silent", "puller")
    node.cluster.pod("team-silent", "puller").must_be_refused()
    assert node.kubelet.plugin_runs(PLUGIN) == 0

    node.cluster.service_account("team-spoken", "puller", {KEY: "acme"})
    node.cluster.pod("team-spoken", "puller").must_run()
    assert node.kubelet.plugin_runs(PLUGIN) == 1
