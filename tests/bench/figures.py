"""Ratios, medians, limits and tables, computed from counts and measured processes."""

import math
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """What must hold on every machine: a counted figure of a row, as it is or beside a reference.

    With `base`, it is how many times as much the row takes beyond the base as the reference does."""
    what: str
    most: float
    unit: str
    figure: str
    row: str
    reference: str = ""
    base: str = ""

    def value(self, counts):
        value = getattr(counts[self.row], self.figure)
        if not self.reference:
            return value
        offset = getattr(counts[self.base], self.figure) if self.base else 0
        return (value - offset) / (getattr(counts[self.reference], self.figure) - offset)


def exceeded(limits, counts):
    """A line for each limit that does not hold."""
    return [f"{limit.what}: {limit.value(counts):.2f} {limit.unit}, the limit is {limit.most:g} {limit.unit}"
            for limit in limits if limit.value(counts) > limit.most]


@dataclass(frozen=True)
class Sample:
    """One process, or several started at once."""
    wall: float  # ms, until the last one ended
    cpu: float   # ms, of all of them


@dataclass(frozen=True)
class Times:
    """The samples of each row, by its name and in the order of the rounds."""
    samples: dict

    def all(self, row, figure):
        return [getattr(sample, figure) for sample in self.samples[row]]

    def median(self, row, figure):
        return statistics.median(self.all(row, figure))

    def p95(self, row, figure):
        ordered = sorted(self.all(row, figure))
        return ordered[math.ceil(0.95 * len(ordered)) - 1]

    def ratio(self, row, reference, figure):
        """The median of the rounds' ratios: what slows a whole round down is in both, so it is not in their ratio."""
        return statistics.median(own / other for own, other in zip(self.all(row, figure), self.all(reference, figure)))


def aligned(lines):
    """A Markdown table that is also fit to be read in a terminal: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*lines)]
    def line(cells):
        padded = [cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:]))]
        return f"| {' | '.join(padded)} |"
    rule = "|".join(["", "-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:]), ""])
    return "\n".join([line(lines[0]), rule, *map(line, lines[1:])])


def table_of_counts(counts):
    lines = [["one run", "instructions", "system calls", "page faults", "peak memory", "connections", "round trips"]]
    for row, figures in counts.items():
        lines.append([row, f"{figures.instructions:,}", str(figures.all_system_calls), str(figures.page_faults),
                      f"{figures.peak_memory_mib:.1f} MiB", str(figures.connections), str(figures.round_trips)])
    return aligned(lines)


def table_of_limits(limits, counts):
    lines = [["what must hold", "counted", "limit"]]
    for limit in limits:
        lines.append([limit.what, f"{limit.value(counts):.2f} {limit.unit}", f"{limit.most:g} {limit.unit}"])
    return aligned(lines)


def table_of_times(times, references):
    """`references` names the row that each row is compared with."""
    lines = [["program", "median", "p95", "CPU", "× wall", "× CPU"]]
    for row in times.samples:
        reference = references[row]
        lines.append([row, *(f"{value:.2f}" for value in (times.median(row, "wall"), times.p95(row, "wall"), times.median(row, "cpu"),
                                                          times.ratio(row, reference, "wall"), times.ratio(row, reference, "cpu")))])
    return aligned(lines)
