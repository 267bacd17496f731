"""Messages become a case of their own, and come back."""

from datetime import UTC, datetime, timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import deadlines
from apaise.intake.cases.merging import merge
from apaise.intake.cases.message import Attachment
from apaise.intake.cases.messages import File, Refused, add_customer_message
from apaise.intake.cases.models import Case, State
from apaise.intake.cases.qualification import qualify
from apaise.intake.cases.splitting import split, undo_split
from apaise.intake.cases.tests.test_any_order import COMPUTED
from apaise.intake.cases.unmerging import undo_merge
from apaise.lib import clock
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
PHOTO = File("photo.jpg", "image/jpeg", 9, "0" * 64)


def days(count):
    return clock.at_moment(NOON + timedelta(days=count))


@pytest.fixture
def told(complain, ana, work, send):
    """A qualified case with two grievances, and a second matter that came in two days later."""
    with days(0):
        case = complain()
        work()
        send()
        assign(case, ana, by=ana)
        qualify(
            case, grievances=["Personne n'est venu.", "Facture fausse."], cause="service.missed_visit",
            criticality="C3", restatement="Si je comprends ?", by=ana,
        )  # fmt: skip
        send()
    with days(2):
        second = add_customer_message(
            case, case.complainant, channel="email", text="Et la facture 4711 est fausse.", subject="Facture", files=[PHOTO]
        )  # fmt: skip
    return case, second


def clocks(case):
    return list(case.deadlines.order_by("rule", "promise").values(*COMPUTED))


def test_the_chosen_messages_are_a_case_with_their_own_dates(told, ana):
    case, second = told
    before = clocks(case)
    with days(3):
        new = split(case, [second.pk], grievances=[2], by=ana)
    assert (new.received_at, new.written_complaint_at) == (NOON + timedelta(days=2),) * 2
    assert (new.complainant, new.pack_version, new.state) == (
        case.complainant,
        case.pack_version,
        State.RECEIVED,
    )
    assert (new.title, new.excerpt) == ("Facture", "Et la facture 4711 est fausse.")
    assert [message.kind for message in new.messages.all()] == ["complaint"]
    assert Attachment.objects.get(name="photo.jpg").message.case == new
    assert [(point.number, point.text) for point in new.grievances.all()] == [(1, "Facture fausse.")]
    assert [(point.number, point.text) for point in case.grievances.all()] == [(1, "Personne n'est venu.")]
    assert clocks(case) == before
    assert new.deadlines.get(rule="reply_target").start_at == NOON + timedelta(days=2)
    assert case.excerpt == "Bonjour, personne n'est venu le 12 novembre."
    for one in (case, new):
        stored = clocks(one)
        deadlines.rebuild(one)
        assert clocks(one) == stored
    assert list(verify()) == []


def test_both_histories_name_each_other(told, ana):
    case, second = told
    with days(3):
        new = split(case, [second.pk], by=ana)
    assert Entry.objects.of(case.reference).get(what="case.split").facts["into"] == new.reference
    assert Entry.objects.of(new.reference).get(what="case.split_off").facts["of"] == case.reference


def test_what_was_done_under_the_old_reference_counts(told, ana, send):
    case, second = told
    with days(3):
        from apaise.intake.cases.conversation import reply

        reply(case, "Je regarde aussi la facture.", by=ana)
        send()
        new = split(case, [second.pk], by=ana)
    contact = new.deadlines.get(rule="first_contact")
    assert (contact.state, contact.stopped_at) == ("stopped", NOON + timedelta(days=3))


def test_undone_everything_is_back(told, ana, work):
    case, second = told
    row = Case.objects.values().get(pk=case.pk)
    points, before = list(case.grievances.values()), clocks(case)
    with days(3):
        new = split(case, [second.pk], grievances=[2], by=ana)
        undo_split(new, by=ana)
    assert Case.objects.values().get(pk=case.pk) == row
    assert list(case.grievances.values()) == points
    assert clocks(case) == before
    second.refresh_from_db()
    assert (second.case, second.kind) == (case, "message")
    assert Case.objects.get(pk=new.pk).state == State.MERGED
    with refused(Refused, match="was not split off"):
        undo_split(new, by=ana)


def test_what_was_said_in_the_new_case_comes_along_when_the_split_is_undone(told, ana):
    case, second = told
    with days(3):
        new = split(case, [second.pk], by=ana)
    with days(4):
        later = add_customer_message(new, new.complainant, channel="email", text="Alors, la facture ?")
        undo_split(new, by=ana)
    later.refresh_from_db()
    assert later.case == case


def test_a_case_keeps_its_only_complaint(told, ana):
    case, second = told
    first = case.messages.get(kind="complaint")
    with days(3), refused(Refused, match="keeps its complaint"):
        split(case, [first.pk, second.pk], by=ana)


@pytest.mark.parametrize("chosen", ["none", "ours", "elsewhere"])
def test_only_the_customers_messages_of_this_case_can_leave(chosen, told, complain, ana):
    case, second = told
    with days(3):
        other = complain(email="autre@courriel.exemple.test")
        ours = case.messages.filter(direction="out")[0]
        ids = {"none": [], "ours": [second.pk, ours.pk], "elsewhere": [other.messages.get().pk]}[chosen]
        with refused(Refused, match="Choose"):
            split(case, ids, by=ana)


def test_who_may_not_work_on_it_does_not_split_it(told, bo, eve, staff):
    case, second = told
    auditor = staff("auditor")
    for nobody in (bo, eve, auditor):
        with days(3), refused(Refused):
            split(case, [second.pk], by=nobody)


def test_a_merge_is_not_undone_over_a_split(told, complain, ana):
    case, _second = told
    with days(3):
        other = complain(text="Le même dossier encore.")
        more = add_customer_message(other, other.complainant, channel="email", text="Une autre chose.")
        merge(other, case, reason="sent_twice", by=ana)
        new = split(Case.objects.get(pk=case.pk), [more.pk], by=ana)
        with refused(Refused, match=f"split off into {new.reference}"):
            undo_merge(Case.objects.get(pk=other.pk), by=ana)
        undo_split(new, by=ana)
        undo_merge(Case.objects.get(pk=other.pk), by=ana)
    assert other.messages.filter(direction="in").count() == 2
