#!/usr/bin/env python3
"""Tests of the benchmark's computations, rows and relay, on figures made for the purpose."""

import json
import re
import socket
import tempfile
import threading
import time
import unittest
import xml.etree.ElementTree
from dataclasses import replace
from pathlib import Path
from unittest import mock

import broker_file
import counts
import exchanges
import machines
import plot
import recorded
import rows
import run
from counts import Counts
from figures import Limit, Sample, Times, exceeded, table_of_counts, table_of_limits, table_of_times
from relay import Relay

CALLS = {"close": 10, "openat": 9, "read": 30}
ONE = Counts(instructions=1_000_000, system_calls=CALLS, page_faults=100, peak_memory=3072, program_size=5_000_000, connections=1, round_trips=3)


def times(**walls):
    """Rows whose samples took so many ms of wall time, half of it CPU."""
    return Times({row: [Sample(wall, wall / 2) for wall in of_row] for row, of_row in walls.items()})


class Numbers(unittest.TestCase):
    def test_takes_the_median_and_the_95th_percentile(self):
        measured = times(ours=range(1, 101))
        self.assertEqual(measured.median("ours", "wall"), 50.5)
        self.assertEqual(measured.p95("ours", "wall"), 95)
        self.assertEqual(measured.median("ours", "cpu"), 25.25)

    def test_takes_the_ratio_within_each_round(self):
        # Both are slow in the rounds 1 and 2. The medians' own ratio would be 2.
        measured = times(ours=[10, 10, 1.1], theirs=[10, 5, 1])
        self.assertAlmostEqual(measured.ratio("ours", "theirs", "wall"), 1.1)


class Recorded(unittest.TestCase):
    def complaints(self, **changed):
        return recorded.complaints({"broker": replace(ONE, **changed)}, {"broker": ONE})

    def test_the_same_figures_and_smaller_ones_pass(self):
        self.assertEqual(self.complaints(), [])
        self.assertEqual(self.complaints(instructions=1, page_faults=1, system_calls={}, round_trips=2, connections=0), [])

    def test_instructions_may_be_two_per_cent_more(self):
        self.assertEqual(self.complaints(instructions=1_020_000), [])
        self.assertEqual(self.complaints(instructions=1_020_001),
                         ["'broker' takes 1,020,001 instructions instead of 1,000,000; 1,020,000 would pass"])

    def test_small_figures_have_a_slack_of_their_own(self):
        self.assertEqual(self.complaints(page_faults=108, system_calls=CALLS | {"read": 32}), [])
        self.assertEqual(self.complaints(page_faults=109), ["'broker' takes 109 page faults instead of 100; 108 would pass"])

    def test_system_calls_that_were_added_are_named(self):
        self.assertEqual(self.complaints(system_calls={"close": 9, "openat": 13, "read": 30, "stat": 2}),
                         ["'broker' takes 54 system calls instead of 49; 51 would pass (openat +4, stat +2, close -1)"])

    def test_connections_and_round_trips_are_exact(self):
        self.assertEqual(self.complaints(round_trips=4), ["'broker' takes 4 round trips instead of 3; 3 would pass"])
        self.assertEqual(self.complaints(connections=2), ["'broker' takes 2 connections instead of 1; 1 would pass"])

    def test_a_row_on_one_side_only_is_named(self):
        self.assertEqual(recorded.complaints({"new": ONE}, {"old": ONE}),
                         ["'new' is counted but not recorded", "'old' is recorded but no longer counted"])

    def test_a_figure_that_became_much_less_is_told(self):
        now = {"broker": replace(ONE, instructions=900_000, page_faults=99)}
        self.assertEqual(recorded.improvements(now, {"broker": ONE}), ["'broker' takes only 900,000 instructions instead of 1,000,000"])

    def test_what_was_written_is_read_back(self):
        with tempfile.TemporaryDirectory() as name:
            recorded.write(Path(name) / "counts.json", {"broker": ONE})
            self.assertEqual(recorded.read(Path(name) / "counts.json"), {"broker": ONE})

    def test_the_recorded_rows_are_those_that_are_counted(self):
        names = {rows.BROKER, rows.HASHED, rows.BUNDLE, rows.STATIC, rows.STATIC_1000, rows.STATIC_10000,
                 *(rows.far(rows.BROKER, group) for group in rows.GROUPS)}
        self.assertEqual(set(recorded.read(run.RECORDED)), names)


