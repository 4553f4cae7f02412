#!/usr/bin/env python3
"""Compares whole processes: one credential each, from the request on stdin to the answer on stdout. Called by run.sh, which builds them.

What one run costs is counted, and can fail a build. Times are measured in turns, so that a noisy moment hits each program, and are only shown.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import machines
import plot
import recorded
import rows
from counts import Counter
from figures import Limit, Sample, Times, exceeded, table_of_counts, table_of_limits, table_of_times
from rows import BROKER, CROWD, FLOOR, GROUPS, PEER, RTT, STATIC, STATIC_1000, STATIC_10000, Row

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RECORDED = HERE / "counts.json"
PAGE, PLOT = ROOT / "docs/performance.md", ROOT / "docs/performance.svg"
WARM_UP = 3
BEGIN, END = "<!-- {} written by tests/bench/run.sh: begin -->\n", "<!-- {}: end -->\n"

LIMITS = [
    Limit("one exchange: instructions beside the floor", 1.25, "×", "instructions", BROKER, FLOOR),
    # Ten times as many rules: ten times the work, and nothing that grows faster.
    Limit("10,000 rules: instructions they add beside what 1,000 add", 11, "×", "instructions", STATIC_10000, STATIC_1000, base=STATIC),
    Limit("one exchange: peak memory", 8, "MiB", "peak_memory_mib", BROKER),
    Limit("the program's file", 6, "MB", "program_mb", BROKER),
]


def count(programs, exchange, request):
    """The counts of all rows; those that meet a server do so over a distance, so that no answer comes sooner than the program looks for it."""
    counts = {}

    def add(those, relay=None):
        counter = Counter(programs.path("bench_runner"), request, exchange.folder, relay)
        counts.update((row.name, counter.count(row)) for row in those)

    with exchange.at_a_distance() as (remote, relay):
        add([*rows.one_exchange(programs, remote).values(), *rows.trust_rows(programs, remote)], relay)
    for group in GROUPS:
        with exchange.at_a_distance(group) as (remote, relay):
            add(rows.far_rows(programs, remote, group)[:1], relay)
    add([rows.empty_row(programs), *rows.static_rows(programs, exchange)])
    return counts


def judged(counts):
    """The rows that are recorded: the others are not ours."""
    return {row: figures for row, figures in counts.items() if row.startswith(BROKER)}


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


def compare(programs, exchange, request, options):
    """The times of all rows, and beside which row each is shown."""
    single = rows.single_rows(programs, exchange, options.peer)
    crowd = rows.crowd_rows(programs, exchange, CROWD)
    samples = {**measure(programs, single, request, options.runs), **measure(programs, crowd, request, crowd_runs(options.runs))}
    references = {row.name: row.reference for row in [*single, *crowd]}
    for group in GROUPS:
        with exchange.at_a_distance(group) as (remote, _):
            far = rows.far_rows(programs, remote, group)
            samples.update(measure(programs, far, request, crowd_runs(options.runs)))
            references.update((row.name, row.reference) for row in far)
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


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout.split("\n")[0]


def locked_version(crate):
    """The version of a library of the lean peer."""
    text = (HERE / "lean-peer/Cargo.lock").read_text(encoding="utf-8")
    return re.search(rf'name = "{crate}"\nversion = "(.*)"', text)[1]


def circumstances(programs, runs):
    """What a time needs to be worth anything: the machine, the versions, how often."""
    models = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
              if line.startswith("model name")]
    system = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines() if "=" in line)
    return "; ".join([
        f"{len(os.sched_getaffinity(0))} × {models[0] if models else platform.machine()}, Linux {platform.release()}, "
        + system.get("PRETTY_NAME", "").strip('"'),
        f"{first_line(programs.broker, 'version')}; ureq {locked_version('ureq')}, rustls {locked_version('rustls')}; "
        f"server: {first_line('openssl', 'version').partition(' (')[0]}",
        f"{time.strftime('%Y-%m-%d', time.gmtime())}; {runs} runs of each in turns, {crowd_runs(runs)} of {CROWD} at once and at {RTT * 1000:.0f} ms RTT",
    ])


def put_between_markers(path, what, text):
    begin, end = BEGIN.format(what), END.format(what)
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        sys.exit(f"run.py: {path} has no marker lines:\n{begin}{end}")
    path.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", encoding="utf-8")


def parsed(arguments):
    parser = argparse.ArgumentParser(prog="tests/bench/run.sh", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--programs", type=Path, default=ROOT / "build/bench", metavar="BUILD_FOLDER",
                        help="where the programs are built (default: build/bench, which is brought up to date)")
    parser.add_argument("--judge", type=Path, metavar="BUILD_FOLDER",
                        help="the build whose program is counted and measured, and whose floor is linked like it (default: that of --programs)")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND",
                        help="another plugin to compare, as often as wanted; variables may precede its program, {apiHost} and {caFile} are put in")
    parser.add_argument("--runs", type=int, default=101, help="measured runs of each program (default: 101); 0: only count")
    parser.add_argument("--check", action="store_true", help="fail if a count exceeds the recorded one or a limit")
    parser.add_argument("--record", action="store_true", help="write the recorded counts anew, and their tables in docs/performance.md")
    parser.add_argument("--machine", metavar="NAME", help="keep the times as those of this machine, and write the plot and the tables in docs/performance.md")
    return parser.parse_args(arguments)


def installed(options, folder):
    """Copies of the programs, as an installation makes them: Linux maps what a linker wrote in place in smaller pieces, which costs more."""
    built = options.programs / "bin"
    judged_build = options.judge / "bin" if options.judge else built
    folder.mkdir()
    for name in ("bench_empty", "bench_exchange", "bench_runner", "lean-peer"):
        shutil.copy(built / name, folder)
    return rows.Programs(folder, shutil.copy(judged_build / "registry-credential-broker", folder / "broker"),
                         shutil.copy(judged_build / "bench_floor", folder / "floor"))


@contextlib.contextmanager
def folders(options):
    """One for the programs, and one for the files of a run, whose path is as deep wherever the clone is: every folder of a path is checked."""
    files = "/run" if os.access("/run", os.W_OK) else "/tmp"
    with tempfile.TemporaryDirectory(dir=options.programs.resolve()) as programs, tempfile.TemporaryDirectory(dir=files) as data:
        yield Path(programs), Path(data)


def main():
    options = parsed(sys.argv[1:])
    with folders(options) as (folder, files):
        programs = installed(options, folder / "bin")
        with rows.exchange_in(files, programs.path("bench_exchange")) as exchange:
            request = json.dumps(rows.request(int(time.time())))
            counts = count(programs, exchange, request)
            report_of_counts = f"{table_of_counts(counts)}\n\n{table_of_limits(LIMITS, counts)}"
            print(f"{report_of_counts}\n", flush=True)
            if options.runs:
                times, references = compare(programs, exchange, request, options)
                print(f"{table_of_times(times, references)}\n\n{circumstances(programs, options.runs)}\n")
            if options.machine:
                PLOT.write_text(draw(programs, exchange, request, options.runs), encoding="utf-8")
                machines.keep(options.machine, machines.summary(times, circumstances(programs, options.runs)))
    if options.record:
        recorded.write(RECORDED, judged(counts))
        put_between_markers(PAGE, "counts", report_of_counts)
    if options.machine:
        put_between_markers(PAGE, "times", machines.report(machines.read()))
    if options.check:
        check(counts)


def check(counts):
    expected = recorded.read(RECORDED)
    for line in recorded.improvements(judged(counts), expected):
        print(f"run.py: {line}; record it with --record")
    if lines := exceeded(LIMITS, counts) + recorded.complaints(judged(counts), expected):
        sys.exit("\n".join([*(f"run.py: broken: {line}" for line in lines),
                            "run.py: if that is meant, record it: tests/bench/run.sh --judge build/linux-musl-amd64 --record"]))


if __name__ == "__main__":
    main()
