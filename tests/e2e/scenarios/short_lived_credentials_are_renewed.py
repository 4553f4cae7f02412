"""With credentials that live for 90 seconds, ten pulls in a row go well: some share one, none uses one that has ended."""

import time

PULLS = 10
PAUSE = 5


def prove(node):
    node.world.policy(tokenLife="90s")
    node.cluster.service_account("team-brief", "puller")
    before = node.kubelet.pid
    for _ in range(PULLS):
        pod = node.cluster.pod("team-brief", "puller")
        pod.must_run()
        pod.delete()
        time.sleep(PAUSE)

    exchanges = len(node.world.exchanges("team-brief/puller"))
    assert 2 <= exchanges < PULLS, exchanges
    assert node.kubelet.pid == before
    return f"{exchanges} exchanges for {PULLS} pulls"
