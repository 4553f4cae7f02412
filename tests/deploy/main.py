#!/usr/bin/env python3
"""Runs the tests of this folder and says how many passed. Started by run.sh."""

import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main():
    names = sys.argv[1:] or sorted(path.stem.removesuffix("_test") for path in HERE.glob("*_test.py"))
    suite = unittest.defaultTestLoader.loadTestsFromNames([f"{name}_test" for name in names])
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    # A test counts once, however many of its subtests failed; a skipped one is a failure.
    failed = len({getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors + result.skipped})
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