class Check(unittest.TestCase):
    """What the command does with a count that is too great, without any program."""

    def check(self, now, before, of_an_exchange=ONE):
        with tempfile.TemporaryDirectory() as name, mock.patch.object(run, "RECORDED", Path(name) / "counts.json"), \
                mock.patch.object(run, "LIMITS", [Limit("memory", 8, "MiB", "peak_memory_mib", rows.BROKER)]):
            recorded.write(run.RECORDED, {rows.BROKER: before})
            of_exchanges = {provider.row: replace(of_an_exchange, round_trips=3 * provider.calls) for provider in exchanges.PROVIDERS}
            run.check({rows.BROKER: now, rows.PEER: replace(now, instructions=1 << 40)},
                      of_exchanges | {exchanges.CLOUDSMITH.row: ONE, exchanges.ECR_PEER: replace(now, instructions=1 << 40)})

    def test_passes_when_nothing_grew_whatever_others_take(self):
        self.check(ONE, ONE)

    def test_fails_and_says_how_to_record(self):
        with self.assertRaisesRegex(SystemExit, "(?s)broken: 'broker' takes 2,000,000 instructions.*--record"):
            self.check(replace(ONE, instructions=2_000_000), ONE)

    def test_fails_for_a_limit_even_if_it_was_recorded(self):
        grown = replace(ONE, peak_memory=9 * 1024)
        with self.assertRaisesRegex(SystemExit, "broken: memory: 9.00 MiB, the limit is 8 MiB"):
            self.check(grown, grown)

    def test_fails_for_an_exchange_that_takes_too_many_instructions(self):
        with self.assertRaisesRegex(SystemExit, "broken: acr: instructions beside cloudsmith: 3.00 ×"):
            self.check(ONE, ONE, replace(ONE, instructions=3_000_000))


class Tools(unittest.TestCase):
    STRACE = ("     calls syscall\n--------- ----------------\n       18 read\n        2 clock_gettime\n        1 execve\n"
              "--------- ----------------\n       21 total\n")

    def test_system_calls_are_read_by_name_without_the_clock(self):
        self.assertEqual(counts.calls_in(self.STRACE), {"execve": 1, "read": 18})

    def test_instructions_are_read(self):
        self.assertEqual(counts.instructions_in("==1== Cachegrind\n==1== \n==1== I   refs:      35,820,638\n"), 35820638)

    def test_a_tool_that_counted_nothing_is_told(self):
        with self.assertRaisesRegex(counts.NoAnswer, "valgrind counted nothing"):
            counts.instructions_in("==1== killed")

    def test_a_row_that_answers_something_else_is_told(self):
        with tempfile.TemporaryDirectory() as name, self.assertRaisesRegex(counts.NoAnswer, "'cat' did not answer with the credential under strace"):
            counts.Counter("", "a question", name)._system_calls(rows.Row("cat", ["/bin/cat"], "an answer"))


    def instructions_of(self, *runs):
        """Of a row whose runs count so many, or fail."""
        counter = counts.Counter("", "", "")
        with mock.patch.object(counter, "_instructions_once", side_effect=[*runs, *[counts.NoAnswer("too late")] * counts.TRIES]):
            return counter._instructions(rows.Row("broker", ["broker"]))

    def test_instructions_are_the_least_of_two_runs_that_agree(self):
        self.assertEqual(self.instructions_of(1001, 1000), 1000)
        self.assertEqual(self.instructions_of(2000, 1000, counts.NoAnswer("too late"), 1004), 1000)

    def test_runs_of_which_no_two_agree_are_told(self):
        with self.assertRaisesRegex(counts.NoAnswer, "another number of instructions each time: .1000, 1010"):
            self.instructions_of(*range(1000, 1000 + 10 * counts.TRIES, 10))
        with self.assertRaisesRegex(counts.NoAnswer, "too late"):
            self.instructions_of(1000)


