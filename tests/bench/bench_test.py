#!/usr/bin/env python3
"""What run.py computes, and its rows, on samples made for the purpose."""

import unittest
import xml.etree.ElementTree
from pathlib import Path

import broker_file
import plot
import run
from figures import Bar, Figures, Sample, broken, complaints, table_of_bars, table_of_rows


def figures(sizes=None, **walls):
    """Rows whose samples took so many ms of wall time, half of it CPU, with as many MiB."""
    return Figures({row: [Sample(wall, wall / 2, wall) for wall in of_row] for row, of_row in walls.items()}, sizes or {})


class Numbers(unittest.TestCase):
    def test_takes_the_median_and_the_95th_percentile(self):
        measured = figures(ours=range(1, 101))
        self.assertEqual(measured.median("ours", "wall"), 50.5)
        self.assertEqual(measured.p95("ours", "wall"), 95)
        self.assertEqual(measured.median("ours", "cpu"), 25.25)

    def test_takes_the_ratio_within_each_round(self):
        # Both are slow in the rounds 1 and 2. The medians' own ratio would be 2.
        measured = figures(ours=[10, 10, 1.1], theirs=[10, 5, 1])
        self.assertAlmostEqual(measured.ratio("ours", "theirs", "wall"), 1.1)

    def test_takes_the_difference_within_each_round(self):
        measured = figures(ours=[30, 12, 3], theirs=[28, 11, 1])
        self.assertEqual(measured.extra("ours", "theirs", "wall"), 2)


class Bars(unittest.TestCase):
    ratio = Bar("ours beside theirs", 1.2, "×", "wall", "ours", "theirs")
    difference = Bar("more time", 0.8, "ms", "wall", "ours", "theirs")
    memory = Bar("memory", 8, "MiB", "memory", "ours")

    def verdict(self, bar, **walls):
        return bar.verdict(figures(**walls))

    def test_a_ratio_at_its_bar_holds(self):
        self.assertEqual(self.verdict(self.ratio, ours=[12], theirs=[10]), "holds")

    def test_a_ratio_14_percent_over_its_bar_is_within_the_slack(self):
        measured = figures(ours=[1.2 * 1.14], theirs=[1])
        self.assertEqual(self.ratio.verdict(measured), "within the slack")
        self.assertEqual(complaints([self.ratio], measured), [])

    def test_a_ratio_16_percent_over_its_bar_is_broken(self):
        measured = figures(ours=[1.2 * 1.16], theirs=[1])
        self.assertEqual(broken([self.ratio], measured), [self.ratio])
        self.assertEqual(complaints([self.ratio], measured),
                         ["broken: ours beside theirs: 1.39 ×, the bar is 1.2 ×, with slack 1.38 ×"])

    def test_the_cpu_time_of_a_bar_is_not_the_wall_time(self):
        bar = Bar("CPU", 1.0, "×", "cpu", "ours", "theirs")
        measured = Figures({"ours": [Sample(1, 2, 1)], "theirs": [Sample(9, 1, 1)]}, {})
        self.assertEqual(bar.value(measured), 2)

    def test_a_difference_has_the_slack_of_its_reference(self):
        self.assertEqual(self.verdict(self.difference, ours=[4.8], theirs=[4]), "holds")
        self.assertEqual(self.verdict(self.difference, ours=[5.3], theirs=[4]), "within the slack")
        self.assertEqual(self.verdict(self.difference, ours=[5.5], theirs=[4]), "BROKEN")

    def test_a_difference_may_be_greater_where_the_machine_is_slow_but_a_ratio_may_not(self):
        samples = {"ours": [Sample(5.5, 1, 1)], "theirs": [Sample(4, 1, 1)]}
        self.assertEqual(self.difference.verdict(Figures(samples, {}, pace=2)), "within the slack")
        self.assertEqual(self.ratio.tolerated(Figures(samples, {}, pace=2)), self.ratio.tolerated(Figures(samples, {})))

    def test_growth_counts_from_the_base(self):
        bar = Bar("growth", 12.5, "×", "wall", "most", "more", base="few")
        self.assertEqual(bar.value(figures(few=[1], more=[5], most=[41])), 10)
        self.assertEqual(self.verdict(bar, few=[1], more=[5], most=[41]), "holds")
        self.assertEqual(self.verdict(bar, few=[1], more=[5], most=[401]), "BROKEN")

    def test_memory_and_size_stand_alone(self):
        self.assertEqual(self.verdict(self.memory, ours=[8]), "holds")
        self.assertEqual(self.verdict(self.memory, ours=[9.3]), "BROKEN")
        size = Bar("size", 6, "MB", "size", "ours")
        self.assertEqual(size.verdict(figures(sizes={"ours": 5.9})), "holds")
        self.assertEqual(size.verdict(figures(sizes={"ours": 7})), "BROKEN")

    def test_the_bars_of_the_benchmark_speak_of_rows_that_it_measures(self):
        programs = run.Programs(Path("bin"), "broker", "floor")
        with run.tempfile.TemporaryDirectory() as name:
            root = Path(name) / "root.pem"
            root.write_text("", encoding="utf-8")
            exchange = run.Exchange(Path(name), 443, str(root), name, "secret")
            rows = {row.name: row for row in [*run.single_rows(programs, exchange, []), *run.crowd_rows(programs, exchange, run.CROWD)]}
        for bar in run.BARS:
            for name in filter(None, (bar.row, bar.reference, bar.base)):
                self.assertIn(name, rows)
        self.assertEqual({row.reference for row in rows.values()} - set(rows), set())
        self.assertEqual(rows[run.BROKERS].count, 200)


