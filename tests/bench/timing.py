"""Measures whole processes in turns, so that a noisy moment hits each program."""

import subprocess
import sys

import exchanges
import plot
import rows
from figures import Sample, Times
from rows import BROKER, CROWD, FLOOR, GROUPS, PEER, Row

WARM_UP = 3


def measure(programs, those, request, runs):
    """The samples of each row, by its name. Ends the program if one run fails or answers something else."""
    words = []
    for row in those:
        words += ["--", str(row.count), row.expects, *(f"{name}={value}" for name, value in row.environment.items()), *row.command]
    output = subprocess.run([programs.path("bench_runner"), str(runs + WARM_UP), *words], check=True,
                            input=request, stdout=subprocess.PIPE, text=True).stdout
    samples = {row.name: [] for row in those}
    for line in output.splitlines():
        index, wall, cpu, _, _, status = map(int, line.split())
        if status != 0:
            sys.exit(f"run.py: '{those[index].name}' " + ("did not answer with the credential" if status == -1 else f"failed with wait status {status}"))
        samples[those[index].name].append(Sample(wall / 1000, cpu / 1000))
    return {name: of_row[WARM_UP:] for name, of_row in samples.items()}


def crowd_runs(runs):
    """A crowd is many processes already, and a distance takes its time."""
    return max(3, runs // 20)


def compare(programs, exchange, request, runs, peers):
    """The times of all rows, and beside which row each is shown."""
    single = rows.single_rows(programs, exchange, peers)
    crowd = rows.crowd_rows(programs, exchange, CROWD)
    samples = {**measure(programs, single, request, runs), **measure(programs, crowd, request, crowd_runs(runs))}
    references = {row.name: row.reference for row in [*single, *crowd]}
    for group in GROUPS:
        with exchange.at_a_distance(group) as (remote, _):
            far = rows.far_rows(programs, remote, group)
            samples.update(measure(programs, far, request, crowd_runs(runs)))
            references.update((row.name, row.reference) for row in far)
    return Times(samples), references


def compare_exchanges(programs, world, runs):
    """The same for the providers with a peer."""
    samples, references = {}, {}
    for provider in exchanges.PROVIDERS:
        beside = world.rows(provider, programs, world.port)
        if len(beside) > 1:
            samples.update(measure(programs, beside, world.request(provider), runs))
            references.update((row.name, row.reference) for row in beside)
    return Times(samples), references


def draw(programs, exchange, request, runs):
    """The plot: what rules and what company cost."""
    names = (BROKER, PEER, FLOOR)
    numbers = (20, 100, 300, 1000, 3000, 10000)
    by_rules = [Row(f"{number} rules", rows.one_exchange(programs, exchange, rules=number)[BROKER].command, exchange.password) for number in numbers]
    others = [row for name, row in rows.one_exchange(programs, exchange).items() if name != BROKER]
    times = Times(measure(programs, [*by_rules, *others], request, runs))
    left = {name: [(number, times.median(f"{number} rules" if name == BROKER else name, "wall")) for number in numbers] for name in names}

    right = {name: [] for name in names}
    for number in (1, 10, 50, 100, 200):
        crowd = rows.crowd_rows(programs, exchange, number)
        times = Times(measure(programs, crowd, request, max(crowd_runs(runs), runs // number)))
        for name in names:
            right[name].append((number, times.median(f"{number} × {name}", "cpu") / number))
    return plot.svg([plot.Panel("One exchange, by rules in the file", "rules", "ms", left, logarithmic=True),
                     plot.Panel("Each of several started at once", "processes", "ms of CPU", right)])
