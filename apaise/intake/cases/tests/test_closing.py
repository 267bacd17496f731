"""Accepting an answer, and closing a case: not before its time, not without its reasons."""

from datetime import timedelta

import pytest

from apaise.handling.resolution.answer import answer
from apaise.intake.cases import ending
from apaise.intake.cases.guards import SILENCE
from apaise.intake.cases.messages import Refused, add_customer_message
from apaise.intake.cases.models import Case, State
from apaise.intake.cases.tests.life_cycle import DECIDED, last, somebody_else, words_of
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


def test_the_customer_accepts_once_however_often_they_click(answered, noon):
    case = answered()
    ending.accept(case, by=case.complainant, said="tracking_page")
    assert case.accepted_at == noon
    with nothing_changed():
        ending.accept(Case.objects.get(pk=case.pk), by=case.complainant, said="tracking_page")
    assert words_of(case).count("acceptance.recorded") == 1


def test_nobody_accepts_for_the_customer_but_those_who_may_write_it_down(answered, ana, bo):
    case = answered()
    with refused(Refused, match="Only the complainant"):
        ending.accept(case, by=somebody_else(case), said="email")
    with refused(Refused, match="Say how"):
        ending.accept(case, by=ana, said="telepathy")
    ending.accept(case, by=ana, said="phone")
    assert last(case, "acceptance.recorded").facts == {"said": "phone"}


def test_only_an_answered_case_is_accepted(qualified):
    case = qualified()
    with refused(Refused, match="Only an answered case"):
        ending.accept(case, by=case.complainant, said="tracking_page")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": "accepted"}, "Nothing says that the customer accepts"),
        ({"reason": "silence"}, "14 days to react"),
        ({"reason": "tired"}, "Choose the reason"),
    ],
)
def test_closing_needs_acceptance_or_silence(answered, ana, given, said):
    case = answered()
    with refused(Refused, match=said):
        ending.close(case, **given, followup="done", summary="Rendez-vous refixé", by=ana)


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        ({"followup": ""}, "follow-up"),
        ({"followup": "later"}, "follow-up"),
        ({"summary": " "}, "in a sentence"),
    ],
)
def test_closing_needs_a_follow_up_and_a_sentence(answered, ana, gap, said):
    case = answered()
    ending.accept(case, by=case.complainant, said="tracking_page")
    with refused(Refused, match=said):
        ending.close(case, **{"reason": "accepted", "followup": "done", "summary": "Refixé", **gap}, by=ana)


def test_a_case_closes_with_its_reason_and_tells_how_to_reopen_it(answered, ana, noon):
    case = answered()
    ending.accept(case, by=case.complainant, said="tracking_page")
    ending.close(case, reason="accepted", followup="done", summary="Rendez-vous refixé au 26.", by=ana)
    assert (case.state, case.closed_at, case.ball) == ("closed", noon, "nobody")
    assert last(case, "case.closed").facts == {"reason": "accepted", "state": "closed"}
    notice = case.messages.get(kind="closing_notice")
    assert "Rendez-vous refixé au 26. Motif" in notice.text.replace("\n", " ")
    assert not case.deadlines.filter(state="running", customer_right=False).exists()
    with refused(Refused, match="closed already"):
        ending.close(case, reason="accepted", followup="done", summary="Encore", by=ana)


def test_silence_closes_after_fourteen_days_and_not_before(answered, ana, noon):
    case = answered()
    with clock.at_moment(noon + SILENCE - timedelta(seconds=1)), refused(Refused, match="14 days"):
        ending.close(case, reason="silence", followup="declined", summary="Refixé", by=ana)
    with clock.at_moment(noon + SILENCE):
        ending.close(case, reason="silence", followup="declined", summary="Refixé", by=ana)
    assert last(case, "followup.declined")


def test_who_wrote_since_the_answer_was_not_silent(answered, ana, noon):
    case = answered()
    with clock.at_moment(noon + timedelta(days=3)):
        add_customer_message(
            case, case.complainant, channel="email", text="Le technicien n'est toujours pas venu."
        )
    with clock.at_moment(noon + timedelta(days=20)), refused(Refused, match="that is no silence"):
        ending.close(case, reason="silence", followup="declined", summary="Refixé", by=ana)


def test_no_case_closes_before_its_reply_has_left(qualified, ana, noon):
    case = qualified()
    answer(case, **DECIDED, by=ana)
    case.keep(accepted_at=noon)
    for state in ("queued", "sending", "uncertain", "failed"):
        case.messages.filter(kind="final_reply").update(state=state)
        with refused(Refused, match="has not left yet"):
            ending.close(case, reason="accepted", followup="done", summary="Refixé", by=ana)


@pytest.mark.parametrize("state", [state for state in State if state not in (State.ANSWERED, State.CLOSED)])
def test_no_case_closes_from_any_other_state(complain, ana, state):
    case = complain()
    case.keep(state=state, handler=ana)
    with refused(Refused):
        ending.close(case, reason="accepted", followup="done", summary="Refixé", by=ana)
