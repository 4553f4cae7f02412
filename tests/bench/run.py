#!/usr/bin/env python3
"""Compares whole processes: one credential each, from the request on stdin to the answer on stdout. Called by run.sh, which builds them.

All programs are run in turns, so that a noisy moment hits each of them; compare figures of one run only.
"""

import argparse
import base64
import contextlib
import json
import os
import platform
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import plot
from broker_file import IMAGE, broker_file, exchanging, standing
from figures import Bar, Figures, Sample, broken, complaints, table_of_bars, table_of_rows

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WARM_UP = 3
BEGIN, END = "<!-- measured by tests/bench/run.sh: begin -->\n", "<!-- measured: end -->\n"
SYSTEM_FOLDER = "/etc/ssl/certs"
SYSTEM_BUNDLE = Path(SYSTEM_FOLDER) / "ca-certificates.crt"
LEAST_AUTHORITIES = 140  # of a bundle that says something

# The rows that bars speak of.
EMPTY, FLOOR, PEER, BROKER = "empty C program", "floor", "lean peer", "broker"
HASHED, BUNDLE = "broker, hashed folder", "broker, system's bundle"
STATIC, STATIC_1000, STATIC_10000 = "broker, static token", "broker, static token, 1,000 rules", "broker, static token, 10,000 rules"
EMPTY_MS = 0.9  # what the empty program takes on the machine that bars in milliseconds are meant for
CROWD = 200
BROKERS, FLOORS, PEERS = (f"{CROWD} × {name}" for name in (BROKER, FLOOR, PEER))

BARS = [
    Bar("one exchange, one CA: time beside the lean peer", 1.0, "×", "wall", BROKER, PEER),
    Bar("one exchange, one CA: CPU beside the lean peer", 1.0, "×", "cpu", BROKER, PEER),
    Bar("one exchange, one CA: time beside the floor", 1.2, "×", "wall", BROKER, FLOOR),
    Bar("the system's bundle as the only trust: more time than one CA", 0.8, "ms", "wall", BUNDLE, BROKER),
    Bar("a hashed CA folder: more time than one CA", 0.3, "ms", "wall", HASHED, BROKER),
    Bar("static token, 20 rules: time beside the empty program", 2.0, "×", "wall", STATIC, EMPTY),
    Bar("1,000 rules: more time than 20", 8, "ms", "wall", STATIC_1000, STATIC),
    # Ten times as many rules: ten times the time, and a quarter for what caches no longer hold.
    Bar("10,000 rules: what they add beside what 1,000 add", 12.5, "×", "wall", STATIC_10000, STATIC_1000, base=STATIC),
    Bar("200 at once, all exchanging: CPU beside the floor", 1.4, "×", "cpu", BROKERS, FLOORS),
    Bar("one exchange: peak memory", 8, "MiB", "memory", BROKER),
    Bar("the program's file", 6, "MB", "size", BROKER),
]


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
    """The TLS server of this run, and the files made for it."""
    folder: Path
    port: int
    root: str
    root_folder: str
    password: str

    @property
    def host(self):
        return f"localhost:{self.port}"

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def bundle(self):
        """The system's certificates with our root at their end: what a node with a private registry has."""
        system = SYSTEM_BUNDLE.read_text(encoding="utf-8")
        if system.count("BEGIN CERTIFICATE") < LEAST_AUTHORITIES:
            sys.exit(f"run.py: {SYSTEM_BUNDLE} has fewer than {LEAST_AUTHORITIES} authorities")
        return self.write("bundle.pem", system + Path(self.root).read_text(encoding="utf-8"))

    def empty_folder(self):
        path = self.folder / "no-authorities"
        path.mkdir(exist_ok=True)
        return str(path)


def one_exchange(programs, exchange, rules=1, count=1):
    """The three programs that are compared, each trusting one CA. The rules are those of the broker's file."""
    config = exchange.write(f"exchange-{rules}.yaml", broker_file(exchanging(exchange.host, exchange.root), rules))
    return {
        BROKER: Row(BROKER, [programs.broker, "--config", config], exchange.password, count=count),
        PEER: Row(PEER, [programs.path("lean-peer"), exchange.host, "acme", "puller", exchange.root], exchange.password, count=count),
        FLOOR: Row(FLOOR, [programs.floor, str(exchange.port), exchange.root], exchange.password, count=count),
    }


