"""What must hold whichever way cases are merged, taken out again and split: who is kept apart, what is owed, who is one."""

from datetime import UTC, datetime, timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.parties.contracts import add_contract
from apaise.ground.parties.merging import merge as merge_people
from apaise.ground.parties.models import Person, Representative
from apaise.intake.cases import deadlines
from apaise.intake.cases.contract import choose_contract
from apaise.intake.cases.criticality import weigh
from apaise.intake.cases.grouping import Suggestion
from apaise.intake.cases.knowing import know_all
from apaise.intake.cases.likeness import dismiss, look_for_similar
from apaise.intake.cases.merging import merge
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused, add_customer_message
from apaise.intake.cases.models import Case, Exclusion
from apaise.intake.cases.outgoing import mark_sent
from apaise.intake.cases.splitting import split
from apaise.intake.cases.unmerging import undo_merge
from apaise.lib import clock
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


def days(count):
    return clock.at_moment(NOON + timedelta(days=count))


def fresh(case):
    return Case.objects.get(pk=case.pk)


def sees(user, case):
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


@pytest.fixture
def two(complain):
    with days(0):
        older = complain()
    with days(1):
        return older, complain(text="Je réclame encore.")


@pytest.fixture
def one_person(complain, mara, noon):
    """Two cases of two people who turned out to be one."""
    one, other = complain(email="claire@a.test"), complain(email="claire@b.test", text="Autre chose ici.")
    merge_people(one.complainant, other.complainant, by=mara, sure=True)
    return fresh(one), fresh(other)


def test_who_is_kept_apart_from_a_case_is_kept_apart_from_what_is_split_off(two, ana, bo):
    case, _other = two
    with days(2):
        message = add_customer_message(case, case.complainant, channel="email", text="Bo m'a insultée.")
        Exclusion.objects.create(case=case, user=bo, because="person_complained_about")
        new = split(case, [message.pk], by=ana)
    assert not sees(bo, new)
    assert new.exclusions.get().because == "person_complained_about"


def test_who_was_kept_apart_since_the_merge_is_kept_apart_from_both_after_it(two, ana, bo):
    older, younger = two
    with days(2):
        merge(younger, older, reason="sent_twice", by=ana)
        Exclusion.objects.create(case=older, user=bo, because="onsite_technician")
        undo_merge(fresh(younger), by=ana)
    assert not sees(bo, older) and not sees(bo, younger)


def test_who_came_to_be_kept_apart_with_another_case_is_not_of_the_one_taken_out(two, complain, ana, bo):
    older, younger = two
    with days(2):
        third = complain(text="Troisième fois.")
        Exclusion.objects.create(case=third, user=bo, because="onsite_technician")
        merge(younger, older, reason="sent_twice", by=ana)
        merge(third, fresh(older), reason="sent_twice", by=ana)
        undo_merge(fresh(younger), by=ana)
    assert not sees(bo, older) and sees(bo, younger)


def test_a_suggestion_is_dismissed_only_by_who_may_see_both(two, ana):
    older, younger = two
    suggestion = Suggestion.objects.create(case=younger, other=older, score=80)
    Exclusion.objects.create(case=younger, user=ana, because="onsite_technician")
    with refused(Refused, match="not there any more"):
        dismiss(older, suggestion, by=ana)
    assert Suggestion.objects.get().dismissed_at is None


def test_a_second_acknowledgement_on_paper_is_not_posted(two, ana):
    older, younger = two
    with days(2):
        for case in two:
            Message.objects.create(
                case=case, direction="out", kind="acknowledgement", channel="letter", state="to_post", at=NOON
            )
        merge(younger, older, reason="sent_twice", by=ana)
    assert [message.case for message in Message.objects.filter(kind="acknowledgement")] == [older]


def test_cases_of_people_who_were_merged_are_of_one_customer(one_person, mara):
    one, other = one_person
    with days(1):
        merge(other, one, reason="same_matter", by=mara)
    assert other.merged_into == one


def test_a_mandate_of_a_person_who_was_merged_still_counts(one_person, complain, mara):
    one, other = one_person
    with days(1):
        theirs = complain(email="avocat@cabinet.exemple.test", name="Me Loi")
        lawyer = Person.objects.get(pk=theirs.complainant_id)
        Representative.objects.create(person=lawyer, represents=other.complainant, quality="lawyer")
        merge(theirs, one, reason="same_matter", by=mara)
    assert theirs.merged_into == one


def test_the_case_of_a_merged_person_is_likely_the_same(one_person):
    one, other = one_person
    Suggestion.objects.all().delete()
    words = "Commande CMD-778899 jamais livrée"
    for case in one_person:
        Message.objects.filter(case=case).update(new_text=words, text=words)
        look_for_similar(case)
    assert ["person", ""] in Suggestion.objects.get(case=other, other=one).reasons


