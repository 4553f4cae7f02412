#!/usr/bin/env python3
"""What config/build/package.sh made of dist/, and docs/install.md followed with it. tests/release/run.sh calls it.

The targets are those that dist/release has files of. RCB_CYCLONEDX names the folder with CycloneDX's schema.
"""

import hashlib
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
RELEASE = DIST / "release"
SOURCES = json.loads((ROOT / "config/build/sources.json").read_text())
VERSION = re.search(r"^project\(\S+ VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(), re.M)[1]
NAME = "registry-credential-broker"
PROGRAM = f"usr/libexec/{NAME}/{NAME}"
ELF_MACHINES = {"amd64": 62, "arm64": 183}
RPM_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}
BLOCKS = dict(re.findall(r"<!-- release: (\S+) -->\n```sh\n(.*?)```", (ROOT / "docs/install.md").read_text(), re.S))
TARGETS = sorted(path.name.removeprefix(f"{NAME}-{VERSION}-").removesuffix(".deb") for path in RELEASE.glob("*.deb"))
COMMIT_TIME = int(subprocess.check_output(["git", "-C", ROOT, "log", "-1", "--format=%ct"]))


def run(*command, **options):
    """A command's standard output, as bytes. It must succeed."""
    result = subprocess.run([str(part) for part in command], capture_output=True, check=False, timeout=300, **options)
    if result.returncode != 0:
        raise AssertionError(f"{command}: status {result.returncode}\n{result.stdout.decode(errors='replace')}{result.stderr.decode(errors='replace')}")
    return result.stdout


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class Case(unittest.TestCase):
    """A test with a folder of its own, gone afterwards."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


class OfTarget(Case):
    """A test of one target's files. `every_target` makes a class of it for each target."""
    target = ""

    def setUp(self):
        super().setUp()
        self.dist = DIST / self.target
        self.stem = f"{NAME}-{VERSION}-{self.target}"
        self.libc, self.architecture = self.target.split("-")[1:]
        self.program = (self.dist / NAME).read_bytes()

    def file(self, ending):
        return self.dist / (self.stem + ending)

    def assert_says_its_version(self, program):
        """Runs it here, or as if the machine were the target's."""
        emulator = [] if self.architecture == "amd64" else ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"]
        self.assertIn(f"{NAME} {VERSION}", run(*emulator, program, "version").decode())


class Program(OfTarget):
    def test_is_for_the_targets_processor(self):
        self.assertEqual(self.program[:4], b"\x7fELF")
        self.assertEqual(struct.unpack_from("<H", self.program, 18)[0], ELF_MACHINES[self.architecture])


class Sums(OfTarget):
    def test_name_every_other_file_in_order(self):
        listed = [line.split("  ")[1] for line in (self.dist / "SHA256SUMS").read_text().splitlines()]
        self.assertEqual(listed, sorted(path.name for path in self.dist.iterdir() if path.name != "SHA256SUMS"))

    def test_hold(self):
        run("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=self.dist)

    def test_do_not_hold_for_a_changed_byte(self):
        shutil.copytree(self.dist, self.folder / "changed")
        program = self.folder / "changed" / NAME
        program.write_bytes(self.program[:-1] + bytes([self.program[-1] ^ 1]))
        result = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=self.folder / "changed", capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"{NAME}: FAILED", result.stdout)


