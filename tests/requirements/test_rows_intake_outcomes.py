"""No mail is dropped: every intake has an outcome, and what was sorted out can be taken back."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation

from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import keep, receive
from apaise.intake.channels.second_look import not_spam, tell_apart
from apaise.intake.channels.spam import mark_spam
from apaise.intake.channels.tests.letters import mail
from apaise.lib import clock
from apaise.lib.mime import read
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db
CORPUS = Path(__file__).resolve().parents[1] / "mail"


def get(raw):
    arrival = keep(raw)
    return receive(arrival), Arrival.objects.get(pk=arrival.pk)


def words_of(client, user, page):
    client.force_login(user)
    with translation.override("en"):
        return client.get(f"/desk/{page}").content.decode()


def test_s4_18_spam_and_duplicates_are_outcomes_with_a_reason_listed_and_taken_back(
    desk, ana, client, noon, settings
):
    settings.SPAM_HEADER = "X-Spam-Flag: YES"
    raw = mail("Le colis est perdu.", message_id="<one@exemple.test>")
    assert get(raw)[0].outcome == "opened"
    again, twin = get(raw)
    assert (again.outcome, again.reason) == ("duplicate", "received_before")
    # A score alone makes no spam, whatever it is; a mark by the operator's own filter does, and a person's decision.
    bad = {"x_spam_score": "99", "subject": "REMBOURSEZ", "from": "furieux@courriel.exemple.test"}
    assert get(mail("VOLEURS !!! GAGNEZ du temps et rendez l'argent", **bad))[0].outcome == "opened"
    marked, spam = get(mail("Cliquez", x_spam_flag="YES", **{"from": "x@loterie.exemple.test"}))
    assert (marked.outcome, marked.reason, spam.state) == ("quarantined", "spam", "spam")
    assert "Cliquez" in words_of(client, ana, "spam")
    assert "Le colis est perdu." in words_of(client, ana, "received-before")
    assert Case.objects.count() == 2
    with clock.at_moment(noon + timedelta(days=89)):
        assert tell_apart(twin, by=ana).outcome == "opened"
        assert not_spam(spam, by=ana).outcome == "opened"
    assert Case.objects.count() == 4
    assert Arrival.objects.exclude(state="filed").count() == 0
    assert all(arrival.raw_bytes() for arrival in Arrival.objects.all())


def test_s4_18_after_ninety_days_nothing_is_deleted_and_nothing_comes_back(desk, ana, noon):
    raw = mail("Le colis est perdu.", message_id="<one@exemple.test>")
    get(raw)
    _again, twin = get(raw)
    empty, nothing = get(b"From: x@exemple.test\r\nSubject:\r\n\r\n")
    assert empty.outcome == "quarantined"
    assert mark_spam(nothing, by=ana)
    with clock.at_moment(noon + timedelta(days=91)), refused(Refused, match="plus de 90 jours"):
        tell_apart(twin, by=ana)
    twin.refresh_from_db()
    assert (twin.state, Case.objects.count(), Arrival.objects.count()) == ("duplicate", 1, 3)


@pytest.mark.parametrize(
    ("number", "files", "words"),
    [
        ("20", ["Facture résiliation – décembre 2025.pdf"], "119 €"),  # a name by RFC 2231
        ("34", ["Votre geste commercial.eml"], "mail joint"),
        ("107", ["Relevé de compte.pdf"], "Voir la pièce."),  # a name in pieces
        ("123", ["lettre.pdf"], ""),  # a PDF shown inline, and no words
        ("140", ["Relevé.pdf", "a.png"], "Voir les pièces."),  # winmail.dat
        ("181", [], "Une part et deux."),  # base64 in two padded pieces
    ],
)
def test_peers_12_odd_attachments_lose_neither_words_nor_files(number, files, words):
    [path] = CORPUS.glob(f"{number}_*.eml")
    seen = read(path.read_bytes())
    assert [file.name for file in seen.attachments] == files
    assert words in seen.text
    assert all(file.size for file in seen.attachments)
