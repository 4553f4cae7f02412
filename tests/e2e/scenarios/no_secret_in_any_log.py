"""No token, password or part of one is in any log of kubelet, containerd, API server and etcd, nor in any event."""

import json
import re

# A JSON Web Token starts with the base64 of `{"`, and so does its second part; Basic credentials hold that of `token:ey`. Then the
# forms in which the test servers issue everything else (tests/support).
TOKENS = re.compile(rb"eyJ[A-Za-z0-9_-]{16,}|dG9rZW46ZX[A-Za-z0-9+/]{8,}|Bearer [A-Za-z0-9._-]{16,}|"
                    rb"ya29\.[0-9a-f]{16,}|issued-[0-9a-f]{16,}|[0-9a-f]{130,}")


def prove(node):
    # What is scanned for is there to be found: a token was issued, and one was refused.
    node.cluster.service_account("team-quiet", "puller")
    node.cluster.service_account("outsiders", "puller")
    node.cluster.pod("team-quiet", "puller").must_run()
    node.cluster.pod("outsiders", "puller").must_be_refused()
    assert TOKENS.search(b"token=eyJhbGciOiJSUzI1NiIsImtpZCI6"), "the scan finds nothing"

    written = {path.name: path.read_bytes() for path in node.logs.iterdir()}
    written["events"] = json.dumps(node.cluster.objects("events", "--all-namespaces")).encode()
    assert len(written["events"]) > 1000 and len(written["kubelet.log"]) > 10000
    secrets = [(name, found.start()) for name, text in written.items() for found in TOKENS.finditer(text)]
    for password in node.passwords:
        secrets += [(name, text.index(password)) for name, text in written.items() if password in text]
    assert not secrets, f"at these places: {secrets[:10]}"
    return f"{sum(map(len, written.values())) // 1024} KiB of logs and events"
