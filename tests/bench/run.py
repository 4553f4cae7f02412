#!/usr/bin/env python3
"""Compares whole processes: one credential each, from the request on stdin to the answer on stdout.

Build first (any Release build with tests: `cmake --preset release -B build/bench -DRCB_BUILD_TESTS=ON`, then
`cmake --build build/bench --target bench`). All programs are run in turns, so that a noisy moment hits each of them; compare
rows of one table only. To compare another program, add a row to `rows()`.
"""

import argparse
import base64
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WARM_UP = 3
BEGIN, END = "<!-- measured by tests/bench/run.py: begin -->\n", "<!-- measured: end -->\n"
SYSTEM_FOLDER = "/etc/ssl/certs"
SYSTEM_BUNDLE = Path(SYSTEM_FOLDER) / "ca-certificates.crt"


@dataclass
class Row:
    """A program, how it is called, and what its answer must contain."""
    name: str
    command: list
    expects: str = ""
    environment: dict = field(default_factory=dict)
    image: str = "docker.cloudsmith.io/acme/prod/app"


@dataclass
class Exchange:
    """The TLS server of this run, and the files made for it."""
    folder: Path
    port: int
    root: str
    root_folder: str
    password: str

    def bundle(self):
        """The system's certificates with our root at their end: what a node with a private registry has."""
        path = self.folder / "bundle.pem"
        path.write_text(SYSTEM_BUNDLE.read_text(encoding="utf-8") + Path(self.root).read_text(encoding="utf-8"), encoding="utf-8")
        return str(path)

    def config(self, name, rule):
        """A broker file of one rule; JSON is YAML."""
        path = self.folder / f"{name}.yaml"
        path.write_text(json.dumps({"apiVersion": "registry-credential-broker/v1alpha1", "kind": "BrokerConfig",
                                    "providers": [{"name": name, "matchImages": ["docker.cloudsmith.io"], **rule}]}),
                        encoding="utf-8")
        return str(path)


def rows(programs, exchange):
    """What is compared. The first row with `floor` in its name is the reference unless another is chosen."""
    broker, floor = str(programs / "registry-credential-broker"), str(programs / "bench_floor")
    settings = {"organization": "acme", "service": "puller", "apiHost": f"localhost:{exchange.port}"}
    cloudsmith = {"module": "cloudsmith", "audience": "cloudsmith", "settings": settings}
    one_ca = exchange.config("one-ca", {**cloudsmith, "tls": {"caFile": exchange.root, "caMode": "replace"}})
    system = exchange.config("system", cloudsmith)
    secret = exchange.folder / "secret"
    secret.write_text(exchange.password, encoding="utf-8")
    static = exchange.config("static", {"module": "static-token", "identity": "none",
                                        "settings": {"username": "pull", "passwordFile": str(secret)}})
    bundle = {"SSL_CERT_FILE": exchange.bundle()}
    hashed = {"SSL_CERT_DIR": f"{SYSTEM_FOLDER}:{exchange.root_folder}"}
    return [
        Row("empty C program", [str(programs / "bench_empty")]),
        Row("floor: raw OpenSSL, one CA", [floor, str(exchange.port), exchange.root], exchange.password),
        Row("broker: cloudsmith, one CA", [broker, "--config", one_ca], exchange.password),
        Row("broker: cloudsmith, system's hashed folder", [broker, "--config", system], exchange.password, hashed),
        Row("floor: raw OpenSSL, system's bundle", [floor, str(exchange.port)], exchange.password, bundle),
        Row("broker: cloudsmith, system's bundle", [broker, "--config", system], exchange.password, bundle),
        Row("broker: static-token, no network", [broker, "--config", static], exchange.password),
    ]


def jwt(claims):
    """A token that nobody verifies here."""
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
    return ".".join([part(b'{"alg":"RS256","typ":"JWT"}'), part(json.dumps(claims).encode()), part(b"x" * 256)])


def request(now):
    """What the kubelet sends for a pod."""
    token = jwt({"iss": "https://issuer.example", "aud": ["cloudsmith"], "iat": now, "exp": now + 3600,
                 "sub": "system:serviceaccount:team-a:puller",
                 "kubernetes.io": {"namespace": "team-a", "serviceaccount": {"name": "puller", "uid": "0"}}})
    return {"apiVersion": "credentialprovider.kubelet.k8s.io/v1", "kind": "CredentialProviderRequest",
            "serviceAccountToken": token, "serviceAccountAnnotations": {}}


