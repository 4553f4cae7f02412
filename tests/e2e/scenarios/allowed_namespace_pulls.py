"""A pod of an allowed namespace pulls a private image with a credential of its own account, and runs."""


def prove(node):
    node.cluster.service_account("team-allowed", "puller")
    node.cluster.pod("team-allowed", "puller").must_run()

    assert node.world.exchanges("team-allowed/puller") == [
        {"organization": "acme", "service": "kubelet-puller", "serviceAccount": "team-allowed/puller", "status": 201}]
