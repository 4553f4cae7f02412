"""A broken broker file is reported with its position in the kubelet's log; running pods are not affected; correcting it is enough."""


def prove(node):
    node.cluster.service_account("team-broken", "early")
    node.cluster.service_account("team-broken", "late")
    early = node.cluster.pod("team-broken", "early")
    early.must_run()

    before, _, after = node.usual_broker_file.partition("oneOf:")
    node.use_broker_file(before + "oneOff:" + after)
    late = node.cluster.pod("team-broken", "late")
    late.must_be_refused()
    line = node.kubelet.says("registry-credential-broker: ", "code=config-invalid")
    assert f"config.yaml:{before.count(chr(10)) + 1}:" in line and "oneOff" in line, line
    assert "running" in early.container_state()

    node.use_broker_file(node.usual_broker_file)
    late.must_run()
