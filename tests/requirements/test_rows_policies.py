"""Rows about policy packs: another pack, another policy, with no change of code."""

from datetime import UTC, datetime

import pytest

from apaise.ground.packs.choose import forget
from apaise.ground.packs.eligibility import routes
from apaise.ground.packs.load import load_pack_file, shipped_ids
from apaise.ground.packs.mentions import mentions_for
from apaise.intake.cases.models import Case
from apaise.lib import clock

pytestmark = pytest.mark.django_db
RECEIVED = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # a Friday


@pytest.fixture
def by_pack(settings, complain):
    """Which pack new cases freeze is a setting."""

    def make(pack):
        settings.PACKS, settings.PACK = [pack], pack
        forget()
        with clock.at_moment(RECEIVED):
            return Case.objects.get(pk=complain(kind="consumer").pk)

    yield make
    forget()


def test_s0_3_switching_the_pack_of_a_new_case_changes_its_deadlines_and_mentions(by_pack):
    french, english = by_pack("fr-consommation"), by_pack("uk-fca")
    assert [case.pack_version.pack_id for case in (french, english)] == ["fr-consommation", "uk-fca"]
    rules = [set(case.deadlines.values_list("rule", flat=True)) for case in (french, english)]
    assert "reply_hard_cap" in rules[0] and "reply_hard_cap" not in rules[1]
    assert "final_response" in rules[1] and "final_response" not in rules[0]
    # Eight weeks for the one; the other has two months at most.
    assert english.deadlines.get(rule="final_response").due_at == datetime(
        2027, 1, 15, 23, 59, 59, tzinfo=UTC
    )
    refused = {"case.final_reply_outcome": "refused", "customer.kind": "consumer"}
    said = [
        {mention.id for mention in mentions_for(case.pack_version.pack, "final_reply", refused).required}
        for case in (french, english)
    ]
    assert said[0] and said[1] and said[0] != said[1]
    # And a case keeps the pack it froze.
    french.refresh_from_db()
    assert french.pack_version.pack_id == "fr-consommation"


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_s0_38_a_pack_passes_the_schema_and_the_engine_applies_its_deadlines_ladder_and_routes(pack_id):
    from apaise.ground.packs import DATA

    pack = load_pack_file(DATA / "packs" / f"{pack_id}.yaml")  # refused with line and reason if it is wrong
    assert pack.deadlines and pack.block("escalation")
    for rule in pack.deadlines.values():
        found = rule.due(RECEIVED, pack.calendar, criticality="C2")
        assert found.due_at >= RECEIVED
        assert found.explanation() == [] or found.explanation()[-1].end == found.due_at
    judged = routes(pack, {"case.written_complaint_at": RECEIVED}, RECEIVED)
    assert [route.id for route in judged] == [terms["id"] for terms in pack.block("adr_routes")]