class Relays(unittest.TestCase):
    """Against a server that sends as many bytes as were requested, and against silence."""
    RTT = 0.02

    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                while size := client.recv(1):
                    client.sendall(b"x" * size[0])

    def converse(self, *flights):
        """The round trips of a connection on which each flight, a list of writes, waits for its answer."""
        with Relay(self.listener.getsockname()[1], self.RTT) as relay:
            begin = time.monotonic()
            with socket.create_connection(("127.0.0.1", relay.port)) as client:
                for writes in flights:
                    for write in writes:
                        client.sendall(write)
                    wanted = sum(map(sum, writes))
                    while wanted > 0:
                        wanted -= len(client.recv(wanted))
            self.elapsed = time.monotonic() - begin
        return relay.round_trips

    def test_counts_the_handshake_of_tcp_and_every_answer(self):
        self.assertEqual(self.converse([b"\x05"]), [2])
        self.assertEqual(self.converse([b"\x05"], [b"\xff"], [b"\x01"]), [4])

    def test_a_flight_in_pieces_is_one(self):
        self.assertEqual(self.converse([b"\x05", b"\x06\x07", b"\x08"]), [2])

    def test_each_round_trip_takes_its_time(self):
        self.converse([b"\x05"], [b"\x06"])
        self.assertGreaterEqual(self.elapsed, 3 * self.RTT)

    def test_counts_each_connection_and_passes_the_end_on(self):
        with Relay(self.listener.getsockname()[1], self.RTT) as relay:
            for _ in range(2):
                with socket.create_connection(("127.0.0.1", relay.port)) as client:
                    client.sendall(b"\x03")
                    client.shutdown(socket.SHUT_WR)
                    self.assertEqual(b"".join(iter(lambda: client.recv(16), b"")), b"xxx")
            self.assertEqual(relay.round_trips, [2, 2])


class Limits(unittest.TestCase):
    def test_a_ratio_is_beside_its_reference(self):
        limit = Limit("ours beside theirs", 1.25, "×", "instructions", "ours", "theirs")
        counted = {"ours": ONE, "theirs": replace(ONE, instructions=500_000)}
        self.assertEqual(limit.value(counted), 2)
        self.assertEqual(exceeded([limit], counted), ["ours beside theirs: 2.00 ×, the limit is 1.25 ×"])
        self.assertEqual(exceeded([limit], {"ours": ONE, "theirs": ONE}), [])

    def test_growth_counts_from_the_base(self):
        limit = Limit("growth", 11, "×", "instructions", "most", "more", base="few")
        counted = {name: replace(ONE, instructions=number) for name, number in (("few", 1), ("more", 5), ("most", 41))}
        self.assertEqual(limit.value(counted), 10)

    def test_memory_and_size_stand_alone(self):
        self.assertEqual(Limit("memory", 8, "MiB", "peak_memory_mib", "ours").value({"ours": ONE}), 3)
        self.assertEqual(Limit("size", 6, "MB", "program_mb", "ours").value({"ours": ONE}), 5)

    def test_what_is_said_speaks_of_rows_that_there_are(self):
        programs = rows.Programs(Path("bin"), "broker", "floor")
        with tempfile.TemporaryDirectory() as name, mock.patch.object(rows, "Authorities"), \
                mock.patch.object(rows.Exchange, "bundle", return_value="bundle.pem"):
            exchange = rows.Exchange(Path(name), 443, "root.pem", name, "secret")
            far = [row for group in rows.GROUPS for row in rows.far_rows(programs, exchange, group)]
            timed = {row.name: row for row in [*rows.single_rows(programs, exchange, []), *rows.crowd_rows(programs, exchange, rows.CROWD), *far]}
        for said in [*run.LIMITS, *machines.RATIOS]:
            for name in filter(None, (said.row, said.reference, getattr(said, "base", ""))):
                self.assertIn(name, timed)
        self.assertEqual({row.reference for row in timed.values()} - set(timed), set())
        self.assertEqual(timed[f"200 × {rows.BROKER}"].count, 200)


