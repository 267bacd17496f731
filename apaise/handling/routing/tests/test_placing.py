"""Where a case goes, and why: the fast lane, the company's rules, whoever is good at it, and nobody who may not."""

from datetime import date, timedelta

import pytest

from apaise.ground.accounts.models import Alert, Function
from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Organisation
from apaise.handling.routing import absences, rules
from apaise.handling.routing.assignment import assign
from apaise.handling.routing.person import Skill
from apaise.handling.routing.placement import Placement
from apaise.handling.routing.placing import place
from apaise.handling.routing.segments import segments_of
from apaise.handling.routing.suggestions import confidence_in
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from tests.at_once import at_once
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)  # `noon`
BILLING = "billing.overcharge"


@pytest.fixture
def case(complain, noon):
    return complain()


def about(case, cause=BILLING, **fields):
    Case.objects.filter(pk=case.pk).update(declared_cause=cause, **fields)
    return Case.objects.get(pk=case.pk)


def good_at(user, *codes, kind="cause"):
    for code in codes:
        Skill.objects.create(user=user, kind=kind, code=code)


def rule(by, target, name="Facturation", **more):
    said = {"family": "billing", "names_person": True, **more}
    return rules.write(None, {"name": name, "target": target, **said}, by=by)


def holder(case):
    return Case.objects.get(pk=case.pk).handler


def said(case, what="case.placed"):
    return [entry.facts for entry in Entry.objects.of(case.reference).filter(what=what)]


def test_without_rule_or_skill_a_case_waits_in_the_queue_of_its_team_and_nothing_is_said(case, ana):
    assert place(case) is None
    assert holder(case) is None
    assert said(case) == []


def test_a_case_goes_to_whoever_is_good_at_its_cause_with_the_reason(case, ana, bo):
    good_at(bo, "billing")
    placement = place(about(case))
    assert holder(case) == bo
    assert placement.reasons == ["cause:billing", "load:0/0"]
    assert said(case)[0]["why"] == "cause:billing+load:0/0"
    assert said(case, "case.assigned") == [
        {"to": bo.actor_code, "state": "qualifying", "why": "cause:billing+load:0/0"}
    ]


def test_of_two_who_are_good_at_it_the_one_who_carries_less_gets_it(case, complain, ana, bo):
    good_at(ana, "billing")
    good_at(bo, "billing")
    assign(complain(email="luc@courriel.exemple.test"), ana, by=ana)
    place(about(case))
    assert holder(case) == bo


def test_a_hard_case_goes_to_whoever_had_the_fewest_hard_ones(case, complain, ana, bo):
    good_at(ana, "billing")
    good_at(bo, "billing")
    for number in range(3):  # Ana carries three easy ones, Bo one that is hard
        assign(complain(email=f"a{number}@courriel.exemple.test"), ana, by=ana)
    hard = complain(email="dur@courriel.exemple.test")
    assign(hard, bo, by=bo)
    Case.objects.filter(pk=hard.pk).update(criticality="C1")
    place(about(case, criticality="C2"))
    assert holder(case) == ana


def test_a_letter_in_english_goes_to_whoever_speaks_it(complain, ana, bo, noon):
    good_at(ana, "en", kind="language")
    good_at(bo, "delivery")
    ana.language = bo.language = "fr"
    ana.save()
    bo.save()
    case = complain(language="en")
    assert place(case).reasons == ["language:en", "load:0/0"]
    assert holder(case) == ana


def test_the_house_may_leave_every_case_in_its_queue(case, ana, settings):
    settings.ASSIGN_SPECIALISTS = False
    good_at(ana, "billing")
    place(about(case))
    assert holder(case) is None


# --- rules ----------------------------------------------------------------------------------------------


def test_the_first_rule_that_fits_decides(case, ana, bo, cleo):
    rule(cleo, f"person:{ana.pk}", name="Anglais", family="", language="en")
    second = rule(cleo, f"person:{bo.pk}")
    rule(cleo, f"person:{ana.pk}", name="Tout")
    assert place(about(case)).rule == second
    assert holder(case) == bo