def measure(programs, compared, folder, runs):
    """A list of (wall ms, CPU ms, peak MiB) for each row. Ends the program if one run fails or answers something else."""
    question, words = request(int(time.time())), []
    for index, row in enumerate(compared):
        (folder / f"{index}.in").write_text(json.dumps({**question, "image": row.image}), encoding="utf-8")
        words += ["--", str(folder / f"{index}.in"), str(folder / f"{index}.out"),
                  *(f"{name}={value}" for name, value in row.environment.items()), *row.command]
    output = subprocess.run([str(programs / "bench_runner"), str(runs + WARM_UP), *words], check=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True).stdout
    samples = [[] for _ in compared]
    for line in output.splitlines():
        index, wall, cpu, memory, status = map(int, line.split())
        if status != 0:
            sys.exit(f"run.py: '{compared[index].name}' failed with wait status {status}")
        samples[index].append((wall / 1000, cpu / 1000, memory / 1024))
    for index, row in enumerate(compared):
        if row.expects not in (folder / f"{index}.out").read_text(encoding="utf-8"):
            sys.exit(f"run.py: '{row.name}' did not answer with the credential")
    return [of_row[WARM_UP:] for of_row in samples]


def table(compared, samples, reference):
    """Markdown; also fit to be read in a terminal."""
    medians = [statistics.median(wall for wall, _, _ in of_row) for of_row in samples]
    base = next((median for row, median in zip(compared, medians) if reference in row.name), None)
    if base is None:
        sys.exit(f"run.py: no row is called '{reference}'")
    width = max(len(row.name) for row in compared)
    lines = [f"| {'program':<{width}} | median |    p95 |    CPU | peak memory | × reference |",
             f"|{'-' * (width + 2)}|-------:|-------:|-------:|------------:|------------:|"]
    for row, of_row, median in zip(compared, samples, medians):
        walls = sorted(wall for wall, _, _ in of_row)
        p95 = walls[math.ceil(0.95 * len(walls)) - 1]
        cpu = statistics.median(cpu for _, cpu, _ in of_row)
        memory = statistics.median(memory for _, _, memory in of_row)
        lines.append(f"| {row.name:<{width}} | {median:6.2f} | {p95:6.2f} | {cpu:6.2f} | {memory:7.1f} MiB | {median / base:11.2f} |")
    return "\n".join(lines)


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout.split("\n")[0]


def circumstances(programs, runs):
    """What a figure needs to be worth anything: the machine, the versions, the command."""
    models = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
              if line.startswith("model name")]
    system = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines() if "=" in line)
    return "\n".join([
        f"- machine: {len(os.sched_getaffinity(0))} × {models[0] if models else platform.machine()}, Linux {platform.release()}, "
        + system.get("PRETTY_NAME", "").strip('"'),
        f"- versions: {first_line(str(programs / 'registry-credential-broker'), 'version')}; {first_line('openssl', 'version')}",
        f"- command: `tests/bench/run.py --runs {runs}`, {time.strftime('%Y-%m-%d', time.gmtime())}; times in ms of whole processes, "
        f"{runs} runs of each in turns, TLS on loopback",
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=Path, default=ROOT / "build/bench", help="build folder (default: build/bench)")
    parser.add_argument("--runs", type=int, default=100, help="runs of each program (default: 100)")
    parser.add_argument("--reference", default="floor", help="part of the name of the row that the ratios refer to")
    parser.add_argument("--markdown", type=Path, help="also put the table and its circumstances between the two marker lines of this file")
    options = parser.parse_args()
    programs = options.build.resolve() / "bin"

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        password = jwt({"iss": "exchange", "exp": int(time.time()) + 5400})
        with subprocess.Popen([str(programs / "bench_exchange"), name, json.dumps({"token": password})],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            port, root, root_folder = server.stdout.readline().split()
            compared = rows(programs, Exchange(folder, int(port), root, root_folder, password))
            samples = measure(programs, compared, folder, options.runs)
            server.stdin.close()
    text = table(compared, samples, options.reference) + "\n\n" + circumstances(programs, options.runs) + "\n"
    print(text, end="")
    if options.markdown:
        before, begin, rest = options.markdown.read_text(encoding="utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
        if not begin or not end:
            sys.exit(f"run.py: {options.markdown} has no marker lines:\n{BEGIN}{END}")
        options.markdown.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
