import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .asking import ask, asked

GOOD = {"start": "2026-11-02", "duration": {"value": 5, "unit": "business_days"}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": None},
        {"start": 20261102},
        {"start": "2026-11-31"},
        {"start": "0001-01-01"},
        {"start": "2026-11-02T10:00:00+99:00"},
        {"duration": None},
        {"duration": 5},
        {"duration": {"value": 5}},
        {"duration": {"value": True, "unit": "weeks"}},
        {"duration": {"value": -1, "unit": "weeks"}},
        {"duration": {"value": 0.5, "unit": "weeks"}},
        {"duration": {"value": "5", "unit": "weeks"}},
        {"duration": {"value": 5, "unit": "moons"}},
        {"duration": {"value": 5, "unit": ["weeks"]}},
        {"duration": {"value": 10**400, "unit": "minutes"}},
        {"duration": {"value": 1e308, "unit": "months"}},
        {"start": "9999-12-31", "duration": {"value": 1000, "unit": "years"}},
        {"roll": "backwards"},
        {"roll": 1},
        {"calendar": "fr"},
        {"calendar": {}},
        {"region": "bretagne"},
        {"region": 5},
        {"business_hours": []},
        {"business_hours": {"start": "09:00"}},
        {"business_hours": {"start": "18:00", "end": "09:00"}},
        {"business_hours": {"start": 9, "end": 18}},
        {"pauses": {}},
        {"pauses": [5]},
        {"pauses": [{"to": "2026-11-04"}]},
        {"pauses": [{"from": "2026-11-04", "to": "2026-11-03"}]},
        {"pauses": [{"from": "2026-11-02", "to": None}]},
        {"max_pause": {"value": 5, "unit": "weeks"}},
        {"extension": {}},
        {"extension": "more"},
        {"extension": {"to": {"value": 1, "unit": "weeks"}, "defer_until": "2026-12-01"}},
        {"extension": {"defer_until": "later"}},
        {"pack": 5, "deadline": "ack"},
        {"pack": "uk-fca", "deadline": ["ack"]},
        {"pack": "uk-fca", "deadline": "ack", "facts": []},
        {"pack": "uk-fca", "deadline": "ack", "extended": "yes"},
        {"pack": "uk-fca", "deadline": "ack", "criticality": 1},
        {"pack": "uk-fca", "deadline": "ack", "region": "bretagne"},
    ],
)
def test_a_wrong_value_is_one_plain_line(wrong):
    answer = ask({"id": "w", **GOOD, **wrong})
    assert set(answer) == {"id", "error"}
    assert answer["id"] == "w"
    assert "\n" not in answer["error"] and "cannot be answered" not in answer["error"]


@pytest.mark.parametrize(
    "line",
    [
        b"nope",
        b"[]",
        b'"x"',
        b"5",
        b"null",
        b"\xff\xfe",
        b'{"id": NaN}',
        b'{"id": 1e999}',
        b"[" * 100_000,
        b'{"a"',
        b"\x00",
    ],
)
def test_a_line_that_is_no_request_is_an_error_with_its_number(line):
    assert [set(answer) for answer in asked(line)] == [{"id", "error"}]
    assert asked(line)[0]["id"] == 1


def test_a_byte_order_mark_is_no_mistake():
    assert "due" in asked(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())[0]


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["2026-11-02", "2026-11-02T10:00Z", "9999-12-31", "0001-01-01", "weeks", "business_hours", "years"]
    ),
    st.sampled_from(
        ["uk-fca", "fr-consommation", "ack", "reply_target", "withdrawal_refund", "C1", "next", "1.00"]
    ),
)
keys = st.sampled_from(
    [
        "start",
        "duration",
        "value",
        "unit",
        "roll",
        "calendar",
        "region",
        "business_hours",
        "pauses",
        "from",
        "to",
        "id",
        "max_pause",
        "extension",
        "adds",
        "end",
        "defer_until",
        "pack",
        "deadline",
        "facts",
        "criticality",
        "extended",
        "penalty",
        "amount",
        "days_late",
        "due_on",
        "paid_on",
        "price",
    ]
)
anything = st.recursive(
    scalars,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(keys, parts, max_size=4),
    max_leaves=12,
)


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(keys, anything, max_size=8), st.booleans())
def test_nothing_that_comes_in_stops_the_run(request_, with_good):
    line = json.dumps({**(GOOD if with_good else {}), **request_}).encode()
    first, second = asked(line, {"id": "next", **GOOD})
    assert ("error" in first) != ("explanation" in first or "days_late" in first)
    assert "cannot be answered" not in first.get("error", "")
    assert (second["id"], second["due"]) == ("next", "2026-11-09")
