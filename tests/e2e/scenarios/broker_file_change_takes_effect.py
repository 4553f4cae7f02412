"""A change of the broker file takes effect for the next pod, without a restart of the kubelet."""


def prove(node):
    before = node.kubelet.pid
    node.cluster.service_account("partner", "puller")
    node.cluster.pod("partner", "puller").must_be_refused()

    node.use_broker_file(node.usual_broker_file.replace("organization: acme", "organization: globex"))
    node.cluster.pod("partner", "puller", "docker.cloudsmith.io/globex/app:1").must_run()
    assert node.kubelet.pid == before
