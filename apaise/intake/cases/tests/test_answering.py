"""The final reply: what it must say, who signs it, and once."""

import pytest

from apaise.handling.resolution.answer import answer
from apaise.intake.cases import ending
from apaise.intake.cases.guards import Finding
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, WrongStage
from apaise.intake.cases.qualification import qualify
from apaise.intake.cases.tests.life_cycle import DECIDED, LETTER, QUALIFIED, words_of
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        ({"findings": {}}, "Grievance 1 has no answer yet"),
        ({"findings": {1: Finding("maybe", "x")}}, "Grievance 1 has no answer yet"),
        ({"findings": {1: Finding("not_upheld", "non fondé")}, "outcome": "refused"}, "say why"),
        ({"findings": {1: Finding("not_upheld", "Le technicien est venu à l'heure.")}}, "not accepted"),
        ({"outcome": "maybe"}, "Choose the outcome"),
        ({"found_cause": ""}, "Choose the cause that was found"),
        ({"found_cause": "service.nonsense"}, "Choose the cause that was found"),
        ({"scope": "unknown"}, "isolated, recurrent or systemic"),
        ({"text": "Merci, désolés."}, "more than a line"),
        ({"text": LETTER.replace("Merci de nous l'avoir signalé. ", "")}, "Thank the customer"),
        ({"text": LETTER.replace("Je vous présente nos excuses : ", "")}, "Say that we are sorry"),
        ({"text": LETTER + " Calmez-vous, tout ira bien."}, "This wording hurts"),
        (
            {"text": LETTER + " Voir https://ec.europa.eu/consumers/odr."},
            "This wording hurts or breaks the law",
        ),
    ],
)
def test_no_answer_leaves_with_a_gap(qualified, ana, gap, said):
    case = qualified()
    with refused(Refused, match=said):
        answer(case, **{**DECIDED, **gap}, by=ana)
    assert case.state == "investigating"


def test_every_grievance_is_answered(taken, ana):
    case = taken()
    qualify(case, **{**QUALIFIED, "grievances": ["Un retard.", "Une facture."]}, by=ana)
    with refused(Refused, match="Grievance 2 has no answer yet"):
        answer(case, **DECIDED, by=ana)


def test_a_case_not_yet_qualified_is_not_answered(taken, ana):
    case = taken()
    with refused(Refused, match="Qualify the case first"):
        answer(case, **DECIDED, by=ana)


def test_a_person_signs_every_final_reply(qualified):
    from apaise.ground.ledger.record import System

    case = qualified()
    for nobody in (System("robot"), case.complainant, None):
        with refused(Refused, match="A person signs every final reply"):
            answer(case, **DECIDED, by=nobody)


def test_an_answer_is_written_down_and_decided_before_it_leaves(qualified, ana, send, noon):
    case = qualified()
    message = answer(case, **DECIDED, by=ana)
    assert (case.state, case.outcome, case.found_cause, case.scope) == (
        "answered",
        "accepted",
        "service.missed_visit",
        "isolated",
    )
    assert case.final_reply_at is None
    assert (message.kind, message.author_user, message.state) == ("final_reply", ana, "queued")
    assert words_of(case)[-6:] == [
        "facts.completed",
        "cause.confirmed",
        "scope.confirmed",
        "decision.taken",
        "reply_check.passed",
        "message.queued",
    ]
    assert case.deadlines.get(rule="reply_target").state == "running"
    send()
    case.refresh_from_db()
    assert (case.final_reply_at, case.we_wrote_at) == (noon, noon)
    assert case.deadlines.get(rule="reply_target").state == "stopped"
    assert {"final_reply.sent", "decision.communicated", "contact.human_done"} <= set(words_of(case))
    assert case.grievances.get().verdict == "upheld"


def test_a_consumer_who_is_refused_is_told_of_the_mediator(taken, ana, noon):
    case = taken(kind="consumer")
    qualify(case, **QUALIFIED, by=ana)
    finding = {1: Finding("not_upheld", "Le technicien est venu, le journal le montre.")}
    message = answer(case, **{**DECIDED, "findings": finding, "outcome": "refused"}, by=ana)
    assert "Médiateur du commerce" in message.text
    assert "1 rue de la Paix, 75000 Paris" in message.text
    assert "25\xa0novembre 2027" in message.text
    assert "261/2004" not in message.text  # nothing says that this is about a flight


def test_a_customer_of_unknown_kind_is_told_of_the_mediator_too(taken, ana, noon):
    case = taken()
    qualify(case, **QUALIFIED, by=ana)
    finding = {1: Finding("not_upheld", "Le technicien est venu, le journal le montre.")}
    assert (
        "Médiateur du commerce"
        in answer(case, **{**DECIDED, "findings": finding, "outcome": "refused"}, by=ana).text
    )


def test_a_mention_the_policy_demands_and_nobody_filled_in_stops_the_reply(taken, ana, desk):
    case = taken(kind="consumer")
    qualify(case, **QUALIFIED, by=ana)
    desk.mediator_postal_address = ""
    desk.save()
    case = Case.objects.get(pk=case.pk)
    finding = {1: Finding("not_upheld", "Le technicien est venu, le journal le montre.")}
    with refused(Refused, match="mediator_postal_address is not set"):
        answer(case, **{**DECIDED, "findings": finding, "outcome": "refused"}, by=ana)


def test_a_systemic_scope_is_told_apart(qualified, ana):
    case = qualified()
    answer(case, **{**DECIDED, "scope": "systemic"}, by=ana)
    assert "case.scope_confirmed_systemic" in words_of(case)


def test_only_the_final_reply_marks_a_case_answered():
    import re
    from pathlib import Path

    package = Path(ending.__file__).parents[2]
    callers = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"\bmark_answered\(", path.read_text(encoding="utf-8")) and "tests" not in path.parts
    ]
    assert sorted(callers) == ["handling/resolution/answer.py", "intake/cases/ending.py"]


def test_answering_twice_sends_one_reply(qualified, ana):
    case = qualified()
    stale = Case.objects.get(pk=case.pk)
    answer(case, **DECIDED, by=ana)
    with refused(WrongStage):
        answer(stale, **DECIDED, by=ana)