class Tables(unittest.TestCase):
    def test_a_table_of_rows_shows_ratios_beside_the_reference(self):
        text = table_of_rows(figures(ours=[4], theirs=[2]), {"ours": "theirs", "theirs": "theirs"})
        self.assertEqual(text.splitlines(), [
            "| program | median |  p95 |  CPU | peak memory | × wall | × CPU |",
            "|---------|-------:|-----:|-----:|------------:|-------:|------:|",
            "| ours    |   4.00 | 4.00 | 2.00 |     4.0 MiB |   2.00 |  2.00 |",
            "| theirs  |   2.00 | 2.00 | 1.00 |     2.0 MiB |   1.00 |  1.00 |"])

    def test_a_table_of_bars_shows_what_was_measured_and_the_verdict(self):
        text = table_of_bars([Bars.difference], figures(ours=[9], theirs=[4]))
        self.assertEqual(text.splitlines()[2], "| more time      |  5.00 ms | 0.8 ms |    1.40 ms |  BROKEN |")

    def test_writes_between_the_markers_only(self):
        with run.tempfile.TemporaryDirectory() as name:
            path = Path(name) / "page.md"
            path.write_text(f"before\n{run.BEGIN}old\n{run.END}after\n", encoding="utf-8")
            run.put_between_markers(path, "new\n")
            self.assertEqual(path.read_text(encoding="utf-8"), f"before\n{run.BEGIN}\nnew\n\n{run.END}after\n")

    def test_refuses_a_page_without_markers(self):
        with run.tempfile.TemporaryDirectory() as name, self.assertRaisesRegex(SystemExit, "has no marker lines"):
            path = Path(name) / "page.md"
            path.write_text("before\nafter\n", encoding="utf-8")
            run.put_between_markers(path, "new")


class Peers(unittest.TestCase):
    exchange = run.Exchange(Path("."), 4433, "/pki/root.pem", "/pki/ca", "secret")

    def test_a_peer_has_variables_program_and_arguments(self):
        row = run.peer_row("plugin=CLOUDSMITH_API_HOST={apiHost} SSL_CERT_FILE={caFile} ./plugin --mode='a b' x=1", self.exchange)
        self.assertEqual(row.name, "plugin")
        self.assertEqual(row.command, ["./plugin", "--mode=a b", "x=1"])
        self.assertEqual(row.environment, {"CLOUDSMITH_API_HOST": "localhost:4433", "SSL_CERT_FILE": "/pki/root.pem"})

    def test_refuses_a_peer_without_a_program(self):
        for text in ("plugin", "plugin=", "=./plugin", "plugin=NAME=value"):
            with self.assertRaisesRegex(SystemExit, "is not NAME=COMMAND"):
                run.peer_row(text, self.exchange)


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