def single_rows(programs, exchange, peers):
    """What is compared one process at a time."""
    bundle = exchange.bundle()
    only_bundle = {"SSL_CERT_FILE": bundle, "SSL_CERT_DIR": exchange.empty_folder()}
    hashed = {"SSL_CERT_DIR": f"{SYSTEM_FOLDER}:{exchange.root_folder}"}
    system = [programs.broker, "--config", exchange.write("system.yaml", broker_file(exchanging(exchange.host)))]
    wanted = standing(exchange.write("secret", exchange.password))

    def static(name, rules):
        config = exchange.write(f"static-{rules}.yaml", broker_file(wanted, rules))
        return Row(name, [programs.broker, "--config", config], exchange.password)

    return [
        Row(EMPTY, [programs.path("bench_empty")]),
        *one_exchange(programs, exchange).values(),
        *(peer_row(peer, exchange) for peer in peers),
        Row(HASHED, system, exchange.password, hashed),
        Row(BUNDLE, system, exchange.password, only_bundle),
        Row("lean peer, system's bundle", [programs.path("lean-peer"), exchange.host, "acme", "puller", bundle], exchange.password),
        Row("floor, system's bundle", [programs.floor, str(exchange.port)], exchange.password, only_bundle),
        static(STATIC, 20),
        static(STATIC_1000, 1000),
        static(STATIC_10000, 10000),
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
    return {"apiVersion": "credentialprovider.kubelet.k8s.io/v1", "kind": "CredentialProviderRequest", "image": IMAGE,
            "serviceAccountToken": token, "serviceAccountAnnotations": {}}


def measure(programs, rows, folder, runs):
    """The samples of each row, by its name. Ends the program if one run fails or answers something else."""
    question = folder / "request.json"
    question.write_text(json.dumps(request(int(time.time()))), encoding="utf-8")
    words = []
    for index, row in enumerate(rows):
        words += ["--", str(row.count), str(question), str(folder / f"{index}.out"),
                  *(f"{name}={value}" for name, value in row.environment.items()), *row.command]
    output = subprocess.run([programs.path("bench_runner"), str(runs + WARM_UP), *words], check=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True).stdout
    samples = {row.name: [] for row in rows}
    for line in output.splitlines():
        index, wall, cpu, memory, status = map(int, line.split())
        if status != 0:
            sys.exit(f"run.py: '{rows[index].name}' failed with wait status {status}")
        samples[rows[index].name].append(Sample(wall / 1000, cpu / 1000, memory / 1024))
    for index, row in enumerate(rows):
        if row.expects not in (folder / f"{index}.out").read_text(encoding="utf-8"):
            sys.exit(f"run.py: '{row.name}' did not answer with the credential")
    return {name: of_row[WARM_UP:] for name, of_row in samples.items()}


def crowd_runs(runs):
    """A crowd is many processes already."""
    return max(3, runs // 20)


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout.split("\n")[0]


def locked_version(crate):
    """The version of a library of the lean peer."""
    text = (HERE / "lean-peer/Cargo.lock").read_text(encoding="utf-8")
    return re.search(rf'name = "{crate}"\nversion = "(.*)"', text)[1]


def circumstances(programs, runs, pace):
    """What a figure needs to be worth anything: the machine, the versions, the command."""
    models = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
              if line.startswith("model name")]
    system = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines() if "=" in line)
    return "\n".join([
        f"- machine: {len(os.sched_getaffinity(0))} × {models[0] if models else platform.machine()}, Linux {platform.release()}, "
        + system.get("PRETTY_NAME", "").strip('"') + f"; {pace:.1f} times as slow as the one that bars in milliseconds are meant for",
        f"- versions: {first_line(programs.broker, 'version')}; lean peer: ureq {locked_version('ureq')}, rustls {locked_version('rustls')}; "
        f"server: {first_line('openssl', 'version')}",
        f"- command: `{shlex.join(['tests/bench/run.sh', *sys.argv[1:]])}`, {time.strftime('%Y-%m-%d', time.gmtime())}; times in ms; "
        f"{runs} runs of each in turns, {crowd_runs(runs)} of {CROWD} at once; TLS on loopback; × is beside the lean peer",
    ])


