"""The announced date moves with a reasoned notice, by those whom the policy names, once."""

from datetime import UTC, date, datetime

import pytest

from apaise.intake.cases import postponement
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.tests.life_cycle import last
from apaise.lib import clock
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


NEWS = {
    "done_so_far": "Nous avons vu le technicien.",
    "remaining": "Il reste à voir le planning.",
    "reason": "Le planning est chez le prestataire.",
}


@pytest.fixture
def announced(qualified, work):
    def make(**words):
        case = qualified(**words)
        work()
        return Case.objects.get(pk=case.pk)

    return make


def test_the_date_moves_with_a_reasoned_notice(announced, cleo, noon):
    case = announced()
    assert case.announced_for == datetime(2026, 12, 9, 22, 59, 59, tzinfo=UTC)
    message = postponement.postpone(
        case, to=date(2026, 12, 18), next_update=date(2026, 12, 4), by=cleo, **NEWS
    )
    assert (
        case.announced_for
        == case.deadlines.get(rule="reply_target").due_at
        == datetime(2026, 12, 18, 22, 59, 59, tzinfo=UTC)
    )
    for words in (
        "9\xa0décembre 2026",
        "18\xa0décembre 2026",
        "4\xa0décembre 2026",
        "Le planning est chez le prestataire",
    ):
        assert words in message.text
    assert last(case, "deadline.changed").facts == {
        "before": "2026-12-09T22:59:59+00:00",
        "due": "2026-12-18T22:59:59+00:00",
        "rule": "reply_target",
        "why": "extension",
    }
    with refused(Refused, match="as often as the policy allows"):
        postponement.postpone(case, to=date(2026, 12, 30), next_update=date(2026, 12, 4), by=cleo, **NEWS)


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        ({"to": date(2026, 12, 9)}, "must be later"),
        ({"to": date(2026, 11, 1)}, "must be later"),
        ({"to": date(2027, 1, 26)}, "at the latest"),
        ({"next_update": date(2026, 12, 19)}, "Promise news"),
        ({"next_update": date(2026, 11, 25)}, "Promise news"),
        ({"reason": " "}, "Say what is done"),
        ({"done_so_far": ""}, "Say what is done"),
    ],
)
def test_the_date_does_not_move_with_a_gap(announced, cleo, noon, gap, said):
    case = announced()
    with refused(Refused, match=said):
        postponement.postpone(
            case, **{"to": date(2026, 12, 18), "next_update": date(2026, 12, 4), **NEWS, **gap}, by=cleo
        )


def test_only_those_the_policy_names_move_the_date(announced, ana, mara, cleo, noon):
    case = announced()
    for somebody in (ana, mara):
        with refused(Refused, match="Only the complaints manager"):
            postponement.postpone(
                case, to=date(2026, 12, 18), next_update=date(2026, 12, 4), by=somebody, **NEWS
            )


def test_no_date_moves_once_the_answer_has_left(answered, cleo):
    case = answered()
    with refused(Refused, match="No reply is owed"):
        postponement.postpone(case, to=date(2026, 12, 18), next_update=date(2026, 12, 4), by=cleo, **NEWS)


@pytest.mark.django_db(transaction=True)
def test_two_people_move_the_date_at_once_and_one_does(announced, cleo, noon):
    from tests.at_once import at_once

    number = announced().pk

    def move(day):
        with clock.at_moment(noon):
            return postponement.postpone(
                Case.objects.get(pk=number),
                to=date(2026, 12, day),
                next_update=date(2026, 12, 4),
                by=cleo,
                **NEWS,
            )

    results = at_once([lambda: move(18), lambda: move(21)])
    assert sorted(type(result).__name__ for result in results)[0] == "Message", results
    assert Message.objects.filter(kind="date_notice").count() == 1
    assert Deadline.objects.get(rule="reply_target").extensions == 1
