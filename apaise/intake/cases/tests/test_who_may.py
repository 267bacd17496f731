"""Who may read and do what, by role, team and exclusion; the verbs refuse, and nothing changes."""

import pytest

from apaise.handling.routing.assignment import assign, candidates
from apaise.intake.cases import conversation, ending, policies
from apaise.intake.cases.messages import Refused, add_note
from apaise.intake.cases.models import Case, Exclusion, WrongStage
from apaise.intake.cases.qualification import qualify, set_criticality
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
ROLES_AND_SIGHT = {
    "handler": "team",
    "team_lead": "team",
    "complaints_manager": "all",
    "auditor": "all",
    "executive": "own",
    "quality": "none",
    "trainer": "none",
    "internal_mediator": "none",
    "legal_dpo": "none",
    "administrator": "none",
    "contributor": "none",
}


def sees(user):
    return Case.objects.visible_to(user).exists()


@pytest.mark.parametrize(("role", "sight"), ROLES_AND_SIGHT.items())
def test_each_role_sees_its_cases_and_no_others(role, sight, complain, staff):
    case = complain()
    stranger, member = staff(role), staff(role, team=True)
    assert sees(stranger) is (sight == "all")
    assert sees(member) is (sight in ("all", "team"))
    Case.objects.filter(pk=case.pk).update(handler=stranger)
    assert sees(stranger) is (sight in ("all", "team", "own"))


@pytest.mark.parametrize("role", ["handler", "team_lead", "complaints_manager", "auditor", "executive"])
def test_an_excluded_person_sees_nothing_of_the_case_even_as_its_handler(role, complain, staff):
    case, user = complain(), staff(role, team=True)
    Case.objects.filter(pk=case.pk).update(handler=user)
    Exclusion.objects.create(case=case, user=user, because="onsite_technician")
    assert not sees(user)
    complain(email="luc@courriel.exemple.test")
    assert Case.objects.visible_to(user).count() == (1 if role != "executive" else 0)


def acts(case, by):
    """Every verb of a member of staff."""
    return {
        "note": lambda: add_note(case, "Vu avec le planning.", by=by),
        "assign": lambda: assign(case, by, by=by),
        "reply": lambda: conversation.reply(case, "Bonjour", by=by),
        "criticality": lambda: set_criticality(case, "C1", by=by, reason="Vu ensemble"),
        "reopen": lambda: ending.reopen(case, by=by, why="new_fact"),
        "take_back": lambda: ending.take_back(case, by=by),
        "accept": lambda: ending.accept(case, by=by, said="phone"),
        "close": lambda: ending.close(case, reason="accepted", followup="done", summary="Réglé", by=by),
    }


@pytest.mark.parametrize(
    "act", ["note", "assign", "reply", "criticality", "reopen", "take_back", "accept", "close"]
)
@pytest.mark.parametrize(
    "who",
    ["eve", "auditor", "administrator", "quality", "contributor", "lead of another team", "excluded lead"],
)
def test_strangers_readers_and_excluded_people_can_do_nothing(act, who, answered, eve, staff):
    case = answered()
    by = (
        eve
        if who == "eve"
        else staff("team_lead", team=who == "excluded lead")
        if "lead" in who
        else staff(who)
    )
    if who == "excluded lead":
        Exclusion.objects.create(case=case, user=by, because="account_manager")
    with refused(Refused):
        acts(case, by)[act]()


@pytest.mark.parametrize("act", ["reply", "close", "accept"])
def test_a_colleague_does_not_speak_for_the_one_who_holds_the_case(act, answered, bo):
    case = answered()
    with refused(Refused, match="Somebody else handles"):
        acts(case, bo)[act]()


def test_a_lead_may_speak_on_a_case_of_the_team(answered, mara):
    assert conversation.reply(answered(), "Bonjour", by=mara).author_user == mara


def test_everybody_of_the_team_may_leave_a_note(answered, bo):
    note = add_note(answered(), "  Vu.  ", by=bo)
    assert (note.text, note.author) == ("Vu.", bo)
    with refused(Refused, match="Write something first"):
        add_note(note.case, " \n ", by=bo)


