"""Every service account has a credential of its own, which all its pods share while it lasts, and no other account's pods."""


def prove(node):
    node.cluster.service_account("team-one", "puller")
    node.cluster.service_account("team-one", "builder")
    for account in ("puller", "builder", "puller", "builder"):
        node.cluster.pod("team-one", account).must_run()
    assert len(node.world.exchanges("team-one/puller")) == 1
    assert len(node.world.exchanges("team-one/builder")) == 1

    # The image is on the node and credentials of other accounts for it are in the kubelet's cache, which this account must not get.
    node.cluster.service_account("strangers", "puller")
    node.cluster.pod("strangers", "puller").must_be_refused()
