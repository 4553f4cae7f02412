"""What is compared: the programs, how each is called, and what its answer must contain."""

import base64
import contextlib
import json
import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from authorities import Authorities
from broker_file import IMAGE, broker_file, exchanging, standing
from relay import Relay

# The rows that limits speak of.
EMPTY, FLOOR, PEER, BROKER = "empty C program", "floor", "lean peer", "broker"
HASHED, BUNDLE = "broker, hashed folder", "broker, bundle"
STATIC, STATIC_1000, STATIC_10000 = "broker, static token", "broker, static token, 1,000 rules", "broker, static token, 10,000 rules"
CROWD = 200
RTT = 0.040  # s, of the rows that have a distance
GROUPS = ("X25519", "P-256", "P-384")  # of servers that take no other for the key exchange


@dataclass
class Row:
    """A program, how it is called, what its answer must contain, and beside which other row it is shown."""
    name: str
    command: list
    expects: str = ""
    environment: dict = field(default_factory=dict)
    count: int = 1  # started at once
    reference: str = PEER


@dataclass
class Programs:
    folder: Path
    broker: str
    floor: str

    def path(self, name):
        return str(self.folder / name)


@dataclass
class Exchange:
    """The TLS servers of this run, and the files made for it. `ports` are those of the servers that take one of GROUPS only, by the group."""
    folder: Path
    port: int
    root: str
    root_folder: str
    password: str
    ports: dict = field(default_factory=dict)

    @property
    def host(self):
        return f"localhost:{self.port}"

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def authorities(self):
        """A system's authorities. They are made when they are first asked for."""
        return Authorities(self.folder / "authorities")

    def bundle(self):
        """A system's certificates with our root at their end: what a node with a private registry has."""
        return self.write("bundle.pem", self.authorities().bundle() + Path(self.root).read_text(encoding="utf-8"))

    def empty_folder(self):
        path = self.folder / "no-authorities"
        path.mkdir(exist_ok=True)
        return str(path)

    @contextlib.contextmanager
    def at_a_distance(self, group=None):
        """The same exchange, or the one that takes only this group, behind a relay: both."""
        with Relay(self.ports[group] if group else self.port, RTT) as relay:
            yield replace(self, port=relay.port), relay


@contextlib.contextmanager
def exchange_in(folder, server):
    """The servers, running as long as the block that uses them."""
    password = jwt({"iss": "exchange", "exp": int(time.time()) + 5400})
    with subprocess.Popen([server, folder, json.dumps({"token": password}), *GROUPS],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        root, root_folder, port, *ports = process.stdout.readline().split()
        yield Exchange(folder, int(port), root, root_folder, password, dict(zip(GROUPS, map(int, ports))))
        process.stdin.close()


def one_exchange(programs, exchange, rules=1, count=1):
    """The three programs that are compared, each trusting one CA. The rules are those of the broker file."""
    config = exchange.write(f"exchange-{rules}-{exchange.port}.yaml", broker_file(exchanging(exchange.host, exchange.root), rules))
    return {
        BROKER: Row(BROKER, [programs.broker, "--config", config], exchange.password, count=count),
        PEER: Row(PEER, [programs.path("lean-peer"), exchange.host, "acme", "puller", exchange.root], exchange.password, count=count),
        FLOOR: Row(FLOOR, [programs.floor, str(exchange.port), exchange.root], exchange.password, count=count),
    }


def trust_rows(programs, exchange):
    """One exchange, trusting what a system trusts."""
    system = [programs.broker, "--config", exchange.write(f"system-{exchange.port}.yaml", broker_file(exchanging(exchange.host)))]
    return [Row(HASHED, system, exchange.password, {"SSL_CERT_DIR": f"{exchange.authorities().folder}:{exchange.root_folder}"}),
            Row(BUNDLE, system, exchange.password, only_bundle(exchange))]


def only_bundle(exchange):
    return {"SSL_CERT_FILE": exchange.bundle(), "SSL_CERT_DIR": exchange.empty_folder()}


def static_rows(programs, exchange):
    """Answers without a network."""
    wanted = standing(exchange.write("secret", exchange.password))

    def row(name, rules):
        config = exchange.write(f"static-{rules}.yaml", broker_file(wanted, rules))
        return Row(name, [programs.broker, "--config", config], exchange.password)

    return [row(STATIC, 20), row(STATIC_1000, 1000), row(STATIC_10000, 10000)]


def empty_row(programs):
    """What starting any program costs."""
    return Row(EMPTY, [programs.path("bench_empty")])


def single_rows(programs, exchange, peers):
    """What is compared one process at a time."""
    return [
        empty_row(programs),
        *one_exchange(programs, exchange).values(),
        *(peer_row(peer, exchange) for peer in peers),
        *trust_rows(programs, exchange),
        Row("lean peer, bundle", [programs.path("lean-peer"), exchange.host, "acme", "puller", exchange.bundle()], exchange.password),
        Row("floor, bundle", [programs.floor, str(exchange.port)], exchange.password, only_bundle(exchange)),
        *static_rows(programs, exchange),
    ]


def peer_row(text, exchange):
    """`NAME=[VARIABLE=VALUE…] PROGRAM [ARGUMENT…]`, in which {apiHost} and {caFile} stand for what is known only now."""
    name, _, command = text.partition("=")
    words = shlex.split(command.replace("{apiHost}", exchange.host).replace("{caFile}", exchange.root))
    program = next((index for index, word in enumerate(words) if not re.match(r"[A-Za-z_]\w*=", word)), None)
    if not name or program is None:
        sys.exit(f"run.py: --peer '{text}' is not NAME=COMMAND")
    return Row(name, words[program:], exchange.password, dict(word.split("=", 1) for word in words[:program]))


def crowd_rows(programs, exchange, count):
    """What is compared when so many are started at once."""
    rows = one_exchange(programs, exchange, count=count).values()
    return [Row(f"{count} × {row.name}", row.command, row.expects, count=count, reference=f"{count} × {PEER}") for row in rows]


def far_rows(programs, exchange, group):
    """One exchange over a distance, with a server that takes only this group."""
    return [replace(row, name=far(row.name, group), reference=far(PEER, group)) for row in one_exchange(programs, exchange).values()]


def far(name, group):
    return f"{name}, {RTT * 1000:.0f} ms RTT, {group}"


def jwt(claims):
    """A token that is never verified here."""
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
    return ".".join([part(b'{"alg":"RS256","typ":"JWT"}'), part(json.dumps(claims).encode()), part(b"x" * 256)])


def request(now):
    """What the kubelet sends for a pod."""
    token = jwt({"iss": "https://issuer.example", "aud": ["cloudsmith"], "iat": now, "exp": now + 3600,
                 "sub": "system:serviceaccount:team-a:puller",
                 "kubernetes.io": {"namespace": "team-a", "serviceaccount": {"name": "puller", "uid": "0"}}})
    return {"apiVersion": "credentialprovider.kubelet.k8s.io/v1", "kind": "CredentialProviderRequest", "image": IMAGE,
            "serviceAccountToken": token, "serviceAccountAnnotations": {}}
