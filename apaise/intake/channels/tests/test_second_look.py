"""A person finds otherwise what was sorted out by itself: said, recorded, filed once, and shown to nobody kept apart."""

from datetime import date, timedelta

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, deadlines
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.splitting import split, undo_split
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import keep, receive, replay
from apaise.intake.channels.second_look import hear, hear_message, tell_apart
from apaise.intake.channels.tests.letters import mail
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
AUTO = {"auto_submitted": "auto-replied"}


def get(raw, **envelope):
    return receive(keep(raw, **envelope))


def words_of(case):
    return list(Entry.objects.of(case.reference).values_list("what", flat=True))


@pytest.fixture
def waiting(complain, ana, send, work, noon):
    """Ana's case, in which she has asked Claire a question that has left."""
    case = complain()
    assign(case, ana, by=ana)
    work()
    conversation.ask(case, "Quel est le numéro sur la box ?", date(2026, 12, 1), by=ana)
    send()
    work()
    return case, case.messages.get(kind="question").message_id


@pytest.fixture
def taken_for_a_machines(waiting, noon):
    """An hour later she answers, by a program that says so, with a file; it is taken for a machine's."""
    case, number = waiting
    with clock.at_moment(noon + timedelta(hours=1)):
        raw = mail(
            "Le 4711.",
            in_reply_to=number,
            cc="fils@ailleurs.test",
            files=[("box.bin", b"4711")],
            **AUTO,
        )
        assert get(raw).outcome == "machine"
    return case, case.messages.get(is_machine=True)


# --- inside a case ---------------------------------------------------------------------------------------


def test_a_person_taken_for_a_machine_inside_a_case_is_heard(taken_for_a_machines, ana, bo, work, noon):
    case, message = taken_for_a_machines
    Alert.objects.all().delete()
    with clock.at_moment(noon + timedelta(days=2)):
        assert hear_message(message, by=bo) == case
        work()
    case, came = Case.objects.get(), noon + timedelta(hours=1)
    assert (case.state, case.customer_wrote_at, case.excerpt) == ("qualifying", came, "Le 4711.")
    message.refresh_from_db()
    assert (message.is_machine, message.from_address) == (False, "claire@courriel.exemple.test")
    assert message.copies == ["fils@ailleurs.test"]
    assert [(file.name, file.size) for file in message.attachments.all()] == [("box.bin", 4)]
    told = ["message.received", "info.received", "awaiting_customer.ended"]
    words = [word for word in words_of(case) if not word.startswith("deadline.")]
    assert words[-4:] == [*told, "intake.heard"]
    entry = Entry.objects.of(case.reference).get(what="intake.heard")
    assert (entry.by, entry.facts, entry.at) == (
        bo.actor_code,
        {"message": message.pk},
        noon + timedelta(days=2),
    )
    assert Alert.objects.get(kind="customer_wrote").user == ana
    arrival = Arrival.objects.get(message=message)
    assert (arrival.state, arrival.verdict, arrival.accepted_by) == ("filed", "heard", bo)
    assert list(verify()) == []


def test_its_clocks_go_on_from_its_receipt_and_a_replay_gives_the_same(taken_for_a_machines, ana, noon):
    case, message = taken_for_a_machines
    paused = Deadline.objects.filter(case=case, state="paused").values_list("pk", flat=True)
    rules = set(paused)
    assert rules
    with clock.at_moment(noon + timedelta(days=2)):
        hear_message(message, by=ana)
    went_on = Deadline.objects.filter(pk__in=rules)
    assert {clock_.pauses[-1]["to"] for clock_ in went_on} == {(noon + timedelta(hours=1)).isoformat()}
    before = list(case.deadlines.order_by("rule").values_list("rule", "state", "due_at", "pauses"))
    deadlines.rebuild(Case.objects.get())
    assert list(case.deadlines.order_by("rule").values_list("rule", "state", "due_at", "pauses")) == before


def test_it_is_heard_once(taken_for_a_machines, ana, noon):
    _case, message = taken_for_a_machines
    hear_message(message, by=ana)
    with nothing_changed():
        assert hear_message(message, by=ana) is None
        assert hear(Arrival.objects.get(message=message), by=ana).outcome == "duplicate"


def test_the_way_from_the_list_of_machines_hears_it_in_its_case(taken_for_a_machines, ana):
    case, message = taken_for_a_machines
    outcome = hear(Arrival.objects.get(message=message), by=ana)
    assert (outcome.outcome, outcome.case) == ("threaded", case)
    assert Case.objects.get().state == "qualifying"


def test_who_may_not_work_on_the_case_cannot_say_so(taken_for_a_machines, eve, staff):
    _case, message = taken_for_a_machines
    for stranger in (eve, staff("auditor")):
        with refused(Refused):
            hear_message(message, by=stranger)


def test_words_too_late_to_reopen_the_case_open_one_that_follows_it(answered, ana, work, noon):
    case = answered()
    work()
    number = case.messages.get(kind="final_reply").message_id
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=noon)
    with clock.at_moment(noon + timedelta(days=400)):
        get(mail("Rien n'a changé.", subject="Encore", in_reply_to=number, **AUTO))
        message = case.messages.get(is_machine=True)
        new = hear_message(message, by=ana)
        work()
    assert new.pk != case.pk
    assert (new.received_at, new.title, new.excerpt) == (
        noon + timedelta(days=400), "Encore", "Rien n'a changé."
    )  # fmt: skip
    assert new.links_out.get().other == case
    message.refresh_from_db()
    assert (message.case, message.kind, message.is_machine) == (new, "complaint", False)
    assert new.messages.filter(kind="acknowledgement").count() == 1
    assert Case.objects.get(pk=case.pk).state == "closed"
    assert list(verify()) == []