def test_a_rule_may_ask_for_facts_and_what_is_unknown_fits_no_rule(case, ana, bo, cleo):
    rule(
        cleo,
        f"person:{ana.pk}",
        name="Dangers",
        family="",
        condition={"fact": "case.safety_risk", "eq": True},
    )
    rule(
        cleo,
        f"person:{bo.pk}",
        name="Rouverts",
        family="",
        condition={"fact": "case.reopened_count", "gte": 0},
    )
    place(case)
    assert holder(case) == bo


def test_a_rule_for_a_queue_alone_leaves_the_case_there(case, cleo, mara):
    Function.objects.update_or_create(code="billing", defaults={"person": mara, "team": None})
    rule(cleo, "function:billing", names_person=False)
    placement = place(about(case))
    assert (placement.queue, placement.person, holder(case)) == ("function:billing", None, None)


def test_placing_again_changes_nothing_and_writes_nothing(case, ana, cleo):
    rule(cleo, f"person:{ana.pk}")
    place(about(case))
    before = Entry.objects.count()
    place(Case.objects.get(pk=case.pk))
    assert Entry.objects.count() == before


def test_whom_a_person_chose_keeps_the_case_unless_the_rule_takes_over(case, ana, bo, cleo):
    made = rule(cleo, f"person:{ana.pk}")
    case = about(case)
    assign(case, bo, by=bo)
    place(Case.objects.get(pk=case.pk))
    assert holder(case) == bo
    rules.write(
        made, {"name": made.name, "target": made.target, "family": "billing", "takes_over": True}, by=cleo
    )
    place(Case.objects.get(pk=case.pk))
    assert holder(case) == ana
    assert place(Case.objects.get(pk=case.pk)).person == ana


def test_a_rule_that_takes_over_does_not_undo_what_a_lead_decided(case, ana, bo, cleo, mara):
    rule(cleo, f"person:{ana.pk}", takes_over=True)
    place(about(case))
    assign(Case.objects.get(pk=case.pk), bo, by=mara, why="workload")
    place(Case.objects.get(pk=case.pk))
    assert holder(case) == bo


def test_only_the_complaints_manager_writes_rules(ana, mara, cleo):
    for stranger in (ana, mara):
        with refused(Refused, match="The complaints manager says"):
            rule(stranger, f"person:{ana.pk}")
    with refused(Refused, match="Choose who gets these cases"):
        rule(cleo, "function:billing")  # nobody holds it
    with refused(Refused, match="The condition cannot be read"):
        rule(cleo, f"person:{ana.pk}", condition={"fact": "case.mood", "eq": "bad"})


# --- nobody who may not ---------------------------------------------------------------------------------


def test_nobody_kept_apart_gets_the_case_however_good_they_are(case, ana, bo, mara, cleo):
    rule(cleo, f"person:{bo.pk}")
    keep_apart(case, bo, because="onsite_technician", by=mara)
    placement = place(about(case))
    assert holder(case) == mara  # the next level
    assert placement.reasons == [f"rule:{placement.rule_id}", "level:next"]
    told = Alert.objects.filter(kind="fell_to_next_level", chain=case.reference)
    assert set(told.values_list("user__name", flat=True)) == {"Mara Lead", "Cleo Manager"}


def test_for_somebody_absent_whoever_stands_in_gets_it(case, ana, bo, cleo):
    rule(cleo, f"person:{bo.pk}")
    absences.announce(bo, TODAY, TODAY, ana, by=bo)
    placement = place(about(case))
    assert holder(case) == ana
    assert placement.reasons[1] == "stands_in"


def test_whoever_takes_no_new_cases_gets_none_by_itself(case, ana, bo, cleo):
    good_at(ana, "billing")
    good_at(bo, "billing")
    absences.say_presence(ana, "no_new", None, by=ana)
    place(about(case))
    assert holder(case) == bo


def test_whoever_has_as_many_as_they_can_carry_gets_no_more(case, complain, ana, cleo):
    rule(cleo, f"person:{ana.pk}")
    assign(complain(email="luc@courriel.exemple.test"), ana, by=ana)
    absences.say_presence(ana, "here", 1, by=ana)
    placement = place(about(case))
    assert holder(case) is None
    assert placement.reasons[-1] == "waits:full"


