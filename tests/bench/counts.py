"""What one run of a program costs, counted instead of timed, so that it is the same beside any other load: instructions, system calls, page faults,
connections and round trips.

Each figure is the least of a few runs, since whatever disturbs a run only adds to it.
"""

import functools
import itertools
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import exchanges
import rows

RUNS = 3
TRIES = 6
AGREEMENT = 1.005  # the greater divided by the less
# The kernel answers these in the process itself where its clock allows that, so a machine decides whether they are system calls.
NOT_COUNTED = {"clock_gettime", "gettimeofday", "time", "getcpu"}
# OpenSSL reads the processor's features. valgrind emulates the same processor wherever there is AVX2, except for two instructions: RDRAND and RDSEED.
SAME_PROCESSOR = {"OPENSSL_ia32cap": "~0x4000000000000000:~0x40000"}


@dataclass(frozen=True)
class Counts:
    """Of one row. `system_calls` has the number of each by its name."""
    instructions: int
    system_calls: dict
    page_faults: int
    peak_memory: int   # KiB
    program_size: int  # bytes
    connections: int = 0
    round_trips: int = 0

    @property
    def peak_memory_mib(self):
        return self.peak_memory / 1024

    @property
    def program_mb(self):
        return self.program_size / 1e6

    @property
    def all_system_calls(self):
        return sum(self.system_calls.values())


class NoAnswer(Exception):
    """A counted run failed, or answered something else."""


@functools.cache
def unrandomised():
    """The prefix that makes a command's addresses the same in every run. They decide how many pages a program touches."""
    return ("setarch", "-R") if subprocess.run(["setarch", "-R", "true"], check=False, capture_output=True).returncode == 0 else ()


class Counter:
    """Counts rows that answer this request. `relay`, if the rows go through one, has seen their connections. Files go into `folder`."""

    def __init__(self, runner, request, folder, relay=None):
        self.runner, self.request, self.relay = runner, request, relay
        self.log = Path(folder) / "count.log"

    def count(self, row):
        faults, memory, trips = zip(*(self._native(row) for _ in range(RUNS)))
        calls = min((self._system_calls(row) for _ in range(RUNS)), key=lambda each: sum(each.values()))
        least = min(trips, key=lambda each: (len(each), sum(each)))
        return Counts(self._instructions(row), calls, min(faults), min(memory), os.path.getsize(row.command[0]), len(least), sum(least))

    def _native(self, row):
        """The page faults and peak memory of a run as it is, and the round trips of each of its connections."""
        before = len(self.relay.round_trips) if self.relay else 0
        environment = [f"{name}={value}" for name, value in row.environment.items()]
        command = [*unrandomised(), self.runner, "1", "--", "1", row.expects, *environment, *row.command]
        output = subprocess.run(command, input=self.request, stdout=subprocess.PIPE, text=True, check=True).stdout
        *_, memory, faults, status = map(int, output.split())
        if status != 0:
            raise NoAnswer(f"'{row.name}' failed with status {status} while it was counted")
        return faults, memory, tuple(self.relay.round_trips[before:]) if self.relay else ()

    def _under(self, tool, row, environment=None):
        """A run under a tool that writes into the log."""
        run = subprocess.run([*unrandomised(), *tool, *row.command], input=self.request, capture_output=True, text=True, check=False,
                             env={"PATH": "/usr/bin:/bin", **row.environment, **(environment or {})})
        if run.returncode != 0 or row.expects not in run.stdout:
            raise NoAnswer(f"'{row.name}' did not answer with the credential under {tool[0]}: status {run.returncode}, {run.stderr.strip()}")
        return self.log.read_text(encoding="utf-8")

    def _system_calls(self, row):
        tool = ["strace", "--follow-forks", "--summary-only", "--summary-columns=calls,name", "--output", str(self.log)]
        return calls_in(self._under(tool, row))

    def _instructions(self, row):
        """The least of two runs that agree. Under valgrind a run takes fifty times as long: beside much other work it may ask twice or meet its deadline."""
        counted, failure = [], None
        for _ in range(TRIES):
            try:
                counted.append(self._instructions_once(row))
            except NoAnswer as problem:
                failure = problem
            least = sorted(counted)[:2]
            if len(least) == 2 and least[1] <= least[0] * AGREEMENT:
                return least[0]
        raise failure or NoAnswer(f"'{row.name}' takes another number of instructions each time: {counted}")

    def _instructions_once(self, row):
        tool = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", f"--log-file={self.log}"]
        return instructions_in(self._under(tool, row, SAME_PROCESSOR))


def count_all(programs, exchange, request):
    """The counts of all rows; those that meet a server do so over a distance, so that no answer comes sooner than the program looks for it."""
    counts = {}

    def add(those, relay=None):
        counter = Counter(programs.path("bench_runner"), request, exchange.folder, relay)
        counts.update((row.name, counter.count(row)) for row in those)

    with exchange.at_a_distance() as (remote, relay):
        add([*rows.one_exchange(programs, remote).values(), *rows.trust_rows(programs, remote)], relay)
    for group in rows.GROUPS:
        with exchange.at_a_distance(group) as (remote, relay):
            add(rows.far_rows(programs, remote, group)[:1], relay)
    add([rows.empty_row(programs), *rows.static_rows(programs, exchange)])
    return counts


def count_exchanges(programs, world, folder):
    """The counts of one credential from each provider that makes an exchange, over the same distance."""
    counts = {}
    with world.at_a_distance() as relay:
        for provider in exchanges.PROVIDERS:
            counter = Counter(programs.path("bench_runner"), world.request(provider), folder, relay)
            counts.update((row.name, counter.count(row)) for row in world.rows(provider, programs, relay.port))
    return counts


def calls_in(summary):
    """The number of each system call in strace's table."""
    lines = itertools.takewhile(lambda line: not line.startswith("---"), summary.splitlines()[2:])
    calls = {name: int(number) for number, name in map(str.split, lines)}
    return {name: calls[name] for name in sorted(calls.keys() - NOT_COUNTED)}


def instructions_in(log):
    found = re.search(r"I +refs: +([\d,]+)", log)
    if not found:
        raise NoAnswer(f"valgrind counted nothing: {log.strip()}")
    return int(found[1].replace(",", ""))
