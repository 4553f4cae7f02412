#!/usr/bin/env python3
"""Lets the kubelets judge the provider files in all pages: judge_pages.py [VERSION…]

A block without tokenAttributes is taken by every version, one with them by 1.33 if it has no cacheType, and by later versions if it has. VERSION as for
loaders.sh. The last line is `N passed, M failed`.
"""

import sys
import tempfile
from pathlib import Path

from loaders import add_programs, loaders

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "checks"))
import page_blocks  # noqa: E402  # pylint: disable=wrong-import-position
import repository  # noqa: E402  # pylint: disable=wrong-import-position


def is_for(content, minor):
    """Whether the block is for kubelets of this minor version."""
    attributes = [entry["tokenAttributes"] for entry in page_blocks.entries(content) if "tokenAttributes" in entry]
    if not attributes:
        return True
    with_type = all("cacheType" in one for one in attributes)
    return minor >= 34 if with_type else minor == 33


def main():
    kubelets = loaders(sys.argv[1:])
    _, blocks, invalid = page_blocks.configurations(repository.ROOT)
    passed, failed = 0, list(invalid)
    if not blocks:
        failed.append("no page has a provider file")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        questions = []
        for number, block in enumerate(blocks):
            file = folder / f"{number}.json"
            file.write_text(block.text, encoding="utf-8")
            questions.append((file, add_programs(folder / f"programs-{number}", file)))
        for loader in kubelets:
            for block, said in zip(blocks, loader.refusals(questions)):
                if is_for(block.content, loader.minor) and said:
                    failed.append(f"{block.place}: the kubelet of {loader} refuses the file: {said}")
                elif is_for(block.content, loader.minor):
                    passed += 1
    for problem in failed:
        print(problem)
    print(f"{passed} passed, {len(failed)} failed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
