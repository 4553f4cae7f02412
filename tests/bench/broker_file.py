"""Broker files like those of sites with many registries: rules of all built-in providers, each for other hosts, of which one matches."""

IMAGE = "docker.cloudsmith.io/acme/prod/app"

CLOUDSMITH = """\
- name: cloudsmith-{n}
  module: cloudsmith
  matchImages: ["docker-{n}.example.com", "*.packages-{n}.example.com"]
  audience: cloudsmith
  allow:
  - {{namespace: "team-{n}-*", serviceAccount: "*"}}
  settings: {{organization: acme-{n}, service: kubelet-puller}}
  annotations:
    cloudsmith.io/org-slug: {{setting: organization, oneOf: [acme-{n}, globex-{n}]}}
    cloudsmith.io/service-slug: {{setting: service}}
"""
PASSTHROUGH = """\
- name: harbor-{n}
  module: passthrough
  matchImages: ["harbor-{n}.example.com"]
  audience: harbor-{n}
  allow:
  - {{namespace: "team-{n}-*"}}
"""
STATIC = """\
- name: mirror-{n}
  module: static-token
  matchImages: ["mirror-{n}.internal:5000"]
  identity: none
  settings: {{username: pull, passwordFile: /etc/registry-credential-broker/secrets/mirror-{n}}}
  maxCacheDuration: 5m
"""
OTHERS = (CLOUDSMITH, PASSTHROUGH, CLOUDSMITH, STATIC)

# The longest deadline: under valgrind, and under load, an exchange takes a hundred times as long.
HEAD = "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\ndeadline: 50s\nproviders:\n"


def exchanging(api_host, ca_file=None):
    """The rule for IMAGE that makes an exchange; with `ca_file` it trusts nothing else."""
    tls = f"  tls: {{caFile: {ca_file}, caMode: replace}}\n" if ca_file else ""
    return ("- name: wanted\n  module: cloudsmith\n  matchImages: [docker.cloudsmith.io]\n  audience: cloudsmith\n"
            f'  settings: {{organization: acme, service: puller, apiHost: "{api_host}"}}\n{tls}')


def standing(password_file):
    """The rule for IMAGE that answers without a network."""
    return ("- name: wanted\n  module: static-token\n  matchImages: [docker.cloudsmith.io]\n  identity: none\n"
            f"  settings: {{username: pull, passwordFile: {password_file}}}\n")


def broker_file(wanted, rules=1):
    """The text of a file of so many rules, with `wanted` in the middle of the others."""
    others = [OTHERS[n % len(OTHERS)].format(n=n) for n in range(rules - 1)]
    middle = len(others) // 2
    return HEAD + "".join([*others[:middle], wanted, *others[middle:]])
