"""Annotations of the service account choose the organization and the service that its pods pull as."""


def prove(node):
    node.cluster.service_account("partner", "puller", {"cloudsmith.io/org-slug": "globex"})
    node.cluster.service_account("release", "deployer", {"cloudsmith.io/service-slug": "release-puller"})
    node.world.push("acme/release/app:1")

    node.cluster.pod("partner", "puller", "docker.cloudsmith.io/globex/app:1").must_run()
    node.cluster.pod("release", "deployer", "docker.cloudsmith.io/acme/release/app:1").must_run()

    partner, = node.world.exchanges("partner/puller")
    assert (partner["organization"], partner["service"]) == ("globex", "kubelet-puller"), partner
    release, = node.world.exchanges("release/deployer")
    assert (release["organization"], release["service"]) == ("acme", "release-puller"), release