def test_the_page_says_what_will_happen_and_a_click_makes_it_so(taken_for_a_machines, ana, client):
    case, message = taken_for_a_machines
    client.force_login(ana)
    page = client.get(f"/desk/cases/{case.reference}").content.decode()
    assert "It answers our question: the case goes on and its dates run again, from its receipt." in page
    address = f"/desk/cases/{case.reference}/messages/{message.pk}/hearing"
    assert address in page
    assert client.get(address).status_code == 405
    for _click in range(2):
        assert client.post(address)["Location"] == f"/desk/cases/{case.reference}?done=heard"
    assert Case.objects.get().state == "qualifying"
    after = client.get(f"/desk/cases/{case.reference}").content.decode()
    assert address not in after
    assert "Taken for a machine&#39;s, a message comes from a person" in after


# --- who decided, and until when -------------------------------------------------------------------------


def test_who_hears_a_machines_mail_is_recorded(desk, ana):
    get(mail("Je veux une réponse.", auto_submitted="auto-generated"))
    hear(Arrival.objects.get(), by=ana)
    arrival = Arrival.objects.get()
    assert arrival.accepted_by == ana
    entry = Entry.objects.of("house").get(what="intake.heard")
    assert (entry.by, entry.facts) == (ana.actor_code, {"arrival": arrival.pk})


def test_who_tells_two_mails_apart_is_recorded(desk, ana):
    raw = mail("Le colis est perdu.", message_id="<one@exemple.test>")
    get(raw)
    get(raw)
    twin = Arrival.objects.get(state="duplicate")
    assert tell_apart(twin, by=ana).outcome == "opened"
    twin.refresh_from_db()
    assert (twin.accepted_by, twin.same_as) == (ana, None)
    entry = Entry.objects.of("house").get(what="intake.told_apart")
    assert (entry.by, entry.facts) == (ana.actor_code, {"arrival": twin.pk})


def test_to_hear_a_stranger_does_not_let_them_into_somebody_elses_case(waiting, ana):
    case, number = waiting
    get(mail("Et moi ?", in_reply_to=number, **{"from": "autre@ailleurs.test"}, **AUTO))
    assert hear(Arrival.objects.get(), by=ana).reason == "not_a_participant"
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.accepted_by) == ("quarantined", None)
    assert replay(arrival, by=ana).reason == "not_a_participant"
    assert case.messages.filter(direction="in").count() == 1


@pytest.mark.parametrize(
    ("page", "way", "sentence"),
    [
        ("received-before", "telling-apart", "It came more than 90 days ago."),
        ("spam", "reversal", "It has been spam for more than 90 days."),
    ],
)
def test_past_ninety_days_the_page_says_why_it_does_not_go(desk, ana, client, noon, page, way, sentence):
    raw = mail("Le colis est perdu.", message_id="<one@exemple.test>")
    get(raw)
    get(raw)
    twin = Arrival.objects.get(state="duplicate")
    if page == "spam":
        Arrival.objects.filter(pk=twin.pk).update(state="spam", spam_at=noon)
    client.force_login(ana)
    with clock.at_moment(noon + timedelta(days=91)), nothing_changed():
        told = client.post(f"/desk/{page}/{twin.pk}/{way}")
    assert told.status_code == 409
    assert sentence in told.content.decode()


# --- who is kept apart -----------------------------------------------------------------------------------


def test_a_copy_of_a_mail_whose_case_was_found_later_is_hidden_from_who_is_kept_apart(
    waiting, ana, bo, mara, client
):
    case, number = waiting
    keep_apart(case, bo, because="person_complained_about", by=mara)
    raw = mail("Votre technicien Bo.", in_reply_to=number, **{"from": "voisin@ailleurs.test"})
    get(raw)
    first = Arrival.objects.get(reason="not_a_participant")
    get(raw)
    copy = Arrival.objects.get(state="duplicate")
    Arrival.objects.filter(pk=copy.pk).update(case=None)  # as one that came before the case was known
    assert copy not in Arrival.objects.visible_to(bo)
    assert copy in Arrival.objects.visible_to(ana)
    replay(first, by=ana, accept=True)
    copy.refresh_from_db()
    assert (copy.case, copy.message) == (case, Arrival.objects.get(pk=first.pk).message)
    client.force_login(bo)
    assert "Votre technicien Bo." not in client.get("/desk/received-before").content.decode()


def test_a_split_takes_what_came_in_along(complain, ana, mara, bo, work, desk):
    get(mail("La fibre.", message_id="<a@exemple.test>"))
    case = Case.objects.get()
    assign(case, ana, by=ana)
    number = "<a@exemple.test>"
    second = get(mail("Et mon colis, Bo l'a jeté.", in_reply_to=number, message_id="<b@exemple.test>"))
    assert second.outcome == "threaded"
    get(mail("Et mon colis, Bo l'a jeté.", in_reply_to=number, message_id="<b@exemple.test>"))
    message = case.messages.get(in_reply_to=number)
    new = split(case, [message.pk], by=mara)
    keep_apart(new, bo, because="person_complained_about", by=mara)
    theirs = Arrival.objects.filter(message=message)
    assert theirs.count() == 2
    assert not Arrival.objects.visible_to(bo).filter(message=message).exists()  # at once
    work()
    assert set(theirs.values_list("case", flat=True)) == {new.pk}
    undo_split(new, by=mara)
    work()
    assert set(theirs.values_list("case", flat=True)) == {case.pk}


def test_the_list_of_what_came_twice_says_so_in_words(desk, ana, client):
    raw = mail("Le colis est perdu.", message_id="<one@exemple.test>")
    get(raw)
    get(raw)
    client.force_login(ana)
    page = client.get("/desk/received-before").content.decode()
    assert "The same mail was received before." in page
    assert "received_before" not in page
