"""What is computed from measured processes: medians, ratios, whether a bar holds, and the tables that say so."""

import math
import statistics
from dataclasses import dataclass

SLACK = 0.15  # how far a check lets a figure leave its bar: what a noisy machine may add


@dataclass(frozen=True)
class Sample:
    """One process, or several started at once."""
    wall: float    # ms, until the last one ended
    cpu: float     # ms, of all of them
    memory: float  # MiB, the greatest peak


@dataclass(frozen=True)
class Figures:
    """The samples of each row, by its name and in the order of the rounds; the sizes of the programs in MB; and how many times as long this
    machine takes as the one that bars in milliseconds were written for."""
    samples: dict
    sizes: dict
    pace: float = 1.0

    def all(self, row, figure):
        return [getattr(sample, figure) for sample in self.samples[row]]

    def median(self, row, figure):
        return self.sizes[row] if figure == "size" else statistics.median(self.all(row, figure))

    def p95(self, row, figure):
        ordered = sorted(self.all(row, figure))
        return ordered[math.ceil(0.95 * len(ordered)) - 1]

    def ratio(self, row, reference, figure):
        """The median of the rounds' ratios: what slows a whole round down is in both, so it is not in their ratio."""
        return statistics.median(own / other for own, other in zip(self.all(row, figure), self.all(reference, figure)))

    def extra(self, row, reference, figure):
        """The median of the rounds' differences."""
        return statistics.median(own - other for own, other in zip(self.all(row, figure), self.all(reference, figure)))


@dataclass(frozen=True)
class Bar:
    """What must hold: a figure of a row, as it is or beside a reference. With the unit × it is their ratio, else the difference.

    With `base`, it is how many times as much the row takes beyond the base as the reference does."""
    what: str
    limit: float
    unit: str
    figure: str
    row: str
    reference: str = ""
    base: str = ""

    def value(self, figures):
        if self.base:
            return figures.extra(self.row, self.base, self.figure) / figures.extra(self.reference, self.base, self.figure)
        if not self.reference:
            return figures.median(self.row, self.figure)
        if self.unit == "×":
            return figures.ratio(self.row, self.reference, self.figure)
        return figures.extra(self.row, self.reference, self.figure)

    def tolerated(self, figures):
        """The limit of a check. A difference of two times is as uncertain as the times are, however small it is, and grows as the machine is slow."""
        if self.reference and self.unit != "×":
            return self.limit * figures.pace + SLACK * figures.median(self.reference, self.figure)
        return self.limit * (1 + SLACK)

    def verdict(self, figures):
        value = self.value(figures)
        if value <= self.limit:
            return "holds"
        return "within the slack" if value <= self.tolerated(figures) else "BROKEN"


def broken(bars, figures):
    """The bars that a check fails for."""
    return [bar for bar in bars if bar.verdict(figures) == "BROKEN"]


def aligned(lines):
    """A Markdown table that is also fit to be read in a terminal: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*lines)]
    def line(cells):
        padded = [cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:]))]
        return f"| {' | '.join(padded)} |"
    rule = "|".join(["", "-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:]), ""])
    return "\n".join([line(lines[0]), rule, *map(line, lines[1:])])


def table_of_rows(figures, references):
    """`references` names the row that each row is compared with."""
    lines = [["program", "median", "p95", "CPU", "peak memory", "× wall", "× CPU"]]
    for row in figures.samples:
        reference = references[row]
        lines.append([row, *(f"{value:.2f}" for value in (figures.median(row, "wall"), figures.p95(row, "wall"),
                                                          figures.median(row, "cpu"))),
                      f"{figures.median(row, 'memory'):.1f} MiB",
                      *(f"{figures.ratio(row, reference, figure):.2f}" for figure in ("wall", "cpu"))])
    return aligned(lines)


def table_of_bars(bars, figures):
    lines = [["what must hold", "measured", "bar", "with slack", "verdict"]]
    for bar in bars:
        lines.append([bar.what, f"{bar.value(figures):.2f} {bar.unit}", f"{bar.limit:g} {bar.unit}",
                      f"{bar.tolerated(figures):.2f} {bar.unit}", bar.verdict(figures)])
    return aligned(lines)


def complaints(bars, figures):
    """A line for each bar that a check fails for."""
    return [f"broken: {bar.what}: {bar.value(figures):.2f} {bar.unit}, the bar is {bar.limit:g} {bar.unit}, "
            f"with slack {bar.tolerated(figures):.2f} {bar.unit}" for bar in broken(bars, figures)]
