"""A pod of an allowed namespace pulls a private image with a credential of its own account, and runs."""


def prove(node):
    node.cluster.service_account("team-a", "puller")
    before = len(node.world.exchanges())
    node.cluster.pod("team-a", "puller").must_run()

    exchanges = node.world.exchanges()[before:]
    assert exchanges == [{"organization": "acme", "service": "kubelet-puller", "serviceAccount": "team-a/puller", "status": 201}], exchanges
