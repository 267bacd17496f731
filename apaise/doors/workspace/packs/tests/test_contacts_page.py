"""Who is reached at each stage: named by staff, read by the public."""

import html
import re

import pytest

from apaise.doors.operate.policy_health import public_page
from apaise.ground.accounts.models import Desk, Function
from apaise.ground.ledger.models import Entry
from apaise.ground.packs.choose import active_packs
from apaise.handling.policy.contacts import gaps, stages
from apaise.handling.policy.models import PolicyEdition, PublicContact
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
HELENE = {"name_fr": "Hélène Marsac, directrice", "name_en": "Hélène Marsac, head", "phone": "01 99 00 12 30"}


def said(response):
    return html.unescape(response.content.decode())


def everybody(client):
    for stage in stages(active_packs()):
        assert client.post("/desk/contacts", {**HELENE, "code": stage.code}).status_code == 302


def test_a_function_is_given_to_a_person_and_the_public_reads_of_them(client, house):
    client.force_login(house)
    form = {**HELENE, "code": "service_director", "holder": f"person:{house.pk}"}
    assert client.post("/desk/contacts", form).status_code == 302
    assert Function.objects.get(code="service_director").person == house
    assert PublicContact.objects.get().phone == "01 99 00 12 30"
    assert Entry.objects.get(what="function.mapped").facts["person"] == house.pk
    with nothing_changed():
        assert client.post("/desk/contacts", form).status_code == 302


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"phone": "", "email": ""}, "Give a phone number or an e-mail address."),
        ({"phone": "appelez-nous"}, "This is no phone number"),
        ({"email": "direction"}, "This is no e-mail address."),
        ({"name_en": ""}, "Write the name and the title people read in English."),
        ({"holder": "person:999999"}, "Choose a person or a team of the list."),
        ({"code": "regulator", "holder": "team:1"}, "Choose a person or a team of the list."),
        ({"code": "butler"}, "There is no such function."),
    ],
)
def test_a_contact_that_cannot_be_reached_is_refused_beside_its_field(client, house, changed, words):
    client.force_login(house)
    with nothing_changed():
        page = client.post("/desk/contacts", {**HELENE, "code": "executive", **changed})
    assert page.status_code == 409
    assert words in said(page)


def test_the_page_lists_what_is_missing_with_where_to_fill_it(client, house, desk):
    Desk.objects.filter(pk=desk.pk).update(mediator_name="")
    Function.objects.filter(code="billing").delete()
    client.force_login(house)
    page = said(client.get("/desk/contacts"))
    assert "Nobody holds “Billing”. Name somebody on the page “Contacts”." in page
    assert "The mediator is not named. Fill it in on the page “Contacts”." in page
    out_of_reach = re.search(r"The public cannot reach: ([^.]+)\. Give each a name and a phone number", page)
    assert out_of_reach and "Executive" in out_of_reach[1].split(", ")
    client.post("/desk/contacts/desk", {"mediator_name": "Le médiateur"})
    assert "The mediator is not named" not in said(client.get("/desk/contacts"))
    assert Entry.objects.get(what="desk.described").facts["changed"] == "mediator_name"


def test_an_administrator_fills_in_contacts_and_reads_no_rules(client, house, staff):
    client.force_login(staff("administrator"))
    page = said(client.get("/desk/contacts"))
    assert "/desk/rules" not in page
    assert client.get("/desk/rules").status_code == 403


def test_the_public_page_waits_for_every_contact_and_is_then_published(client, house):
    client.force_login(house)
    with nothing_changed():
        page = client.post("/desk/policy")
    assert page.status_code == 409
    assert re.search(r"The public cannot reach: [^.]*\bComplaints desk\b", said(page))
    everybody(client)
    assert gaps(active_packs(), Desk.objects.main()) == []
    assert client.post("/desk/policy").status_code == 302
    assert PolicyEdition.objects.get().number == 1
    with nothing_changed():
        assert client.post("/desk/policy").status_code == 409  # nothing differs
    assert "What is published says the same as the rules." in said(client.get("/desk/policy"))


def test_the_doctor_tells_the_gaps_and_an_outdated_page(client, house):
    def told():
        return [words for _level, words in public_page()]

    client.force_login(house)
    assert "The public page on complaints was never published. Look at /desk/policy." in told()
    assert any(re.match(r"The public cannot reach: [^.]*\bExecutive\b", words) for words in told())
    everybody(client)
    client.post("/desk/policy")
    assert told() == ["Edition 1 of the public page says what the rules say."]
    client.post("/desk/contacts/desk", {"phone": "01 99 00 12 99"})
    assert told() == [
        "Edition 1 of the public page no longer says what the rules say. Publish it again at /desk/policy."
    ]