def put_between_markers(path, text):
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"run.py: {path} has no marker lines:\n{BEGIN}{END}")
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def compare(programs, exchange, options):
    """All rows of the tables, measured once."""
    single = single_rows(programs, exchange, options.peer)
    crowd = crowd_rows(programs, exchange, CROWD)
    samples = {**measure(programs, single, exchange.folder, options.runs),
               **measure(programs, crowd, exchange.folder, crowd_runs(options.runs))}
    pace = statistics.median(sample.wall for sample in samples[EMPTY]) / EMPTY_MS
    figures = Figures(samples, {BROKER: Path(programs.broker).stat().st_size / 1e6}, max(1.0, pace))
    references = {row.name: row.reference for row in [*single, *crowd]}
    report = "\n\n".join([table_of_rows(figures, references), table_of_bars(BARS, figures), circumstances(programs, options.runs, figures.pace)])
    return figures, report + "\n"


def draw(programs, exchange, runs):
    """The plot: what rules and what company cost."""
    names = (BROKER, PEER, FLOOR)
    rules = (20, 100, 300, 1000, 3000, 10000)
    by_rules = [Row(f"{count} rules", one_exchange(programs, exchange, rules=count)[BROKER].command, exchange.password) for count in rules]
    others = [row for name, row in one_exchange(programs, exchange).items() if name != BROKER]
    samples = measure(programs, [*by_rules, *others], exchange.folder, runs)
    figures = Figures(samples, {})
    left = {name: [(count, figures.median(f"{count} rules" if name == BROKER else name, "wall")) for count in rules] for name in names}

    right = {name: [] for name in names}
    for count in (1, 10, 50, 100, 200):
        samples = measure(programs, crowd_rows(programs, exchange, count), exchange.folder, max(crowd_runs(runs), runs // count))
        figures = Figures(samples, {})
        for name in names:
            right[name].append((count, figures.median(f"{count} × {name}", "cpu") / count))
    return plot.svg([plot.Panel("One exchange, by rules in the file", "rules", "ms", left, logarithmic=True),
                     plot.Panel("Each of several started at once", "processes", "ms of CPU", right)])


def parsed(arguments):
    parser = argparse.ArgumentParser(prog="tests/bench/run.sh", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--programs", type=Path, default=ROOT / "build/bench", metavar="BUILD_FOLDER",
                        help="where the programs are built (default: build/bench, which is brought up to date)")
    parser.add_argument("--broker", metavar="PROGRAM", help="the program to judge (default: that of the build folder)")
    parser.add_argument("--floor", metavar="PROGRAM", help="bench_floor, linked like the program to judge (default: that of the build folder)")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND",
                        help="another plugin to compare, as often as wanted; variables may precede its program, {apiHost} and {caFile} are put in")
    parser.add_argument("--runs", type=int, default=101, help="runs of each program (default: 101)")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the tables between the two marker lines of this file")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="also draw this SVG")
    parser.add_argument("--check", action="store_true", help="fail if a bar is broken by more than the slack, twice in a row")
    return parser.parse_args(arguments)


def installed(options, folder):
    """Copies of the programs, as an installation makes them: Linux maps what a linker wrote in place in smaller pieces, which costs more."""
    built = options.programs / "bin"
    folder.mkdir()
    for name in ("bench_empty", "bench_exchange", "bench_runner", "lean-peer"):
        shutil.copy(built / name, folder)
    return Programs(folder, shutil.copy(options.broker or built / "registry-credential-broker", folder / "broker"),
                    shutil.copy(options.floor or built / "bench_floor", folder / "floor"))


@contextlib.contextmanager
def exchange_in(folder, server):
    """The server, running as long as the block that uses it."""
    password = jwt({"iss": "exchange", "exp": int(time.time()) + 5400})
    with subprocess.Popen([server, folder, json.dumps({"token": password})],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        port, root, root_folder = process.stdout.readline().split()
        yield Exchange(folder, int(port), root, root_folder, password)
        process.stdin.close()


def main():
    options = parsed(sys.argv[1:])
    with tempfile.TemporaryDirectory(dir=options.programs.resolve()) as name:
        folder = Path(name)
        programs = installed(options, folder / "bin")
        with exchange_in(folder, programs.path("bench_exchange")) as exchange:
            figures, report = compare(programs, exchange, options)
            print(report, end="")
            bars = broken(BARS, figures)
            if options.check and bars:
                print("\nA bar is broken, which a noisy moment may have done; once more.\n")
                figures, report = compare(programs, exchange, options)
                print(report, end="")
            if options.plot:
                options.plot.write_text(draw(programs, exchange, options.runs), encoding="utf-8")
    if options.markdown:
        put_between_markers(options.markdown, report)
    if options.check and (lines := complaints(bars, figures)):
        sys.exit("\n".join(f"run.py: {line}" for line in lines))


if __name__ == "__main__":
    main()
