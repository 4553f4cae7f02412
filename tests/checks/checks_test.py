#!/usr/bin/env python3
"""The checks themselves, on small trees made for the purpose."""

import copy
import tempfile
import unittest
from pathlib import Path

import contents
import documents
import fuzzers
import generated
import layers
import matching
import page_blocks
import pages
import pictures
import public_text
import registries
import repository
import text_files
import versions
import words
import workflows


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

    def test_refuses_the_scripted_run_in_the_host(self):
        found = self.problems("core/modules/host_services.cpp", '"core/testing/scripted_run.hpp"')
        self.assert_problem(found, "layer modules may not include layer testing")

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
        self.assertEqual(self.problems("core/testing/testing_abi.cpp", "<rcb/testing.h>", '"core/modules/module_provider.hpp"'), [])
        self.assert_problem(self.problems("core/net/http_client.hpp", '"rcb/provider_abi.h"'), "module contract")

    def test_lets_only_main_include_providers(self):
        self.assertEqual(self.problems("core/main.cpp", '"providers/builtin.hpp"', '"core/app/application.hpp"'), [])
        self.assert_problem(self.problems("core/app/run.cpp", '"providers/builtin.hpp"'), "core never includes a provider")

    def test_lets_only_main_include_drop_ins(self):
        self.assertEqual(self.problems("core/main.cpp", '"compat/drop_ins.hpp"'), [])
        self.assert_problem(self.problems("core/broker/broker.cpp", '"compat/drop_ins.hpp"'), "core never includes a drop-in")

    def test_confines_drop_ins_to_the_broker_and_what_is_below(self):
        self.assertEqual(self.problems("compat/acme.cpp", '"core/broker/drop_in.hpp"', '"compat/acme.hpp"', "<fmt/format.h>"), [])
        self.assert_problem(self.problems("compat/acme.cpp", '"core/commands/explain.hpp"'), "may not include layer commands")
        self.assert_problem(self.problems("compat/acme.cpp", '"providers/builtin.hpp"'), "turned into a broker")

    def test_refuses_the_name_of_a_provider_in_core(self):
        self.write("providers/builtin.cpp", '{"static-token", rcb_builtin_static_token},\n')
        self.write("core/broker/a.cpp", "// e.g. static-token\n")
        self.assertEqual(layers.problems(self.root), [])
        for line in ('rule.module = "static-token";', "rcb_builtin_static_token();", "int static_token_kind;"):
            self.write("core/broker/a.cpp", f"\n{line}\n")
            self.assert_problem(layers.problems(self.root), "core/broker/a.cpp:2")

    def test_keeps_the_sdk_alone(self):
        self.assertEqual(self.problems("core/sdk/include/rcb/provider.hpp", "<rcb/provider_abi.h>", "<string>"), [])
        found = self.problems("core/sdk/include/rcb/text.hpp", '"core/support/secret.hpp"')
        self.assert_problem(found, "the SDK stands alone")

    def test_confines_a_provider_to_the_contract_and_its_own_folder(self):
        self.assertEqual(self.problems("providers/vault/module.cpp", "<rcb/provider.hpp>", '"providers/vault/login.hpp"'), [])
        self.assert_problem(self.problems("providers/vault/module.cpp", '"providers/acr/exchange.hpp"'), "providers/vault/")
        self.assert_problem(self.problems("providers/vault/module.cpp", '"core/support/json.hpp"'), "the host lends")
        self.assert_problem(self.problems("providers/vault/module.cpp", "<Poco/RegularExpression.h>"), "the host lends")

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


class Contents(Tree):
    PAGE = "# Page\n## Contents\n- [One](#one)\n### Codes\n| [Two](#two) | [a-b](#a-b) |\n## One\n## Two\n### a-b\n#### small\n"

    def problems(self, page):
        self.write("a.md", page)
        return contents.problems(self.root)

    def test_accepts_a_list_of_all_sections_and_pages_without_one(self):
        self.write("b.md", "# Page\n## One\n")
        self.assertEqual(self.problems(self.PAGE), [])

    def test_refuses_a_section_that_is_not_listed(self):
        self.assert_problem(self.problems(self.PAGE + "### later\n"), "a.md:2", "do not list '#later'")

    def test_refuses_another_order_and_a_section_that_is_gone(self):
        self.assert_problem(self.problems(self.PAGE.replace("## One\n## Two\n", "## Two\n## One\n")), "another order")
        self.assert_problem(self.problems(self.PAGE.replace("### a-b\n", "")), "does not exist")

    def test_ignores_headings_in_code(self):
        self.assertEqual(self.problems(self.PAGE + "```\n## not one\n```\n"), [])


