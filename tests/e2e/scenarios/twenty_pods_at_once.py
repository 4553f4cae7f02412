"""Twenty pods of one account, with an image each, start at once on a node that remembers nothing, and all run."""

import time

PODS = 20


def prove(node):
    images = [f"acme/cold-{number}:1" for number in range(PODS)]
    node.world.push(*images)
    node.cluster.service_account("team-crowd", "puller")
    node.kubelet.restart()

    start = time.monotonic()
    pods = node.cluster.pods("team-crowd", "puller", [f"docker.cloudsmith.io/{image}" for image in images])
    for pod in pods:
        pod.must_run(120)
    seconds = time.monotonic() - start
    exchanges = len(node.world.exchanges("team-crowd/puller"))
    assert exchanges <= PODS, exchanges
    return f"all running after {seconds:.0f} s, with {exchanges} exchanges"
