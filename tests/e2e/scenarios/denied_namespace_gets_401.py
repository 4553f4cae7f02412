"""A pod of a namespace that is not allowed gets 401 and does not start; the kubelet's log says why, in one line."""


def prove(node):
    node.cluster.service_account("outsiders", "puller")
    message = node.cluster.pod("outsiders", "puller").must_be_refused()
    assert "401" in message, message

    line = node.kubelet.says("registry-credential-broker: ", "code=exchange-denied")
    for text in ("status=401", "provider=cloudsmith", "image=docker.cloudsmith.io/acme/app"):
        assert text in line, line
    assert {one["status"] for one in node.world.exchanges("outsiders/puller")} == {401}