class BillOfMaterials(OfTarget):
    def setUp(self):
        super().setUp()
        self.bill = json.loads(self.file(".cdx.json").read_text())
        self.components = {component["name"]: component for component in self.bill["components"]}

    def validate(self, bill):
        folder = Path(os.environ["RCB_CYCLONEDX"])
        schemas = {name: json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_text()) for name in ("bom-1.6", "spdx", "jsf-0.82")}
        known = {schema["$id"]: schema for schema in schemas.values()}
        resolver = jsonschema.RefResolver.from_schema(schemas["bom-1.6"], store=known)
        jsonschema.Draft7Validator(schemas["bom-1.6"], resolver=resolver, format_checker=jsonschema.FormatChecker()).validate(bill)

    def test_is_what_the_schema_wants(self):
        self.validate(self.bill)

    def test_would_be_refused_with_a_hash_that_is_none(self):
        self.bill["components"][0]["externalReferences"][0]["hashes"][0]["content"] = "abc"
        with self.assertRaises(jsonschema.ValidationError):
            self.validate(self.bill)

    def test_names_the_program_by_its_hash(self):
        self.assertEqual(self.bill["metadata"]["component"]["hashes"], [{"alg": "SHA-256", "content": sha256(self.program)}])

    def test_has_every_source_with_version_licence_and_hash(self):
        for source in SOURCES:
            component = self.components[source["name"]]
            self.assertEqual((component["version"], component["licenses"]), (source["version"], [{"expression": source["licence"]}]))
            self.assertEqual(component["purl"], f"pkg:generic/{source['name']}@{source['version']}")
            self.assertEqual(component["externalReferences"][0]["hashes"], [{"alg": "SHA-256", "content": source["sha256"]}])

    def test_has_the_c_library_that_is_linked_and_no_other(self):
        libraries = {"musl": "musl", "gnu": "glibc-start-files"}
        self.assertEqual({name for name in libraries.values() if name in self.components}, {libraries[self.libc]})

    def test_knows_no_time_but_the_commits(self):
        times = set(re.findall(r"\d{4}-\d\d-\d\dT[^\"]*", self.file(".cdx.json").read_text()))
        self.assertEqual(times, {subprocess.check_output(["date", "--utc", f"--date=@{COMMIT_TIME}", "+%Y-%m-%dT%H:%M:%SZ"], text=True).strip()})

    def test_says_what_depends_on_what_without_a_stranger(self):
        known = {NAME, *self.components}
        for entry in self.bill["dependencies"]:
            self.assertLessEqual({entry["ref"], *entry.get("dependsOn", [])}, known)


class Notices(OfTarget):
    def test_have_a_licence_for_every_component_in_the_bills_order(self):
        sections = re.split(r"\n={80}\n(.*?)\n={80}\n", self.file(".notices.txt").read_text(), flags=re.S)[1:]
        titles = [title.splitlines()[0] for title in sections[::2]]
        components = json.loads(self.file(".cdx.json").read_text())["components"]
        self.assertEqual(titles, [" ".join(filter(None, [c["name"], c.get("version"), f"({c['licenses'][0]['expression']})"])) for c in components])
        for title, text in zip(titles, sections[1::2]):
            self.assertRegex(text, r"(?i)copyright|boost software license", title)
            self.assertLess(len(text.splitlines()), 450, f"{title}: that is more than a licence")


