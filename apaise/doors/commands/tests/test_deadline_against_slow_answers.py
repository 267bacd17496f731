from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apaise.ground.packs.load import shipped_ids

from . import slow_answers as slow
from .asking import ask

UNITS = {"business_days": 40, "ouvrable_days": 45, "calendar_days": 90, "weeks": 10, "months": 6, "years": 2}
REGIONS = ["alsace-moselle", *slow.ABOLITION]
LEVELS = ["C1", "C2", "C3", "C4"]
days = st.dates(date(2025, 1, 1), date(2029, 12, 31)) | st.sampled_from(
    [date.fromisoformat(day) for day in ("2026-01-31", "2028-02-29", "2026-12-24", "2027-12-24", "2028-12-22", "2026-04-02", "2026-03-28", "2026-10-24")]
)  # fmt: skip
clocks = st.sampled_from(["T00:00:00", "T02:30:00", "T09:00:00", "T17:59:59", "T22:30:00Z", "T23:30:00Z", "T23:59:59+01:00"])  # fmt: skip
starts = days.map(str) | st.builds(lambda day, clock: f"{day}{clock}", days, clocks)
durations = st.sampled_from(list(UNITS)).flatmap(
    lambda unit: st.integers(0, UNITS[unit]).map(lambda value: {"value": value, "unit": unit})
)


@st.composite
def pauses_after(draw, start):
    found = []
    for _ in range(draw(st.integers(0, 3))):
        begin = date.fromisoformat(start[:10]) + timedelta(draw(st.integers(-5, 40)))
        end = begin + timedelta(draw(st.integers(0, 25)))
        clock = draw(st.sampled_from(["", "T00:00:00", "T10:00:00", "T22:00:00Z", "T23:00:00Z"]))
        found.append({"from": f"{begin}{clock}", "to": f"{end}{clock}"})
    return found


extensions = (
    st.none()
    | durations.map(lambda duration: {"to": duration})
    | durations.map(lambda duration: {"adds": duration})
    | days.map(lambda day: {"defer_until": str(day)})
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_bare_durations_agree_with_days_tried_one_by_one(data):
    start = data.draw(starts)
    request = {
        "start": start,
        "duration": data.draw(durations),
        "roll": data.draw(st.sampled_from(["none", "next", "previous"])),
        "pauses": data.draw(pauses_after(start)),
        "max_pause": data.draw(st.none() | st.integers(0, 20).map(lambda n: {"value": n, "unit": "calendar_days"})),
        "extension": data.draw(extensions),
    }  # fmt: skip
    request |= data.draw(
        st.sampled_from([{"calendar": "gb-england"}, {}, *({"region": region} for region in REGIONS)])
    )
    place = slow.Place(request.get("calendar"), request.get("region"))
    answer = ask(request)
    assert (answer["due"], answer["internal_target"]) == tuple(map(str, slow.due_day(place, request)))
    assert answer["due_at"][:19] == f"{answer['due']}T23:59:59"
    assert answer["weekday"] == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][date.fromisoformat(answer["due"]).weekday()]  # fmt: skip
    spans = answer["explanation"]
    assert all(one["to"] == other["from"] for one, other in pairwise(spans))
    if spans:
        assert datetime.fromisoformat(spans[0]["from"]).timestamp() == place.moment(start)
        assert spans[-1]["to"] == answer["due_at"]


ALL = [(pack, rule) for pack in shipped_ids() for rule in slow.read_pack(pack)[0]]


@pytest.mark.parametrize(("pack", "rule_id"), ALL)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_every_deadline_of_every_pack_agrees_with_days_tried_one_by_one(pack, rule_id, data):
    start = data.draw(starts)
    rules, calendar = slow.read_pack(pack)
    rule = rules[rule_id]
    request = {
        "pack": pack,
        "deadline": rule_id,
        "start": start,
        "criticality": data.draw(st.sampled_from(LEVELS)),
        "pauses": data.draw(pauses_after(start)),
        "extended": data.draw(st.booleans()),
        "defer_until": data.draw(st.none() | st.just(str(date.fromisoformat(start[:10]) + timedelta(200)))),
        "region": data.draw(st.none() | st.sampled_from(REGIONS)) if pack != "uk-fca" else None,
    }
    answer, bare = ask(request), slow.pack_request(rule, request)
    assert answer["source"] == rule["source"] and answer["customer_right"] is rule.get(
        "customer_right", False
    )
    if bare["duration"]["unit"] in ("minutes", "business_hours"):
        hours = calendar["business_hours"]
        again = ask({**bare, "calendar": "gb-england" if pack == "uk-fca" else None, "region": request["region"], "business_hours": hours, "extension": bare["extension"] or None})  # fmt: skip
        assert (answer["due_at"], answer["explanation"]) == (again["due_at"], again["explanation"])
        return
    place = slow.Place("gb-england" if pack == "uk-fca" else None, request["region"])
    assert (answer["due"], answer["internal_target"]) == tuple(map(str, slow.due_day(place, bare)))


@pytest.mark.parametrize("name", ["withdrawal_L242-4", "late_delivery_L241-4", "conformity_shipping_L241-6"])
@settings(max_examples=100, deadline=None)
@given(cents=st.integers(0, 10**7), days=st.integers(-3, 2000), price=st.none() | st.integers(1, 10**7))
def test_penalties_agree_with_the_words_of_the_contract(name, cents, days, price):
    amount, cap = f"{cents // 100}.{cents % 100:02}", price and f"{price // 100}.{price % 100:02}"
    answer = ask({"penalty": name, "amount": amount, "days_late": days, **({"price": cap} if cap else {})})
    limit = cap if name == "withdrawal_L242-4" else "99999999999"
    rate, increase, _total, interest, capped = slow.penalty(name, amount, days, limit)
    assert (answer["rate"], answer["increase_eur"]) == (rate, None if interest else str(increase))
    assert answer["increase"] == ("legal_interest_rate" if interest else None)
    assert answer["total_eur"] == (None if interest else str(slow.Decimal(amount) + increase))
    assert answer["capped"] is (capped and cents > 0)
