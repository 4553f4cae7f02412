#!/usr/bin/env python3
"""The checks themselves, on small trees made for the purpose."""

import tempfile
import unittest
from pathlib import Path

import documents
import fuzzers
import generated
import layers
import public_text
import text_files
import versions


class Tree(unittest.TestCase):
    """A repository of the given files, gone after the test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def assert_problem(self, found, *parts):
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])


class Layers(Tree):
    def problems(self, path, *includes):
        self.write(path, "".join(f"#include {include}\n" for include in includes))
        return layers.problems(self.root)

    def test_accepts_includes_that_point_down(self):
        self.assertEqual(self.problems("core/app/run.cpp", '"core/app/run.hpp"', '"core/support/error.hpp"', "<string>"), [])

    def test_refuses_an_include_that_points_up(self):
        found = self.problems("core/protocol/request.cpp", "<string>", '"core/settings/broker_config.hpp"')
        self.assert_problem(found, "core/protocol/request.cpp:2", "layer protocol may not include layer settings")

    def test_refuses_a_layer_that_does_not_exist(self):
        self.assert_problem(self.problems("core/app/run.cpp", '"core/util/strings.hpp"'), "belongs to no layer")

    def test_refuses_relative_includes(self):
        self.assert_problem(self.problems("core/app/run.cpp", '"run.hpp"'), "from the repository's root")

    def test_refuses_tests_in_the_program(self):
        self.assert_problem(self.problems("core/app/run.cpp", '"tests/support/pki.hpp"'), "its tests")

    def test_refuses_openssl_outside_net(self):
        self.assertEqual(self.problems("core/net/tls_socket.cpp", "<openssl/ssl.h>"), [])
        self.assert_problem(self.problems("core/app/doctor.cpp", "<openssl/x509.h>"), "only core/trust and core/net may use <openssl")

    def test_refuses_the_module_contract_below_modules(self):
        self.assertEqual(self.problems("core/modules/module_library.hpp", '"rcb/provider_abi.h"'), [])
        self.assert_problem(self.problems("core/net/http_client.hpp", '"rcb/provider_abi.h"'), "module contract")

    def test_lets_only_main_include_providers(self):
        self.assertEqual(self.problems("core/main.cpp", '"providers/builtin.hpp"', '"core/app/application.hpp"'), [])
        self.assert_problem(self.problems("core/app/run.cpp", '"providers/builtin.hpp"'), "core never includes a provider")

    def test_keeps_the_sdk_alone(self):
        self.assertEqual(self.problems("core/sdk/include/rcb/provider.hpp", "<rcb/provider_abi.h>", "<string>"), [])
        found = self.problems("core/sdk/include/rcb/text.hpp", '"core/support/secret.hpp"')
        self.assert_problem(found, "the SDK stands alone")

    def test_confines_a_provider_to_the_contract_and_its_own_folder(self):
        self.assertEqual(self.problems("providers/vault/module.cpp", "<rcb/provider.hpp>", '"providers/vault/login.hpp"'), [])
        self.assert_problem(self.problems("providers/vault/module.cpp", '"providers/acr/exchange.hpp"'), "providers/vault/")
        self.assert_problem(self.problems("providers/vault/module.cpp", '"core/support/json.hpp"'), "the host lends")
        self.assert_problem(self.problems("providers/vault/module.cpp", "<Poco/JSON/Parser.h>"), "the host lends")

    def test_lets_the_table_of_providers_see_the_module_layer(self):
        self.assertEqual(self.problems("providers/builtin.cpp", '"core/modules/provider_set.hpp"', "<array>"), [])
        self.assert_problem(self.problems("providers/builtin.cpp", '"core/net/http_client.hpp"'), "the table of built-in")


class PublicText(Tree):
    def test_accepts_paths_of_any_machine_and_registries_of_images(self):
        self.write("a.md", "/etc/registry-credential-broker docker.cloudsmith.io core/net/work/ ${HOME}/x https://h/work/\n/home/kubernetes/bin\n")
        self.assertEqual(public_text.problems(self.root), [])

    def test_refuses_package_hosts(self):
        self.write("a.sh", "ok\ncurl https://" + ".".join(["deb", "debian", "org"]) + "/x\n")
        self.assert_problem(public_text.problems(self.root), "a.sh:2", "package host")

    def test_refuses_home_folders(self):
        self.write("a.md", "see /" + "home/jane/notes\n")
        self.assert_problem(public_text.problems(self.root), "a.md:1", "path of one machine")

    def test_refuses_the_place_where_the_repository_lies(self):
        self.write("a.md", f"cd {self.root}\n")
        self.assert_problem(public_text.problems(self.root), "a.md:1", "path of one machine")

    def test_ignores_files_that_are_not_text(self):
        (self.root / "a.bin").write_bytes(b"\xff\xfe/" + b"home/jane/")
        self.assertEqual(public_text.problems(self.root), [])


class Documents(Tree):
    def test_accepts_links_to_files_headings_and_other_places(self):
        self.write("docs/b.md", "# The `b` page: more\n## Two\n## Two\n")
        self.write("docs/a.md", "[b](b.md) [h](b.md#the-b-page-more) [2](b.md#two-1) [w](https://example.com/x) [me](#top)\n# Top\n")
        self.assertEqual(documents.problems(self.root), [])

    def test_refuses_a_link_to_nothing(self):
        self.write("docs/a.md", "text\n[b](../b.md)\n")
        self.assert_problem(documents.problems(self.root), "docs/a.md:2", "'../b.md', which does not exist")

    def test_refuses_a_link_to_a_heading_that_is_not_there(self):
        self.write("a.md", "# Top\n[b](#bottom)\n")
        self.assert_problem(documents.problems(self.root), "a.md:2", "no such heading")

    def test_ignores_links_in_code(self):
        self.write("a.md", "`[b](b.md)`\n```\n[c](c.md)\n```\n")
        self.assertEqual(documents.problems(self.root), [])

    def test_accepts_a_block_that_is_a_run_of_lines_of_its_file(self):
        self.write("x.cpp", "one\ntwo\nthree\n")
        self.write("a.md", "<!-- from: x.cpp -->\n\n```cpp\ntwo\nthree\n```\n")
        self.assertEqual(documents.problems(self.root), [])

    def test_accepts_such_a_block_indented_in_a_list(self):
        self.write("x.yaml", "one:\n  two: 3\n")
        self.write("a.md", "1. This:\n\n   <!-- from: x.yaml -->\n   ```yaml\n   one:\n     two: 3\n   ```\n")
        self.assertEqual(documents.problems(self.root), [])
        self.write("x.yaml", "one:\n two: 3\n")
        self.assert_problem(documents.problems(self.root), "a.md:4", "differs from 'x.yaml'")

    def test_refuses_a_block_that_differs_from_its_file(self):
        self.write("x.cpp", "one\ntwo\nthree\n")
        self.write("a.md", "<!-- from: x.cpp -->\n```cpp\none\nthree\n```\n")
        self.assert_problem(documents.problems(self.root), "a.md:2", "differs from 'x.cpp'")

    def test_refuses_unmarked_code_in_the_provider_guide(self):
        self.write("docs/provider-guide.md", "```cpp\nint x;\n```\n```sh\nls\n```\n")
        self.assert_problem(documents.problems(self.root), "docs/provider-guide.md:1", "which tested file")


class Fuzzers(Tree):
    def setUp(self):
        super().setUp()
        self.write("core/a/image.hpp", "// parseImage(x) is strict\nImage parseImage(std::string_view text);\n")
        self.write("tests/core/a/image_fuzzer.cpp", "\n")
        self.write("tests/fuzz/corpus/image/one", "x")
        self.write("tests/fuzz/README.md", "| `parseImage` | `core/a/image.hpp` | `image` | kubelet |\n")

    def test_accepts_a_parser_with_a_fuzzer_and_seeds(self):
        self.assertEqual(fuzzers.problems(self.root), [])

    def test_refuses_a_parser_that_is_not_listed(self):
        self.write("core/a/url.hpp", "std::optional<Url> parseUrl(std::string_view text);\n")
        self.assert_problem(fuzzers.problems(self.root), "core/a/url.hpp:1", "parseUrl() is a parser")

    def test_refuses_a_listed_parser_without_fuzzer(self):
        self.write("core/a/url.hpp", "std::optional<Url> parseUrl(std::string_view text);\n")
        with (self.root / "tests/fuzz/README.md").open("a", encoding="utf-8") as table:
            table.write("| `parseUrl` | `core/a/url.hpp` | `url` | server |\n")
        self.assert_problem(fuzzers.problems(self.root), "there is no url_fuzzer.cpp")

    def test_accepts_a_listed_parser_of_trusted_bytes_without_fuzzer(self):
        self.write("core/a/options.hpp", "Options parseOptions(int count, char** words);\n")
        with (self.root / "tests/fuzz/README.md").open("a", encoding="utf-8") as table:
            table.write("| `parseOptions` | `core/a/options.hpp` | none | root |\n")
        self.assertEqual(fuzzers.problems(self.root), [])

    def test_refuses_a_row_whose_function_is_gone(self):
        self.write("core/a/image.hpp", "\n")
        self.assert_problem(fuzzers.problems(self.root), "declares no parseImage()")

    def test_refuses_a_fuzzer_without_seeds_or_row(self):
        self.write("tests/core/a/url_fuzzer.cpp", "\n")
        found = fuzzers.problems(self.root)
        self.assertEqual(len(found), 2, found)
        self.assertIn("has no seeds", found[0])
        self.assertIn("is not in the table", found[1])


class TextFiles(Tree):
    def problems(self, **lists):
        return text_files.problems(self.root, **{"binary": {}, "large": {}} | lists)

    def write_bytes(self, path, content):
        self.write(path, "")
        (self.root / path).write_bytes(content)

    def test_accepts_text_up_to_the_limit(self):
        self.write("a.md", "µ → 漢\n\x1b\n")
        self.write("empty", "")
        self.write("b.txt", "x" * text_files.LIMIT)
        self.assertEqual(self.problems(), [])

    def test_refuses_a_package_and_a_program(self):
        self.write_bytes("a/cargo.deb", b"!<arch>\n\x1f\x8b")
        self.assert_problem(self.problems(), "a/cargo.deb: is not UTF-8 text")
        (self.root / "a/cargo.deb").unlink()
        self.write_bytes("a.out", b"\x7fELF\x02\x00")
        self.assert_problem(self.problems(), "a.out: is not UTF-8 text", "BINARY of tests/checks/text_files.py")

    def test_refuses_a_large_file(self):
        self.write("b.txt", "x" * (text_files.LIMIT + 1))
        self.assert_problem(self.problems(), "b.txt: has 262145 bytes", "LARGE of tests/checks/text_files.py")

    def test_accepts_what_a_list_names_and_nothing_beside_it(self):
        self.write_bytes("seeds/a/one", b"\0")
        self.write("log.txt", "x" * (text_files.LIMIT + 1))
        self.assertEqual(self.problems(binary={"seeds": "bytes"}, large={"log.txt": "long"}), [])
        self.write_bytes("seeds2/one", b"\0")
        self.assert_problem(self.problems(binary={"seeds": "bytes"}, large={"log.txt": "long"}), "seeds2/one: is not UTF-8 text")

    def test_refuses_a_large_file_among_listed_binaries(self):
        self.write_bytes("seeds/one", b"\0" * (text_files.LIMIT + 1))
        self.assert_problem(self.problems(binary={"seeds": "bytes"}), "seeds/one: has 262145 bytes")

    def test_refuses_an_entry_that_nothing_needs(self):
        self.write("seeds/one", "text\n")
        self.assert_problem(self.problems(binary={"seeds": "bytes"}), "seeds: BINARY", "without need")

    def test_leaves_out_what_is_built(self):
        self.write_bytes("build/a.o", b"\0")
        self.write_bytes("dist/a", b"\0")
        self.assertEqual(self.problems(), [])


class Versions(Tree):
    STATED = {"the version": [("a.txt", r"^version (\d+)\.(\d+)"), ("b.md", r"version (\S+)")]}

    def problems(self, first, second):
        self.write("a.txt", first)
        self.write("b.md", second)
        return versions.problems(self.root, self.STATED)

    def test_accepts_the_same_in_both_places(self):
        self.assertEqual(self.problems("x\nversion 1.2\n", "of version 1.2 on; version 1.2\n"), [])

    def test_refuses_another_version(self):
        self.assert_problem(self.problems("version 1.2\n", "version 1.3\n"), "b.md: the version: has 1.3, but a.txt has 1.2")

    def test_refuses_one_of_several_that_is_missing(self):
        self.assert_problem(self.problems("version 1.2\nversion 1.3\n", "version 1.3\n"), "b.md: the version: has 1.3, but a.txt has 1.2, 1.3")

    def test_refuses_a_place_that_says_nothing(self):
        self.assert_problem(self.problems("version 1.2\n", "none\n"), "b.md: the version: has none")
        self.assertIn("a.txt: does not state the version", self.problems("none\n", "version 1.2\n")[0])


class Generated(Tree):
    def test_replaces_only_the_part_between_the_markers(self):
        document = "head\n" + generated.BEGIN + "old\n" + generated.END + "tail\n"
        self.assertEqual(generated.with_reference(document, "new\n"),
                         "head\n" + generated.BEGIN + "\nnew\n\n" + generated.END + "tail\n")
        self.assertIsNone(generated.with_reference("head\n", "new\n"))

    def test_shows_the_first_difference(self):
        self.assertEqual(generated.difference("a", "x\n", "x\n"), [])
        self.assert_problem(generated.difference("a", "one\n", "two\n"), "out of date", "-one", "+two")


if __name__ == "__main__":
    unittest.main()
