"""Two cases become one, and two again: nothing lost, the earliest dates kept, clocks as if never merged."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from apaise.ground.accounts.models import Team
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.ground.parties.models import Person, Representative
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, deadlines, ending, tracking
from apaise.intake.cases.grouping import Regrouping
from apaise.intake.cases.merging import merge
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused, add_customer_message, add_note
from apaise.intake.cases.models import Case, Exclusion, State, WrongStage
from apaise.intake.cases.promises import make_promise
from apaise.intake.cases.qualification import qualify
from apaise.intake.cases.tests.conftest import NOON
from apaise.intake.cases.tests.test_any_order import COMPUTED
from apaise.intake.cases.unmerging import undo_merge
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


def qualified(case, by, points=("Personne n'est venu le 12.",), level="C3"):
    assign(case, by, by=by)
    qualify(
        case, grievances=points, cause="service.missed_visit", criticality=level, restatement="Si je comprends ?", by=by
    )  # fmt: skip


def clocks(case):
    return list(case.deadlines.order_by("rule", "promise").values(*COMPUTED))


def shape(case):
    row = Case.objects.values().get(pk=case.pk)
    return (
        row,
        clocks(case),
        list(case.messages.order_by("pk").values("pk", "kind")),
        list(case.notes.order_by("pk").values_list("pk", flat=True)),
        list(case.grievances.order_by("number").values("number", "text", "verdict", "reason")),
        list(case.exclusions.values_list("user", flat=True)),
    )


def fresh(case):
    return Case.objects.get(pk=case.pk)


def replay_equals_stored(case):
    before = clocks(case)
    deadlines.rebuild(fresh(case))
    assert clocks(case) == before
    assert list(verify()) == []


def test_messages_notes_grievances_and_files_follow(two, ana, days):
    older, younger = two
    with days(4):
        qualified(younger, ana)
        add_note(younger, "À rappeler.", by=ana)
        moved = set(younger.messages.exclude(kind="acknowledgement").values_list("pk", flat=True))
        merge(younger, older, reason="other_channel", by=ana)
    assert (younger.state, younger.merged_into) == (State.MERGED, older)
    assert moved <= set(older.messages.values_list("pk", flat=True))
    assert [message.kind for message in younger.messages.all()] == ["acknowledgement"]
    assert [note.text for note in older.notes.all()] == ["À rappeler."]
    assert [(point.number, point.text) for point in older.grievances.all()] == [
        (1, "Personne n'est venu le 12.")
    ]
    assert older.excerpt == "Je réclame encore."
    replay_equals_stored(older)
    replay_equals_stored(younger)


def test_grievances_are_counted_on(two, ana, days):
    older, younger = two
    with days(4):
        qualified(older, ana, ["Un.", "Deux."])
        qualified(younger, ana, ["Trois."])
        merge(younger, older, reason="same_matter", by=ana)
    assert [(point.number, point.text) for point in older.grievances.all()] == [
        (1, "Un."),
        (2, "Deux."),
        (3, "Trois."),
    ]


def test_the_earliest_dates_stay_whichever_case_goes_on(two, ana, days):
    older, younger = two
    target = older.deadlines.get(rule="reply_target")
    cap = older.deadlines.get(rule="reply_hard_cap")
    with days(4):
        merge(older, younger, reason="sent_twice", by=ana)
    assert younger.received_at == younger.written_complaint_at == NOON
    now = younger.deadlines.get(rule="reply_target")
    assert (now.start_at, now.due_at) == (target.start_at, target.due_at)
    assert younger.deadlines.get(rule="reply_hard_cap").due_at == cap.due_at
    assert younger.announced_for == target.due_at
    first = younger.deadlines.filter(state="running", customer_right=False).order_by("due_at", "rule")[0]
    assert (younger.next_due_rule, younger.next_due_at) == (first.rule, first.due_at)
    assert older.next_due_at is None
    replay_equals_stored(younger)


def test_what_was_done_for_the_merged_case_is_not_owed_again(two, ana, send, days):
    older, younger = two
    with days(1):
        assign(older, ana, by=ana)
        conversation.reply(older, "Je m'en occupe.", by=ana)
        send()
    with days(4):
        merge(older, younger, reason="sent_twice", by=ana)
    contact = younger.deadlines.get(rule="first_contact")
    assert (contact.state, contact.stopped_at) == ("stopped", NOON + timedelta(days=1))
    assert younger.deadlines.get(rule="ack").stopped_at == NOON
    assert younger.we_wrote_at == NOON + timedelta(days=1)


def test_a_right_of_the_customer_never_ends_earlier(two, ana, days):
    older, younger = two
    later = younger.deadlines.get(rule="mediator_window").due_at
    with days(4):
        merge(younger, older, reason="sent_twice", by=ana)
    assert older.deadlines.get(rule="mediator_window").due_at == later
    replay_equals_stored(older)


def test_the_acknowledgement_is_not_sent_twice(complain, ana, work, send, days):
    with days(0):
        older = complain()
        work()
        send()
        younger = complain(text="Encore moi.")
        work()  # queued, not yet sent
        merge(younger, older, reason="sent_twice", by=ana)
        work()
        send()
    acknowledged = Message.objects.filter(kind="acknowledgement")
    assert [(message.case, message.state) for message in acknowledged] == [(older, "sent")]
    with days(1):
        undo_merge(younger, by=ana)
        work()
        send()
    assert younger.messages.filter(kind="acknowledgement", state="sent").count() == 1
    assert younger.deadlines.get(rule="ack").stopped_at == NOON + timedelta(days=1)


def test_both_histories_say_so(two, ana, days):
    older, younger = two
    with days(4):
        merge(younger, older, reason="sent_twice", by=ana)
    said = Entry.objects.of(younger.reference).get(what="case.merged")
    assert (said.facts["into"], said.facts["state"], said.by) == (older.reference, "merged", ana.actor_code)
    said = Entry.objects.of(older.reference).get(what="case.absorbed")
    assert (said.facts["of"], said.facts["reason"], said.by) == (
        younger.reference,
        "sent_twice",
        ana.actor_code,
    )


def test_the_stronger_criticality_is_not_lost(two, ana, days):
    older, younger = two
    with days(4):
        qualified(older, ana, level="C3")
        qualified(younger, ana, level="C1")
        merge(younger, older, reason="same_matter", by=ana)
        assert fresh(older).criticality == "C1"
        replay_equals_stored(older)
        undo_merge(younger, by=ana)
        assert (fresh(older).criticality, fresh(younger).criticality) == ("C3", "C1")


def test_a_merged_case_follows_into_a_third(two, complain, ana, days):
    older, younger = two
    with days(4):
        third = complain(text="Troisième fois.")
    with days(5):
        merge(younger, older, reason="sent_twice", by=ana)
        merge(fresh(older), third, reason="sent_twice", by=ana)
        replay_equals_stored(third)
        message = add_customer_message(younger, younger.complainant, channel="email", text="Et maintenant ?")
        assert message.case == third
        with refused(Refused, match="merged with another case"):
            undo_merge(fresh(younger), by=ana)
        undo_merge(fresh(older), by=ana)
        assert Message.objects.get(pk=message.pk).case == older
        undo_merge(fresh(younger), by=ana)
        assert Message.objects.get(pk=message.pk).case == younger


def test_the_link_of_the_merged_case_names_the_other_reference_and_opens_nothing(two, ana, client, days):
    older, younger = two
    with days(4):
        link = tracking.link_for(younger).removeprefix("http://testserver")
        assign(older, ana, by=ana)
        make_promise(older, "Un appel secret", date(2026, 12, 4), by=ana)
        merge(younger, older, reason="sent_twice", by=ana)
        there = tracking.link_for(older).removeprefix("http://testserver")
        page = client.get(link, {"lang": "en"}).content.decode()
        assert f"It is followed under reference {older.reference}." in page
        assert there not in page and "Un appel secret" not in page and "personne n&#39;est venu" not in page
        assert "<form method" not in page and page.count("/t/") == page.count(link.removeprefix("/t"))
        with nothing_changed():
            posted = client.post(f"{link}/messages?lang=en", {"text": "J'ajoute ceci."})
            for what in ("acceptance", "objection", "withdrawal"):
                assert client.post(f"{link}/{what}", {"text": "Non.", "sure": "yes"}).status_code == 409
    assert posted.status_code == 409
    assert f"followed under reference {older.reference}: answer one of our mails" in posted.content.decode()
    assert there not in posted.content.decode()


@pytest.mark.parametrize(("told", "follows"), [("all", True), ("progress", False), ("nothing", False)])
def test_only_a_representative_who_may_be_told_all_gets_a_link(told, follows, two, complain, ana, days):
    older, _younger = two
    with days(4):
        theirs = complain(email="avocat@cabinet.exemple.test", name="Me Loi")
        lawyer = Person.objects.get(pk=theirs.complainant_id)
        tracking.link_for(theirs)
        Representative.objects.create(
            person=lawyer, represents=older.complainant, quality="lawyer", told=told
        )
        merge(theirs, older, reason="same_matter", by=ana)
        assert (tracking.known_link(older, lawyer) is not None) is follows


# --- refused --------------------------------------------------------------------------------------------


def test_a_case_is_not_merged_with_itself(two, ana):
    with refused(Refused, match="cannot be merged with itself"):
        merge(two[0], two[0], reason="sent_twice", by=ana)


def test_the_reason_is_owed(two, ana):
    with refused(Refused, match="Say why"):
        merge(*two, reason="", by=ana)


def test_an_answered_or_ended_case_is_not_merged(two, answered, ana, days):
    older, _younger = two
    with days(4):
        done = answered()
        with refused(Refused, match="is answered"):
            merge(done, older, reason="sent_twice", by=ana)
        with refused(Refused, match="is answered"):
            merge(older, done, reason="sent_twice", by=ana)
        ending.withdraw(done, by=done.complainant)
        with refused(Refused, match="has ended"):
            merge(done, older, reason="sent_twice", by=ana)


def test_another_customers_case_needs_a_mandate(two, complain, ana, days):
    older, _younger = two
    with days(4):
        theirs = complain(email="avocat@cabinet.exemple.test", name="Me Loi")
        with refused(Refused, match="different customers"):
            merge(theirs, older, reason="same_matter", by=ana)
        lawyer = Person.objects.get(pk=theirs.complainant_id)
        mandate = Representative.objects.create(
            person=lawyer, represents=older.complainant, quality="lawyer", to_day=date(2026, 11, 1)
        )
        with refused(Refused, match="different customers"):  # a mandate that has ended
            merge(theirs, older, reason="same_matter", by=ana)
        Representative.objects.filter(pk=mandate.pk).update(to_day=date(2027, 1, 1))
        merge(theirs, older, reason="same_matter", by=ana)
        assert theirs.state == State.MERGED


def test_other_teams_readers_and_excluded_people_do_not_merge(two, eve, staff, bo, ana, cleo):
    older, younger = two
    auditor = staff("auditor")
    for nobody in (eve, auditor):
        with refused(Refused):
            merge(younger, older, reason="sent_twice", by=nobody)
    Exclusion.objects.create(case=older, user=bo, because="onsite_technician")
    with refused(Refused, match="kept apart"):
        merge(younger, older, reason="sent_twice", by=bo)
    Case.objects.filter(pk=younger.pk).update(team=Team.objects.create(code="far", name="Far"))
    with refused(Refused, match="another team"):
        merge(fresh(younger), older, reason="sent_twice", by=ana)


def test_a_case_is_not_merged_into_the_hands_of_who_is_kept_apart_from_it(two, ana, bo, days):
    older, younger = two
    with days(4):
        assign(older, bo, by=bo)
        Exclusion.objects.create(case=younger, user=bo, because="person_complained_about")
        with refused(Refused, match="kept apart from the other case"):
            merge(fresh(younger), fresh(older), reason="sent_twice", by=ana)


def test_who_is_kept_apart_from_one_is_kept_apart_from_both(two, ana, bo, days):
    older, younger = two
    with days(4):
        Exclusion.objects.create(case=younger, user=bo, because="onsite_technician")
        merge(fresh(younger), older, reason="sent_twice", by=ana)
        assert not Case.objects.visible_to(bo).filter(pk=older.pk).exists()
        undo_merge(fresh(younger), by=ana)
        assert Case.objects.visible_to(bo).filter(pk=older.pk).exists()


def test_a_colleagues_case_is_not_merged_away_but_by_a_lead(two, ana, bo, mara, days):
    older, younger = two
    with days(4):
        assign(younger, bo, by=bo)
        with refused(Refused, match="Somebody else handles"):
            merge(fresh(younger), older, reason="sent_twice", by=ana)
        merge(fresh(younger), older, reason="sent_twice", by=mara)


def test_nothing_is_merged_while_a_message_is_leaving(two, ana, days):
    older, younger = two
    with days(4):
        assign(younger, ana, by=ana)
        message = conversation.reply(younger, "Bonjour", by=ana)
        Message.objects.claim(message.pk)
        with refused(WrongStage, match="being sent"):
            merge(fresh(younger), older, reason="sent_twice", by=ana)


def test_of_two_people_who_merge_at_once_one_wins(two, ana, bo, days):
    older, younger = two
    stale = fresh(younger)
    with days(4):
        merge(younger, older, reason="sent_twice", by=ana)
        with refused(WrongStage, Refused):
            merge(stale, older, reason="sent_twice", by=bo)
        with refused(WrongStage, Refused), transaction.atomic():
            merge(older, stale, reason="sent_twice", by=bo)
    assert Regrouping.objects.count() == 1
