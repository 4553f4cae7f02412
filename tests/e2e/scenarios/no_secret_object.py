"""A private image is pulled and there is no Secret in the whole cluster, and no pod or account names a pull secret."""


def prove(node):
    node.cluster.service_account("team-plain", "puller")
    node.cluster.pod("team-plain", "puller").must_run()

    assert node.cluster.objects("secrets", "--all-namespaces") == []
    for pod in node.cluster.objects("pods", "--all-namespaces"):
        assert "imagePullSecrets" not in pod["spec"], pod["metadata"]["name"]
    for account in node.cluster.objects("serviceaccounts", "--all-namespaces"):
        assert "imagePullSecrets" not in account and "secrets" not in account, account["metadata"]["name"]