class Matching(Tree):
    HEAD = "<!-- vectors: v.jsonl -->\n| pattern | image | match | because |\n|---|---|---|---|\n"

    def problems(self, rows):
        self.write("v.jsonl", '{"pattern": "*.io", "image": "a.io/x", "matches": true}\n{"pattern": "*.io", "image": "a.b.io/x", "matches": false}\n'
                   '{"pattern": "io", "image": "io", "matches": true}\n{"pattern": "io", "image": "io", "matches": false}\n')
        self.write("a.md", self.HEAD + rows + "\nAfter it.\n")
        return matching.problems(self.root)

    def test_accepts_rows_that_the_kubelet_answered_so(self):
        self.assertEqual(self.problems("| `*.io` | `a.io/x` | yes | one label |\n| `*.io` | `a.b.io/x` | no | two |\n"), [])

    def test_refuses_another_answer_and_a_row_without_one(self):
        self.assert_problem(self.problems("| `*.io` | `a.io/x` | no | |\n"), "a.md:4", "pattern *.io and image a.io/x")
        self.assert_problem(self.problems("| `*.io` | `c.io/x` | yes | |\n"), "not known")
        self.assert_problem(self.problems("| `io` | `io` | yes | |\n"), "a.md:4")

    def test_refuses_a_row_that_it_cannot_read_and_a_marker_without_rows(self):
        self.assert_problem(self.problems("| *.io | a.io/x | yes |\n"), "is not a row")
        self.assert_problem(self.problems(""), "without a table")

    def test_refuses_vectors_that_do_not_exist(self):
        self.write("a.md", self.HEAD.replace("v.jsonl", "w.jsonl"))
        self.assert_problem(matching.problems(self.root), "a.md:1", "'w.jsonl' does not exist")


class Registries(Tree):
    ROWS = "# Registries\n\n## What works\n\n| registry | identity | provider |\n|---|---|---|\n"

    def setUp(self):
        super().setUp()
        self.write("providers/builtin.cpp", '      {"one", rcb_builtin_one},\n      {"two-words", rcb_builtin_two_words},\n')
        self.write("docs/registries/a.md", "# A\n")

    def index(self, text):
        self.write("docs/registries/index.md", self.ROWS + text)
        return registries.problems(self.root)

    def test_accepts_a_row_for_each_provider_and_a_link_to_each_page(self):
        self.assertEqual(self.index("| [A](a.md#limits) | who | `one` |\n| any | none | [`two-words`](../../providers/two_words/README.md) |\n"), [])

    def test_refuses_a_provider_without_a_row_and_one_that_only_other_cells_name(self):
        self.assert_problem(self.index("| [A](a.md) | `two-words` | `one` |\n"), "providers/builtin.cpp:2", "provider 'two-words'")

    def test_a_row_of_what_does_not_work_is_none(self):
        found = self.index("| [A](a.md) | who | `one` |\n\n## What does not\n\n| B | no | `two-words` |\n")
        self.assert_problem(found, "provider 'two-words'")

    def test_refuses_a_page_without_a_link(self):
        self.assert_problem(self.index("| A | who | `one` |\n| B | who | `two-words` |\n"), "docs/registries/a.md", "no link")


class Pictures(Tree):
    def setUp(self):
        super().setUp()
        self.write("docs/pictures/draw.py", "PICTURES = {'a.svg': lambda: '<svg/>\\n'}\n")
        self.write("docs/pictures/a.svg", "<svg/>\n")
        self.write("docs/a.md", "![what it shows](pictures/a.svg)\n")

    def test_accepts_a_picture_that_is_drawn_and_shown(self):
        self.assertEqual(pictures.problems(self.root), [])

    def test_refuses_one_that_differs_by_a_byte_or_is_not_there(self):
        self.write("docs/pictures/a.svg", "<svg/>")
        self.assert_problem(pictures.problems(self.root), "docs/pictures/a.svg", "is not what docs/pictures/draw.py draws")
        (self.root / "docs/pictures/a.svg").unlink()
        self.assert_problem(pictures.problems(self.root), "is not what")

    def test_refuses_one_that_no_page_shows_and_one_that_the_script_does_not_draw(self):
        self.write("docs/a.md", "text\n")
        self.assert_problem(pictures.problems(self.root), "no page shows it")
        self.write("docs/a.md", "![what it shows](pictures/a.svg)\n")
        self.write("docs/pictures/b.svg", "<svg/>\n")
        self.assert_problem(pictures.problems(self.root), "docs/pictures/b.svg", "does not draw it")

    def test_words_that_do_not_fit_are_an_error(self):
        draw = pictures.script_of(repository.ROOT)
        with self.assertRaisesRegex(ValueError, "needs"):
            draw.Picture(100, "x").box(0, 0, 100, 50, draw.PLAIN, [("", "much more than a box of 100 pixels can show")])


