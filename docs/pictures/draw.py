#!/usr/bin/env python3
"""Draws the pictures of the pages: `draw.py` writes each NAME.svg beside this file.

Nothing but the standard library. Each picture has a background of its own, so that it is legible on dark and on light pages; tests/checks/pictures.py
compares the files with what this script draws.
"""

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

FOLDER = Path(__file__).resolve().parent
WIDTH = 960
PLAIN, BLUE, GREEN, YELLOW, RED = ("#f6f8fa", "#57606a"), ("#ddf4ff", "#0969da"), ("#dafbe1", "#1a7f37"), ("#fff8c5", "#9a6700"), ("#ffebe9", "#cf222e")
STYLE = """text { font: 13px system-ui, "DejaVu Sans", sans-serif; fill: #1f2328; }
.code { font: 12px ui-monospace, "DejaVu Sans Mono", monospace; }
.head { font-weight: 600; }
.note { fill: #57606a; }
.line { stroke: #57606a; stroke-width: 1.5; fill: none; }"""

PIXELS_A_LETTER = {"code": 7.3, "head": 7.6}  # by style; others take less


class Picture:
    """An SVG in the making. Coordinates are of the top left corner, in pixels."""

    def __init__(self, height, description):
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" xml:space="preserve" role="img" aria-label={quoteattr(description)}>',
            f"<style>\n{STYLE}\n</style>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">'
            '<path d="M0 0 8 4 0 8z" fill="#57606a"/></marker></defs>',
            f'<rect x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="8" fill="#ffffff" stroke="#d0d7de"/>',
        ]

    def text(self, x, y, words, style="", anchor="start", room=None):
        """Fails if the words take more than `room` pixels, or leave the picture, in a font as wide as DejaVu."""
        needed = len(words) * next((each for name, each in PIXELS_A_LETTER.items() if name in style), 6.9)
        if room is None:
            room = 2 * min(x, WIDTH - x) if anchor == "middle" else WIDTH - 12 - x
        if needed > room:
            raise ValueError(f"{words!r} needs {needed:.0f} pixels of {room}")
        attributes = (f' class="{style}"' if style else "") + (f' text-anchor="{anchor}"' if anchor != "start" else "")
        self.parts.append(f'<text x="{x}" y="{y}"{attributes}>{escape(words)}</text>')

    def rectangle(self, x, y, width, height, colours, dashed=False):
        fill, stroke = colours
        pattern = ' stroke-dasharray="5 4"' if dashed else ""
        self.parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="{fill}" stroke="{stroke}"{pattern}/>')

    def box(self, x, y, width, height, colours, lines):
        """`lines`: (style, words) each, one below the other."""
        self.rectangle(x, y, width, height, colours)
        for index, (style, words) in enumerate(lines):
            self.text(x + 12, y + 22 + 19 * index, words, style, room=width - 20)

    def arrow(self, *points, dashed=False, tip=True):
        path = "M" + " ".join(f"{x} {y}" for x, y in points)
        pattern = ' stroke-dasharray="5 4"' if dashed else ""
        end = ' marker-end="url(#tip)"' if tip else ""
        self.parts.append(f'<path class="line" d="{path}"{pattern}{end}/>')

    def svg(self):
        return "\n".join([*self.parts, "</svg>"]) + "\n"


def issuer():
    picture = Picture(356, "The registry's exchange fetches the cluster's public keys from the issuer's URL and verifies the pod's token with them")
    picture.rectangle(24, 24, 396, 308, ("#ffffff", "#57606a"), dashed=True)
    picture.text(36, 46, "cluster", "note")
    picture.box(44, 60, 356, 54, PLAIN, [("head", "API server"), ("", "signs each pod's token with its private key")])
    picture.box(44, 206, 356, 108, PLAIN, [("head", "node")])
    picture.box(58, 240, 84, 38, BLUE, [("", "kubelet")])
    picture.box(172, 240, 214, 38, BLUE, [("code", "registry-credential-broker")])
    picture.arrow((142, 259), (172, 259))
    picture.box(584, 50, 352, 75, GREEN, [("head", "the issuer's URL: two public files"), ("code", "/.well-known/openid-configuration"), ("code", "/openid/v1/jwks")])
    picture.box(584, 226, 352, 75, YELLOW, [
        ("head", "token exchange endpoint (Cloudsmith)"), ("", "4  verifies the signature with the public keys,"), ("", "    and checks issuer, audience, expiry, claims")])
    picture.arrow((400, 87), (584, 87))
    picture.text(502, 64, "publishes the public", "", "middle")
    picture.text(502, 80, "keys; no secret", "", "middle")
    picture.arrow((100, 114), (100, 240))
    picture.text(112, 150, "1  the pod's token, for one audience,")
    picture.text(112, 168, "    when an image is pulled")
    picture.arrow((386, 250), (584, 250))
    picture.text(502, 242, "2  the token", "", "middle")
    picture.arrow((584, 294), (279, 294), (279, 278))
    picture.text(502, 286, "5  a credential", "", "middle")
    picture.arrow((760, 226), (760, 125))
    picture.text(772, 170, "3  fetches both files")
    picture.text(772, 188, "    over HTTPS")
    return picture.svg()