class Packages(OfTarget):
    def members(self):
        """The .deb's files: name → entry, and the archive that contains them."""
        tar = tarfile.open(fileobj=io.BytesIO(run("dpkg-deb", "--fsys-tarfile", self.file(".deb"))))
        self.addCleanup(tar.close)
        return {entry.name.removeprefix("./").rstrip("/"): entry for entry in tar}, tar

    def field(self, name):
        return run("dpkg-deb", "--field", self.file(".deb"), name).decode().strip()

    def rpm(self, query):
        return run("rpm", "-qp", "--queryformat", query, self.file(".rpm")).decode()

    def test_state_version_and_processor(self):
        self.assertEqual((self.field("Version"), self.field("Architecture")), (VERSION, self.architecture))
        self.assertEqual(self.rpm("%{VERSION} %{ARCH}"), f"{VERSION} {RPM_ARCHITECTURES[self.architecture]}")

    def test_need_nothing_but_the_gnu_builds_glibc(self):
        needs = [line for line in run("rpm", "-qp", "--requires", self.file(".rpm")).decode().splitlines() if not line.startswith("rpmlib(")]
        self.assertEqual(needs, ["glibc >= 2.28"] if self.libc == "gnu" else [])
        self.assertEqual(self.field("Depends"), "libc6 (>= 2.28)" if self.libc == "gnu" else "")

    def test_run_no_script(self):
        self.assertEqual(run("rpm", "-qp", "--scripts", "--triggers", self.file(".rpm")), b"")
        control = tarfile.open(fileobj=io.BytesIO(run("dpkg-deb", "--ctrl-tarfile", self.file(".deb"))))
        self.assertEqual({entry.name.removeprefix("./").strip(".") for entry in control} - {""}, {"control", "md5sums"})

    def test_hold_the_program_of_dist(self):
        members, tar = self.members()
        self.assertEqual(tar.extractfile(members[PROGRAM]).read(), self.program)
        self.assertEqual(members[f"usr/bin/{NAME}"].linkname, f"../libexec/{NAME}/{NAME}")
        unpacked = run("rpm2cpio", self.file(".rpm"))
        run("cpio", "--extract", "--make-directories", "--quiet", cwd=self.folder, input=unpacked)
        self.assertEqual((self.folder / PROGRAM).read_bytes(), self.program)
        self.assert_says_its_version(self.folder / PROGRAM)

    def test_belong_to_root_at_the_commits_time_and_nobody_else_may_write(self):
        for name, entry in self.members()[0].items():
            self.assertEqual((entry.uid, entry.gid, entry.uname, entry.gname, entry.mtime), (0, 0, "root", "root", COMMIT_TIME), name)
            if not entry.issym():
                self.assertEqual(entry.mode & 0o7777, 0o755 if entry.isdir() or name == PROGRAM else 0o644, name)
        for line in self.rpm("[%{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILEMTIMES} %{FILENAMES}\n]").splitlines():
            self.assertRegex(line, rf"^(drwxr-xr-x|lrwxrwxrwx|-rwxr-xr-x|-rw-r--r--) root root {COMMIT_TIME} /")

    def test_hold_the_same_files(self):
        deb = {f"/{name}" for name, entry in self.members()[0].items() if not entry.isdir()}
        rpm = {name for mode, name in re.findall(r"^(.)\S+ (.*)$", self.rpm("[%{FILEMODES:perms} %{FILENAMES}\n]"), re.M) if mode != "d"}
        self.assertEqual(deb, rpm)

    def test_have_a_folder_for_modules_only_where_one_can_be_loaded(self):
        self.assertEqual(f"usr/lib/{NAME}" in self.members()[0], self.libc == "gnu")
        self.assertEqual(f"/usr/lib/{NAME}\n" in self.rpm("[%{FILENAMES}\n]"), self.libc == "gnu")

    def test_bring_an_empty_folder_for_the_brokers_file(self):
        names = [name for name in self.members()[0] if name.startswith("etc/")]
        self.assertEqual(names, [f"etc/{NAME}"])

    def test_bring_licences_and_documents_whose_links_to_each_other_hold(self):
        members, tar = self.members()
        documents = f"usr/share/doc/{NAME}"
        self.assertEqual(tar.extractfile(members[f"{documents}/copyright"]).read(), (ROOT / "LICENSE").read_bytes())
        self.assertEqual(tar.extractfile(members[f"{documents}/THIRD_PARTY_NOTICES.txt"]).read(), self.file(".notices.txt").read_bytes())
        page = tar.extractfile(members[f"{documents}/docs/install.md"]).read().decode()
        for link in re.findall(r"\]\(([\w./-]+\.(?:md|yaml))", page):
            self.assertIn(os.path.normpath(f"{documents}/docs/{link}"), members)

    def test_deb_is_refused_only_where_the_gnu_build_finds_an_older_glibc(self):
        admin = self.folder / "var/lib/dpkg"
        for folder in ("info", "updates", "triggers"):
            (admin / folder).mkdir(parents=True)
        status = "Package: libc6\nStatus: install ok installed\nMaintainer: x\nArchitecture: {}\nVersion: {}\nDescription: x\n"
        for version, fits in (("2.27-1", self.libc == "musl"), ("2.28-1", True)):
            (admin / "status").write_text(status.format(self.architecture, version))
            result = subprocess.run(["dpkg", f"--root={self.folder}", "--force-architecture", "--force-script-chrootless", "--install", self.file(".deb")],
                                    capture_output=True, text=True, check=False)
            self.assertEqual(result.returncode == 0, fits, result.stdout + result.stderr)
            if not fits:
                self.assertIn("depends on libc6 (>= 2.28)", result.stderr)


