"""The figures printed are computed from what was measured, and a budget is judged by the figure it names."""

import json

import pytest

from apaise.doors.bench.measure import Times, timed
from apaise.doors.bench.report import Line, as_table, growth

TIMES = Times(tuple(float(number) for number in range(1, 101)), cpu=250.0)


def test_median_and_p95_are_times_that_were_measured():
    assert (TIMES.median, TIMES.p95, TIMES.cpu_each) == (50.0, 95.0, 2.5)
    assert TIMES.per_second == 1000 * 100 / 5050
    assert Times((7.0,), 1.0).p95 == 7.0
    assert Times((1.0, 9.0), 1.0).p95 == 9.0


def test_each_call_is_made_once_and_timed():
    called = []
    times = timed([lambda number=number: called.append(number) for number in range(4)])
    assert called == [0, 1, 2, 3]
    assert len(times.walls) == 4
    assert min(times.walls) > 0


def test_nothing_to_time_is_an_error_not_a_zero():
    with pytest.raises(ValueError, match="nothing to time"):
        timed([])


def test_a_line_keeps_what_was_measured_and_comes_back_from_json():
    line = Line.of("list.page", "list", TIMES, 10_000, bytes=70_000, queries=10)
    assert line.figures == {
        "n": 100,
        "median_ms": 50.0,
        "p95_ms": 95.0,
        "cpu_ms": 2.5,
        "per_second": 1000 * 100 / 5050,
        "bytes": 70_000,
        "queries": 10,
    }
    data = json.loads(json.dumps(line.as_data()))
    assert data["budget"] == {"figure": "p95_ms", "most": 30, "aim": 15}
    assert data["within"] is False
    again = Line.from_data(data)
    assert (again.key, again.what, again.cases, again.within) == ("list.page", "list", 10_000, False)
    assert again.figures["p95_ms"] == 95.0


@pytest.mark.parametrize(
    ("key", "figures", "within"),
    [
        ("mail.received", {"cpu_ms": 7.5}, True),
        ("mail.received", {"cpu_ms": 7.6, "p95_ms": 1.0}, False),
        ("case.queries", {"queries": 25}, True),
        ("limits.commit", {"p95_ms": 1.0}, None),
        ("search.words", {}, None),
    ],
)
def test_a_budget_is_judged_by_the_figure_it_names(key, figures, within):
    assert Line(key, "x", 1, figures).within is within


def test_growth_compares_the_largest_size_with_ten_thousand():
    def page(cases, p95, size):
        return Line("list.page", "list", cases, {"p95_ms": p95, "cpu_ms": p95 / 2, "bytes": size})

    lines = [page(1000, 5.0, 900), page(10_000, 10.0, 1000), page(1_000_000, 12.0, 1010)]
    [line] = growth(lines)
    assert line.figures == {"ratio": 1.2, "cpu_ratio": 1.2, "bytes_more": 10}
    assert (line.cases, line.within) == (1_000_000, True)
    assert list(growth(lines[:1])) == []


def test_the_table_has_a_row_for_each_line_and_says_what_was_not_measured():
    lines = [
        Line.of("list.page", "list", TIMES, 10_000),
        Line("search.words", "search", 10_000, not_measured="not measured: there is no search yet"),
    ]
    table = as_table("SQLite 3", {"cores": 2}, lines).split("\n")
    assert table[0] == "SQLite 3; cores 2"
    assert [row.split("|")[1].strip() for row in table[4:]] == ["list", "search"]
    assert "p95_ms ≤ 30: NOT KEPT" in table[4]
    assert "not measured: there is no search yet" in table[5]
    assert len({len(row) for row in table[2:]}) == 1
