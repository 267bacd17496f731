"""Past cases under a changed pack: what would have been late, what moves, and that the quick way finds what the slow one does."""

from datetime import UTC, datetime

import pytest

from apaise.ground.packs.load import load_pack
from apaise.ground.packs.pack import Pack
from apaise.intake.cases.what_if.reading import Trial
from apaise.lib import clock

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def changed(**rules):
    """The usual pack with other terms for some deadlines; None takes one away."""
    data = load_pack("fr-consommation", check=False).as_dict()
    kept = [each for each in data["deadlines"] if rules.get(each["id"], each) is not None]
    data["deadlines"] = [{**each, **(rules.get(each["id"]) or {})} for each in kept]
    return data


def tried(data, at=None):
    trial = Trial(Pack.from_dict(data), at or clock.now())
    pks = list(trial.cases(LONG_AGO).order_by("pk").values_list("pk", flat=True))
    found = trial.compare(pks)
    assert found.as_data() == Trial(Pack.from_dict(data), trial.at).one_by_one(pks).as_data()
    return found


def test_the_pack_of_the_cases_changes_nothing(complain):
    for _ in range(3):
        complain()
    found = tried(changed())
    assert found.cases == 3
    assert all(not rule.changes and rule.before == rule.after for rule in found.rules.values())
    assert found.mentions == {}
