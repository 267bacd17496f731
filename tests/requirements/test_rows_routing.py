"""One test for each row about who gets which cases, named after it: its acceptance test, for real."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from apaise.ground.accounts.models import Function
from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Organisation, Person
from apaise.handling.routing import escalation, rules
from apaise.handling.routing.assignment import assign
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.handover import Handover
from apaise.handling.routing.placement import Placement
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.journey.rounds import sweep_ladder
from apaise.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def page(client: Any, user: Any, case: Any) -> str:
    client.force_login(user)
    return str(client.get(f"/desk/cases/{case.reference}").content.decode())


def with_cause(desk: Any, cause: str, email: str = "claire@courriel.exemple.test") -> Case:
    """As the public form files it: the customer chose the cause."""
    person = Person.objects.identify(email, "Claire Fontanel", language="fr")
    return open_case(person, desk=desk, channel="web_form", language="fr", by=person, cause=cause)


def test_s0_26_the_assignment_view_shows_open_count_and_hard_exposure_per_handler(
    client, complain, mara, ana, bo, noon
):
    for number in range(3):
        case = complain(email=f"client{number}@courriel.exemple.test")
        assign(case, ana, by=ana)
        Case.objects.filter(pk=case.pk).update(criticality="C1" if number else "C4")
    new = complain(email="nouveau@courriel.exemple.test")
    assert f"/desk/cases/{new.reference}/assigning" in page(client, mara, new)
    shown = client.get(f"/desk/cases/{new.reference}/assigning").content.decode()
    ana_row = shown[shown.index("Ana Handler") :]
    assert "3 open cases, 2 of them hard, 2 hard ones in seven days" in " ".join(ana_row.split())
    # Whoever carries nothing stands first.
    assert shown.index(">Bo Handler<") < shown.index(">Ana Handler<")


def test_s0_41_a_billing_case_is_assigned_to_the_billing_specialist_with_the_reason_logged(
    client, desk, ana, bo, cleo, work, noon
):
    Function.objects.update_or_create(code="billing", defaults={"person": bo, "team": None})
    rules.write(None, {"name": "Invoices", "family": "billing", "target": "function:billing"}, by=cleo)
    case = with_cause(desk, "billing.overcharge")
    work()
    case.refresh_from_db()
    assert case.handler == bo
    logged = Entry.objects.of(case.reference).filter(what="case.assigned").get()
    rule = Placement.objects.get(case=case).rule
    assert logged.by == "system:routing"
    assert logged.facts == {
        "to": bo.actor_code,
        "state": "qualifying",
        "why": f"rule:{rule.pk}+load:0/0",
    }
    assert "Given to Bo Handler: rule “Invoices”, 0 open cases" in page(client, ana, case)
    other = with_cause(desk, "delivery.late", email="luc@courriel.exemple.test")
    work()
    other.refresh_from_db()
    assert other.handler is None


def test_s0_44_suggested_team_confidence_and_override_are_recorded(client, desk, ana, bo, mara, work, noon):
    Function.objects.update_or_create(code="billing", defaults={"person": bo, "team": None})
    case = with_cause(desk, "billing.overcharge")
    work()
    shown = page(client, mara, case)
    assert "Suggested: Billing" in shown
    assert "70% sure" in shown
    assert "Give to Bo Handler" in shown
    done = client.post(
        f"/desk/cases/{case.reference}/assignment", {"to": str(ana.pk), "why": "knows_customer"}
    )
    assert done.status_code == 302
    placement = Placement.objects.get(case=case)
    assert (placement.decision, placement.decided_by, placement.decided_why) == (
        "overridden",
        mara,
        "knows_customer",
    )
    logged = Entry.objects.of(case.reference).get(what="case.suggestion_decided")
    assert (logged.by, logged.facts["decision"], logged.facts["why"]) == (
        mara.actor_code,
        "overridden",
        "knows_customer",
    )
    assert "Decided otherwise by Mara Lead: knows this customer" in page(client, mara, case)


def test_s4_11_a_vip_goes_to_the_executive_queue_is_acknowledged_in_30_minutes_and_logged(
    client, complain, staff, mara, work, send, noon
):
    boss = staff("executive")
    firm = Organisation.objects.create(name="Usine Morel", kind="business", sector="maintenance", vip=True)
    person = Person.objects.identify("dir@usine.exemple.test", "Paul Morel", language="fr")
    person.organisation, person.kind = firm, "business"
    person.save()
    case = complain(email="dir@usine.exemple.test")
    work()
    case.refresh_from_db()
    assert case.handler == boss
    placed = Entry.objects.of(case.reference).get(what="case.placed")
    assert placed.facts["queue"] == "role:executive"
    assert placed.facts["lane"] == "vip"
    ack = case.deadlines.get(rule="vip_ack")
    assert ack.due_at == noon + timedelta(minutes=30)
    send()  # the acknowledgement leaves
    ack.refresh_from_db()
    assert (ack.state, ack.stopped_by, ack.was_kept) == ("stopped", "ack.sent", True)
    call = case.deadlines.get(rule="vip_first_call")
    assert (call.state, call.due_at) == ("running", noon + timedelta(hours=2))
    started = Entry.objects.of(case.reference).filter(what="deadline.started")
    assert {"vip_ack", "vip_first_call"} <= {entry.facts["rule"] for entry in started}
    assert "never the duty to record" in page(client, boss, case)


def readable(text: str) -> str:
    """With ordinary spaces: what is tested here are the words."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        (
            "fr",
            "Mara Lead suit désormais votre réclamation",
            "Mara Lead, conseillère, qui vous contactera au plus tard le vendredi 27 novembre 2026",
        ),
        (
            "en",
            "Mara Lead answers for your complaint",
            "Mara Lead, case handler, who will contact you by Friday 27 November 2026 at the latest",
        ),
    ],
)
def test_s0_25_escalation_sends_a_notice_naming_the_new_owner_and_the_next_contact_time(
    complain, ana, mara, send, noon, language, subject, words
):
    case = complain(language=language)
    assign(case, ana, by=ana)
    move = escalation.hand_up(case, Handover("Read it.", "Fix a new visit.", "A call on Friday."), by=ana)
    assert send() == 1
    notice = case.messages.get(kind="update")
    assert (notice.state, notice.to_address) == ("sent", "claire@courriel.exemple.test")
    assert subject in readable(notice.subject) and words in readable(notice.text)
    # What the customer reads is what the case holds: whom it was given to, and a clock on the contact promised.
    assert Case.objects.get(pk=case.pk).handler == move.person == mara
    promise = case.promises.get()
    assert (promise.made_by, promise.due_on.isoformat(), promise.message) == (mara, "2026-11-27", notice)


def test_s0_25_an_escalation_by_itself_sends_the_notice_after_four_working_hours_for_a_look(
    complain, ana, mara, send, noon
):
    case = complain()
    assign(case, ana, by=ana)
    escalation.escalate(case, why=Escalation.Why.MISSED)
    assert send() == 0
    with clock.at_moment(noon + timedelta(hours=4, minutes=1)):
        sweep_ladder()
        assert send() == 1
    text = readable(case.messages.get(kind="auto_update").text)
    assert "Mara Lead, conseillère, qui vous contactera au plus tard le vendredi 27 novembre 2026" in text


def test_s0_25_a_customer_without_an_address_for_mail_is_told_by_letter(complain, ana, mara, noon):
    case = complain()
    case.complainant.addresses.all().delete()
    case.complainant.addresses.create(kind="postal", value="14 rue des Lilas\n29200 Brest")
    case = Case.objects.get(pk=case.pk)
    assign(case, ana, by=ana)
    escalation.hand_up(case, Handover("Read it.", "Fix a new visit.", "A call on Friday."), by=ana)
    notice = case.messages.get(kind="update")
    assert (notice.channel, notice.state) == ("letter", "to_post")
    assert "Mara Lead, conseillère, qui vous contactera" in readable(notice.text)
