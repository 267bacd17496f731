"""« Dossier suivant »: one case each, the reason with it, and giving it back."""

from datetime import date, timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.handling.routing import absences, serving
from apaise.handling.routing.person import Skill
from apaise.handling.routing.placement import Placement, Serving
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock
from tests.at_once import at_once
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(complain, noon):
    """file("a", hours=3): a case received that long ago, whose next date is in two days unless `due` says hours."""
    number = iter(range(100))

    def make(hours=1, due=48, **fields):
        case = complain(email=f"client{next(number)}@courriel.exemple.test")
        at = clock.now()
        Case.objects.filter(pk=case.pk).update(
            received_at=at - timedelta(hours=hours),
            sent_at=at - timedelta(hours=hours),
            next_due_at=at + timedelta(hours=due),
            **fields,
        )
        return Case.objects.get(pk=case.pk)

    return make


def served(user):
    found = serving.serve(user)
    return (found.case.reference, found.because) if found else None


def test_the_case_nearest_to_its_date_is_next(file, ana):
    file(due=60)
    near = file(due=40)
    assert served(ana) == (near.reference, "first")
    near.refresh_from_db()
    assert (near.handler, near.state) == (ana, "qualifying")
    assert [
        entry.facts["why"] for entry in Entry.objects.of(near.reference).filter(what="case.assigned")
    ] == ["next:first"]


def test_what_is_late_or_due_within_four_hours_comes_before_what_one_is_good_at(file, ana):
    Skill.objects.create(user=ana, kind="cause", code="billing")
    mine = file(due=40, declared_cause="billing.overcharge")
    file(due=20)
    soon, late = file(due=3), file(due=-2)
    assert [served(ana) for _ in range(3)] == [
        (late.reference, "late"),
        (soon.reference, "soon"),
        (mine.reference, "skill"),
    ]


def test_a_vip_comes_first(file, ana):
    file(due=-2)
    vip = file(due=40)
    Placement.objects.create(case=vip, queue="role:executive", lane="vip")
    assert served(ana) == (vip.reference, "vip")


def test_who_has_waited_longer_than_a_day_comes_before_every_vip(file, ana):
    vip = file(due=-2)
    Placement.objects.create(case=vip, queue="role:executive", lane="vip")
    old = file(hours=25, due=60)
    assert served(ana) == (old.reference, "waited")
    assert served(ana) == (vip.reference, "vip")


def test_after_one_that_waited_the_nearest_date_comes_even_if_more_have_waited(file, ana):
    for hours in (30, 29, 28):
        file(hours=hours, due=60)
    late = file(due=-2)
    assert [served(ana)[1], served(ana), served(ana)[1]] == ["waited", (late.reference, "late"), "waited"]


def test_the_guard_for_those_who_wait_can_be_set_and_switched_off(file, ana, settings):
    file(hours=25, due=60)
    near = file(due=40)
    settings.LONGEST_WAIT_HOURS = 0
    assert served(ana) == (near.reference, "first")


def test_after_three_hard_cases_an_easy_one(file, ana):
    for _number in range(4):
        file(due=10, criticality="C2")
    easy = file(due=40, criticality="C4")
    assert [served(ana)[1] for _ in range(3)] == ["first"] * 3
    assert served(ana) == (easy.reference, "balance")


def test_a_hard_case_whose_date_has_passed_does_not_wait_for_the_balance(file, ana):
    for _number in range(4):
        file(due=-1, criticality="C1")
    file(due=40, criticality="C4")
    assert [served(ana)[1] for _ in range(4)] == ["late"] * 4


def test_what_waits_in_somebody_elses_queue_comes_last(file, ana):
    theirs = file(due=10)
    Placement.objects.create(case=theirs, queue="function:billing")
    file(due=30)
    assert served(ana)[0] != theirs.reference
    assert served(ana)[0] == theirs.reference


def test_nobody_is_served_what_they_may_not_see_nor_what_waits_for_the_customer(file, ana, mara, eve):
    kept = file()
    keep_apart(kept, ana, because="onsite_technician", by=mara)
    file(state="awaiting_customer")
    file(state="closed", final_reply_at=clock.now())
    assert served(ana) is None
    assert served(eve) is None
    assert served(mara) == (kept.reference, "first")


def test_a_reader_and_an_absent_person_are_served_nothing(file, ana, staff):
    file()
    auditor = staff("auditor")
    with refused(Refused, match="not take them"):
        serving.serve(auditor)
    absences.announce(ana, date(2026, 11, 25), date(2026, 11, 25), None, by=ana)
    with refused(Refused, match="written down as absent"):
        serving.serve(ana)


def test_one_gives_a_case_back_with_a_reason_and_is_not_served_it_again_that_day(file, ana, bo):
    case = file()
    serving.serve(ana)
    serving.give_back(Case.objects.get(pk=case.pk), "knows_them", by=ana)
    case.refresh_from_db()
    assert case.handler is None
    assert served(ana) is None
    assert served(bo) == (case.reference, "first")
    said = Entry.objects.of(case.reference).get(what="case.passed")
    assert (said.by, said.facts) == (ana.actor_code, {"because": "knows_them"})


def test_three_a_day_may_be_given_back(file, ana):
    for _number in range(4):
        file()
    for _number in range(3):
        case = serving.serve(ana).case
        serving.give_back(Case.objects.get(pk=case.pk), "other", by=ana)
    last = serving.serve(ana).case
    with refused(Refused, match="You gave back 3 cases today"):
        serving.give_back(Case.objects.get(pk=last.pk), "other", by=ana)
    tomorrow = clock.now() + timedelta(days=1)
    with clock.at_moment(tomorrow):
        serving.give_back(Case.objects.get(pk=last.pk), "other", by=ana)
        assert served(ana) is not None  # what was given back yesterday is offered again


def test_only_what_one_was_served_and_has_not_begun_is_given_back(file, ana, bo):
    from apaise.handling.routing.assignment import assign

    taken = file()
    assign(taken, bo, by=bo)
    with refused(Refused, match="Only whoever was served"):
        serving.give_back(Case.objects.get(pk=taken.pk), "other", by=bo)
    begun = file()
    serving.serve(ana)
    with refused(Refused, match="Say why"):
        serving.give_back(Case.objects.get(pk=begun.pk), "bored", by=ana)
    Case.objects.filter(pk=begun.pk).update(we_wrote_at=clock.now())
    with refused(Refused, match="You have begun"):
        serving.give_back(Case.objects.get(pk=begun.pk), "other", by=ana)


@pytest.mark.django_db(transaction=True)
def test_those_who_ask_at_once_never_get_the_same(complain, ana, bo, mara):
    for number in range(6):
        complain(email=f"client{number}@courriel.exemple.test")
    found = at_once([lambda user=user: serving.serve(user) for user in (ana, bo, mara) for _ in range(2)])
    assert not [one for one in found if isinstance(one, Exception)]
    assert len({one.case.pk for one in found}) == 6
    assert Serving.objects.count() == 6
    for serving_ in Serving.objects.select_related("case"):
        assert serving_.case.handler_id == serving_.user_id


def test_a_case_that_somebody_holds_meanwhile_is_not_given_away_by_who_believes_otherwise(file, ana, bo):
    from apaise.handling.routing.assignment import give
    from apaise.intake.cases.models import WrongStage

    case = file()
    Case.objects.filter(pk=case.pk).update(state="qualifying", handler=bo)
    case.state = "qualifying"  # as another worker read it a moment ago, before Bo took it
    with refused(WrongStage):
        give(case, ana, believed=None, by=ana)
    case.refresh_from_db()
    assert case.handler == bo