class Image(OfTarget):
    """A musl target's image: by itself, and in the release's one for all processors."""

    def manifests(self, path):
        """What the image's index has, by skopeo's word: processor → digest."""
        index = json.loads(run("skopeo", "inspect", "--raw", f"oci-archive:{path}"))
        return {manifest["platform"]["architecture"]: manifest["digest"] for manifest in index["manifests"]}

    def copied(self):
        """The image's configuration and its layers, as skopeo unpacks them."""
        run("skopeo", "--insecure-policy", "--override-arch", self.architecture, "copy", f"oci-archive:{self.file('.oci.tar')}", f"dir:{self.folder}")
        manifest = json.loads((self.folder / "manifest.json").read_text())
        config, *layers = [(self.folder / descriptor["digest"].removeprefix("sha256:")).read_bytes() for descriptor in [manifest["config"], *manifest["layers"]]]
        return json.loads(config), layers

    def test_is_the_same_in_the_release_which_has_all_processors(self):
        released = self.manifests(RELEASE / f"{NAME}-{VERSION}.oci.tar")
        self.assertEqual([f"linux-musl-{architecture}" for architecture in released], [target for target in TARGETS if "musl" in target])
        self.assertEqual(self.manifests(self.file(".oci.tar")), {self.architecture: released[self.architecture]})

    def test_holds_the_program_and_its_licences_and_nothing_else(self):
        layer, = self.copied()[1]
        with tarfile.open(fileobj=io.BytesIO(layer)) as tar:
            entries = {entry.name: entry for entry in tar}
            self.assertEqual(list(entries), ["licenses", "licenses/LICENSE", "licenses/THIRD_PARTY_NOTICES.txt", NAME])
            self.assertEqual(tar.extractfile(NAME).read(), self.program)
        self.assertEqual({(entry.uid, entry.gid, entry.mtime) for entry in entries.values()}, {(0, 0, COMMIT_TIME)})
        self.assertEqual([entry.mode for entry in entries.values()], [0o755, 0o644, 0o644, 0o755])

    def test_runs_the_program_as_nobody_in_particular(self):
        config = self.copied()[0]["config"]
        self.assertEqual((config["Entrypoint"], config["User"]), ([f"/{NAME}"], "65532:65532"))

    def test_says_what_it_is(self):
        revision = run("git", "-C", ROOT, "rev-parse", "HEAD").decode().strip()
        config = self.copied()[0]
        labels = {key.removeprefix("org.opencontainers.image."): value for key, value in config["config"]["Labels"].items()}
        self.assertEqual((config["architecture"], config["os"]), (self.architecture, "linux"))
        self.assertEqual((labels["version"], labels["revision"], labels["licenses"], labels["title"]), (VERSION, revision, "Apache-2.0", NAME))
        self.assertEqual(labels.get("source"), os.environ.get("RCB_SOURCE_URL"))


