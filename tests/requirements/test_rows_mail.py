"""The requirement rows of outgoing mail, each by its acceptance test."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation
from apaise.intake.cases.models import Case
from apaise.journey.rounds import sweep_deadlines
from apaise.lib import clock

pytestmark = pytest.mark.django_db


def test_s1_8_an_unanswered_question_is_reminded_and_then_the_case_goes_on_with_notice(
    complain, ana, send, work, client, noon
):
    case = complain()
    assign(case, ana, by=ana)
    conversation.ask(case, "Quel est le numéro de votre box ?", date(2026, 12, 5), by=ana)
    send()
    client.force_login(ana)
    with translation.override("en"):
        page = client.get(f"/desk/cases/{case.reference}").content.decode()
    assert (
        "Without an answer the customer is reminded on" in page
    )  # the handler knows before, and may stop it
    seen = []
    for day in range(1, 13):
        with clock.at_moment(noon + timedelta(days=day)):
            sweep_deadlines()
            sweep_deadlines()  # a round may run twice
            work()
            send()
            seen.append((day, case.messages.filter(kind="reminder").count(), _state(case)))
    reminded = [
        day
        for (day, many, _s), before in zip(seen, [0, *(many for _d, many, _s in seen)], strict=False)
        if many > before
    ]
    assert reminded == [5, 9]  # half way, and the day before the date
    assert [day for day, _many, state in seen if state != "awaiting_customer"] == [11, 12]
    told = Alert.objects.filter(user=ana, chain=case.reference).values_list("kind", flat=True)
    assert [told.filter(kind=kind).count() for kind in ("customer_reminded", "question_lapsed")] == [2, 1]
    words = list(Entry.objects.of(case.reference).values_list("what", flat=True))
    assert (words.count("info.reminded"), words.count("info.lapsed")) == (2, 1)
    case.refresh_from_db()
    assert case.is_open  # never a refusal: the answer to the complaint is still owed
    assert set(case.messages.filter(kind="reminder").values_list("state", flat=True)) == {"sent"}


def _state(case):
    return Case.objects.values_list("state", flat=True).get(pk=case.pk)
