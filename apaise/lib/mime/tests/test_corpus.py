"""The mails of tests/mail, each a case that went wrong somewhere.

golden.jsonl says of many what must be read in them, a line a mail: no more than what its oddity puts at risk."""

import json
from pathlib import Path

import pytest

from apaise.lib.mime import Unreadable, read

FOLDER = Path(__file__).parents[4] / "tests/mail"
FILES = {path.stem.partition("_")[0]: path for path in sorted(FOLDER.glob("*.eml"))}
GOLDEN = [json.loads(line) for line in Path(__file__).with_name("golden.jsonl").read_text().splitlines()]


def file(number: str):
    return read(FILES[number].read_bytes())


@pytest.mark.parametrize("path", FILES.values(), ids=[path.stem for path in FILES.values()])
def test_people_and_machines_are_told_apart(path):
    outcome = path.stem.split("_")[1]
    assert outcome in ("opened", "threaded", "duplicate", "machine", "quarantined")
    try:
        found = read(path.read_bytes())
    except Unreadable:
        assert outcome == "quarantined"
        return
    assert (found.auto is not None) == (outcome == "machine")
    assert "\ufffd" not in found.text + found.subject


@pytest.mark.parametrize("said", GOLDEN, ids=[FILES[str(said["mail"])].stem for said in GOLDEN])
def test_what_is_read_is_what_was_written(said):
    raw = FILES[str(said["mail"])].read_bytes()
    if said.get("unreadable"):
        with pytest.raises(Unreadable):
            read(raw)
        return
    found = read(raw)
    seen = {
        "subject": found.subject,
        "text": found.text,
        "new_text": found.new_text,
        "date": found.date and found.date.isoformat(),
        "from": [[one.name, one.address] for one in found.from_],
        "files": [[one.name, one.type, one.size] for one in found.attachments],
        "names": [one.name for one in found.attachments],
    }
    assert len(said) > 1
    assert {key: seen[key] for key in said if key in seen} == {key: said[key] for key in said if key in seen}
    assert [words for words in said.get("holds", ()) if words not in found.text] == []
    assert [words for words in said.get("lacks", ()) if words in found.text] == []
    assert [name for name in said.get("names_hold", ()) if name not in seen["names"]] == []
    assert [words for words in said.get("html_holds", ()) if words not in (found.html_sanitised or "")] == []


def test_replies_are_cut_from_their_history():
    assert file("03").new_text.endswith("Que comptez-vous faire ?\n\nMarie Durand")
    assert file("28").new_text.endswith("je résilie.\n\nP. Lemoine")
    assert file("35").new_text == (
        "15 June, by recorded delivery. The receipt number is RB 5510 2233 9 FR and I can send a copy.\n\n"
        "The one you have been debiting, obviously."
    )
    assert (
        file("46").new_text == "L’eau coule toujours. Le locataire du 2e part à l’hôtel ce soir, à vos frais."
    )
    assert file("52").new_text == "Le portail reste bloqué malgré votre passage. Il faut revenir."


def test_charsets_are_seen_through():
    assert "600 € par jour" in file("02").text
    assert "posé une demi-journée de congé" in file("07").text
    assert "acheté 489 €" in file("08").text
    assert file("36").from_[0].name == "Jérôme Gaillard"
    assert file("44").subject == "Compteur mal relevé : facture"


def test_a_header_cannot_be_injected():
    assert file("31").subject == "Remboursement Bcc: victime@ailleurs.test <h1>Oui</h1>"
    (sender,) = file("32").from_
    assert (sender.name, sender.address) == (
        "Tania Bcc: victime@ailleurs.test <admin@exemple.test>",
        "tania.d@client.test",
    )


def test_hostile_names_and_markup_are_harmless():
    assert [one.name for one in file("21").attachments] == ["devis.pdf", "facturegpj.pdf"]
    shown = file("22").html_sanitised
    assert "Je veux des excuses écrites." in shown
    for bad in ("script", "alert", "suivi.test", "hx-", "x-on", "data-", "style", "onclick", "form"):
        assert bad not in shown


def test_pictures_inside_the_mail_keep_their_marker():
    found = file("19")
    assert '<img width="4" height="4" src="cid:plafond@tilleuls" alt="plafond">' in found.html_sanitised
    assert "suivi.test" not in found.html_sanitised
    assert [(one.name, one.inline) for one in found.attachments] == [
        ("plafond.png", True),
        ("IMG_2041.JPG", False),
    ]
