"""The page about a case's escalation, and the box on the case."""

import pytest

from apaise.handling.prepared.models import Update
from apaise.handling.routing import escalation
from apaise.handling.routing.assignment import assign
from apaise.handling.routing.handover import Handover
from apaise.intake.cases.models import Case
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
NOTE = {"done": "Le technicien est joint.", "left": "Fixer la date.", "promised": "Un appel.", "tell": "on"}


@pytest.fixture
def case(complain, ana, mara, cleo, noon):
    case = complain()
    assign(case, ana, by=ana)
    return case


def plain(page):
    return page.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_the_box_says_level_person_limit_and_what_waits(client, case, ana, mara):
    client.force_login(ana)
    page = plain(client.get(f"/desk/cases/{case.reference}"))
    assert "1, Case handler" in page
    escalation.escalate(case, why="missed")
    page = plain(client.get(f"/desk/cases/{case.reference}"))
    for words in (
        "2, Team lead / specialist",
        "Mara Lead",
        "At the latest until",
        "1 message waits for a look",
    ):
        assert words in page


def test_passing_up_needs_the_note_and_keeps_what_was_typed(client, case, ana):
    client.force_login(ana)
    with nothing_changed():
        page = client.post(f"/desk/cases/{case.reference}/escalation", {**NOTE, "left": " "})
    assert page.status_code == 409
    assert "what is done and what is left" in plain(page)
    assert "Le technicien est joint." in plain(page)


def test_the_note_is_begun_in_the_language_of_whoever_reads_the_page(client, case, ana):
    for language, words in (("fr", "reçu le 25 novembre"), ("en", "received on 25 November")):
        ana.language = language
        ana.save()
        client.force_login(ana)
        page = plain(client.get(f"/desk/cases/{case.reference}/ladder"))
        assert words in page


def test_passed_up_and_handed_back_from_the_page(client, case, ana, mara):
    client.force_login(ana)
    done = client.post(f"/desk/cases/{case.reference}/escalation", NOTE)
    assert done["Location"] == f"/desk/cases/{case.reference}/ladder?done=passed_up"
    client.force_login(mara)
    page = plain(client.get(f"/desk/cases/{case.reference}/ladder"))
    for words in ("Passed up to level 2", "Done: Le technicien est joint.", "somebody decided it"):
        assert words in page
    client.post(f"/desk/cases/{case.reference}/escalation/return", {"reason": "La date est fixée."})
    assert Case.objects.get(pk=case.pk).handler == ana
    assert "La date est fixée." in plain(client.get(f"/desk/cases/{case.reference}/ladder"))


def test_the_circuit_and_nobody_named_are_shown(client, case, ana):
    client.force_login(ana)
    case.keep(criticality="C1")
    page = plain(client.get(f"/desk/cases/{case.reference}/ladder"))
    for words in ("Circuit C1", "Complaints desk", "Cleo Manager", "nobody named"):
        assert words in page


def test_a_prepared_message_is_sent_in_other_words_or_set_aside(client, case, ana, mara):
    escalation.escalate(case, why="missed")
    update = Update.objects.get()
    client.force_login(mara)
    assert "leaves by itself" in plain(client.get(f"/desk/cases/{case.reference}/ladder"))
    client.post(
        f"/desk/cases/{case.reference}/updates/{update.pk}/sending",
        {"text": "Bonjour, je prends le relais. Mara"},
    )
    assert case.messages.get(kind="update").text == "Bonjour, je prends le relais. Mara"
    again = client.post(f"/desk/cases/{case.reference}/updates/{update.pk}/dropping")
    assert again.status_code == 409
    assert Update.objects.get().state == "sent"


def test_somebody_elses_prepared_message_is_not_there(client, case, ana, complain):
    other = complain(email="b@courriel.exemple.test")
    escalation.escalate(other, why="missed")
    client.force_login(ana)
    address = f"/desk/cases/{case.reference}/updates/{Update.objects.get().pk}/dropping"
    assert client.post(address).status_code == 404


def test_an_executive_reads_it_hands_it_back_and_then_sees_it_no_more(client, case, ana, mara, staff):
    boss = staff("executive")
    case.complainant.vip = True
    case.complainant.save()
    escalation.hand_up(case, Handover("Lu.", "Décider.", ""), to_level=5, by=ana)
    client.force_login(boss)
    assert "Hand the case back" in plain(client.get(f"/desk/cases/{case.reference}/ladder"))
    done = client.post(f"/desk/cases/{case.reference}/escalation/return", {"reason": "Remboursez-la."})
    assert done["Location"] == "/desk/cases?done=handed_back"
    assert client.get(f"/desk/cases/{case.reference}/ladder").status_code == 404


def test_tickets_are_links_only_over_https(client, case, ana):
    client.force_login(ana)
    for number, url in (("1", "https://incidents.exemple.test/1"), ("2", "http://incidents.exemple.test/2")):
        client.post(
            f"/desk/cases/{case.reference}/tickets", {"system": "Incidents", "number": number, "url": url}
        )
    page = plain(client.get(f"/desk/cases/{case.reference}/ladder"))
    assert 'href="https://incidents.exemple.test/1"' in page
    assert 'href="http://incidents.exemple.test/2"' not in page
    assert "http://incidents.exemple.test/2" in page


def test_an_ended_case_shows_its_history_and_no_forms(client, case, ana, mara):
    escalation.hand_up(case, Handover("Lu.", "Répondre.", ""), by=ana)
    Case.objects.filter(pk=case.pk).update(state="withdrawn")
    client.force_login(mara)
    page = plain(client.get(f"/desk/cases/{case.reference}/ladder"))
    assert "Passed up to level 2" in page
    assert "Pass up with this note" not in page
    assert "Hand back with this reason" not in page
