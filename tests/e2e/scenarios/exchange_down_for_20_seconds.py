"""A pod that is started while the exchange cannot be reached runs soon after it is back, without intervention."""

import time


def prove(node):
    node.cluster.service_account("team-patient", "puller")
    node.world.exchange.cut()
    pod = node.cluster.pod("team-patient", "puller")
    try:
        node.kubelet.says("registry-credential-broker: ", "code=connect-failed")
        time.sleep(20)
    finally:
        node.world.exchange.mend()
    back = time.monotonic()
    pod.must_run()
    return f"running {time.monotonic() - back:.0f} s after the exchange was back"