class Words(Tree):
    def problems(self, text, path="docs/a.md"):
        self.write(path, text)
        return words.problems(self.root)

    def test_accepts_plain_words(self):
        self.assertEqual(self.problems("There is no switch. It is no longer read.\n\nThe user can write to it.\n"), [])

    def test_refuses_a_phrase_also_across_lines(self):
        self.assert_problem(self.problems("ok\n\nThis is\nno proper HTTP.\n"), "docs/a.md:3", "says 'is no'", "is not a")
        self.assert_problem(self.problems("- ok\n- a Standing password\n"), "docs/a.md:2", "long-lived password")

    def test_ignores_code_generated_parts_and_what_the_program_says(self):
        self.assertEqual(self.problems("`nobody` runs\n```\nis no JWT\n```\n<!-- made by x: begin -->\nanybody\n<!-- made: end -->\n"), [])
        self.assertEqual(self.problems("**Means:** nobody read it. The kubelet reads it.\n"), [])
        self.assert_problem(self.problems("**Means:** nobody read it. Nobody else.\n"), "Nobody")

    def test_ignores_decisions_and_other_files(self):
        self.assertEqual(self.problems("nobody\n", "docs/adr/0001-a.md"), [])
        self.assertEqual(self.problems("nobody\n", "tests/fuzz/README.md"), [])
        self.assert_problem(self.problems("nobody\n", "providers/x/README.md"), "providers/x/README.md:1")

    def test_wants_a_sentence_to_begin_behind_a_block(self):
        self.assert_problem(self.problems("Run\n```sh\nls\n```\n\nand look.\n"), "docs/a.md:6", "small letter")
        self.assertEqual(self.problems("Run\n```sh\nls\n```\n\nThen look.\nand go on\n"), [])


class WordsOfCode(Tree):
    FOLDERS = ("core/a", "tests/a", "run.sh")

    def problems(self, text, path="core/a/x.cpp"):
        self.write(path, text)
        return words.code_problems(self.root, self.FOLDERS)

    def test_accepts_plain_words_and_identifiers(self):
        self.assertEqual(self.problems("// There is no switch; it is no longer read.\nint nobody = room(anybody);  // as `main()` has it\n"), [])

    def test_refuses_a_phrase_in_a_comment_also_across_lines(self):
        self.assert_problem(self.problems("int x;\n// This is\n// no port.\n"), "core/a/x.cpp:2", "says 'is no'", "is not a")
        self.assert_problem(self.problems("int x;  // nobody reads it\n"), "core/a/x.cpp:1", "nobody")
        self.assert_problem(self.problems("/* One\n * that lies\n */\n"), "core/a/x.cpp:1", "lies")

    def test_refuses_a_phrase_in_a_literal_also_in_joined_ones(self):
        self.assert_problem(self.problems('fail("the key stands "\n     "here \\"again\\"; in line 3");\n'), "core/a/x.cpp:1", "in line 3")
        self.assert_problem(self.problems('f("it is " +\n  "no port"); g(R"(nobody)");\n'), "nobody")
        self.assertEqual(self.problems("f('x', \"it is\"); g(\"no port\");\n"), [])

    def test_reads_python_shell_and_cmake(self):
        self.assert_problem(self.problems('def f():\n    """Whoever asks."""\n', "core/a/x.py"), "core/a/x.py:2", "Whoever")
        (self.root / "core/a/x.py").unlink()
        self.assert_problem(self.problems("#!/bin/sh\n# what nobody\n# reads\necho ok\n", "run.sh"), "run.sh:2", "nobody")
        self.assert_problem(self.problems('#!/bin/sh\necho "no room" # ok\n', "run.sh"), "run.sh:2", "room")
        (self.root / "run.sh").unlink()
        self.assert_problem(self.problems("# Each layer is a room.\n", "tests/a/CMakeLists.txt"), "tests/a/CMakeLists.txt:1", "layer")

    def test_reports_a_place_once_and_each_place_of_a_line(self):
        self.assertEqual(len(self.problems("// a room that lies behind\n")), 2)

    def test_ignores_other_folders_and_data(self):
        self.assertEqual(self.problems("// nobody\n", "core/ab/x.cpp"), [])
        self.assertEqual(self.problems("nobody\n", "tests/a/list.txt"), [])
        self.assertEqual(self.problems('{"a": "nobody"}\n', "tests/a/x.json"), [])
        self.write("tests/fuzz/corpus/x.cpp", "// nobody\n")
        self.assertEqual(words.code_problems(self.root, ("tests",)), [])

    def test_refuses_a_wide_line_of_c_and_a_wide_comment(self):
        wide = "x" * words.WIDTH
        self.assert_problem(self.problems(f"  // {wide}\n//{wide[2:]}\n"), "core/a/x.cpp:1", "a line of 155 columns; break it at 150")
        (self.root / "core/a/x.cpp").unlink()
        self.assert_problem(self.problems(f"# {wide}\n{wide}x = 1\n", "tests/a/x.py"), "tests/a/x.py:1", "152 columns")

    def test_searches_folders_that_exist(self):
        for folder in words.FOLDERS:
            self.assertTrue((repository.ROOT / folder).exists(), folder)


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


