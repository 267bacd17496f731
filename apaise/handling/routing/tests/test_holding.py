"""Who holds a case when the ladder, a rule, an absence and a conflict of interest meet (docs/decisions/0017)."""

from datetime import date, timedelta

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.handling.prepared.models import Update
from apaise.handling.routing import absences, escalation, levels, rules
from apaise.handling.routing.assignment import assign
from apaise.handling.routing.covering import settle_absences
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.handover import Handover
from apaise.handling.routing.holding import Because, Holder, holder_of
from apaise.handling.routing.person import Cover
from apaise.handling.routing.placing import place
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.models import Case
from apaise.journey import rounds
from apaise.lib import clock

pytestmark = pytest.mark.django_db
NOTE = Handover("J'ai appelé.", "Obtenir la date.", "")
TODAY, FRIDAY = date(2026, 11, 25), date(2026, 11, 27)  # `noon` is this Wednesday
BACK = timedelta(days=3)


@pytest.fixture
def case(complain, ana, bo, mara, cleo, noon, work):
    """Ana holds it, on the first level."""
    case = complain()
    assign(case, ana, by=ana)
    work()
    return fresh(case)


@pytest.fixture
def second_lead(staff):
    return staff("team_lead", team=True)


def fresh(case):
    return Case.objects.select_related("handler", "pack_version", "desk__signatory", "team").get(pk=case.pk)


def holder(case):
    return fresh(case).handler


def alerts(kind):
    return sorted(Alert.objects.filter(kind=kind).values_list("user__name", flat=True))


def up(case, level=2):
    """On this level of the ladder: 2 is the leads', 3 the complaints manager's, 5 the executive's."""
    escalation.escalate(fresh(case), why="missed", to_level=level)
    return fresh(case)


def taking_over(cleo, person):
    said = {"name": "Tout", "target": f"person:{person.pk}", "names_person": True, "takes_over": True}
    return rules.write(None, said, by=cleo)


# --- the ladder and the placing ---------------------------------------------------------------------------


def test_a_case_passed_up_is_not_given_to_another_by_a_rule_that_takes_over(case, bo, mara, cleo):
    taking_over(cleo, bo)
    case = up(case)
    for _again in range(2):
        placement = place(fresh(case))
    assert (holder(case), placement.person) == (mara, None)
    assert Entry.objects.of(case.reference).filter(what="case.placed").count() == 1


def test_a_rule_that_takes_over_moves_a_case_on_its_first_level(case, bo, cleo):
    taking_over(cleo, bo)
    place(case)
    assert holder(case) == bo


def test_handed_back_to_its_first_level_a_case_is_its_rules_again(case, bo, mara, cleo):
    taking_over(cleo, bo)
    escalation.hand_back(up(case), reason="À vous.", by=mara)
    place(fresh(case))
    assert holder(case) == bo


def test_whom_a_lead_gave_a_passed_up_case_keeps_it(case, bo, mara, cleo, ana):
    taking_over(cleo, ana)
    assign(up(case), bo, by=mara)
    place(fresh(case))
    assert holder(case) == bo


def test_a_passed_up_case_that_nobody_holds_waits_for_its_level_and_not_for_a_rule(case, bo, mara, cleo):
    taking_over(cleo, bo)
    up(case)
    Case.objects.filter(pk=case.pk).update(handler=None)
    assert holder_of(fresh(case), proposed=bo, takes_over=True) == Holder(mara, Because.SAME_LEVEL)
    place(fresh(case))
    assert holder(case) is None


# --- the ladder and people kept apart ------------------------------------------------------------------------


