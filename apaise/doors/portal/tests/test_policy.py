"""The public page on how we handle complaints."""

import html

import pytest

from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.company import keep_draft
from apaise.ground.packs.company import publish as publish_pack
from apaise.handling.policy.contacts import publish_contact, stages
from apaise.handling.policy.public import publish

pytestmark = pytest.mark.django_db
FASTER = """\
schema: policy-pack/1
id: tramontel
version: "1"
extends: fr-consommation
reviewed_on: "2026-11-28"
label: {fr: Nos engagements, en: Our promises}
calendar: {business_hours: {start: "08:30", end: "18:30"}}
"""


@pytest.fixture
def manager(house):
    for stage in stages(active_packs()):
        told = {
            "name_fr": f"Responsable {stage.code}",
            "name_en": f"Head {stage.code}",
            "phone": "01 99 00 12 30",
        }
        publish_contact(stage.code, told, by=house)
    return house


def read(client, address="/policy", language="fr"):
    return html.unescape(client.get(address, headers={"accept-language": language}).content.decode())


def test_before_the_first_publication_it_says_so(client, desk):
    assert "Cette page est en cours d’écriture." in read(client)
    assert client.get("/policy/1").status_code == 404


def test_it_shows_deadlines_contacts_documents_and_the_mediator_in_both_languages(client, manager):
    publish(by=manager)
    page = read(client)
    for words in (
        "Date butoir annoncée de la réponse au fond", "5 jours ouvrés (urgence élevée)",
        "Responsable complaints_manager", "01 99 00 12 30", "reclamations@exemple.test",
        "Vos documents", "Réclamer ne vous coûte rien.", "Médiateur du commerce", "https://mediateur.exemple.test",
        "un remboursement", "14, quai des Tisserands",
    ):  # fmt: skip
        assert words in page.replace("\u202f", " ").replace("\u00a0", " "), words
    page = read(client, language="en")
    for words in (
        "Announced date of the substantive reply", "5 business days (urgency: high)", "Head complaints_manager",
        "Complaining costs you nothing.", "a refund",
    ):  # fmt: skip
        assert words in page, words


def test_an_earlier_edition_stays_as_it_was(client, manager):
    publish(by=manager)
    publish_pack(keep_draft(FASTER, by=manager), by=manager, why="Plus tôt.")
    assert "Nos engagements" not in read(client)  # nothing changes for the public until it is published
    publish(by=manager)
    assert "Nos engagements" in read(client) and "de 8\u00a0h\u00a030 à 18\u00a0h\u00a030" in read(client)
    first = read(client, "/policy/1")
    assert "Nos engagements" not in first and "n’est plus en vigueur" in first
    assert 'href="/policy/1"' in read(client)


def test_it_may_be_kept_by_a_browser_and_asks_the_database_little(
    client, manager, django_assert_max_num_queries
):
    publish(by=manager)
    with django_assert_max_num_queries(4):
        response = client.get("/policy")
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "Accept-Language" in response.headers["Vary"]
    assert "Set-Cookie" not in response.headers


def test_every_portal_page_leads_to_it(client, desk):
    assert 'href="/policy"' in client.get("/").content.decode()
