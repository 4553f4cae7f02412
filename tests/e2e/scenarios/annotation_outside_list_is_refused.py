"""An annotation value that the operator's file does not list is refused before the node opens a connection to the exchange."""


def prove(node):
    node.cluster.service_account("team-sly", "puller", {"cloudsmith.io/org-slug": "initech"})
    connections = node.world.exchange.connections
    node.cluster.pod("team-sly", "puller").must_be_refused()

    line = node.kubelet.says("registry-credential-broker: ", "code=annotation-refused")
    assert "cloudsmith.io/org-slug" in line, line
    assert node.world.exchange.connections == connections
