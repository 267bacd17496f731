"""The counts of the tabs: exact while they are small, and believed for a minute once there are more than we count."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache

from apaise.doors.workspace.cases import listing
from apaise.intake.cases.models import Case


@pytest.fixture(autouse=True)
def _nothing_believed():
    cache.clear()
    yield
    cache.clear()


def test_only_that_there_are_many_is_believed(complain, ana, monkeypatch):
    monkeypatch.setattr(listing, "MOST_COUNTED", 2)
    request, mine = SimpleNamespace(user=ana), Case.objects.visible_to(ana).open()
    counts = []
    for number in range(3):
        complain(email=f"c{number}@courriel.exemple.test")
        counts.append(listing._known_count(mine.all(), "team", request))
    assert counts == ["1", "2", "2+"]
    Case.objects.update(state="withdrawn")
    assert listing._known_count(mine.all(), "team", request) == "2+"
    cache.clear()  # a minute later
    assert listing._known_count(mine.all(), "team", request) == "0"
