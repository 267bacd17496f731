from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apaise.ground.packs.eligibility import routes
from apaise.ground.packs.load import load_pack, shipped_ids
from apaise.ground.packs.pack import Pack

from . import slow_routes as slow

KINDS = [
    "consumer",
    "non_professional",
    "micro_business",
    "business",
    "public_body",
    "association",
    "third_party",
]
days = st.dates(date(2025, 1, 1), date(2026, 12, 31)) | st.sampled_from(
    # ends of months, leap days, days before holidays and weekends, clock changes
    [date.fromisoformat(day) for day in ("2025-01-31", "2025-02-28", "2025-12-31", "2026-02-28", "2026-08-31", "2026-03-29", "2026-10-25", "2026-04-05", "2025-05-01")]
)  # fmt: skip
moments = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes),
    days,
    st.sampled_from([0, 1, 719, 1350, 1380, 1410, 1439]) | st.integers(0, 1439),
)
dates = days | days.map(str) | moments | moments.map(datetime.isoformat)
as_ofs = st.dates(date(2025, 1, 1), date(2028, 3, 31)) | moments
ages = st.builds(
    lambda unit, value: {"value": value, "unit": unit},
    st.sampled_from(["calendar_days", "weeks", "months", "business_days", "ouvrable_days"]),
    st.integers(0, 13),
) | st.just({"value": 1, "unit": "years"})

VALUES = {
    "case.written_complaint_at": dates,
    "case.received_at": dates,
    "case.sent_at": dates,
    "case.final_reply_at": dates,
    "customer.kind": st.sampled_from(KINDS),
    "customer.country": st.sampled_from(["FR", "BE"]),
    "contract.sector": st.sampled_from(["energy", "bank", "payment", "insurance", "markets", "maintenance"]),
    "case.topic": st.sampled_from(["payment_services", "renovation_works", "other"]),
    "case.cause": st.sampled_from(["service.quality", "billing.error"]),
    "case.final_reply_outcome": st.sampled_from(["accepted", "partial", "refused", "goodwill", "none"]),
    "case.claim_amount": st.sampled_from([0, 4999.99, 5000, 5000.01, 12000]),
    **dict.fromkeys(
        (
            "case.court_seized",
            "case.mediator_already_examined",
            "case.customer_satisfied",
            "case.amicable_attempt_proved",
            "case.conciliator_unavailable_over_3_months",
            "contract.arbitration_clause",
            "customer.post_dispute_consent_to_arbitration",
        ),
        st.booleans(),
    ),
}
facts = st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in VALUES.items()})
DATE_FACTS = [name for name in VALUES if name.endswith("_at")]

leaves = (
    st.builds(lambda f, a, op: {"fact": f, op: a}, st.sampled_from(DATE_FACTS), ages, st.sampled_from(["older_than", "younger_than"]))
    | st.builds(lambda f, yes: {"fact": f, "exists": yes}, st.sampled_from(list(VALUES)), st.booleans())
    | st.builds(lambda op, k: {"fact": "customer.kind", op: k}, st.sampled_from(["eq", "ne"]), st.sampled_from(KINDS))
    | st.builds(lambda op, ks: {"fact": "customer.kind", op: ks}, st.sampled_from(["in", "not_in"]), st.lists(st.sampled_from(KINDS), max_size=3))
    | st.builds(lambda op, n: {"fact": "case.claim_amount", op: n}, st.sampled_from(["lt", "lte", "gt", "gte"]), st.sampled_from([0, 5000, 5000.01]))
    | st.builds(lambda v: {"fact": "case.court_seized", "eq": v}, st.booleans())
)  # fmt: skip
conditions = st.recursive(
    leaves | st.just({"always": True}),
    lambda inner: (
        st.lists(inner, max_size=3).flatmap(lambda parts: st.sampled_from([{"all": parts}, {"any": parts}]))
        | inner.map(lambda part: {"not": part})
    ),
    max_leaves=6,
)


def found(route):
    return route.result, route.stage, route.opens_on, route.closes_on


def agrees(pack, known, as_of, place):
    judged = routes(pack, known, as_of)
    assert [route.id for route in judged] == [terms["id"] for terms in pack.block("adr_routes")]
    for route in judged:
        assert found(route) == slow.slow_route(route.terms, known, as_of, place), route.id
        the_reasons_are_enough(route)


def the_reasons_are_enough(route):
    """What is named decided it: with everything else unknown, it comes out the same."""
    if route.stage == "unknown":
        assert route.because and all(leaf.outcome is None for leaf in route.because)
        return
    said = [({"fact": leaf.fact, leaf.op: leaf.value}, leaf.outcome) for leaf in route.because]

    def leaf(condition):
        return next((int(outcome) for known, outcome in said if known == condition), 0.5)

    blocks = {"never": "eligible_when", "not_yet": "opens_when", "closed": "closes_when"}
    if route.stage in blocks:
        assert slow.truth(route.terms[blocks[route.stage]], leaf) == (1 if route.stage == "closed" else 0)


@pytest.mark.parametrize("pack_id", shipped_ids())
@settings(max_examples=60, deadline=None)
@given(known=facts, as_of=as_ofs)
def test_every_route_of_a_shipped_pack_agrees_with_trying_one_day_at_a_time(pack_id, known, as_of):
    agrees(
        load_pack(pack_id, check=False), known, as_of, slow.ENGLAND if pack_id == "uk-fca" else slow.FRANCE
    )


@settings(max_examples=200, deadline=None)
@given(may=conditions, opens=st.none() | conditions, closes=st.none() | conditions, known=facts, as_of=as_ofs)
def test_any_route_agrees_with_trying_one_day_at_a_time(may, opens, closes, known, as_of):
    route = {"id": "any", "eligible_when": may, "opens_when": opens, "closes_when": closes}
    shipped = load_pack("fr-consommation", check=False).as_dict()
    terms = {key: value for key, value in route.items() if value is not None}
    agrees(Pack.from_dict({**shipped, "adr_routes": [terms]}), known, as_of, slow.FRANCE)
