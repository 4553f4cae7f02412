"""A token service in the company, told by the broker file alone, issues what its registry takes, for one namespace only."""

from node.node import PLUGIN
from node.world import IN_HOUSE, IN_HOUSE_LOGIN

RULE = f"""
- name: in-house
  module: token-exchange
  matchImages: ["{IN_HOUSE}"]
  audience: {IN_HOUSE_LOGIN}
  settings:
    url: https://{IN_HOUSE_LOGIN}/oauth/token
    parameters: {{scope: "pull:{{namespace}}"}}
    username: ci-team-a
"""
ENTRY = f"""
- name: {PLUGIN}-in-house
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages: ["{IN_HOUSE}"]
  defaultCacheDuration: 0s
  tokenAttributes:
    serviceAccountTokenAudience: {IN_HOUSE_LOGIN}
    cacheType: ServiceAccount
    requireServiceAccount: true
"""


def prove(node):
    node.use_broker_file(node.usual_broker_file + RULE)
    node.use_providers(node.usual_providers + ENTRY)
    node.cluster.allow_audience(IN_HOUSE_LOGIN)
    node.world.push("in-house/app:1")

    for namespace in ("team-a", "team-other"):
        node.cluster.service_account(namespace, "puller")
    node.cluster.pod("team-a", "puller", f"{IN_HOUSE}/in-house/app:1").must_run()

    node.cluster.pod("team-other", "puller", f"{IN_HOUSE}/in-house/app:1").must_be_refused()
    node.kubelet.says(f"{PLUGIN}-in-house", "The namespace is not allowed.", "provider=in-house")