def test_a_case_that_took_another_in_is_found_by_its_words(complain, ana, work, noon):
    one = complain(text="La porte du garage grince.", subject="Garage")
    other = complain(text="Commande CMD-778899 jamais livrée, colis 6A12345678901", subject="Colis")
    work()
    merge(other, one, reason="same_matter", by=ana)
    work()
    third = complain(
        email="z@z.test", text="Ma commande CMD-778899 n'arrive pas, colis 6A12345678901", subject="Colis"
    )
    work()
    assert Suggestion.objects.filter(case=third, other=one).exists()


# --- what the case is like ------------------------------------------------------------------------------


def shared(case):
    row = fresh(case)
    return row.public_exposure, row.wants_paper, row.contract, row.criticality


def exposed(case):
    return add_customer_message(case, case.complainant, channel="social_media", text="Honteux.", public=True)


@pytest.fixture
def contracts(two, mara):
    owner = two[0].complainant
    return [add_contract(owner, by=mara, number=number) for number in ("C-1", "C-2")]


def test_exposure_contract_and_paper_go_along_and_come_back(two, contracts, mara):
    older, younger = two
    with days(2):
        exposed(younger)
        know_all(
            younger, {"case.legal_threat": True, "case.claim_amount": "1500"}, by=mara
        )  # 45 points with the post
        choose_contract(younger, contracts[0], by=mara)
        Case.objects.filter(pk=younger.pk).update(wants_paper=True)
        before = shared(older), shared(younger)
        merge(fresh(younger), fresh(older), reason="other_channel", by=mara)
        assert shared(older) == (True, True, contracts[0], "C2")
        dates = list(older.deadlines.order_by("rule").values_list("rule", "due_at"))
        deadlines.rebuild(fresh(older))
        assert list(older.deadlines.order_by("rule").values_list("rule", "due_at")) == dates
        undo_merge(fresh(younger), by=mara)
        deadlines.rebuild(fresh(older))
    assert before[0] == (False, False, None, "")
    assert (shared(older), shared(younger)) == before


def test_what_was_said_of_the_survivor_since_the_merge_stays(two, contracts, mara):
    older, younger = two
    with days(2):
        choose_contract(younger, contracts[0], by=mara)
        merge(fresh(younger), fresh(older), reason="other_channel", by=mara)
        choose_contract(fresh(older), contracts[1], by=mara)
        exposed(fresh(older))
        undo_merge(fresh(younger), by=mara)
    assert shared(older)[:3] == (True, False, contracts[1])
    assert shared(younger)[:3] == (False, False, contracts[0])


def test_a_case_split_off_is_public_if_its_words_are_and_of_the_same_contract(two, contracts, mara):
    case, _other = two
    with days(2):
        choose_contract(case, contracts[1], by=mara)
        Case.objects.filter(pk=case.pk).update(wants_paper=True)
        private = add_customer_message(case, case.complainant, channel="email", text="Et la facture.")
        public = exposed(fresh(case))
        quiet = split(fresh(case), [private.pk], by=mara)
        loud = split(fresh(case), [public.pk], by=mara)
    assert shared(quiet) == (False, True, contracts[1], "")
    weigh(fresh(loud))
    assert shared(loud) == (True, True, contracts[1], "C2")


# --- who wrote last -------------------------------------------------------------------------------------


def test_a_letter_filed_late_does_not_become_the_last_words(two, ana):
    older, younger = two
    with days(4):
        for text, day in (("Mail de mardi", 3), ("Lettre de lundi", 1)):
            at = NOON + timedelta(days=day)
            add_customer_message(older, older.complainant, channel="email", text=text, at=at)
        merge(younger, fresh(older), reason="same_matter", by=ana)
    assert (fresh(older).customer_wrote_at, fresh(older).excerpt) == (
        NOON + timedelta(days=3), "Mail de mardi"
    )  # fmt: skip


def ours(case, by, **more):
    return Message.objects.create(
        case=case, direction="out", author_user=by, channel="letter", state="to_post", at=NOON, **more
    )


def test_a_letter_noted_late_does_not_put_back_when_we_wrote(two, ana):
    case, _other = two
    with days(3):
        for day in (2, 1):
            letter = ours(case, ana, kind="reply")
            mark_sent(letter, leaving=[Message.State.TO_POST], by=ana, at=NOON + timedelta(days=day))
    assert fresh(case).we_wrote_at == NOON + timedelta(days=2)


def test_a_letter_posted_before_the_merge_and_noted_after_it_counts_for_its_own_case(two, ana):
    older, younger = two
    with days(2):
        letter = ours(younger, ana, kind="recap")
        merge(younger, older, reason="sent_twice", by=ana)
    with days(3):
        letter = Message.objects.get(pk=letter.pk)
        mark_sent(letter, leaving=[Message.State.TO_POST], by=ana, at=NOON + timedelta(days=1))
        undo_merge(fresh(younger), by=ana)
    history = Entry.objects.of(younger.reference)
    assert history.filter(what="durable_recap.sent").count() == 1
    assert fresh(younger).we_wrote_at == NOON + timedelta(days=1)