class Tables(unittest.TestCase):
    def test_a_table_of_times_shows_ratios_beside_the_reference(self):
        text = table_of_times(times(ours=[4], theirs=[2]), {"ours": "theirs", "theirs": "theirs"})
        self.assertEqual(text.splitlines(), [
            "| program | median |  p95 |  CPU | × wall | × CPU |",
            "|---------|-------:|-----:|-----:|-------:|------:|",
            "| ours    |   4.00 | 4.00 | 2.00 |   2.00 |  2.00 |",
            "| theirs  |   2.00 | 2.00 | 1.00 |   1.00 |  1.00 |"])

    def test_a_table_of_counts_shows_every_figure(self):
        self.assertEqual(table_of_counts({"broker": ONE}).splitlines()[2],
                         "| broker  |    1,000,000 |           49 |         100 |     3.0 MiB |           1 |           3 |")

    def test_a_table_of_limits_shows_what_was_counted(self):
        text = table_of_limits([Limit("memory", 8, "MiB", "peak_memory_mib", "broker")], {"broker": ONE})
        self.assertEqual(text.splitlines()[2], "| memory         | 3.00 MiB | 8 MiB |")

    def test_writes_between_the_markers_of_its_part_only(self):
        begin, end = run.BEGIN.format("counts"), run.END.format("counts")
        others = run.BEGIN.format("times") + run.END.format("times")
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "page.md"
            path.write_text(f"before\n{begin}old\n{end}{others}after\n", encoding="utf-8")
            run.put_between_markers(path, "counts", "new")
            self.assertEqual(path.read_text(encoding="utf-8"), f"before\n{begin}\nnew\n\n{end}{others}after\n")

    def test_refuses_a_page_without_markers(self):
        with tempfile.TemporaryDirectory() as name, self.assertRaisesRegex(SystemExit, "has no marker lines"):
            path = Path(name) / "page.md"
            path.write_text("before\nafter\n", encoding="utf-8")
            run.put_between_markers(path, "counts", "new")


class Machines(unittest.TestCase):
    A = {"circumstances": "one core", "rows": {"broker": [5, 3.3], "old": [1, 1]}, "ratios": {"beside": 0.9}}
    B = {"circumstances": "two cores", "rows": {"broker": [4, 2.1]}, "ratios": {"beside": 1.08, "far": 0.8}}

    def test_stand_side_by_side_and_the_greatest_ratio_is_the_claim(self):
        self.assertEqual(machines.table_of_ratios({"A": self.A, "B": self.B}).splitlines()[2:], [
            "| beside | 0.90 | 1.08 |            1.08 |",
            "| far    |    – | 0.80 |            0.80 |"])
        self.assertEqual(machines.table_of_rows({"A": self.A, "B": self.B}).splitlines()[2:], [
            "| broker                | 5.00 / 3.30 | 4.00 / 2.10 |",
            "| old                   | 1.00 / 1.00 |           – |"])
        self.assertIn("- **B**: two cores", machines.report({"A": self.A, "B": self.B}))

    def test_a_machine_takes_the_place_of_what_was_measured_on_it_before(self):
        with tempfile.TemporaryDirectory() as name, mock.patch.object(machines, "FILE", Path(name) / "machines.json"):
            machines.FILE.write_text(json.dumps({"A": self.A}), encoding="utf-8")
            machines.keep("B", self.A)
            machines.keep("B", self.B)
            self.assertEqual(machines.read(), {"A": self.A, "B": self.B})

    def test_every_ratio_is_kept_of_a_machine(self):
        names = {name for ratio in machines.RATIOS for name in (ratio.row, ratio.reference)}
        kept = machines.summary(times(**{name: [2.0] for name in names}), "here")
        self.assertEqual(kept["ratios"], {ratio.what: 1.0 for ratio in machines.RATIOS})
        self.assertEqual(kept["rows"][rows.BROKER], [2.0, 1.0])

    def test_the_page_shows_all_machines_that_are_kept(self):
        shown = machines.report(machines.read()) in run.PAGE.read_text(encoding="utf-8")
        self.assertTrue(shown, "tests/bench/run.sh --machine NAME writes the page")


