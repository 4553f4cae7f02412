"""Whether what was counted is what was recorded (counts.json): the figures that can fail a build."""

import json
from dataclasses import asdict, dataclass

from counts import Counts


@dataclass(frozen=True)
class Slack:
    """How far a figure may leave the recorded one upwards: by a part of it, and by so much, whatever it is."""
    name: str
    part: float
    least: int = 0

    def most(self, recorded):
        return recorded + max(int(recorded * self.part), self.least)


# Connections and round trips are exact. A run meets other random numbers each time, by which instructions and system calls hardly differ. How many
# pages of a file the kernel maps at one fault is its own decision.
SLACKS = {
    "instructions": Slack("instructions", 0.02),
    "all_system_calls": Slack("system calls", 0.02, 2),
    "page_faults": Slack("page faults", 0.05, 8),
    "peak_memory": Slack("KiB of memory", 0.25),
    "program_size": Slack("bytes for its file", 0.02),
    "connections": Slack("connections", 0),
    "round_trips": Slack("round trips", 0),
}


def write(path, counts):
    """One line per figure, so that a diff shows each change."""
    def block(of_row):
        return "{\n" + ",\n".join(f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in asdict(of_row).items()) + "\n  }"
    rows = ",\n".join(f"  {json.dumps(row)}: {block(of_row)}" for row, of_row in counts.items())
    path.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


def read(path):
    return {row: Counts(**of_row) for row, of_row in json.loads(path.read_text(encoding="utf-8")).items()}


def differences(now, before):
    """How two numbers of system calls differ, by name."""
    names = sorted(now.keys() | before.keys(), key=lambda name: (before.get(name, 0) - now.get(name, 0), name))
    return ", ".join(f"{name} {now.get(name, 0) - before.get(name, 0):+d}" for name in names if now.get(name, 0) != before.get(name, 0))


def complaints(counts, recorded):
    """A line for every figure that is greater than it may be, and for every row that is on one side only."""
    lines = [f"'{row}' is {where}" for row in sorted(counts.keys() ^ recorded.keys())
             for where in ("recorded but no longer counted" if row in recorded else "counted but not recorded",)]
    for row in counts.keys() & recorded.keys():
        for figure, slack in SLACKS.items():
            now, before = getattr(counts[row], figure), getattr(recorded[row], figure)
            if now > slack.most(before):
                more = f" ({differences(counts[row].system_calls, recorded[row].system_calls)})" if figure == "all_system_calls" else ""
                lines.append(f"'{row}' takes {now:,} {slack.name} instead of {before:,}; {slack.most(before):,} would pass{more}")
    return sorted(lines)


def improvements(counts, recorded):
    """A line for every figure that has become so much less that the recorded one no longer guards it."""
    return sorted(f"'{row}' takes only {getattr(counts[row], figure):,} {slack.name} instead of {getattr(recorded[row], figure):,}"
                  for row in counts.keys() & recorded.keys() for figure, slack in SLACKS.items()
                  if slack.most(getattr(counts[row], figure)) < getattr(recorded[row], figure))