def test_passed_up_then_kept_apart_the_next_person_of_the_level_has_it(
    case, bo, mara, cleo, second_lead, work
):
    taking_over(cleo, bo)
    case = up(case)
    assert case.handler == mara
    keep_apart(case, mara, because="onsite_technician", by=cleo)
    work()
    assert holder(case) == second_lead
    before, after = case.escalations.all()
    assert (after.level, after.from_level, after.person, after.why, after.until) == (
        2, 1, second_lead, "apart", before.until,
    )  # fmt: skip
    assert after.came_from == before.came_from
    assert alerts("case_assigned") == [second_lead.name]
    # Nobody has to place it again, and nobody is told to.
    assert alerts("case_taken") == []
    assert not case.tasks.filter(kind="place_again").exists()


def test_the_customer_is_not_put_in_touch_with_somebody_kept_apart_from_the_case(
    case, mara, cleo, second_lead, work, noon
):
    case = up(case)
    keep_apart(case, mara, because="person_complained_about", by=cleo)
    work()
    with clock.at_moment(noon + timedelta(hours=5)):
        rounds.sweep_ladder()
    assert [(one.promised_by, one.state) for one in Update.objects.all()] == [
        (mara, "dropped"),
        (second_lead, "sent"),
    ]
    text = case.messages.get(kind="auto_update").text
    assert (second_lead.name in text, "Mara" in text) == (True, False)


def test_with_nobody_to_take_it_an_introduction_of_somebody_kept_apart_stays_here(case, mara, cleo, noon):
    case = up(case)
    Update.objects.filter(case=case).update(leaves_at=noon)
    keep_apart(case, mara, because="person_complained_about", by=cleo)
    with clock.at_moment(noon + timedelta(minutes=1)):
        rounds.sweep_ladder()
    assert Update.objects.get(promised_by=mara).state == "dropped"


def test_in_other_hands_it_is_handed_back_to_whom_it_came_from(case, ana, mara, cleo, second_lead, work):
    case = up(case)
    keep_apart(case, mara, because="onsite_technician", by=cleo)
    work()
    escalation.hand_back(fresh(case), reason="La date est fixée.", by=second_lead)
    assert (holder(case), levels.standing(case)) == (ana, 1)


def test_kept_apart_then_passed_up_it_goes_past_them(case, mara, cleo, second_lead, work):
    keep_apart(case, mara, because="onsite_technician", by=cleo)
    work()
    assert (holder(case), up(case).handler) == (case.handler, second_lead)


def test_all_of_a_level_kept_apart_the_next_level_has_it_and_the_manager_is_told(case, bo, mara, cleo, work):
    taking_over(cleo, bo)
    case = up(case)
    keep_apart(case, mara, because="onsite_technician", by=cleo)
    work()
    assert (holder(case), levels.standing(case)) == (cleo, 3)
    assert levels.current(case).why == "empty"
    told = Alert.objects.get(kind="level_empty")
    assert (told.user, told.detail) == (cleo, "team_lead")
    assert not case.tasks.filter(kind="place_again").exists()


def test_with_nobody_left_on_any_level_a_lead_is_asked_and_no_rule_gets_in_between(
    case, bo, mara, cleo, work
):
    taking_over(cleo, bo)
    case = up(case, 3)
    keep_apart(case, cleo, because="account_manager", by=mara)
    work()
    assert (holder(case), levels.standing(case)) == (None, 3)
    assert (alerts("escalation_stuck"), alerts("case_taken")) == (["Mara Lead"], ["Mara Lead"])
    assert case.tasks.get(kind="place_again").person == mara


def test_on_the_first_level_its_rule_gives_it_again_else_its_lead(case, complain, ana, bo, mara, cleo, work):
    keep_apart(case, ana, because="onsite_technician", by=mara)
    work()
    assert (holder(case), case.tasks.get(kind="place_again").person) == (None, mara)
    taking_over(cleo, bo)
    other = complain(email="luc@courriel.exemple.test")
    assign(other, ana, by=ana)
    keep_apart(other, ana, because="onsite_technician", by=mara)
    work()
    assert holder(other) == bo
    assert not other.tasks.open().filter(kind="place_again").exists()


