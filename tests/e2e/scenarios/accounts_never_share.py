"""Every service account has a credential of its own, which all its pods share while it lasts; nobody gets another's."""


def prove(node):
    node.cluster.service_account("team-one", "puller")
    node.cluster.service_account("team-one", "builder")
    for account in ("puller", "builder", "puller", "builder"):
        node.cluster.pod("team-one", account).must_run()
    assert len(node.world.exchanges("team-one/puller")) == 1
    assert len(node.world.exchanges("team-one/builder")) == 1

    # The image is on the node and others' credentials for it are in the kubelet's memory: of no use to a stranger.
    node.cluster.service_account("strangers", "puller")
    node.cluster.pod("strangers", "puller").must_be_refused()
