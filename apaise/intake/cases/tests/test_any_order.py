"""Whatever people do to a case, in whatever order, the promises of the life cycle hold."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.ground.parties.models import Person
from apaise.handling.resolution.answer import answer
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, deadlines, ending, happenings, outgoing, postponement
from apaise.intake.cases.acknowledgement import acknowledge
from apaise.intake.cases.guards import Finding
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused, add_customer_message, add_note, lapse_unanswered
from apaise.intake.cases.models import ENDED, Case, WrongStage
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.qualification import qualify, set_criticality
from apaise.intake.cases.reminders import remind_unanswered
from apaise.intake.cases.reminders import stop as stop_reminding
from apaise.intake.cases.retraction import take_back
from apaise.lib import clock

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)  # a Wednesday, noon in Paris
LETTER = (
    "Merci de nous l'avoir signalé. Je vous présente nos excuses : l'adresse donnée au technicien était fausse. "
    "Il passera le jeudi 26 novembre entre 9 h et 11 h, et je vous appelle le soir même."
)
COMPUTED = (
    "rule",
    "state",
    "level",
    "start_at",
    "due_at",
    "pauses",
    "extended_to",
    "deferred_to",
    "extensions",
    "missed_at",
    "stopped_at",
    "stopped_by",
)
NEWS = {"done_so_far": "Vu.", "remaining": "Voir le planning.", "reason": "Il est chez le prestataire."}


EXAMPLES = int(os.environ.get("APAISE_EXAMPLES", "7"))  # more for a long look


class Life:
    """One case and the people around it."""

    def __init__(self, desk, ana, bo, mara, cleo):
        self.handlers, self.mara, self.cleo = (ana, bo), mara, cleo
        self.person = Person.objects.identify("claire@courriel.exemple.test", "Claire", language="fr")
        self.pk = open_case(
            self.person, desk=desk, channel="email", language="fr", by=self.person, title="Fibre"
        ).pk
        self.received = clock.now()

    @property
    def case(self):
        found = Case.objects.select_related("desk", "complainant", "pack_version").defer(
            "pack_version__content"
        )
        return found.get(pk=self.pk)

    def unsent(self):
        return (
            Message.objects.select_related("case")
            .filter(case_id=self.pk, direction="out")
            .exclude(state__in=["sent", "shown"])
        )


def _answer(life, n):
    case = life.case
    verdict = ("upheld", "partly", "not_upheld")[n % 3]
    outcome = ("accepted", "partial", "refused")[n % 3]
    findings = {
        number: Finding(verdict, "Le journal le montre bien.")
        for number in case.grievances.values_list("number", flat=True)
    }
    answer(
        case,
        findings=findings,
        outcome=outcome,
        found_cause="service.missed_visit",
        scope="isolated",
        text=LETTER,
        by=life.handlers[n % 2],
    )


def _leave(life, n):
    for message in life.unsent().filter(state="queued"):
        Message.objects.claim(message.pk)
        message = Message.objects.select_related("case").get(pk=message.pk)
        if n == 0:
            outgoing.mark_uncertain(message.pk)
        elif n == 1:
            outgoing.mark_unsent(message, Message.Problem.AWAY)
        elif n == 2:
            outgoing.mark_unsent(message, Message.Problem.REFUSED, code=550)
        else:
            outgoing.mark_sent(message)


def _decide(life, n):
    for message in life.unsent():
        (outgoing.send_again if n % 2 else outgoing.arrived)(message, by=life.mara)


def _tell(life, n):
    word, ago = TOLD[n % len(TOLD)], timedelta(days=n * 5 % 23, hours=n)
    moment = clock.now() - ago
    happenings.tell(
        life.case, word, on=moment if n % 2 else moment.date(), by=life.mara, shortens=True,
        offered_to_collect=n % 3 == 0,
    )  # fmt: skip


def _untell(life, n):
    told = happenings.told_of(life.case)
    if told:
        happenings.take_back(told[n % len(told)], by=life.mara, shortens=True)


def _take_back(life, n):
    for message in life.unsent():
        take_back(message, by=life.mara)


# What starts, ends and puts off the refund of a withdrawal; a guarantee; and what the policy waits for alone.
TOLD = (
    "withdrawal.notified", "refund.executed", "goods.returned", "goods.proof_of_shipping",
    "conformity.claim_accepted", "goods.delivered", "withdrawal.notified",
)  # fmt: skip
ACTS = {
    "tell": _tell,
    "untell": _untell,
    "assign": lambda life, n: assign(
        life.case, life.handlers[n % 2], by=(life.handlers[n % 2], life.mara)[n // 2 % 2]
    ),
    "qualify": lambda life, n: qualify(
        life.case,
        grievances=["Un", "Deux"][: n % 2 + 1],
        cause="billing.double",
        criticality=f"C{n % 4 + 1}",
        restatement="Si je comprends bien ?",
        by=life.handlers[n % 2],
    ),
    "criticality": lambda life, n: set_criticality(
        life.case, f"C{n % 4 + 1}", by=life.mara, reason="Vu ensemble"
    ),
    "reply": lambda life, n: conversation.reply(life.case, "Bonjour", by=life.handlers[n % 2]),
    "ask": lambda life, n: conversation.ask(
        life.case, "Quel numéro ?", clock.now().date() + timedelta(days=n * 9), by=life.handlers[n % 2]
    ),
    "customer": lambda life, n: add_customer_message(
        life.case, life.person, channel="email", text="Alors ?", machine=n == 0
    ),
    "lapse": lambda life, n: lapse_unanswered(clock.now().date()),
    "remind": lambda life, n: remind_unanswered(clock.now().date()),
    "stop reminding": lambda life, n: stop_reminding(life.case, by=life.mara),
    "take back": _take_back,
    "answer": _answer,
    "leave": _leave,
    "decide": _decide,
    "acknowledge": lambda life, n: acknowledge(life.case),
    "accept": lambda life, n: ending.accept(life.case, by=life.person if n % 2 else life.mara, said="phone"),
    "close": lambda life, n: ending.close(
        life.case,
        reason=("accepted", "silence")[n % 2],
        followup="done",
        summary="Réglé",
        by=life.handlers[n // 2 % 2],
    ),
    "reopen": lambda life, n: ending.reopen(
        life.case, by=life.person if n % 2 else life.mara, why="customer_objects"
    ),
    "redirect": lambda life, n: conversation.redirect(
        life.case, "Ailleurs.", to="other_entity", by=life.handlers[n % 2]
    ),
    "take_back": lambda life, n: ending.take_back(life.case, by=life.mara),
    "withdraw": lambda life, n: ending.withdraw(life.case, by=life.person if n % 3 == 0 else life.mara),
    "postpone": lambda life, n: postponement.postpone(
        life.case,
        to=date(2026, 12, 10) + timedelta(days=7 * n),
        next_update=clock.now().date() + timedelta(days=1),
        by=life.cleo,
        **NEWS,
    ),
    "note": lambda life, n: add_note(life.case, "Vu.", by=life.handlers[n % 2]),
    "sweep": lambda life, n: deadlines.sweep(clock.now()),
}
# What leads further stands more often, so that long lives are lived too.
WORTH = [
    *ACTS,
    *[
        "assign",
        "qualify",
        "answer",
        "leave",
        "leave",
        "customer",
        "accept",
        "close",
        "reopen",
        "sweep",
        "ask",
        "tell",
    ]
    * 2,
]
STEPS = st.lists(
    st.tuples(st.sampled_from(WORTH), st.integers(0, 7), st.integers(0, 96)), min_size=4, max_size=28
)
ALL_THE_WAY = [("assign", 0, 1), ("qualify", 2, 1), ("leave", 5, 1), ("answer", 0, 1), ("leave", 5, 1)]


@pytest.mark.parametrize(
    "begun", [[], ALL_THE_WAY, [*ALL_THE_WAY, ("reopen", 1, 30)]], ids=["fresh", "answered", "reopened"]
)
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_the_promises_hold_in_any_order(begun, steps, desk, ana, bo, mara, cleo):
    from django.db import transaction

    with clock.at_moment(NOON), transaction.atomic():
        _live(Life(desk, ana, bo, mara, cleo), [*begun, *steps])
        transaction.set_rollback(True)


def _live(life, steps):
    moment = NOON
    for name, number, hours in steps:
        moment += timedelta(hours=hours)
        with clock.at_moment(moment):
            before = _shape(life)
            try:
                ACTS[name](life, number)
            except (Refused, WrongStage):
                if name not in ("leave", "decide"):  # these act on several messages, one after the other
                    assert _shape(life) == before, f"{name} was refused and changed something"
            _check(life)
    _check_replay(life)


def _shape(life):
    return (
        Case.objects.values().get(pk=life.pk),
        list(Message.objects.filter(case_id=life.pk).values("pk", "state")),
        list(life.case.deadlines.values(*COMPUTED)),
        Entry.objects.count(),
        list(life.case.grievances.values()),
    )


def _check(life):
    case = life.case
    replies = list(case.messages.filter(kind="final_reply").order_by("pk").values_list("state", flat=True))
    if case.state == "closed":
        assert replies and replies[-1] in ("sent", "shown")
        assert case.final_reply_at is not None and case.closed_at is not None
    if case.final_reply_at is not None:
        assert replies[-1] in ("sent", "shown")
    if case.state in ("received", "qualifying"):
        assert case.final_reply_at is None
    if case.accepted_at is not None:
        assert case.state in ("answered", "closed", "withdrawn")
    assert case.received_at == life.received and case.sent_at <= case.received_at
    assert case.messages.filter(kind="acknowledgement").count() <= 1
    ours = case.deadlines.filter(state="running", customer_right=False)
    first = ours.order_by("due_at", "rule").first()
    assert (case.next_due_rule, case.next_due_at) == ((first.rule, first.due_at) if first else ("", None))
    if case.state in ENDED:
        assert first is None
    if case.announced_for:
        target = case.deadlines.get(rule="reply_target")
        assert case.reopened_count or target.due_at <= case.announced_for or target.pauses


def _check_replay(life):
    case = life.case
    entries = list(Entry.objects.of(case.reference))
    states = ["received", *(entry.facts["state"] for entry in entries if "state" in entry.facts)]
    assert states[-1] == case.state
    levels = ["", *(entry.facts["criticality"] for entry in entries if "criticality" in entry.facts)]
    assert levels[-1] == case.criticality
    assert list(verify()) == []
    before = list(case.deadlines.order_by("rule").values(*COMPUTED))
    deadlines.rebuild(case)
    assert list(case.deadlines.order_by("rule").values(*COMPUTED)) == before
    sent = sum(entry.what == "final_reply.sent" for entry in entries)
    assert sent == case.messages.filter(kind="final_reply", state__in=["sent", "shown"]).count()
    for rule in case.deadlines.values_list("rule", flat=True):
        missed = [
            entry for entry in entries if entry.what == "deadline.missed" and entry.facts["rule"] == rule
        ]
        restarts = sum(
            entry.what in ("case.reopened",)
            or (entry.what == "deadline.changed" and entry.facts["rule"] == rule)
            for entry in entries
        )
        assert len(missed) <= 1 + restarts
