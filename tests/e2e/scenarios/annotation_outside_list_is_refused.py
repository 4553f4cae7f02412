"""An annotation value that the broker file does not list is refused before a connection to the exchange is opened."""


def prove(node):
    node.cluster.service_account("team-sly", "puller", {"cloudsmith.io/org-slug": "initech"})
    connections = node.world.exchange.connections
    node.cluster.pod("team-sly", "puller").must_be_refused()

    line = node.kubelet.says("registry-credential-broker: ", "code=annotation-refused")
    assert "cloudsmith.io/org-slug" in line, line
    assert node.world.exchange.connections == connections
