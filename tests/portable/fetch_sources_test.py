#!/usr/bin/env python3
"""Tests of config/build/fetch_sources.py that need no network: archives that are in the folder already, valid and invalid; and of pins
and patches."""

import hashlib
import io
import json
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "config/build"))
import fetch_sources  # noqa: E402


class FetchSources(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for part in ("archives", "sources", "here/patches"):
            (self.folder / part).mkdir(parents=True)
        here = mock.patch.object(fetch_sources, "HERE", self.folder / "here")
        here.start()
        self.addCleanup(here.stop)
        with tarfile.open(self.folder / "archives/lib.tar.gz", "w:gz") as archive:
            for name, text in (("lib-upstream/a.txt", b"one\n"), ("lib-upstream/b.txt", b"two\n")):
                entry = tarfile.TarInfo(name)
                entry.size = len(text)
                archive.addfile(entry, io.BytesIO(text))
        content = (self.folder / "archives/lib.tar.gz").read_bytes()
        self.source = {"name": "lib", "version": "1", "archive": "lib.tar.gz", "folder": "lib-upstream",
                       "sha256": hashlib.sha256(content).hexdigest(), "from": {"debian": "lib"}}
        self.target = self.folder / "sources/lib-1"

    def unpack(self):
        fetch_sources.unpack(self.source, fetch_sources.fetch(self.source, self.folder / "archives"), self.target)

    def text(self, name):
        return (self.target / name).read_text(encoding="utf-8")

    def test_an_archive_that_was_put_there_by_hand_serves(self):
        self.unpack()
        self.assertEqual((self.text("a.txt"), self.text("b.txt")), ("one\n", "two\n"))

    def test_an_archive_of_another_hash_is_refused_and_never_unpacked(self):
        with open(self.folder / "archives/lib.tar.gz", "ab") as archive:
            archive.write(b"\0")
        with self.assertRaisesRegex(fetch_sources.FetchError, "lib.tar.gz has SHA-256 .* but sources.json pins"):
            self.unpack()
        self.assertFalse(self.target.exists())

    def test_a_patch_and_files_of_ours_change_what_is_unpacked(self):
        patches = self.folder / "here/patches"
        (patches / "lib-1.patch").write_text("--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+uno\n", encoding="utf-8")
        (patches / "lib-1").mkdir()
        (patches / "lib-1/b.txt").write_text("due\n", encoding="utf-8")
        self.unpack()
        self.assertEqual((self.text("a.txt"), self.text("b.txt")), ("uno\n", "due\n"))

    def test_a_patch_that_does_not_fit_leaves_nothing_behind(self):
        patch = "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-other\n+uno\n"
        (self.folder / "here/patches/lib-1.patch").write_text(patch, encoding="utf-8")
        with self.assertRaises(fetch_sources.FetchError):
            self.unpack()
        self.assertEqual(list((self.folder / "sources").iterdir()), [])

    def test_a_source_is_unpacked_anew_when_our_patch_changes_and_only_then(self):
        self.unpack()
        (self.target / "built").touch()
        self.unpack()
        self.assertTrue((self.target / "built").exists())
        (self.folder / "here/patches/lib-1").mkdir()
        (self.folder / "here/patches/lib-1/c.txt").write_text("three\n", encoding="utf-8")
        self.unpack()
        self.assertFalse((self.target / "built").exists())
        self.assertEqual(self.text("c.txt"), "three\n")

    def test_a_missing_package_manager_is_named_with_what_to_do(self):
        with self.assertRaisesRegex(fetch_sources.FetchError, "command not found: no-such-manager; install it"):
            fetch_sources.run(["no-such-manager"], self.folder, "install it")


class Changes(unittest.TestCase):
    """What we change in the sources: config/build/patches."""

    def setUp(self):
        self.patches = fetch_sources.HERE / "patches"

    def test_each_is_of_a_source_that_is_pinned(self):
        # Otherwise a new version would be built without its patch, and nothing would say so.
        pinned = {f"{source['name']}-{source['version']}" for source in json.loads((fetch_sources.HERE / "sources.json").read_text(encoding="utf-8"))}
        self.assertLessEqual({path.name.removesuffix(".patch") for path in self.patches.iterdir()}, pinned)

    def test_each_has_its_reason_on_the_page(self):
        page = (fetch_sources.HERE / "README.md").read_text(encoding="utf-8")
        for path in self.patches.rglob("*"):
            if path.is_file():
                self.assertIn(f"]({path.relative_to(fetch_sources.HERE)})", page)


if __name__ == "__main__":
    unittest.main()