def node_files():
    picture = Picture(424, "One program under three names: three entries in the kubelet's file and three rules in the broker file, one for each audience")
    columns = (16, 372), (406, 314), (738, 206)
    heads = (("kubelet's file", "--image-credential-provider-config"), ("plugin folder", "--image-credential-provider-bin-dir"),
             ("broker file", ".../config.yaml"))
    for (x, _), (head, path) in zip(columns, heads):
        picture.text(x, 36, head, "head")
        picture.text(x, 55, path, "code note")
    rows = (
        (BLUE, "", "docker.cloudsmith.io", "cloudsmith", "the program", "cloudsmith"),
        (GREEN, "-registry.test", "registry.test", "registry.test", "symbolic link to the program", "own"),
        (YELLOW, "-mirror", "mirror.test", None, "symbolic link to the program", "mirror"),
    )
    for index, (colours, suffix, image, audience, kind, rule) in enumerate(rows):
        y = 72 + 100 * index
        name = "registry-credential-broker" + suffix
        for (x, width), words in zip(columns[::2], (
                [f"- name: {name}", f"  matchImages: [{image}]", f"  serviceAccountTokenAudience: {audience}" if audience else "  # no tokenAttributes: no token"],
                [f"- name: {rule}", f"  [{image}]", f"  audience: {audience}" if audience else "  identity: none"])):
            picture.box(x, y, width, 75, colours, [("code", line) for line in words])
        x, width = columns[1]
        picture.box(x, y + 10, width, 54, colours, [("code", name), ("note", kind)])
        picture.arrow((x - 18, y + 37), (x, y + 37))
        picture.arrow((x + width, y + 37), (x + width + 18, y + 37))
    picture.text(16, 384, "The kubelet runs the program by the name in the entry that matches the image. Under any name, the program reads the one broker", "note")
    picture.text(16, 403, "file and selects the rule that matches the image.", "note")
    return picture.svg()


def credential_life():
    picture = Picture(292, "A credential of 90 minutes: the kubelet keeps it for 81, and the next pull after that runs the program again")
    right = 936

    def at(minute):
        return 204 + round(6.7 * minute)

    for minute in range(0, 106, 15):
        picture.arrow((at(minute), 44), (at(minute), 224), dashed=True, tip=False)
        picture.text(at(minute), 34, f"{minute} min", "note", "middle")
    for y, words in ((80, "credential"), (140, "kubelet's cache"), (200, "pulls of the account"), (256, "runs of the program")):
        picture.text(24, y, words, "head")
    picture.rectangle(at(0), 56, at(90) - at(0), 24, BLUE)
    picture.text(at(0) + 12, 73, "valid for 90 minutes")
    picture.rectangle(at(84), 84, right - at(84), 24, GREEN)
    picture.text(at(84) + 12, 101, "the next one")
    picture.rectangle(at(0), 122, at(81) - at(0), 28, BLUE)
    picture.text(at(0) + 12, 141, "cacheDuration 1h21m0s: 90 minutes minus the margin of 10 %")
    picture.rectangle(at(84), 122, right - at(84), 28, GREEN)
    picture.text(at(84) + 12, 141, "1h21m0s")
    for minute in (0, 8, 31, 52, 74, 84, 97):
        run = minute in (0, 84)
        fill, stroke = GREEN if run else PLAIN
        picture.parts.append(f'<circle cx="{at(minute)}" cy="196" r="7" fill="{fill}" stroke="{stroke}" stroke-width="2"/>')
        if run:
            picture.arrow((at(minute), 204), (at(minute), 236))
            picture.box(at(minute) - 8, 236, 92, 32, GREEN, [("", "exchange")])
    picture.text(at(18), 257, "no run: these pulls use the cached credential", "note")
    return picture.svg()


def builds():
    picture = Picture(324, "Without modules of your own take linux-musl; with them linux-gnu, on nodes with glibc 2.28 or later")
    picture.box(24, 116, 270, 54, PLAIN, [("head", "Do you load a provider module"), ("", "(a shared library of your own)?")])
    picture.box(24, 244, 270, 54, PLAIN, [("head", "Does the node have"), ("head", "glibc 2.28 or later?")])
    picture.box(420, 30, 516, 92, GREEN, [
        ("code head", "linux-musl-amd64   linux-musl-arm64"), ("", "Runs on every Linux: needs no loader and no library."), ("", "Built-in providers only."),
        ("note", "Take it by default. On Talos and Amazon Linux 2 nothing else runs.")])
    picture.box(420, 143, 516, 92, BLUE, [
        ("code head", "linux-gnu-amd64    linux-gnu-arm64"), ("", "Loads modules."),
        ("note", "Debian 10, Ubuntu 20.04, RHEL 8, Amazon Linux 2023 and later;"), ("note", "Flatcar, Container-Optimized OS, RHCOS.")])
    picture.box(420, 256, 516, 54, RED, [("head", "No build loads modules there."), ("", "Use a built-in provider, or another node.")])
    picture.arrow((159, 116), (159, 76), (420, 76))
    picture.text(310, 67, "no", "head")
    picture.arrow((159, 170), (159, 244))
    picture.text(170, 212, "yes", "head")
    picture.arrow((294, 262), (352, 262), (352, 189), (420, 189))
    picture.text(310, 254, "yes", "head")
    picture.arrow((294, 284), (420, 284))
    picture.text(310, 301, "no", "head")
    return picture.svg()


PICTURES = {"issuer.svg": issuer, "node-files.svg": node_files, "credential-life.svg": credential_life, "builds.svg": builds}

if __name__ == "__main__":
    for file_name, draw in PICTURES.items():
        (FOLDER / file_name).write_text(draw(), encoding="utf-8")
