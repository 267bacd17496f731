"""The pages of the rules, as staff use them."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.edition import PackDraft, PackEdition
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
BEGIN = {
    "extends": "fr-consommation",
    "id": "tramontel",
    "label_fr": "Le nôtre",
    "label_en": "Ours",
    "text": "",
}


def said(response):
    return html.unescape(response.content.decode())


def plain(text):
    """With ordinary spaces: what is tested are the words."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def fields_of(page):
    """What the form of the common changes would send if nothing were touched."""
    form = page[page.index('name="do" value="form"') : page.index('name="do" value="text"')]
    found = dict(
        re.findall(r'<input class="input" id="[^"]*" name="([^"]*)" type="text" value="([^"]*)"', form)
    )
    found |= dict(
        re.findall(r'<textarea class="textarea" id="[^"]*" name="([^"]*)"[^>]*>([^<]*)</textarea>', form)
    )
    return {**found, "do": "form", "seen": re.search(r'name="seen" value="(\d+)"', form)[1]}


def test_a_pack_goes_from_form_to_force_through_the_pages(client, house):
    client.force_login(house)
    address = client.post("/desk/rules/new", BEGIN).headers["Location"]
    assert address == "/desk/rules/tramontel/draft"
    fields = fields_of(said(client.get(address)))
    assert fields["length:reply_target:C2"] == "5"
    saved = client.post(address, {**fields, "length:reply_target:C2": "2", "opens": "08:30"})
    assert saved.status_code == 302, said(saved)
    page = said(client.get(address))
    for words in (
        "Announced date of the substantive reply",
        "Length, C2",
        "5 business days",
        "2 business days",
        "08:30 – 18:00",
    ):
        assert words in page
    assert [pack.id for pack in active_packs()] == ["fr-b2b-maintenance", "fr-consommation"]
    done = client.post("/desk/rules/tramontel/publication", {"why": "Nous allons plus vite."})
    assert done.status_code == 302, said(done)
    assert [pack.id for pack in active_packs()] == ["fr-b2b-maintenance", "tramontel"]
    edition = said(client.get("/desk/rules/tramontel/editions/1"))
    assert "Nous allons plus vite." in edition and "2 business days" in edition
    shelf = said(client.get("/desk/rules"))
    assert "ours, over France — consumer (default pack)" in shelf


def test_a_draft_of_what_is_in_force_changes_only_what_is_typed(client, house):
    client.force_login(house)
    address = client.post("/desk/rules/new", BEGIN).headers["Location"]
    client.post(address, {**fields_of(said(client.get(address))), "length:ack:": "2"})
    client.post("/desk/rules/tramontel/publication", {"why": "Un jour de plus."})
    client.post(address, {**fields_of(said(client.get(address))), "limit:handler": "80"})
    client.post("/desk/rules/tramontel/publication", {"why": "Plus de latitude."})
    first, second = PackEdition.objects.order_by("number")
    assert second.pack.deadline("ack").duration.value == 2
    assert second.pack.block("remedies")["approval_thresholds_eur"]["handler"] == 80
    assert first.version != second.version
    page = said(client.get("/desk/rules/tramontel/editions/2"))
    assert "Handler: up to €80" in page and "Who approves" in page


def test_a_mistake_in_the_text_is_told_with_its_line_and_the_words_are_kept(client, house):
    client.force_login(house)
    text = 'schema: policy-pack/1\nid: mine\nversion: "1"\nextends: fr-nowhere\nreviewed_on: "2026-11-28"\nlabel: {fr: A, en: B}\n'
    with nothing_changed():
        page = client.post("/desk/rules/new", {"text": text})
    assert page.status_code == 409
    assert "Line 4: there is no pack `fr-nowhere` to extend" in said(page)
    assert "extends: fr-nowhere" in said(page)


def test_a_mistake_is_told_in_the_language_of_whoever_made_it(client, house):
    house.language = "fr"
    house.save()
    client.force_login(house)
    text = "schema: policy-pack/1\nid: mine\nid: other\n"
    page = plain(said(client.post("/desk/rules/new", {"text": text})))
    assert "Ligne 3 : `id` figure ici deux fois ; n’en gardez qu’un" in page
    page = plain(said(client.post("/desk/rules/new", {"text": "schema: policy-pack/1\nlabel: {fr: A\n"})))
    assert "ce n’est pas du YAML : il manque une virgule ou une accolade fermante ; regardez aussi" in page


