"""The one acknowledgement: what it says, in whose words, and that there is never a second."""

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Person
from apaise.intake.cases import tracking
from apaise.intake.cases.acknowledgement import acknowledge
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.tests.test_words import words_of
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


def test_the_acknowledgement_says_what_we_heard_and_by_when_we_answer(complain, mara, work, noon):
    case = complain()
    work()
    ack = case.messages.get(kind="acknowledgement")
    text = ack.text.replace("\xa0", " ").replace("\u202f", " ")
    assert (
        ack.subject.replace("\xa0", " ")
        == f"Votre réclamation {case.reference} : bien reçue, réponse au plus tard le mercredi 9 décembre 2026"
    )
    for words in (
        "Bonjour Claire Fontanel",
        "du mercredi 25 novembre 2026",
        "dans les plus brefs délais",
        "« Fibre jamais installée »",
        "« Personne n'est venu le 12 novembre. »",
        "Mara Lead",
        case.reference,
        tracking.link_for(case),
        "dpo@exemple.test",
    ):
        assert words in text, (words, text)
    assert ack.author_user is None
    case.refresh_from_db()
    assert case.announced_for == case.deadlines.get(rule="reply_target").due_at


def test_an_english_complaint_is_acknowledged_in_english(complain, work, noon):
    case = complain(language="en", subject="Broken router", text="The router never worked.")
    work()
    ack = case.messages.get(kind="acknowledgement")
    assert (
        ack.subject.replace("\xa0", " ")
        == f"Your complaint {case.reference}: received, reply by Wednesday 9 December 2026"
    )
    assert "Broken router" in ack.text and "The router never worked." in ack.text


@pytest.mark.parametrize(
    "words",
    [
        {"subject": "", "text": ""},
        {"subject": "", "text": "Rien ne marche"},
        {"subject": "Panne", "text": ""},
        {"name": ""},
        {"subject": "{{case_ref}} {{#x}}", "text": "{{>mention_data}} }} {{"},
        {"subject": "a\r\nBcc: victime@ailleurs.test", "name": "Tania\r\nBcc: victime@ailleurs.test"},
        {"name": "N" * 200, "subject": "S" * 200, "text": "t" * 50_000},
        {"language": "en", "subject": "", "text": "", "name": ""},
    ],
)
def test_whatever_was_written_the_acknowledgement_can_be_written_too(complain, work, words):
    case = complain(**words)
    work()
    ack = case.messages.get(kind="acknowledgement")
    assert "\n" not in ack.subject and "\r" not in ack.subject
    assert "{{case_ref}} {{#x}}" not in words.get("subject", "") or "{{case_ref}} {{#x}}" in ack.text


def test_a_desk_that_named_nobody_still_acknowledges(complain, desk, work):
    desk.signatory, desk.phone, desk.dpo_contact = None, "", ""
    desk.save()
    case = complain()
    work()
    assert "Tramontel, réclamations" in case.messages.get(kind="acknowledgement").text


def test_there_is_one_acknowledgement_however_often_it_is_asked_for(complain, work, send, noon):
    case = complain()
    assert acknowledge(case).kind == "acknowledgement"
    with nothing_changed():
        assert acknowledge(case) is None
        assert acknowledge(Case.objects.get(pk=case.pk)) is None
    work()
    send()
    assert case.messages.filter(kind="acknowledgement").count() == 1
    assert words_of(case).count("ack.sent") == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_acknowledge_at_once_and_one_message_exists(complain, noon):
    from tests.at_once import at_once

    number = complain().pk
    results = at_once([lambda: acknowledge(Case.objects.get(pk=number))] * 4)
    assert sorted(type(result).__name__ for result in results) == [
        "Message",
        "NoneType",
        "NoneType",
        "NoneType",
    ], results
    assert Message.objects.filter(kind="acknowledgement").count() == 1
    assert Entry.objects.filter(what="message.queued").count() == 1


@pytest.mark.parametrize("state", ["redirected", "merged", "withdrawn"])
def test_what_is_no_longer_ours_is_not_acknowledged(complain, state):
    case = complain()
    case.keep(state=state)
    with nothing_changed():
        assert acknowledge(case) is None


def test_what_is_answered_is_not_acknowledged_afterwards(answered):
    case = answered()
    with nothing_changed():
        assert acknowledge(case) is None


def test_a_business_is_acknowledged_in_its_own_words(desk, work, noon):
    from apaise.ground.parties.models import Organisation

    person = Person.objects.identify("direction@tilleuls.exemple.test", "Mme Direction")
    person.organisation = Organisation.objects.create(
        name="Hôtel des Tilleuls", kind="business", sector="maintenance"
    )
    person.save()
    case = open_case(person, desk=desk, channel="email", language="fr", by=person, title="Ascenseur")
    work()
    assert case.messages.get(kind="acknowledgement").subject.startswith(
        f"[{case.reference}] Réclamation enregistrée"
    )