class Peers(unittest.TestCase):
    exchange = rows.Exchange(Path("."), 4433, "/pki/root.pem", "/pki/ca", "secret")

    def test_a_peer_has_variables_program_and_arguments(self):
        row = rows.peer_row("plugin=CLOUDSMITH_API_HOST={apiHost} SSL_CERT_FILE={caFile} ./plugin --mode='a b' x=1", self.exchange)
        self.assertEqual(row.name, "plugin")
        self.assertEqual(row.command, ["./plugin", "--mode=a b", "x=1"])
        self.assertEqual(row.environment, {"CLOUDSMITH_API_HOST": "localhost:4433", "SSL_CERT_FILE": "/pki/root.pem"})

    def test_refuses_a_peer_without_a_program(self):
        for text in ("plugin", "plugin=", "=./plugin", "plugin=NAME=value"):
            with self.assertRaisesRegex(SystemExit, "is not NAME=COMMAND"):
                rows.peer_row(text, self.exchange)


class Exchanges(unittest.TestCase):
    PROGRAMS = rows.Programs(Path("/bench"), "/bench/broker", "/bench/floor")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.world = exchanges.World("/bench/rcb-test-world", folder.name)
        self.world.ca_file = "/world/ca.pem"

    def test_every_built_in_provider_that_makes_an_exchange_has_a_row(self):
        text = (Path(run.ROOT) / "providers/builtin.cpp").read_text(encoding="utf-8")
        built_in = set(re.findall(r'\{"([a-z0-9-]+)", rcb_builtin_', text))
        self.assertEqual({provider.module for provider in exchanges.PROVIDERS}, built_in - {"passthrough", "static-token"})

    def test_a_row_reaches_the_servers_through_the_port_that_is_given(self):
        row, *peers = self.world.rows(exchanges.ECR, self.PROGRAMS, 7000)
        self.assertEqual((row.name, peers), ("broker, ecr", []))
        text = Path(row.command[-1]).read_text(encoding="utf-8")
        self.assertIn('"stsUrl": "https://localhost:7000"', text)
        self.assertIn("caFile: /world/ca.pem", text)
        self.assertNotIn("{host}", text)

    def test_a_peer_that_is_here_stands_beside_the_provider_for_the_same_registry_only(self):
        with mock.patch.dict("os.environ", {exchanges.ECR_PEER_VARIABLE: "/peer"}):
            names = {provider.name: [row.name for row in self.world.rows(provider, self.PROGRAMS, 7000)] for provider in exchanges.PROVIDERS}
        self.assertEqual(names["ecr"], ["broker, ecr", exchanges.ECR_PEER])
        self.assertEqual(names["acr"], ["broker, acr"])


class BrokerFiles(unittest.TestCase):
    def test_the_rule_that_matches_is_in_the_middle_of_as_many_as_wanted(self):
        text = broker_file.broker_file(broker_file.standing("/secret"), 1001)
        names = [line for line in text.splitlines() if line.startswith("- name: ")]
        self.assertEqual(len(names), 1001)
        self.assertEqual(names[500], "- name: wanted")
        self.assertEqual(len(set(names)), 1001)

    def test_the_largest_is_within_the_limit_of_the_program(self):
        self.assertLess(len(broker_file.broker_file(broker_file.standing("/secret"), 10000)), 4 << 20)


class Plot(unittest.TestCase):
    panel = plot.Panel("Time <by> rules", "rules", "ms", {"ours": [(20, 4.0), (1000, 9.0)], "theirs": [(20, 5.0), (1000, 5.0)]})

    def test_is_well_formed_and_has_a_line_and_a_name_for_each(self):
        tree = xml.etree.ElementTree.fromstring(plot.svg([self.panel, self.panel]))
        texts = [element.text for element in tree.iter("{http://www.w3.org/2000/svg}text")]
        self.assertEqual(texts.count("Time <by> rules"), 2)
        self.assertEqual(texts.count("ours"), 1)
        self.assertEqual(len(list(tree.iter("{http://www.w3.org/2000/svg}path"))), 2 * 2 + 2)

    def test_is_readable_on_dark_pages(self):
        self.assertIn("prefers-color-scheme: dark", plot.svg([self.panel]))

    def test_the_grid_encloses_what_is_drawn(self):
        self.assertEqual(plot.steps(4, 9, False), [0, 5, 10])
        self.assertEqual(plot.steps(4, 61, True), [2, 5, 10, 20, 50, 100])

    def test_a_greater_value_is_higher(self):
        up = plot.scale(1, 100, 300, 0, True)
        self.assertAlmostEqual(up(10), 150)
        self.assertAlmostEqual(up(100), 0)


if __name__ == "__main__":
    unittest.main()
