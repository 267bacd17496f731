"""Does the fast lane make the others wait? Exact figures, those still waiting counted beside them."""

from datetime import timedelta

import pytest

from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Organisation
from apaise.handling.routing.fairness import report, waits_longest
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.history import happened
from apaise.intake.cases.models import Case
from apaise.lib import clock

pytestmark = pytest.mark.django_db
WE = System("somebody")


@pytest.fixture
def came(complain, noon):
    """came(days=1, contact=3, reply=None, vip=False): received that many days ago, first word after that many hours."""
    number = iter(range(100))

    def make(days=1, contact=None, reply=None, vip=False):
        at = noon - timedelta(days=days)
        with clock.at_moment(at):
            case = complain(email=f"client{next(number)}@courriel.exemple.test")
            if vip:
                firm, _ = Organisation.objects.get_or_create(name="Usine", defaults={"vip": True})
                Case.objects.filter(pk=case.pk).update(organisation=firm)
            if contact is not None:
                happened(case, "contact.human_done", by=WE, at=at + timedelta(hours=contact))
            if reply is not None:
                Case.objects.filter(pk=case.pk).update(final_reply_at=at + timedelta(hours=reply))
        return Case.objects.get(pk=case.pk)

    return make


def test_median_and_nine_in_ten_of_both_groups_and_who_still_waits(came, cleo):
    for hours in (1, 2, 3, 4, 5, 6, 7, 8, 9, 40):
        came(contact=hours, reply=hours * 2)
    came()
    came(contact=0.5, vip=True)
    found = report(cleo)
    assert found.others.contact == (11, 1, 5.5, 9.0)
    assert found.others.reply == (11, 1, 11.0, 18.0)
    assert found.vip.contact == (1, 0, 0.5, 0.5)
    assert found.vip.reply == (1, 1, None, None)


def test_each_case_counts_in_the_week_it_came_in(came, cleo):
    came(days=1)
    came(days=8)
    came(days=8)
    lines = [(line.week.isoformat(), line.contact.counted) for line in report(cleo).weeks if not line.vip]
    assert lines[:3] == [("2026-11-23", 1), ("2026-11-16", 2), ("2026-11-09", 0)]


def test_late_is_the_share_of_cases_of_which_a_date_of_ours_was_missed(came, cleo, noon):
    came().deadlines.filter(rule="reply_target").update(missed_at=noon)
    came()
    assert report(cleo).others.late_share == 0.5


def test_who_waits_longest_is_named_on_either_side(came, cleo, noon):
    came(days=9, contact=1)
    oldest = came(days=5)
    came(days=2)
    vip = came(days=1, vip=True)
    others = waits_longest(cleo, vip=False)
    assert (others.case, others.hours) == (oldest, 120.0)
    assert waits_longest(cleo, vip=True).case == vip


def test_a_lead_counts_only_what_they_may_read(came, mara, cleo):
    case = came()
    came()
    keep_apart(case, mara, because="person_complained_about", by=cleo)
    assert report(mara).others.contact.counted == 1
    assert report(cleo).others.contact.counted == 2