class Workflows(Tree):
    COMMIT = "0123456789abcdef0123456789abcdef01234567"
    GOOD = {"permissions": {"contents": "read"}, "jobs": {"test": {
        "timeout-minutes": 5, "container": {"image": workflows.IMAGE}, "steps": [
            {"uses": f"actions/checkout@{COMMIT}"}, {"run": "bash tests/run.sh all"}]}}}

    def problems(self, change=lambda workflow, job: None):
        workflow = copy.deepcopy(self.GOOD)
        change(workflow, workflow["jobs"]["test"])
        self.write("tests/run.sh", "")
        self.write(".github/workflows/ci.yml", workflows.yaml.safe_dump(workflow))
        return workflows.problems(self.root)

    def test_accepts_what_is_pinned_and_limited(self):
        self.assertEqual(self.problems(), [])

    def test_refuses_what_is_not_yaml_anywhere_in_the_folder(self):
        self.write(".github/ISSUE_TEMPLATE/bug.yml", "name: [")
        self.assert_problem(self.problems(), ".github/ISSUE_TEMPLATE/bug.yml: is not valid YAML")

    def test_refuses_an_action_of_a_tag(self):
        found = self.problems(lambda _, job: job["steps"].append({"uses": "actions/cache@v4"}))
        self.assert_problem(found, "uses actions/cache@v4; pin it")

    def test_refuses_another_image(self):
        found = self.problems(lambda _, job: job.update(container="debian:testing"))
        self.assert_problem(found, "job test runs in debian:testing")

    def test_refuses_a_script_that_does_not_exist(self):
        found = self.problems(lambda _, job: job["steps"].append({"run": "bash tests/walk.sh"}))
        self.assert_problem(found, "runs tests/walk.sh, which does not exist")

    def test_refuses_a_job_without_a_time_limit(self):
        self.assert_problem(self.problems(lambda _, job: job.pop("timeout-minutes")), "has no timeout-minutes")

    def test_refuses_rights_for_all_jobs(self):
        found = self.problems(lambda workflow, _: workflow.update(permissions={"contents": "write"}))
        self.assert_problem(found, "permissions: contents: read")

    def test_refuses_a_workflow_without_jobs(self):
        self.write(".github/workflows/empty.yml", "name: empty")
        self.assert_problem(self.problems(), "empty.yml: has no jobs")


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

    def test_replaces_the_blocks_of_output_and_nothing_else(self):
        document = "text\n<!-- help: a b -->\n```\nold\n```\n<!-- other -->\n```\nkept\n```\n<!-- error: -x -->\n```json\n```\n"
        self.assertEqual(generated.with_output(document, lambda kind, arguments: f"{kind} of {arguments}\n"),
                         "text\n<!-- help: a b -->\n```\nhelp of a b\n```\n<!-- other -->\n```\nkept\n```\n"
                         "<!-- error: -x -->\n```json\nerror of -x\n```\n")

    def test_reads_the_commands_of_a_help(self):
        self.assertEqual(generated.commands_in("Usage: x\n\nCommands:\n  a            One.\n  b show NAME  Two, which is\n"
                                               "               long.\n  help [COMMAND]  Three.\n\nOptions:\n  -h, --help  Four\n"),
                         ["a", "b show", "help"])

    def test_shows_the_first_difference(self):
        self.assertEqual(generated.difference("a", "x\n", "x\n"), [])
        self.assert_problem(generated.difference("a", "one\n", "two\n"), "out of date", "-one", "+two")


