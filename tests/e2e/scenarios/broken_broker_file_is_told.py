"""A broken broker file is told with its place in the kubelet's log; running pods do not notice; mending it is enough."""


def prove(node):
    node.cluster.service_account("team-broken", "early")
    node.cluster.service_account("team-broken", "late")
    early = node.cluster.pod("team-broken", "early")
    early.must_run()

    node.use_broker_file(node.usual_broker_file.replace("oneOf:", "oneOff:"))
    late = node.cluster.pod("team-broken", "late")
    late.must_be_refused()
    line = node.kubelet.says("registry-credential-broker: ", "code=config-invalid")
    assert "config.yaml:10:" in line and "oneOff" in line, line
    assert "running" in early.container_state()

    node.use_broker_file(node.usual_broker_file)
    late.must_run()