def test_a_file_may_be_uploaded(client, house):
    client.force_login(house)
    text = 'schema: policy-pack/1\nid: mine\nversion: "1"\nextends: fr-energie\nreviewed_on: "2026-11-28"\nlabel: {fr: A, en: B}\n'
    file = SimpleUploadedFile("mine.yaml", text.encode())
    assert client.post("/desk/rules/new", {"file": file, "text": ""}).status_code == 302
    assert PackDraft.objects.get().text == text


@pytest.mark.parametrize(
    ("field", "typed"), [("length:ack:", "-1"), ("length:ack:", "1,5"), ("limit:handler", "beaucoup")]
)
def test_a_number_that_is_none_is_refused_and_kept_in_its_field(client, house, field, typed):
    client.force_login(house)
    address = client.post("/desk/rules/new", BEGIN).headers["Location"]
    fields = fields_of(said(client.get(address)))
    with nothing_changed():
        page = client.post(address, {**fields, field: typed})
    assert page.status_code == 409
    assert "takes a whole number" in said(page) and f'value="{typed}"' in said(page)


def test_a_colleague_who_saved_first_is_not_overwritten(client, house):
    client.force_login(house)
    address = client.post("/desk/rules/new", BEGIN).headers["Location"]
    fields = fields_of(said(client.get(address)))
    client.post(address, {**fields, "opens": "08:30"})
    page = client.post(address, {**fields, "opens": "07:00"})
    assert page.status_code == 409
    assert '"08:30"' in PackDraft.objects.get().text or "08:30" in PackDraft.objects.get().text
    assert "A colleague has changed this draft meanwhile" in said(page)


def test_a_missing_contact_stops_the_publication_and_says_where_to_name_it(client, house):
    from apaise.ground.accounts.models import Function

    Function.objects.filter(code="billing").delete()
    client.force_login(house)
    client.post("/desk/rules/new", BEGIN)
    with nothing_changed():
        page = client.post("/desk/rules/tramontel/publication", {"why": "Plus vite."})
    assert page.status_code == 409
    assert (
        "Nobody is named for: billing. Name a person or a team on the page “Contacts”, then publish."
        in said(page)
    )


def test_going_back_and_taking_out_of_force(client, house):
    client.force_login(house)
    address = client.post("/desk/rules/new", BEGIN).headers["Location"]
    for hour in ("08:30", "08:00"):
        client.post(address, {**fields_of(said(client.get(address))), "opens": hour})
        client.post("/desk/rules/tramontel/publication", {"why": "Plus tôt."})
    assert client.post("/desk/rules/tramontel/editions/1/publication", {"why": ""}).status_code == 409
    assert client.post("/desk/rules/tramontel/editions/1/publication", {"why": "Retour."}).status_code == 302
    assert active_packs()[1].block("calendar")["business_hours"]["start"] == "08:30"
    assert client.post("/desk/rules/tramontel/withdrawal", {"why": "Fini."}).status_code == 302
    assert active_packs()[1].id == "fr-consommation"
    assert PackEdition.objects.count() == 4


def test_every_shipped_pack_reads_in_both_languages(client, house, staff):
    auditor = staff("auditor")
    client.force_login(auditor)
    assert "The acknowledgement left" in said(client.get("/desk/rules/fr-b2b-maintenance"))
    auditor.language = "fr"
    auditor.save()
    page = said(client.get("/desk/rules/fr-consommation"))
    assert "L’accusé de réception est parti" in page or "accusé de réception" in page
    assert "à faire relire" in page
    assert "C. conso. art. L612-1" in page


def test_an_unknown_pack_is_not_found(client, house):
    client.force_login(house)
    for address in ("rules/nowhere", "rules/nowhere/draft", "rules/nowhere/editions/1"):
        assert client.get(f"/desk/{address}").status_code == 404