# --- the ladder and absences ------------------------------------------------------------------------------


def test_passed_up_then_absent_whoever_stands_in_has_it_until_they_are_back(case, bo, mara, cleo, noon):
    taking_over(cleo, bo)
    case = up(case, 3)
    absences.announce(cleo, TODAY, FRIDAY, mara, by=cleo)
    assert settle_absences(clock.now()) == 2  # the case, and the look at what introduces her
    place(fresh(case))
    assert (holder(case), levels.standing(case)) == (mara, 3)
    with clock.at_moment(noon + BACK):
        assert settle_absences(clock.now()) == 2
    assert holder(case) == cleo


def test_where_nobody_stands_in_another_of_the_level_has_it(case, mara, second_lead, noon):
    case = up(case)
    absences.announce(mara, TODAY, FRIDAY, None, by=mara)
    assert settle_absences(clock.now()) == 2  # the case, and the look at what introduces her
    assert settle_absences(clock.now()) == 0
    assert holder(case) == second_lead
    assert alerts("nobody_stands_in") == []
    with clock.at_moment(noon + BACK):
        settle_absences(clock.now())
    assert holder(case) == mara


def test_where_nobody_of_the_level_is_there_the_next_level_has_it_and_is_told(case, mara, cleo, noon):
    case = up(case)
    absences.announce(mara, TODAY, FRIDAY, None, by=mara)
    settle_absences(clock.now())
    assert (holder(case), levels.standing(case)) == (cleo, 2)  # kept warm, not passed up
    assert alerts("nobody_stands_in") == ["Cleo Manager"]
    with clock.at_moment(noon + BACK):
        settle_absences(clock.now())
    assert holder(case) == mara


def test_whoever_stands_in_is_kept_apart_then_the_next_of_the_level_has_it(
    case, bo, mara, cleo, second_lead, work, noon
):
    case = up(case)
    absences.announce(mara, TODAY, FRIDAY, bo, by=mara)
    settle_absences(clock.now())
    assert holder(case) == bo
    keep_apart(fresh(case), bo, because="onsite_technician", by=cleo)
    work()
    assert holder(case) == second_lead
    settle_absences(clock.now())
    assert holder(case) == second_lead
    assert not Cover.objects.filter(ended_at=None).exists()


def test_absent_and_kept_apart_they_do_not_get_it_back(case, bo, mara, cleo, noon):
    case = up(case)
    absences.announce(mara, TODAY, FRIDAY, bo, by=mara)
    settle_absences(clock.now())
    keep_apart(fresh(case), mara, because="onsite_technician", by=cleo)
    with clock.at_moment(noon + BACK):
        settle_absences(clock.now())
    assert holder(case) == bo


def test_passed_up_by_whoever_stood_in_it_is_handed_back_to_whose_it_was(case, ana, bo, mara, noon):
    absences.announce(ana, TODAY, FRIDAY, bo, by=ana)
    settle_absences(clock.now())
    assert holder(case) == bo
    escalation.hand_up(fresh(case), NOTE, by=bo)
    with clock.at_moment(noon + BACK):
        settle_absences(clock.now())
        assert holder(case) == mara
        move = escalation.hand_back(fresh(case), reason="La date est fixée.", by=mara)
    assert (holder(case), move.person) == (ana, ana)


def test_on_a_level_that_reads_anew_nobody_stands_in_who_held_the_case(case, staff, ana, noon):
    mediator, other = staff("internal_mediator", "handler"), staff("internal_mediator", "handler")
    Escalation.objects.create(
        case=case, level=4, from_level=1, code="internal_mediator", person=mediator, why="person", by="x"
    )
    Case.objects.filter(pk=case.pk).update(handler=mediator)
    absences.announce(mediator, TODAY, FRIDAY, ana, by=mediator)
    assert holder_of(fresh(case), owner=mediator) == Holder(other, Because.SAME_LEVEL)
