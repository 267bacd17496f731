"""Up and down the ladder: to whom, why, with what note, and what the customer hears of it."""

from datetime import timedelta

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.handling.prepared import prepare
from apaise.handling.prepared.models import Update
from apaise.handling.routing import escalation, levels
from apaise.handling.routing.assignment import assign
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.handover import Handover
from apaise.handling.routing.ladder import ladder
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, WrongStage
from apaise.intake.cases.promise import Promise
from apaise.intake.cases.promises import make_promise
from apaise.intake.cases.qualification import set_criticality
from apaise.journey import rounds
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
NOTE = Handover("J'ai appelé le technicien.", "Obtenir la date du passage.", "Un appel vendredi.")


@pytest.fixture
def case(complain, ana, mara, noon, work):
    case = complain()
    assign(case, ana, by=ana)
    work()
    case.refresh_from_db()
    return case


def fresh(case):
    return Case.objects.select_related("handler", "pack_version", "desk__signatory", "complainant").get(
        pk=case.pk
    )


def plain(text):
    """With ordinary spaces: what is tested here are the words."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def alerts(kind):
    return sorted(Alert.objects.filter(kind=kind).values_list("user__name", flat=True))


def last(case, what):
    return Entry.objects.of(case.reference).filter(what=what).last()


def test_a_case_passed_up_is_the_leads_with_the_note_and_the_record(case, ana, mara, work):
    move = escalation.hand_up(case, NOTE, by=ana)
    work()
    assert (move.level, move.from_level, move.code, move.person, move.came_from) == (
        2,
        1,
        "team_lead",
        mara,
        ana,
    )
    assert move.note == (
        "Done: J'ai appelé le technicien.\nLeft: Obtenir la date du passage.\nPromised: Un appel vendredi."
    )
    assert fresh(case).handler == mara
    said = last(case, "case.escalated")
    assert (said.by, said.facts["level"], said.facts["to"], said.facts["why"]) == (
        ana.actor_code,
        2,
        mara.actor_code,
        "person",
    )
    assert last(case, "case.assigned").facts["to"] == mara.actor_code
    assert (alerts("case_escalated"), alerts("case_assigned")) == (["Mara Lead"], [])


def test_nobody_passes_a_case_up_without_saying_what_is_done_and_left(case, ana):
    for note in (Handover("", "", ""), Handover("Lu.", " ", ""), Handover("", "Tout.", "Rien.")):
        with refused(Refused, match="what is done and what is left"):
            escalation.hand_up(case, note, by=ana)


def test_who_may_pass_a_case_up(case, ana, bo, mara, eve, cleo):
    assert escalation.escalate_refusal(ana, case) is None
    assert escalation.escalate_refusal(mara, case) is None
    assert escalation.escalate_refusal(cleo, case) is None
    with refused(Refused, match="Somebody else handles this case"):
        escalation.hand_up(case, NOTE, by=bo)
    with refused(Refused, match="another team"):
        escalation.hand_up(case, NOTE, by=eve)


def test_the_customer_is_put_in_touch_with_the_new_person_who_promises_to_contact_them(case, ana, mara, work):
    escalation.hand_up(case, NOTE, by=ana)
    message = case.messages.get(kind="update")
    assert (message.author_user, plain(message.subject)) == (
        ana,
        f"{case.reference} : Mara Lead suit désormais votre réclamation",
    )
    assert (
        "Je vous mets en relation avec Mara Lead, conseillère, qui vous contactera au plus tard le vendredi 27 novembre 2026."
        in plain(message.text)
    )
    promise = Promise.objects.get(case=case)
    assert (promise.made_by, promise.due_on.isoformat(), promise.message) == (mara, "2026-11-27", message)
    assert case.deadlines.get(promise=promise).state == "running"


def test_a_critical_case_is_contacted_within_hours_and_that_is_what_the_customer_reads(case, ana, mara):
    case.keep(criticality="C1", language="en")
    escalation.hand_up(case, NOTE, to_level=2, by=ana)
    text = plain(case.messages.get(kind="update").text)
    assert (
        "I am putting you in touch with Mara Lead, case handler, who will contact you before Wednesday 25 November 2026, 2 pm."
        in text
    )
    promise = Promise.objects.get(case=case)
    assert (promise.due_at.isoformat(), promise.made_by) == ("2026-11-25T13:00:00+00:00", mara)


def test_a_move_by_itself_waits_four_working_hours_for_a_look_and_then_tells_the_customer(
    case, ana, mara, work, noon
):
    escalation.escalate(case, why=Escalation.Why.MISSED)
    update = Update.objects.get()
    assert (update.state, update.kind, update.leaves_at) == (
        "waiting",
        "introduction",
        noon + timedelta(hours=4),
    )
    assert not case.messages.filter(kind__in=["update", "auto_update"]).exists()
    with clock.at_moment(noon + timedelta(hours=4, minutes=1)):
        rounds.sweep_ladder()
        rounds.sweep_ladder()
    message = case.messages.get(kind="auto_update")
    assert message.author_user is None
    assert "Je vous mets en relation avec Mara Lead" in message.text
    # Counted from when the customer reads it, not from when it was prepared: it is not broken as it is made.
    assert Promise.objects.get(case=case).due_on.isoformat() == "2026-11-27"


def test_a_move_without_a_person_brings_a_note_from_the_case_itself(case, ana, mara, noon):
    case.grievances.create(number=1, text="Personne n'est venu.")
    make_promise(case, "Un appel", (noon + timedelta(days=2)).date(), by=ana)
    note = plain(escalation.escalate(case, why=Escalation.Why.MISSED).note)
    assert "Done: received on 25 November" in note
    assert "Left: to answer: Personne n'est venu. next date:" in note
    assert "Promised: Un appel (Friday 27 November, To come)" in note


def test_a_level_that_refuses_the_case_is_passed_by_and_an_unknown_one_is_not(case, ana, mara, cleo):
    # Level 4 wants a final reply, and there is none; level 5 cannot be told.
    first = escalation.escalate(case, why="missed")
    second = escalation.escalate(fresh(case), why="missed")
    assert [(one.level, one.person) for one in (first, second)] == [(2, mara), (3, cleo)]
    assert escalation.escalate(fresh(case), why="missed") is None
    assert alerts("escalation_stuck") == ["Cleo Manager"]


def test_excluded_people_are_passed_by_and_the_manager_is_told(case, ana, mara, cleo):
    keep_apart(case, mara, because="onsite_technician", by=cleo)
    move = escalation.hand_up(fresh(case), NOTE, by=ana)
    assert (move.level, move.person) == (3, cleo)
    assert alerts("level_empty") == ["Cleo Manager"]
    assert Alert.objects.get(kind="level_empty").detail == "team_lead"


def test_a_circuit_with_only_excluded_people_changes_nothing_and_says_so(case, ana, mara, cleo, staff):
    keep_apart(case, mara, because="onsite_technician", by=cleo)
    keep_apart(case, cleo, because="account_manager", by=cleo)
    case = fresh(case)
    with pytest.raises(Refused, match="Nobody on a higher level can take this case"):
        escalation.hand_up(case, NOTE, by=ana)
    assert fresh(case).handler == ana
    assert not Escalation.objects.exists()


def test_handed_back_it_is_whose_it_was_with_the_reason(case, ana, mara, work):
    escalation.hand_up(case, NOTE, by=ana)
    move = escalation.hand_back(fresh(case), reason="La date est fixée, rappelez.", by=mara)
    work()
    assert (move.level, move.person, move.why, move.note) == (
        1,
        ana,
        "returned",
        "La date est fixée, rappelez.",
    )
    assert (fresh(case).handler, levels.standing(case)) == (ana, 1)
    assert last(case, "case.returned").facts == {
        "level": 1,
        "from_level": 2,
        "times": 1,
        "to": ana.actor_code,
        "move": move.pk,
    }
    assert alerts("case_returned") == ["Ana Handler"]
    assert alerts("case_bounced") == []


def test_s0_27_a_case_returned_twice_to_one_level_alerts_the_manager(case, ana, mara, cleo, work):
    for _turn in range(2):
        escalation.hand_up(fresh(case), NOTE, to_level=2, by=ana)
        work()
        assert alerts("case_bounced") == []
        escalation.hand_back(fresh(case), reason="Il manque la date.", by=mara)
    work()
    work()
    assert alerts("case_bounced") == ["Cleo Manager"]


def test_only_whoever_has_it_or_a_lead_hands_it_back_and_never_without_a_reason(case, ana, bo, mara, cleo):
    with refused(Refused, match="was not passed up"):
        escalation.hand_back(case, reason="Non.", by=ana)
    escalation.hand_up(case, NOTE, by=ana)
    with refused(Refused, match="Whoever the case was passed to"):
        escalation.hand_back(fresh(case), reason="Rendez-la-moi.", by=bo)
    with refused(Refused, match="why the case comes back"):
        escalation.hand_back(fresh(case), reason="  ", by=mara)
    assert escalation.return_refusal(cleo, fresh(case)) is None


def test_of_two_who_pass_it_up_at_once_the_second_is_told_it_has_moved(case, ana, mara, cleo):
    seen = fresh(case)
    escalation.hand_up(case, NOTE, by=ana)
    step = ladder(case.pack_version.pack)[2]
    with refused(WrongStage):
        escalation._move(seen, None, step, cleo, why="person", note="x", by=ana, at=clock.now())


# --- by itself ------------------------------------------------------------------------------------------------


def test_a_very_important_customers_case_goes_to_the_executive_at_once(
    complain, mara, ana, staff, work, noon
):
    boss = staff("executive")
    case = complain()
    case.complainant.vip = True
    case.complainant.save()
    work()
    case = fresh(case)
    assert (case.handler, levels.standing(case), escalation.current(case).why) == (boss, 5, "risk")
    assert Case.objects.visible_to(boss).filter(pk=case.pk).exists()
    move = escalation.hand_back(case, reason="Rappelez-la aujourd'hui.", by=boss)
    assert move.person == mara


def test_a_critical_case_goes_to_the_level_that_critical_cases_enter(case, ana, mara, cleo, work):
    case.keep(criticality="C3")
    set_criticality(case, "C1", by=ana, reason="Le site est à l’arrêt.")
    work()
    assert (fresh(case).handler, levels.standing(case)) == (cleo, 3)


def test_what_was_handed_back_does_not_come_again_for_the_same_reason(case, ana, mara, cleo, work):
    case.keep(criticality="C3")
    set_criticality(case, "C1", by=ana, reason="Le site est à l’arrêt.")
    work()
    escalation.hand_back(fresh(case), reason="À vous, j'ai parlé au client.", by=cleo)
    set_criticality(fresh(case), "C2", by=ana, reason="Moins grave.")
    work()
    assert (fresh(case).handler, levels.standing(case)) == (ana, 1)


def test_a_case_too_long_on_one_level_goes_one_further_once(case, ana, mara, cleo, work, noon):
    escalation.hand_up(case, NOTE, by=ana)
    move = levels.current(case)
    assert move.until.isoformat() == "2026-11-30T22:59:59+00:00"
    with clock.at_moment(noon + timedelta(days=6)):
        rounds.sweep_ladder()
        rounds.sweep_ladder()
    assert [(one.level, one.why) for one in case.escalations.all()] == [(2, "person"), (3, "dwell")]
    assert fresh(case).handler == cleo


def test_an_answered_case_is_not_passed_on_for_having_stayed(answered, ana, mara, cleo, noon):
    case = answered()
    Escalation.objects.create(
        case=case,
        level=2,
        from_level=1,
        code="team_lead",
        person=ana,
        why="person",
        by="x",
        at=noon,
        until=noon,
    )
    with clock.at_moment(noon + timedelta(days=1)):
        rounds.sweep_ladder()
    assert case.escalations.count() == 1


def test_nothing_to_pass_on_changes_nothing(case, noon):
    with nothing_changed():
        rounds.sweep_ladder()


def test_a_look_may_set_the_message_aside_or_send_other_words(case, ana, mara, noon):
    escalation.escalate(case, why="missed")
    update = Update.objects.select_related("case").get()
    with refused(Refused, match="Write something first"):
        prepare.send(update, text=" ", by=mara)
    prepare.send(update, text="Bonjour, je vous appelle vendredi au plus tard. Mara", by=mara)
    assert case.messages.get(kind="update").text == "Bonjour, je vous appelle vendredi au plus tard. Mara"
    with refused(Refused, match="already looked"):
        prepare.drop(Update.objects.get(), by=mara)
    assert not case.tasks.open().exists()