class InstallPage(OfTarget):
    """docs/install.md, typed in on a copy of this machine; so for programs of this machine's processor."""

    def typed(self, *names, before="", after="", file=None):
        """What a root shell prints for these blocks of the page, with the release's files around it."""
        page = BLOCKS["names"].replace("linux-musl-amd64", self.target) + before + "".join(BLOCKS[name] for name in names) + after
        return run(ROOT / "tests/release/sandbox.sh", file or RELEASE, "bash", "-euc", page).decode()

    def test_names_this_version(self):
        self.assertIn(f"version={VERSION} ", BLOCKS["names"])

    def test_names_the_owner_in_one_place(self):
        owner = re.search(r"^repository=([\w-]+/)", BLOCKS["names"], re.M)[1]
        self.assertEqual((ROOT / "docs/install.md").read_text().count(owner), 1)

    def test_names_no_file_that_a_release_has_not(self):
        files = self.typed("names", after='ls "$file" "$file".{deb,rpm,cdx.json,notices.txt} SHA256SUMS')
        self.assertEqual(len(files.split()), 6)

    def test_sums_hold_for_the_files_that_are_there(self):
        self.assertIn(f"{self.stem}.deb: OK", self.typed("sums"))

    def test_sums_do_not_hold_for_another_file(self):
        shutil.copytree(RELEASE, self.folder / "release")
        with (self.folder / "release" / f"{self.stem}.deb").open("ab") as file:
            file.write(b"x")
        with self.assertRaisesRegex(AssertionError, rf"{self.stem}\.deb: FAILED"):
            self.typed("sums", file=self.folder / "release")

    def test_deb_installs_works_and_goes_but_for_the_brokers_file(self):
        seen = self.typed("deb", "look", "remove-deb", after=LEFT)
        self.assert_came_and_went(seen)

    def test_rpm_installs_works_and_goes_but_for_the_brokers_file(self):
        # This machine's rpm knows of no glibc, since Debian's packages are not its.
        spec = "Name: glibc\nVersion: 2.28\nRelease: 1\nSummary: x\nLicense: x\n%description\nx\n%files\n"
        before = (f"printf '%s' '{spec}' >/tmp/glibc.spec; rpmbuild --quiet -bb --define '_rpmdir /tmp' /tmp/glibc.spec; "
                  "rpm --install /tmp/*/glibc-2.28-1.*.rpm\n") if self.libc == "gnu" else ""
        seen = self.typed("rpm", "look", "remove-rpm", before=before, after=LEFT)
        self.assert_came_and_went(seen)

    def assert_came_and_went(self, seen):
        self.assertIn(f"{NAME} {VERSION}", seen)
        self.assertIn("/etc/registry-credential-broker/config.yaml: valid", seen)
        self.assertEqual(seen.split("left:\n")[1], f"/etc/{NAME}/config.yaml\n")

    def test_package_can_be_linked_into_the_kubelets_folder(self):
        before = "mkdir -p /etc/eks/image-credential-provider\n"
        seen = self.typed("deb", "link", before=before, after='"$plugins/registry-credential-broker" version')
        self.assertIn(f"{NAME} {VERSION}", seen)

    def test_deb_upgrade_replaces_the_program_by_a_rename(self):
        # A program that was written in place would keep its inode, and runs meanwhile would find half of it.
        inode = f"stat --format=%i /{PROGRAM}\n"
        first, second = re.findall(r"^(\d+)$", self.typed("deb", after=inode + BLOCKS["deb"] + inode), re.M)
        self.assertNotEqual(first, second)

    def test_plain_file_installs_replaces_itself_and_goes(self):
        seen = self.typed("plain", "plain", after='"$plugins/registry-credential-broker" version\n' + BLOCKS["remove-plain"] + 'ls -A "$plugins"')
        self.assertRegex(seen, rf"^{NAME} {VERSION} \(.*\)\n(?:[a-z]+: .*\n)+$")

    def test_image_can_be_copied(self):
        if not any("musl" in target for target in TARGETS):
            self.skipTest("an image is made of musl builds only")
        place = f"docker://registry.example.com/tools/{NAME}:$version"
        self.assertIn(place, BLOCKS["image"])
        block = BLOCKS["image"].replace(place, "oci:/tmp/copy:$version").replace("skopeo ", "skopeo --insecure-policy ")
        run(ROOT / "tests/release/sandbox.sh", RELEASE, "bash", "-euc", BLOCKS["names"] + block)

    def test_every_block_that_is_marked_is_typed_in(self):
        typed = set(re.findall(r'"([a-z-]+)"', Path(__file__).read_text()))
        self.assertLessEqual(set(BLOCKS), typed)


LEFT = f"echo left:; find /usr /etc -path '*{NAME}*' ! -type d ! -path '*/dpkg/*'\n"


