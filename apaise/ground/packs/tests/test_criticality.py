import pytest

from apaise.ground.packs.criticality import levels_climbed, points
from apaise.ground.packs.load import load_shipped_packs

FACT = "case.public_exposure"
PUBLIC = {FACT: True}
RECURRENT = {"case.scope": "recurrent"}
CUT = {"case.cause": "incident.cut"}


@pytest.mark.parametrize(
    ("pack", "facts", "score"),
    [
        ("fr-consommation", {}, 0),
        ("fr-consommation", PUBLIC, 15),
        ("fr-consommation", {FACT: False}, 0),
        ("fr-consommation", {**PUBLIC, **RECURRENT}, 40),
        ("fr-energie", {**PUBLIC, **CUT}, 90),  # 35 of its parent and 40 of its own
        ("fr-energie", {**PUBLIC, **CUT, "case.safety_risk": True}, 100),
        ("uk-fca", PUBLIC, 0),
    ],
)
def test_the_factors_that_are_known_to_hold_add_up_to_a_hundred_at_most(pack, facts, score):
    assert points(load_shipped_packs()[pack], facts) == score


@pytest.mark.parametrize(
    ("pack", "others", "climbed"),
    [
        ("fr-consommation", {}, 1),
        ("fr-consommation", RECURRENT, 1),
        ("fr-consommation", CUT, 0),  # 35 and 50 are one level
        ("fr-b2b-maintenance", {}, 1),
        ("uk-fca", {}, 0),  # a pack that does not weigh it
    ],
)
def test_one_fact_climbs_as_many_levels_as_the_score_does(pack, others, climbed):
    assert levels_climbed(load_shipped_packs()[pack], {**others, **PUBLIC}, because=FACT) == climbed
