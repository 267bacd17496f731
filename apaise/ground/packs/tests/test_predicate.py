from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apaise.ground.packs.load import load_pack
from apaise.ground.packs.predicate import Moment, evaluate
from apaise.lib.working_time import calendar_named, day_or_moment

FR = calendar_named("fr-metropole")
TWO_MONTHS = {"value": 2, "unit": "months"}


def judged(predicate, facts, as_of=None, closing=False):
    return evaluate(predicate, facts, as_of and Moment(as_of, FR, closing)).result


def test_an_absent_fact_is_unknown_for_every_operator():
    for op, value in [("eq", 1), ("ne", 1), ("in", [1]), ("not_in", [1]), ("lt", 1), ("exists", True)]:
        assert judged({"fact": "case.topic", op: value}, {}) is None
    assert judged({"fact": "case.sent_at", "older_than": TWO_MONTHS}, {}, date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("op", "value", "outcome"),
    [
        ("eq", "refused", False),
        ("eq", None, True),
        ("ne", "refused", True),
        ("ne", None, False),
        ("in", ["refused"], False),
        ("in", [None], False),
        ("not_in", ["refused"], True),
        ("exists", True, False),
        ("exists", False, True),
        ("lt", 5, False),
        ("gte", 5, False),
        ("older_than", TWO_MONTHS, False),
        ("younger_than", TWO_MONTHS, False),
    ],
)
def test_none_is_known_not_to_exist(op, value, outcome):
    assert judged({"fact": "f", op: value}, {"f": None}, date(2026, 1, 1)) is outcome


@pytest.mark.parametrize(
    ("op", "value", "found", "outcome"),
    [
        ("eq", True, 1, None),
        ("ne", True, "yes", None),
        ("eq", 1, True, False),
        ("eq", True, True, True),
        ("eq", 2, 2.0, True),
        ("in", ["C1", "C2"], "C2", True),
        ("not_in", ["C1"], "C1", False),
        ("exists", True, 0, True),
        ("exists", False, "", False),
        ("gt", 5000, "5000.01", True),
        ("gt", 5000, Decimal(5000), False),
        ("gte", 0.6, 0.6, True),
        ("lte", 10, -3, True),
        ("lt", 5, "many", None),
        ("lt", 5, True, None),
        ("lt", 5, [1], None),
        ("gt", 5, "NaN", None),
    ],
)
def test_values_are_compared_by_kind_and_what_cannot_be_is_unknown(op, value, found, outcome):
    assert judged({"fact": "f", op: value}, {"f": found}) is outcome


@pytest.mark.parametrize(
    ("as_of", "older"),
    [
        ("2026-10-03", False),
        ("2026-10-03T23:59:59+02:00", False),
        ("2026-10-04", True),  # the first day on which it is open
        ("2026-10-03T22:00:00Z", True),
    ],
)
def test_older_than_is_true_after_the_expiry(as_of, older):
    facts, moment = {"f": "2026-08-03"}, day_or_moment(as_of)
    assert judged({"fact": "f", "older_than": TWO_MONTHS}, facts, moment) is older
    assert judged({"fact": "f", "younger_than": TWO_MONTHS}, facts, moment) is not older


def test_a_route_closes_with_the_customers_own_window():
    """A year after Friday 21 November 2025 is a Saturday: the window, and so the route, ends on Monday."""
    leaf = {"fact": "f", "older_than": {"value": 1, "unit": "years"}}
    assert judged(leaf, {"f": "2025-11-21"}, date(2026, 11, 23)) is True
    assert judged(leaf, {"f": "2025-11-21"}, date(2026, 11, 23), closing=True) is False
    assert judged(leaf, {"f": "2025-11-21"}, date(2026, 11, 24), closing=True) is True


def test_an_age_without_a_moment_or_of_no_date_is_unknown():
    leaf = {"fact": "f", "older_than": TWO_MONTHS}
    assert judged(leaf, {"f": "2025-11-21"}) is None
    assert judged(leaf, {"f": "last summer"}, date(2026, 1, 1)) is None
    assert judged(leaf, {"f": 5}, date(2026, 1, 1)) is None
    assert judged(leaf, {"f": date(9999, 12, 1)}, date(2026, 1, 1)) is None
    assert judged(leaf, {"f": date(2025, 1, 1)}, date(2026, 1, 1)) is True


TRUE, FALSE, UNKNOWN = {"fact": "t", "eq": 1}, {"fact": "t", "eq": 2}, {"fact": "u", "eq": 1}
FACTS = {"t": 1}


@pytest.mark.parametrize(
    ("predicate", "outcome"),
    [
        ({"all": []}, True),
        ({"any": []}, False),
        ({"always": True}, True),
        (None, True),
        ({"all": [TRUE, UNKNOWN]}, None),
        ({"all": [FALSE, UNKNOWN]}, False),
        ({"any": [TRUE, UNKNOWN]}, True),
        ({"any": [FALSE, UNKNOWN]}, None),
        ({"not": UNKNOWN}, None),
        ({"not": {"any": [FALSE, FALSE]}}, True),
    ],
)
def test_logic_is_kleenes(predicate, outcome):
    assert judged(predicate, FACTS) is outcome


def test_the_leaves_that_decided_are_named():
    def because(predicate):
        return [leaf.fact for leaf in evaluate(predicate, FACTS).because]

    assert because({"all": [TRUE, UNKNOWN, {"fact": "t", "eq": 3}]}) == ["t"]
    assert because({"all": [TRUE, UNKNOWN, {"fact": "v", "eq": 3}]}) == ["u", "v"]
    assert because({"any": [FALSE, {"not": {"all": [UNKNOWN, FALSE]}}]}) == ["t"]
    [leaf] = evaluate({"fact": "t", "in": [4]}, FACTS).because
    assert (leaf.op, leaf.value, leaf.found, leaf.outcome) == ("in", [4], 1, False)


trees = st.recursive(
    st.sampled_from([TRUE, FALSE, UNKNOWN, {"fact": "w", "eq": 1}]),
    lambda parts: st.one_of(
        st.lists(parts, max_size=3).map(lambda each: {"all": each}),
        st.lists(parts, max_size=3).map(lambda each: {"any": each}),
        parts.map(lambda each: {"not": each}),
    ),
)


@settings(deadline=None)
@given(trees)
def test_what_is_known_stays_so_whatever_is_learnt(tree):
    before = judged(tree, FACTS)
    learnt = {judged(tree, {**FACTS, "u": u, "w": w}) for u in (1, 2) for w in (1, 2)}
    assert None not in learnt
    assert before is None or learnt == {before}


@pytest.mark.parametrize("pack_id", ["fr-consommation", "fr-energie", "uk-fca", "fr-banque-assurance"])
def test_every_route_can_be_judged_when_nothing_is_known(pack_id):
    for route in load_pack(pack_id, check=False).block("adr_routes"):
        assert judged(route["eligible_when"], {}, date(2026, 1, 1)) in (None, True)
