"""The times of several machines, side by side. Claims about speed are those that held on all of them."""

import json
import os
import platform
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from figures import aligned
from rows import BROKER, CROWD, FLOOR, GROUPS, PEER, RTT, far
from timing import crowd_runs

HERE = Path(__file__).resolve().parent
FILE = HERE / "machines.json"


@dataclass(frozen=True)
class Ratio:
    """Two rows beside each other; times alone say nothing about another machine."""
    what: str
    figure: str
    row: str
    reference: str


RATIOS = [
    Ratio("one exchange, time: broker beside lean peer", "wall", BROKER, PEER),
    Ratio("one exchange, CPU: broker beside lean peer", "cpu", BROKER, PEER),
    Ratio("one exchange, time: broker beside floor", "wall", BROKER, FLOOR),
    Ratio("one exchange, CPU: broker beside floor", "cpu", BROKER, FLOOR),
    Ratio(f"{CROWD} at once, CPU: broker beside lean peer", "cpu", f"{CROWD} × {BROKER}", f"{CROWD} × {PEER}"),
    Ratio(f"{CROWD} at once, CPU: broker beside floor", "cpu", f"{CROWD} × {BROKER}", f"{CROWD} × {FLOOR}"),
    *(Ratio(f"40 ms RTT, {group}, time: broker beside lean peer", "wall", far(BROKER, group), far(PEER, group)) for group in GROUPS),
]


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


def summary(times, circumstances):
    """What is kept of a machine."""
    return {"circumstances": circumstances,
            "rows": {row: [round(times.median(row, "wall"), 2), round(times.median(row, "cpu"), 2)] for row in times.samples},
            "ratios": {ratio.what: round(times.ratio(ratio.row, ratio.reference, ratio.figure), 2) for ratio in RATIOS}}


def read():
    return json.loads(FILE.read_text(encoding="utf-8"))


def keep(name, kept):
    """Puts this machine beside the others, or in the place of what was measured on it before."""
    FILE.write_text(json.dumps(read() | {name: kept}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def union(machines, part):
    """The names that any machine has, in the order in which they come."""
    return list(dict.fromkeys(name for machine in machines.values() for name in machine[part]))


def table_of_rows(machines):
    """Median wall time and CPU time of each row."""
    def cell(machine, row):
        return " / ".join(f"{value:.2f}" for value in machine["rows"][row]) if row in machine["rows"] else "–"
    return aligned([["median ms: wall / CPU", *machines],
                    *([row, *(cell(machine, row) for machine in machines.values())] for row in union(machines, "rows"))])


def table_of_ratios(machines):
    """Each ratio on each machine, and the greatest, which is what may be claimed."""
    lines = [["ratio", *machines, "on all, at most"]]
    for what in union(machines, "ratios"):
        values = [machine["ratios"].get(what) for machine in machines.values()]
        measured = [value for value in values if value is not None]
        lines.append([what, *("–" if value is None else f"{value:.2f}" for value in values), f"{max(measured):.2f}"])
    return aligned(lines)


def report(machines):
    """All that the page shows of them."""
    circumstances = "\n".join(f"- **{name}**: {machine['circumstances']}" for name, machine in machines.items())
    return "\n\n".join([table_of_ratios(machines), table_of_rows(machines), circumstances])