def test_a_handler_takes_a_case_and_hands_out_none(complain, ana, bo, mara, noon):
    case = complain()
    with refused(Refused, match="Only a team lead"):
        assign(case, bo, by=ana)
    assign(case, ana, by=ana)
    assert (case.state, case.handler) == ("qualifying", ana)
    with nothing_changed():
        assign(case, ana, by=ana)
    assign(case, bo, by=mara)
    assert Case.objects.get(pk=case.pk).handler == bo


def test_nobody_takes_a_case_out_of_a_colleagues_hands(complain, ana, bo):
    case = complain()
    assign(case, ana, by=ana)
    with refused(Refused, match="Somebody else handles"):
        assign(Case.objects.get(pk=case.pk), bo, by=bo)


def test_of_two_who_take_a_case_they_both_saw_free_the_second_is_told(complain, ana, bo):
    case = complain()
    first, second = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    assign(first, ana, by=ana)
    with refused(WrongStage, match="has moved on"):
        assign(second, bo, by=bo)


@pytest.mark.django_db(transaction=True)
def test_two_people_take_a_case_at_once_and_one_has_it(complain, ana, bo):
    from tests.at_once import at_once

    number = complain().pk
    results = at_once([lambda by=by: assign(Case.objects.get(pk=number), by, by=by) for by in (ana, bo)])
    assert sorted(type(result).__name__ for result in results) in (
        ["NoneType", "WrongStage"],
        ["NoneType", "Refused"],
    )
    from apaise.ground.ledger.models import Entry

    (entry,) = Entry.objects.filter(what="case.assigned")
    assert entry.by == entry.facts["to"] == Case.objects.get(pk=number).handler.actor_code


def test_nobody_who_is_excluded_elsewhere_left_or_without_role_is_given_a_case(
    complain, ana, bo, eve, mara, cleo, staff
):
    case = complain()
    Exclusion.objects.create(case=case, user=bo, because="onsite_technician")
    ana.is_active = False
    ana.save()
    auditor = staff("auditor", team=True)
    for person, why in (
        (bo, "kept apart"),
        (ana, "cannot handle"),
        (eve, "not in the team"),
        (auditor, "cannot handle"),
    ):
        with refused(Refused, match=why):
            assign(case, person, by=mara)
    assert candidates(case, by=mara) == [mara, cleo]
    assign(case, cleo, by=mara)
    assert case.handler == cleo


def test_an_ended_case_is_given_to_nobody(complain, ana):
    case = complain()
    ending.withdraw(case, by=case.complainant)
    with refused(Refused, match="has ended"):
        assign(case, ana, by=ana)


def test_a_case_that_moved_on_is_not_qualified(complain, ana, mara):
    case = complain()
    assign(case, ana, by=ana)
    stale = Case.objects.get(pk=case.pk)
    conversation.redirect(case, "Votre demande est suivie par la mairie.", to="other_entity", by=ana)
    with refused(WrongStage):
        qualify(
            stale,
            grievances=["Un"],
            cause="service.quality",
            criticality="C3",
            restatement="Si je comprends bien ?",
            by=ana,
        )
    with refused(WrongStage):
        set_criticality_of_stale(stale, mara)


def set_criticality_of_stale(case, by):
    case.criticality = "C3"  # as it was shown
    set_criticality(case, "C1", by=by, reason="Vu ensemble")


def test_asking_who_may_assign_costs_the_same_for_three_and_for_thirteen_people(
    complain, mara, staff, django_assert_max_num_queries
):
    case = complain()
    for _ in range(10):
        staff("handler", team=True)
    with django_assert_max_num_queries(8):
        assert len(candidates(case, by=mara)) == 11


def test_the_reasons_are_whole_sentences(complain, ana, eve, staff):
    case = complain()
    for user in (ana, eve, staff("auditor")):
        for ask in (
            policies.work_refusal,
            policies.reply_refusal,
            policies.close_refusal,
            policies.reopen_refusal,
            policies.redirect_refusal,
        ):
            if reason := ask(user, case):
                assert str(reason).endswith(".")
