"""A pod pulls from an Azure registry as the identity that has a federated credential for its account, and no other account does."""

from node.world import ACR

# What a sample names, and what the test server knows instead.
IDENTITY = {"72f988bf-0000-4000-8000-2d7cd011db47": "11111111-2222-3333-4444-555555555555",
            "1b730954-1685-4b74-9bfd-dac224a7b894": "aaaaaaaa-0000-0000-0000-000000000001"}


def prove(node):
    node.use_cloud("acr", "api://AzureADTokenExchange", IDENTITY)
    node.world.push("acr/app:1")

    for account in ("puller", "builder"):
        node.cluster.service_account("team-a", account)
    node.cluster.pod("team-a", "puller", f"{ACR}/acr/app:1").must_run()

    node.cluster.pod("team-a", "builder", f"{ACR}/acr/app:1").must_be_refused()
    node.kubelet.says("registry-credential-broker-acr", "AADSTS700213", "system:serviceaccount:team-a:builder")
