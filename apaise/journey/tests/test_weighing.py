"""What follows from the weight of a case: first complaints, third contacts, wide posts, customers that change."""

from datetime import timedelta

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.parties.contracts import add_contract, change_contract
from apaise.ground.parties.people import add_organisation, add_person, change_organisation
from apaise.handling.routing.levels import standing
from apaise.handling.tasks.models import Task
from apaise.intake.cases.attempts import earlier_contacts, is_first_complaint
from apaise.intake.cases.criticality import weigh
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.knowing import know
from apaise.intake.cases.linking import link
from apaise.intake.cases.messages import add_customer_message
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.segments import segment_of
from apaise.intake.cases.weighing import CaseSegment, Weighing
from apaise.intake.channels.particulars import Post
from apaise.journey.weighing import weigh_what_time_changes
from apaise.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def days(noon):
    """days(3) -> three days after noon on Wednesday 25 November."""
    return lambda count: clock.at_moment(noon + timedelta(days=count))


def level(case):
    return Case.objects.values_list("criticality", flat=True).get(pk=case.pk)


def said(case, what):
    return [entry.facts for entry in Entry.objects.of(case.reference).filter(what=what)]


# --- the first complaint, the third contact ------------------------------------------------------------------


def test_a_first_complaint_is_marked_and_its_answer_is_followed_up_within_five_working_days(
    answered, work, noon
):
    case = answered()
    work()
    assert Weighing.objects.get(case=case).first_complaint is True
    task = Task.objects.get(case=case, kind="first_complaint")
    assert task.owner == "handler"
    assert timedelta(days=6) < task.due_at - noon <= timedelta(days=8)  # five working days over one weekend
    again = answered(subject="Autre chose", text="La facture de mars est fausse.")
    work()
    assert Weighing.objects.get(case=again).first_complaint is False
    assert not Task.objects.filter(case=again).exists()


def test_a_colleagues_complaint_makes_the_next_of_their_company_no_first_one(desk, ana, noon):
    company = add_organisation(by=ana, name="Ateliers Brun")
    lea, max_ = (add_person(by=ana, name=name, organisation=company) for name in ("Léa Brun", "Max Brun"))
    first = open_case(lea, desk=desk, channel="email", language="fr", by=lea)
    second = open_case(max_, desk=desk, channel="email", language="fr", by=max_)
    assert (is_first_complaint(first), is_first_complaint(second)) == (True, False)


def test_the_third_contact_about_one_matter_is_recognised_and_told(complain, mara, work, days):
    with days(0):
        case = complain()
        work()
    for day in (2, 4):
        with days(day):
            add_customer_message(
                case, case.complainant, channel="email", text="Toujours personne.", at=clock.now()
            )
            work()
    assert facts_of(case)["case.previous_attempts"] == 2
    held = {name for name, _weight, holds in Weighing.objects.get(case=case).factors if holds}
    assert held == {"repeat_unresolved"}
    assert level(case) == "C3"  # 20 points
    assert Alert.objects.filter(kind="third_contact", user=mara).count() == 1


def test_earlier_cases_like_it_count_once_and_those_of_others_never(complain, ana, work, days):
    with days(0):
        older, stranger = complain(), complain(email="autre@courriel.exemple.test", name="Autre Client")
    with days(3):
        case = complain(subject="Encore la fibre", text="Une autre panne, sans rapport de mots.")
        work()
        assert earlier_contacts(case) == 0
        link(case, older, kind="follows", by=ana)
        link(case, stranger, kind="related", by=ana)
        work()
    assert earlier_contacts(case) == 1
    assert earlier_contacts(older) == 0  # it came before


def test_an_answer_to_our_question_and_a_second_mail_of_the_same_day_are_no_new_contact(complain, work, days):
    with days(0):
        case = complain()
        add_customer_message(
            case, case.complainant, channel="email", text="J'oubliais la photo.", at=clock.now()
        )
        work()
    assert earlier_contacts(case) == 0


def test_a_customer_who_complains_often_is_never_taken_less_seriously(complain, ana, work, days):
    levels = []
    for day in range(6):
        with days(day):
            case = complain(subject=f"Plainte {day}", text=f"Motif tout autre numéro {day}.")
            work()
            know(case, "case.claim_amount", "1500", by=ana)
            levels.append(level(case))
    assert levels[0] == "C3"
    assert levels == sorted(levels, reverse=True)  # C1 is the highest: it only ever goes up


# --- reach ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reach", "passes"), [(10_000, False), (10_001, True), (None, False)])
def test_a_post_seen_by_more_people_than_the_pack_allows_for_goes_up(
    complain, cleo, mara, work, noon, reach, passes
):
    case = complain()
    message = add_customer_message(
        case, case.complainant, channel="social_media", text="Honteux.", public=True, at=noon
    )
    Post.objects.create(message=message, network="Mastodon", author="@claire", reach=reach)
    work()
    expected = [{"reach": 10_001, "above": 10_000, "level": 3}] if passes else []
    assert said(case, "reach.passed") == expected
    told = set(Alert.objects.filter(kind="reach_passed").values_list("user__name", flat=True))
    assert told == ({"Cleo Manager", "Mara Lead"} if passes else set())
    case.refresh_from_db()
    assert (standing(case) == 3, case.handler == cleo) == (passes, passes)


def test_a_private_message_reaches_nobody_and_a_reach_that_a_person_types_counts(complain, ana, work, noon):
    case = complain()
    message = add_customer_message(case, case.complainant, channel="social_media", text="En privé.", at=noon)
    Post.objects.create(message=message, network="Mastodon", author="@claire", reach=10**6, is_private=True)
    work()
    assert said(case, "reach.passed") == []
    know(case, "case.reach", 20_000, by=ana)
    know(case, "case.reach", 30_000, by=ana)
    assert [one["reach"] for one in said(case, "reach.passed")] == [20_000]  # once


# --- customers that change, and time --------------------------------------------------------------------------


@pytest.fixture
def big(desk, ana, noon):
    company = add_organisation(by=ana, name="Ateliers Brun", kind="business", sector="maintenance")
    deal = add_contract(company, by=ana, number="M-1", amount=20_000, period="month", sector="maintenance")
    person = add_person(by=ana, name="Léa Brun", organisation=company)
    case = open_case(person, desk=desk, channel="email", language="fr", by=person)
    weigh(case)
    return company, deal, case


def codes(case):
    return set(CaseSegment.objects.filter(case=case).values_list("code", flat=True))


def test_a_case_follows_its_customer_into_another_segment(big, ana, work):
    company, deal, case = big
    assert codes(case) == {"contract_amount:50000"}  # 240,000 a year
    change_contract(deal, by=ana, amount=25_000)
    change_organisation(company, by=ana, activity="industry")
    work()
    case = Case.objects.get(pk=case.pk)
    assert (
        codes(case)
        == {"contract_amount:250000", "key_accounts", "activity:industry"}
        == segment_of(case).codes
    )


def test_a_renewal_that_comes_nearer_weighs_when_it_is_near(big, ana, noon):
    _company, deal, case = big
    change_contract(deal, by=ana, renews_on=noon.date() + timedelta(days=100))
    weigh(Case.objects.get(pk=case.pk))
    assert level(case) == ""
    with clock.at_moment(noon + timedelta(days=20)):
        weigh_what_time_changes()
    assert level(case) == "C3"  # 20 points: within 90 days