class PageBlocks(Tree):
    RULE = "- name: a\n  module: cloudsmith\n  matchImages: [a.test]\n"
    ENTRY = "- name: p\n  matchImages: [a.test]\n  defaultCacheDuration: 0s\n  tokenAttributes: {requireServiceAccount: true, cacheType: Token}\n"

    def configurations(self, *blocks):
        self.write("docs/page.md", "".join(f"Text.\n\n```yaml\n{block}```\n" for block in blocks))
        return page_blocks.configurations(self.root)

    def test_tells_rules_from_entries_of_the_kubelet(self):
        broker, kubelet, invalid = self.configurations(self.RULE, self.ENTRY, "kind: Pod\n", "a: b\n---\nproviders:\n" + self.RULE)
        self.assertEqual([block.place for block in broker], ["docs/page.md:3", "docs/page.md:23"])
        self.assertEqual([block.place for block in kubelet], ["docs/page.md:10"])
        self.assertEqual(broker[0].content["kind"], "BrokerConfig")
        self.assertIs(kubelet[0].content["providers"][0]["tokenAttributes"]["requireServiceAccount"], True)
        self.assertEqual(invalid, [])

    def test_reports_invalid_yaml_unless_it_is_shortened(self):
        _, _, invalid = self.configurations("a: [b\n", "a: [… \n")
        self.assert_problem(invalid, "docs/page.md:3", "not valid YAML")


class Pages(Tree):
    HELP = {"": "Commands:\n  validate       Check.\n  render rbac    Print.\n  explain IMAGE  Say.\n",
            "validate": "Options:\n  -f, --config PATH  The file\n      --skip-files   Do not\n",
            "render rbac": "Options:\n  -f, --config PATH  The file\n", "explain": "Options:\n  -n, --namespace NAME  The\n"}

    def problems(self, page):
        program = self.root / "program"
        self.write("program", f"#!/usr/bin/env python3\nimport sys\nhelps = {self.HELP!r}\n"
                   "if sys.argv[1] == 'help': print(helps[' '.join(sys.argv[2:])])\n"
                   "else: broken = 'broken' in sys.stdin.read(); print('it is broken'); sys.exit(78 * broken)\n")
        program.chmod(0o755)
        self.write("docs/page.md", page)
        return pages.problems(self.root, str(program))

    def block(self, commands):
        return self.problems(f"Text.\n\n```sh\n{commands}\n```\n")

    def test_accepts_what_works(self):
        self.assertEqual(self.block("sudo ./registry-credential-broker validate -f a.yaml --skip-files\n"
                                    "registry-credential-broker render rbac --config=a.yaml | kubectl apply --filename -\n"
                                    "kubectl delete clusterrole registry-credential-broker\n"
                                    "registry-credential-broker explain a.test/b \\\n  --namespace c > out"), [])
        self.assertEqual(self.problems("Say `validate --skip-files` or `explain IMAGE`; `install -d` is another program's.\n"), [])

    def test_refuses_unknown_commands_and_options(self):
        self.assert_problem(self.block("registry-credential-broker rendr rbac"), "docs/page.md:3", "there is no command 'rendr'")
        self.assert_problem(self.block("docker exec n /root/registry-credential-broker validate --sikp-files"), "`validate` has no option --sikp-files")
        self.assert_problem(self.block("minikube ssh 'sudo /x/registry-credential-broker explain a --skip-files'"), "`explain` has no option --skip-files")
        self.assert_problem(self.block("registry-credential-broker validate -f"), "-f needs a value")
        self.assert_problem(self.problems("Run `validate --all`.\n"), "docs/page.md:1", "has no option --all")

    def test_refuses_shell_that_bash_refuses(self):
        self.assert_problem(self.block("if true; then echo"), "docs/page.md:3", "syntax error")

    def test_has_broker_files_judged_by_the_program(self):
        self.assert_problem(self.problems("```yaml\n- {name: broken, module: m, matchImages: [a.test]}\n```\n"), "docs/page.md:1", "it is broken")


if __name__ == "__main__":
    unittest.main()