def test_somebody_who_left_gets_nothing(case, ana, mara, cleo):
    rule(cleo, f"person:{ana.pk}")
    ana.is_active = False
    ana.save()
    place(about(case))
    assert holder(case) == mara


# --- suggestions ----------------------------------------------------------------------------------------


def test_a_known_cause_without_rule_suggests_a_queue_with_its_confidence(case, mara):
    Function.objects.update_or_create(code="billing", defaults={"person": mara, "team": None})
    placement = place(about(case))
    assert (placement.suggested, placement.confidence) == ("function:billing", 70)
    assert holder(case) is None


def test_following_a_suggestion_or_deciding_otherwise_is_recorded_and_moves_the_confidence(
    case, complain, mara, ana
):
    Function.objects.update_or_create(code="billing", defaults={"person": mara, "team": None})
    place(about(case))
    assign(Case.objects.get(pk=case.pk), ana, by=mara, why="knows_customer")
    placement = Placement.objects.get(case=case)
    assert (placement.decision, placement.decided_by, placement.decided_why) == (
        "overridden",
        mara,
        "knows_customer",
    )
    assert said(case, "case.suggestion_decided") == [
        {"queue": "function:billing", "decision": "overridden", "why": "knows_customer"}
    ]
    assert confidence_in("function:billing") == 64  # 7 of 11
    other = complain(email="luc@courriel.exemple.test")
    place(about(other))
    assign(Case.objects.get(pk=other.pk), mara, by=mara)
    assert Placement.objects.get(case=other).decision == "followed"
    assert confidence_in("function:billing") == 67  # 8 of 12


# --- the fast lane --------------------------------------------------------------------------------------


@pytest.fixture
def vip(complain, noon):
    """A business customer marked as VIP, under the pack that has a fast lane."""

    def make(email="dir@usine.exemple.test"):
        from apaise.ground.parties.models import Person

        firm, _ = Organisation.objects.get_or_create(
            name="Usine Morel", defaults={"vip": True, "sector": "maintenance"}
        )
        person = Person.objects.identify(email, "Paul Morel", language="fr")
        person.organisation, person.kind = firm, "business"
        person.save()
        return complain(email=email)

    return make


def test_a_vip_goes_to_the_executive_with_clocks_of_their_own(vip, staff, noon):
    boss = staff("executive")
    case = vip()
    placement = place(case)
    assert (placement.lane, placement.queue, holder(case)) == ("vip", "role:executive", boss)
    due = {one.rule: one.due_at - noon for one in case.deadlines.filter(rule__startswith="vip_")}
    assert due == {"vip_ack": timedelta(minutes=30), "vip_first_call": timedelta(hours=2)}
    assert case.deadlines.get(rule="vip_ack").owner == "executive"


def test_with_no_executive_there_a_vip_falls_to_the_next_level(vip, staff, mara, cleo, noon):
    boss = staff("executive")
    absences.say_presence(boss, "away", None, by=boss)
    case = vip()
    place(case)
    assert holder(case) == mara
    assert Alert.objects.filter(kind="fell_to_next_level", chain=case.reference).count() == 2


def test_an_ordinary_customer_has_no_vip_clock(case):
    assert not case.deadlines.filter(rule__startswith="vip_").exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_place_at_once_place_once(complain, desk, ana, bo, cleo):
    rule(cleo, f"team:{desk.team_id}", family="")
    case = complain()
    found = at_once([lambda: place(Case.objects.get(pk=case.pk)) for _ in range(4)])
    assert not [one for one in found if isinstance(one, Exception)]
    assert len(said(case, "case.placed")) == 1
    assert len(said(case, "case.assigned")) == 1
    assert holder(case) in (ana, bo)


def test_a_rule_may_name_the_kind_of_customer_and_a_segment_of_the_pack(vip, ana, bo, cleo, noon):
    rule(cleo, f"person:{ana.pk}", name="Entreprises", family="", segment="business")
    case = vip()
    assert {"vip", "business", "maintenance"} <= segments_of(case)
    assert rules.first_that_fits(case).name == "Entreprises"
    rules.Rule.objects.update(segment="activity:none")
    assert rules.first_that_fits(case) is None
