"""Every transition of a case and the guard before it; what is refused changes nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Person
from apaise.handling.resolution.answer import answer
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, ending, outgoing, postponement
from apaise.intake.cases.guards import SILENCE, Finding
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused, add_customer_message, lapse_unanswered
from apaise.intake.cases.models import Case, Deadline, Note, State, WrongStage
from apaise.intake.cases.qualification import qualify, set_criticality
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
LETTER = (
    "Merci de nous l'avoir signalé. Je vous présente nos excuses : l'adresse donnée au technicien était fausse. "
    "Il passera le jeudi 26 novembre entre 9 h et 11 h, et je vous appelle le soir même. Ana"
)
UPHELD = {1: Finding("upheld", "Le technicien avait une adresse fausse.")}
DECIDED = {
    "findings": UPHELD,
    "outcome": "accepted",
    "found_cause": "service.missed_visit",
    "scope": "isolated",
    "text": LETTER,
}
QUALIFIED = {
    "grievances": ["Personne n'est venu le 12."],
    "cause": "service.missed_visit",
    "criticality": "C3",
    "restatement": "Si je comprends bien, personne n'est venu le 12 ?",
}


def words_of(case):
    return list(Entry.objects.of(case.reference).values_list("what", flat=True))


def last(case, what):
    return Entry.objects.of(case.reference).filter(what=what).last()


@pytest.fixture
def taken(complain, ana):
    def make(**words):
        case = complain(**words)
        assign(case, ana, by=ana)
        return case

    return make


@pytest.fixture
def qualified(taken, ana, send):
    def make(**words):
        case = taken(**words)
        qualify(case, **QUALIFIED, by=ana)
        send()
        return case

    return make


# --- qualifying ----------------------------------------------------------------------------------------


def test_qualifying_lists_the_grievances_and_sends_our_restatement(taken, ana, noon):
    case = taken()
    qualify(
        case, **{**QUALIFIED, "grievances": ["  Personne  n'est venu. ", "", "Facturé quand même."]}, by=ana
    )
    assert (case.state, case.criticality, case.declared_cause) == (
        "investigating",
        "C3",
        "service.missed_visit",
    )
    assert list(case.grievances.values_list("number", "text")) == [
        (1, "Personne n'est venu."),
        (2, "Facturé quand même."),
    ]
    message = case.messages.get(kind="restatement")
    assert (message.author_user, message.state, message.text) == (ana, "queued", QUALIFIED["restatement"])
    assert last(case, "case.qualified").facts == {
        "cause": "service.missed_visit",
        "criticality": "C3",
        "grievances": 1 + 1,
        "state": "investigating",
    }
    assert "restatement.sent" not in words_of(case)  # it has not left yet


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        ({"grievances": []}, "at least one grievance"),
        ({"grievances": ["  "]}, "at least one grievance"),
        ({"cause": "service.nonsense"}, "Choose the cause"),
        ({"criticality": "C5"}, "Choose the criticality"),
        ({"criticality": ""}, "Choose the criticality"),
        ({"restatement": " \n"}, "what you understood"),
    ],
)
def test_nothing_is_qualified_with_a_gap(taken, ana, gap, said):
    case = taken()
    with refused(Refused, match=said):
        qualify(case, **{**QUALIFIED, **gap}, by=ana)
    assert case.state == "qualifying"


def test_a_case_is_qualified_once_and_by_whom_it_is_held(complain, qualified, ana):
    case = complain(email="luc@courriel.exemple.test")
    with refused(Refused, match="Take the case first"):
        qualify(case, **QUALIFIED, by=ana)
    case = qualified()
    with refused(Refused, match="past qualification"):
        qualify(case, **QUALIFIED, by=ana)


@pytest.mark.parametrize(
    ("cause", "told"), [("billing.double", True), ("payment.refund_late", True), ("service.quality", False)]
)
def test_a_billing_cause_is_told_apart(taken, ana, cause, told):
    case = taken()
    qualify(case, **{**QUALIFIED, "cause": cause}, by=ana)
    assert ("case.qualified_as_billing_dispute" in words_of(case)) is told


def test_a_person_may_lower_the_criticality_and_it_is_recorded(qualified, ana):
    case = qualified()
    set_criticality(case, "C1", by=ana, reason="Vu ensemble")
    set_criticality(case, "C4", by=ana, reason="Vu ensemble")
    assert Case.objects.get(pk=case.pk).criticality == "C4"
    why = case.level_reasons.get(level="C4")
    said = {"before": "C1", "criticality": "C4", "proposed": "C3", "reason": why.pk}
    assert last(case, "criticality.changed").facts == said
    assert (why.text, why.by) == ("Vu ensemble", ana)
    with refused(Refused):
        set_criticality(case, "C9", by=ana, reason="Vu ensemble")


# --- asking the customer -------------------------------------------------------------------------------


def test_asking_waits_for_the_customer_and_an_answer_ends_it(qualified, ana, noon):
    case = qualified()
    conversation.ask(case, "Quel est le numéro sur la box ?", date(2026, 12, 1), by=ana)
    assert (case.state, case.resume_state, case.answer_by, case.ball) == (
        "awaiting_customer",
        "investigating",
        date(2026, 12, 1),
        "customer",
    )
    add_customer_message(case, case.complainant, channel="email", text="Le 4711.")
    assert (case.state, case.answer_by) == ("investigating", None)
    assert words_of(case)[-4:-1] == ["message.received", "info.received", "awaiting_customer.ended"]
    assert Case.objects.get(pk=case.pk).state == "investigating"


def test_the_answer_is_heard_by_a_case_read_before_the_question(qualified, ana):
    stale = qualified()
    conversation.ask(Case.objects.get(pk=stale.pk), "Quel numéro ?", date(2027, 1, 1), by=ana)
    add_customer_message(stale, stale.complainant, channel="email", text="Le 4711.")
    assert Case.objects.get(pk=stale.pk).state == "investigating"


def test_an_answer_that_crosses_the_end_of_the_wait_is_filed_all_the_same(qualified, ana, noon):
    case = qualified()
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    waiting = Case.objects.get(pk=case.pk)
    assert lapse_unanswered(date(2026, 12, 2)) == 1
    add_customer_message(waiting, waiting.complainant, channel="email", text="Le 4711.")
    assert Case.objects.get(pk=case.pk).state == "investigating"
    assert words_of(case).count("awaiting_customer.ended") == 1


def test_a_machines_mail_ends_no_wait(qualified, ana, noon):
    case = qualified()
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    before = Case.objects.values().get(pk=case.pk), list(case.deadlines.values())
    add_customer_message(case, case.complainant, channel="email", text="Je suis absent.", machine=True)
    assert (Case.objects.values().get(pk=case.pk), list(case.deadlines.values())) == before
    assert last(case, "message.received").facts["machine"] is True


def test_a_question_nobody_answered_is_no_refusal(taken, ana, noon):
    case = taken()
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    assert lapse_unanswered(date(2026, 12, 1)) == 0
    assert lapse_unanswered(date(2026, 12, 2)) == 1
    assert lapse_unanswered(date(2026, 12, 2)) == 0
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("qualifying", "")
    assert words_of(case)[-3:] == ["info.lapsed", "awaiting_customer.ended", "deadline.resumed"]


def test_the_answer_by_day_is_a_day_to_come_in_paris(qualified, ana):
    case = qualified()
    just_past_midnight = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # 0:30 on the 26th in Paris
    with clock.at_moment(just_past_midnight):
        with refused(Refused, match="until tomorrow"):
            conversation.ask(case, "Quel numéro ?", date(2026, 11, 26), by=ana)
        conversation.ask(case, "Quel numéro ?", date(2026, 11, 27), by=ana)


def test_nothing_is_asked_while_waiting_or_once_answered(qualified, answered, ana, noon):
    case = qualified()
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    for other in (case, answered(email="luc@courriel.exemple.test")):
        with refused(Refused, match="while the case is being qualified or investigated"):
            conversation.ask(other, "Et la couleur ?", date(2026, 12, 1), by=ana)
    with refused(Refused, match="Write something"):
        conversation.reply(case, "   ", by=ana)


# --- answering -----------------------------------------------------------------------------------------


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


# --- accepting, closing --------------------------------------------------------------------------------


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


def somebody_else(case):
    return Person(pk=case.complainant_id + 1000, name="Luc")


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


# --- withdrawing, reopening, redirecting ---------------------------------------------------------------


def test_only_the_complainant_withdraws(qualified, ana, mara, cleo, noon):
    case = qualified()
    for somebody in (ana, mara, cleo, somebody_else(case), None):
        with refused(Refused, match="Only the complainant"):
            ending.withdraw(case, by=somebody)
    ending.withdraw(case, by=case.complainant)
    assert case.state == "withdrawn"
    with refused(Refused, match="ended already"):
        ending.withdraw(case, by=case.complainant)


def test_an_objection_reopens_under_the_same_reference_and_receipt(answered, noon):
    case = answered()
    reference, received = case.reference, case.received_at
    window = case.deadlines.get(rule="mediator_window").due_at
    with clock.at_moment(noon + timedelta(days=5)):
        ending.reopen(case, by=case.complainant, why="customer_objects")
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.reference, case.received_at, case.reopened_count) == (
        "investigating",
        reference,
        received,
        1,
    )
    assert (case.final_reply_at, case.accepted_at, case.closed_at) == (None, None, None)
    assert case.deadlines.get(rule="mediator_window").due_at == window
    target = case.deadlines.get(rule="reply_target")
    assert (target.state, target.start_at, target.due_at) == (
        "running",
        noon + timedelta(days=5),
        datetime(2026, 12, 14, 22, 59, 59, tzinfo=UTC),
    )


def test_strangers_and_ended_or_open_cases_are_not_reopened(answered, qualified):
    case = answered()
    with refused(Refused):
        ending.reopen(case, by=somebody_else(case), why="customer_objects")
    case = qualified(email="luc@courriel.exemple.test")
    with refused(Refused, match="Only an answered or closed case"):
        ending.reopen(case, by=case.complainant, why="customer_objects")


def test_a_reply_still_on_its_way_keeps_the_case_from_being_reopened(qualified, ana, send, noon):
    case = qualified()
    message = answer(case, **DECIDED, by=ana)
    for state in ("queued", "sending"):
        Message.objects.filter(pk=message.pk).update(state=state)
        for by in (ana, case.complainant):
            with refused(Refused, match="has not left yet"):
                ending.reopen(case, by=by, why="new_fact")


def test_an_objection_to_a_reply_that_perhaps_left_says_that_it_arrived(qualified, ana, noon):
    case = qualified()
    message = answer(case, **DECIDED, by=ana)
    Message.objects.filter(pk=message.pk).update(state="uncertain")
    with refused(Refused, match="whether it arrived"):
        ending.reopen(case, by=ana, why="customer_objects")
    ending.reopen(case, by=case.complainant, why="customer_objects")
    message.refresh_from_db()
    assert (message.state, case.state, case.final_reply_at) == ("sent", "investigating", None)
    assert words_of(case).index("final_reply.sent") < words_of(case).index("case.reopened")


def test_an_answer_objected_to_does_not_close_the_case_a_second_time(answered, ana, send, noon):
    case = answered()
    ending.reopen(case, by=case.complainant, why="customer_objects")
    second = answer(case, **DECIDED, by=ana)
    assert case.final_reply_at is None
    case.keep(accepted_at=noon)
    with refused(Refused, match="has not left yet"):
        ending.close(case, reason="accepted", followup="done", summary="Refixé", by=ana)
    send()
    case.refresh_from_db()
    assert second.pk and case.final_reply_at == noon
    ending.close(case, reason="accepted", followup="done", summary="Refixé", by=ana)


def test_a_failed_reply_of_a_reopened_case_is_not_sent_after_all(qualified, ana, noon):
    case = qualified()
    message = answer(case, **DECIDED, by=ana)
    Message.objects.filter(pk=message.pk).update(state="failed")
    ending.reopen(case, by=ana, why="new_fact")
    message = Message.objects.select_related("case").get(pk=message.pk)
    with refused(Refused, match="Answer it anew"):
        outgoing.send_again(message, by=ana)


def test_passing_on_tells_the_customer_and_is_reversible(taken, ana, send, noon):
    case = taken()
    before = {clock_.rule: (clock_.start_at, clock_.due_at) for clock_ in case.deadlines.all()}
    conversation.redirect(case, "La mairie suit cette demande, voici son adresse.", to="other_entity", by=ana)
    assert (case.state, case.messages.get(kind="redirection").state) == ("redirected", "queued")
    assert not case.deadlines.filter(state="running", customer_right=False).exists()
    ending.take_back(case, by=ana)
    assert (case.state, case.received_at) == ("qualifying", noon)
    assert {clock_.rule: (clock_.start_at, clock_.due_at) for clock_ in case.deadlines.all()} == before
    assert set(case.deadlines.values_list("state", flat=True)) == {"running"}


@pytest.mark.parametrize(
    ("to", "text", "said"), [("spam", "Bonjour", "Say why"), ("other_entity", " ", "Write something")]
)
def test_passing_on_needs_a_reason_and_words(taken, ana, to, text, said):
    case = taken()
    with refused(Refused, match=said):
        conversation.redirect(case, text, to=to, by=ana)


def test_a_case_under_investigation_is_not_passed_on(qualified, ana):
    case = qualified()
    with refused(Refused, match="not being investigated yet"):
        conversation.redirect(case, "Bonjour", to="other_entity", by=ana)


def test_what_was_never_passed_on_is_not_taken_back(taken, ana):
    case = taken()
    with refused(WrongStage):
        ending.take_back(case, by=ana)


# --- moving the announced date -------------------------------------------------------------------------

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


# --- what the database refuses -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attempt",
    [
        lambda case, ana: Case.objects.filter(pk=case.pk).update(state="closed"),
        lambda case, ana: Case.objects.filter(pk=case.pk).update(channel="pigeon"),
        lambda case, ana: Case.objects.filter(pk=case.pk).update(
            sent_at=case.received_at + timedelta(seconds=1)
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="acknowledgement", channel="email", state="sent"
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="final_reply", channel="email", state="sent"
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="reply", channel="email", state="queued"
        ),
        lambda case, ana: case.messages.create(
            direction="in", kind="reply", channel="email", state="received"
        ),
        lambda case, ana: case.messages.create(direction="in", kind="message", channel="email", state="sent"),
        lambda case, ana: case.messages.create(
            direction="in", kind="message", channel="email", state="received", author_user=ana
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="message", channel="email", state="sent", author_user=ana
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="reply", channel="email", state="received", author_user=ana
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="reply", channel="pigeon", state="sent", author_user=ana
        ),
        lambda case, ana: case.messages.filter(kind="restatement").update(author_user=None),
        lambda case, ana: case.notes.create(author=ana, text=""),
        lambda case, ana: case.grievances.create(number=1, text="Encore"),
        lambda case, ana: [case.exclusions.create(user=ana, because="x") for _ in range(2)],
        lambda case, ana: Deadline.objects.create(
            case=case,
            rule="ack",
            owner="desk",
            level="C3",
            start_at=case.received_at,
            due_at=case.received_at,
        ),
    ],
)
def test_what_a_script_might_try_the_database_refuses(qualified, ana, work, attempt):
    case = qualified()
    work()
    with nothing_changed(), pytest.raises(IntegrityError), transaction.atomic():
        attempt(case, ana)


def test_two_mails_of_ours_never_share_a_number(qualified):
    one, *_ = qualified().messages.filter(direction="out")
    with pytest.raises(IntegrityError), transaction.atomic():
        one.case.messages.create(
            direction="out", kind="acknowledgement", channel="email", state="sent", message_id=one.message_id
        )


def test_a_note_has_nobody_to_be_sent_to():
    names = {field.name for field in Note._meta.concrete_fields}
    assert names == {"id", "case", "author", "text", "at"}