class Packing(Case):
    """config/build/package.sh itself."""

    def fails(self, status, message, *arguments, **environment):
        result = subprocess.run([ROOT / "config/build/package.sh", *arguments], capture_output=True, text=True, check=False,
                                env=os.environ | environment)
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertIn(message, result.stderr)

    def test_refuses_a_target_that_was_not_built(self):
        self.fails(66, "run config/build/release.sh --target linux-gnu-s390x first", "--target", "linux-gnu-s390x")

    def test_refuses_an_option_that_it_does_not_know(self):
        self.fails(64, "unknown option '--fast'", "--fast")

    def test_says_where_sources_come_from(self):
        folder = DIST / "linux-none-amd64"
        folder.mkdir()
        self.addCleanup(shutil.rmtree, folder)
        (folder / NAME).touch()
        self.fails(1, "release.sh --fetch unpacks the sources", "--target", folder.name, XDG_CACHE_HOME=str(self.folder))

    def test_gives_the_same_bytes_again(self):
        shutil.copytree(DIST, self.folder / "first")
        os.utime(ROOT / "README.md")  # as if it had been checked out just now
        targets = [option for target in TARGETS for option in ("--target", target)]
        run("bash", "-c", 'umask 077; exec "$@"', "-", ROOT / "config/build/package.sh", "--release", *targets,
            env=os.environ | {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "HOSTNAME": "elsewhere"})
        run(ROOT / "tests/release/reproducible.sh", self.folder / "first", DIST)


class Reproducible(Case):
    """tests/release/reproducible.sh"""

    def setUp(self):
        super().setUp()
        self.pair = [self.folder / "a", self.folder / "b"]
        for folder in self.pair:
            (folder / "deep").mkdir(parents=True)
            shutil.copy("/usr/bin/true", folder / "deep/program")

    def compare(self):
        return subprocess.run([ROOT / "tests/release/reproducible.sh", *self.pair], capture_output=True, text=True, check=False)

    def test_accepts_equal_folders(self):
        result = self.compare()
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)

    def test_names_file_offset_and_section_of_a_difference(self):
        program = self.pair[1] / "deep/program"
        headers = run("readelf", "--section-headers", "--wide", program).decode()
        offset = int(re.search(r" \.rodata +PROGBITS +\S+ +(\S+)", headers)[1], 16) + 5
        content = bytearray(program.read_bytes())
        content[offset] ^= 1
        program.write_bytes(content)
        result = self.compare()
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout, f"reproducible.sh: deep/program differs, first at offset {offset}, in section .rodata\n")

    def test_names_a_file_that_is_cut(self):
        program = self.pair[0] / "deep/program"
        program.write_bytes(program.read_bytes()[:-7])
        result = self.compare()
        self.assertEqual(result.returncode, 1)
        self.assertIn("deep/program differs in length", result.stdout)

    def test_names_a_file_that_one_folder_lacks(self):
        (self.pair[0] / "extra").write_text("x")
        result = self.compare()
        self.assertEqual((result.returncode, result.stdout), (1, "reproducible.sh: extra is in one folder only\n"))

    def test_refuses_a_folder_that_does_not_exist(self):
        shutil.rmtree(self.pair[0])
        self.assertEqual(self.compare().returncode, 64)


def suite():
    loader = unittest.TestLoader()
    tests = unittest.TestSuite()
    here = [target for target in TARGETS if target.endswith("-amd64")]
    musl = [target for target in TARGETS if target.startswith("linux-musl-")]
    for case, targets in ((Program, TARGETS), (Sums, TARGETS), (BillOfMaterials, TARGETS), (Notices, TARGETS), (Packages, TARGETS),
                          (Image, musl), (InstallPage, here)):
        for target in targets:
            tests.addTests(loader.loadTestsFromTestCase(type(f"{case.__name__}[{target}]", (case,), {"target": target})))
    for case in (Reproducible, Packing):
        tests.addTests(loader.loadTestsFromTestCase(case))
    return tests


if __name__ == "__main__":
    outcome = unittest.TextTestRunner(verbosity=1).run(suite())
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"{outcome.testsRun - failed} passed, {failed} failed")
    sys.exit(0 if outcome.wasSuccessful() and outcome.testsRun else 1)
