"""The README's recording: docs/two-namespaces.svg, a picture of commands on the real node and their output."""

import html
import re
import textwrap
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "docs/two-namespaces.svg"
COLUMNS = 118
LINE_HEIGHT = 18
MARGIN = 16

STYLE = """
text { font: 13px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #c9d1d9; }
.command { fill: #7ee787; }
g { animation: appear 1ms linear both; }
@keyframes appear { from { opacity: 0; } to { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { g { animation: none; } }
"""


def lines(played):
    """[(whether it is a command, text)] of [(command, what it printed)], no line longer than COLUMNS."""
    all_lines = []
    for command, printed in played:
        all_lines.append((True, f"$ {command}"))
        for line in printed.splitlines():
            all_lines += [(False, part) for part in textwrap.wrap(line, COLUMNS, drop_whitespace=False) or [""]]
    return all_lines


def picture(played):
    """The SVG. A command appears a second and a half after what came before it, its output half a second later."""
    all_lines = lines(played)
    width, height = COLUMNS * 7.9 + 2 * MARGIN, len(all_lines) * LINE_HEIGHT + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img"',
        '     aria-label="Terminal: a pod runs in one namespace and is refused its image in another">',
        f"<style>{STYLE}</style>",
        '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>',
    ]
    seconds = 0.0
    for row, (is_command, text) in enumerate(all_lines):
        if is_command:
            seconds += 1.5
        elif all_lines[row - 1][0]:
            seconds += 0.5
        kind = ' class="command"' if is_command else ""
        y = MARGIN + (row + 0.75) * LINE_HEIGHT
        parts.append(f'<g style="animation-delay: {seconds:.1f}s"><text xml:space="preserve" x="{MARGIN}" y="{y:.0f}"{kind}>'
                     f"{html.escape(text, quote=False)}</text></g>")
    return "\n".join([*parts, "</svg>", ""])


def shown(svg):
    """What a picture says, without what differs between two runs: how old a pod is, and the width of columns."""
    said = [html.unescape(text) for text in re.findall(r"<text [^>]*>(.*)</text>", svg)]
    return [re.sub(r"\b\d+s$", "AGE", re.sub(r" +", " ", text)) for text in said]
