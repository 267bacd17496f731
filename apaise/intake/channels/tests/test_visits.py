"""Somebody at the counter: where, who received them, what they wish, and what they take home."""

import pytest
from django.utils import translation

from apaise.ground.ledger.models import Entry
from apaise.intake.cases import tracking
from apaise.intake.cases.merging import merge
from apaise.intake.cases.messages import File, Refused
from apaise.intake.channels import guidance, visits
from apaise.intake.channels.by_hand import Who
from apaise.intake.channels.visits import note_visit, usual_place
from tests.nothing_changed import nothing_changed, refused

from .by_hand import PAUL, told

pytestmark = pytest.mark.django_db
HERE = {"place": "Guichet de Nantes"}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def words_of(case):
    return list(Entry.objects.of(case.reference).values_list("what", flat=True))


def test_a_visit_keeps_place_wish_papers_and_who_received(desk, ana, bo, noon):
    bill = File("facture.png", "image/png", 3, "0" * 64)
    case = note_visit(
        told(), **HERE, received_by=bo, recap="declined", by=ana, wish="Un rendez-vous", papers=[bill]
    )
    message = case.messages.get(direction="in")
    visit = message.visit
    assert (case.channel, visit.place, visit.received_by, visit.wish) == (
        "in_person",
        "Guichet de Nantes",
        bo,
        "Un rendez-vous",
    )
    assert [file.name for file in message.attachments.all()] == ["facture.png"]
    assert Entry.objects.of(case.reference).get(what="contact.human_done").by == bo.actor_code
    assert usual_place(bo) == "Guichet de Nantes" and usual_place(ana) == ""


def test_the_way_to_follow_the_case_is_there_for_the_receipt(desk, ana, noon):
    case = note_visit(told(), **HERE, received_by=ana, recap="declined", by=ana)
    link = tracking.known_link(case)
    assert link is not None and tracking.address_of(link) == tracking.link_for(case)


def test_a_recap_handed_over_makes_the_complaint_a_written_one(desk, ana, noon):
    case = note_visit(told(who=PAUL), **HERE, received_by=ana, recap="handed", by=ana, wish="Des excuses.")
    recap = case.messages.get(kind="recap")
    assert (recap.channel, recap.state, recap.sent_at) == ("in_person", "sent", noon)
    assert "Ce qui réparerait les choses à vos yeux\xa0: Des excuses." in recap.text
    case.refresh_from_db()
    assert case.written_complaint_at == noon
    assert words_of(case).count("durable_recap.sent") == words_of(case).count("complaint.written") == 1


def test_a_recap_goes_by_mail_where_an_address_is_known(desk, ana, noon):
    case = note_visit(told(), **HERE, received_by=ana, recap="email", by=ana)
    assert case.messages.get(kind="recap").to_address == "claire@courriel.exemple.test"
    with refused(Refused, match="needs an address"):
        note_visit(told(who=PAUL, once="2"), **HERE, received_by=ana, recap="email", by=ana)


def test_a_visit_sent_again_after_its_case_was_merged_leads_to_where_its_words_are(desk, ana, mara, noon):
    one = note_visit(told(), **HERE, received_by=ana, recap="declined", by=ana)
    again = told(once="2", who=Who(person=one.complainant))
    two = note_visit(again, **HERE, received_by=ana, recap="declined", by=ana)
    merge(two, one, reason="sent_twice", by=mara)
    with nothing_changed():
        assert note_visit(again, **HERE, received_by=ana, recap="declined", by=ana) == one


def test_place_and_receiver_are_asked_for(desk, ana, eve, noon):
    with refused(Refused, match="where you received them"):
        note_visit(told(), place=" ", received_by=ana, recap="handed", by=ana)
    with refused(Refused, match="who received them"):
        note_visit(told(), **HERE, received_by=eve, recap="handed", by=ana)


@pytest.mark.parametrize("channel", ["phone", "in_person"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_card_has_words_for_every_code_of_the_data(channel, language):
    known = guidance._channels()[channel]
    card = guidance.card_for(channel, language)
    assert (len(card.do), len(card.dont)) == (len(known["do"]), len(known["dont"]))
    assert card.priorities == known["priorities"][language]


def test_every_way_of_a_recap_can_be_offered_somewhere():
    assert [code.value for code in visits.RECAPS] == ["handed", "email", "letter", "declined"]
