"""Two cases are linked because a person said so."""

import pytest

from apaise.ground.ledger.models import Entry
from apaise.intake.cases.linking import link, links_of, unlink
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Exclusion
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(complain, noon):
    return complain(), complain(email="luc@courriel.exemple.test", name="Luc")


def test_both_cases_show_the_link_and_say_so(two, ana):
    one, other = two
    made = link(one, other, kind="follows", by=ana)
    assert links_of(one, ana) == [(made, other)]
    assert links_of(other, ana) == [(made, one)]
    for case, there in ((one, other), (other, one)):
        said = Entry.objects.of(case.reference).get(what="case.linked")
        assert said.facts == {"to": there.reference, "kind": "follows"}


def test_a_link_is_removed_from_either_end(two, ana):
    one, other = two
    unlink(other, link(one, other, kind="related", by=ana), by=ana)
    assert links_of(one, ana) == []
    assert Entry.objects.filter(what="case.unlinked").count() == 2


def test_two_cases_are_linked_once(two, ana):
    one, other = two
    link(one, other, kind="related", by=ana)
    with refused(Refused, match="linked already"):
        link(other, one, kind="same_incident", by=ana)


def test_a_link_needs_a_kind_and_another_case(two, ana):
    one, other = two
    with refused(Refused, match="how the two cases"):
        link(one, other, kind="twins", by=ana)
    with refused(Refused, match="linked to itself"):
        link(one, one, kind="related", by=ana)


def test_who_is_kept_apart_from_the_other_case_neither_links_nor_sees_it(two, ana, bo):
    one, other = two
    link(one, other, kind="related", by=ana)
    Exclusion.objects.create(case=other, user=bo, because="onsite_technician")
    assert links_of(one, bo) == []
    with refused(Refused, match="kept apart"):
        unlink(one, links_of(one, ana)[0][0], by=bo)


def test_a_reader_does_not_link(two, staff):
    auditor = staff("auditor")
    with refused(Refused, match="not work on it"):
        link(*two, kind="related", by=auditor)
