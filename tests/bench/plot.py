"""A plot of a few lines as SVG, panels beside each other; readable on light and on dark pages."""

import html
import math
from dataclasses import dataclass

WIDTH, HEIGHT = 420, 300                         # of a panel
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 44, 48        # of what is around its axes
STYLE = """\
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.title { font-weight: 600; }
.grid { stroke: #d0d7de; stroke-width: 1; }
path { fill: none; stroke-width: 2; }
.line0 { stroke: #0969da; } .dot0 { fill: #0969da; }
.line1 { stroke: #cf222e; stroke-dasharray: 7 3; } .dot1 { fill: #cf222e; }
.line2 { stroke: #6e7781; stroke-dasharray: 2 3; } .dot2 { fill: #6e7781; }
@media (prefers-color-scheme: dark) {
text { fill: #c9d1d9; }
.grid { stroke: #30363d; }
.line0 { stroke: #58a6ff; } .dot0 { fill: #58a6ff; }
.line1 { stroke: #ff7b72; } .dot1 { fill: #ff7b72; }
.line2 { stroke: #8b949e; } .dot2 { fill: #8b949e; }
}"""


@dataclass(frozen=True)
class Panel:
    """Lines by their names, each a list of points. x is logarithmic, y only if that is said, else it begins at zero; `unit` is that of y."""
    title: str
    x: str
    unit: str
    lines: dict
    logarithmic: bool = False


def steps(least, greatest, logarithmic):
    """Where the grid's lines are: round figures, the first at most `least` and the last at least `greatest`."""
    if logarithmic:
        marks = [factor * 10.0 ** power for power in range(math.floor(math.log10(least)) - 1, math.ceil(math.log10(greatest)) + 1)
                 for factor in (1, 2, 5)]
        first = max(index for index, mark in enumerate(marks) if mark <= least)
        last = min(index for index, mark in enumerate(marks) if mark >= greatest)
        return marks[first:last + 1]
    rough = greatest / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [index * step for index in range(math.ceil(greatest / step) + 1)]


def scale(low, high, begin, end, logarithmic):
    """A function from values to places."""
    measure = math.log if logarithmic else float
    return lambda value: begin + (end - begin) * (measure(value) - measure(low)) / (measure(high) - measure(low))


def drawn(panel, offset):
    """The elements of one panel, so far from the left edge."""
    xs = sorted({x for points in panel.lines.values() for x, _ in points})
    ys = [y for points in panel.lines.values() for _, y in points]
    marks = steps(min(ys), max(ys), panel.logarithmic)
    begin, end = offset + LEFT, offset + WIDTH - RIGHT
    across = scale(xs[0], xs[-1], begin, end, True)
    up = scale(marks[0], marks[-1], HEIGHT - BOTTOM, TOP, panel.logarithmic)

    parts = [f'<text class="title" x="{begin}" y="20">{html.escape(panel.title)}</text>',
             f'<text x="{begin}" y="{TOP - 10}">{html.escape(panel.unit)}</text>',
             f'<text x="{end}" y="{HEIGHT - BOTTOM + 34}" text-anchor="end">{html.escape(panel.x)}</text>']
    for mark in marks:
        parts.append(f'<line class="grid" x1="{begin}" x2="{end}" y1="{up(mark):.1f}" y2="{up(mark):.1f}"/>')
        parts.append(f'<text x="{begin - 6}" y="{up(mark) + 4:.1f}" text-anchor="end">{mark:g}</text>')
    for x in xs:
        parts.append(f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,}</text>')
    for number, points in enumerate(panel.lines.values()):
        places = [(f"{across(x):.1f}", f"{up(y):.1f}") for x, y in points]
        parts.append(f'<path class="line{number}" d="M{" L".join(" ".join(place) for place in places)}"/>')
        parts += [f'<circle class="dot{number}" cx="{x}" cy="{y}" r="3"/>' for x, y in places]
    return parts


def svg(panels):
    """All panels, and what each line is. The panels have the same lines."""
    names = list(panels[0].lines)
    parts = [part for index, panel in enumerate(panels) for part in drawn(panel, index * WIDTH)]
    for number, name in enumerate(names):
        x = LEFT + 120 * number
        parts.append(f'<path class="line{number}" d="M{x} {HEIGHT + 4} L{x + 28} {HEIGHT + 4}"/>')
        parts.append(f'<text x="{x + 34}" y="{HEIGHT + 8}">{html.escape(name)}</text>')
    label = html.escape("; ".join(panel.title for panel in panels) + ": " + ", ".join(names))
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * len(panels)} {HEIGHT + 20}" role="img" aria-label="{label}">',
                      f"<style>\n{STYLE}\n</style>", *parts, "</svg>", ""])
