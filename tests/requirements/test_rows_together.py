"""Peers §1.2: near-duplicates, merge and split: their acceptance tests."""

from datetime import timedelta

import pytest
from django.utils import translation

from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.kindred import kindred
from apaise.intake.cases.merging import merge
from apaise.intake.cases.messages import File, add_customer_message
from apaise.intake.cases.models import Case
from apaise.intake.cases.promises import make_promise
from apaise.intake.cases.splitting import split, undo_split
from apaise.intake.cases.unmerging import undo_merge
from apaise.intake.channels import receive
from apaise.intake.channels.tests.letters import mail
from apaise.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_peers_1_2_near_duplicates_across_channels_are_suggested_only(complain, ana, work, noon):
    one = complain(text="Contrat 884120 : ma mensualité passe de 52 à 71 € sans prévenir.", channel="email")
    other = complain(
        email="soeur@courriel.exemple.test", channel="phone",
        text="Hausse contestée, 52 à 71 euros, numéro de contrat 884 120 selon la cliente.",
    )  # fmt: skip
    work()
    (suggestion, found), *_more = kindred(other, ana).similar
    assert found == one
    assert ["contract", "884120"] in suggestion.reasons
    assert {case.state for case in Case.objects.all()} == {"received"}  # nothing was merged by itself


def test_peers_1_2_merge_is_undoable_everything_follows_and_both_histories_say_so(complain, ana, noon):
    older = complain()
    with clock.at_moment(noon + timedelta(days=2)):
        younger = complain(text="Encore.")
        photo = File("photo.jpg", "image/jpeg", 9, "0" * 64)
        add_customer_message(younger, younger.complainant, channel="email", text="Photo", files=[photo])
        assign(younger, ana, by=ana)
        make_promise(younger, "Un appel", (noon + timedelta(days=5)).date(), by=ana)
        merge(older, younger, reason="sent_twice", by=ana)
        assert younger.received_at == noon
        assert younger.messages.count() == 3
        assert [
            entry.what for entry in Entry.objects.of(older.reference) if entry.what.startswith("case.m")
        ] == ["case.merged"]
        undo_merge(older, by=ana)
        younger.refresh_from_db()
    assert younger.received_at == noon + timedelta(days=2)
    assert (older.messages.count(), younger.messages.count(), younger.promises.count()) == (1, 2, 1)
    for case in (older, younger):
        assert Entry.objects.of(case.reference).filter(what="case.merge_undone").exists()


def test_peers_1_2_split_by_message_is_undoable(complain, ana, noon):
    case = complain()
    second = add_customer_message(case, case.complainant, channel="email", text="Et la facture est fausse.")
    new = split(case, [second.pk], by=ana)
    assert [message.pk for message in new.messages.all()] == [second.pk]
    undo_split(new, by=ana)
    assert case.messages.count() == 2


def test_peers_1_2_mail_to_the_old_reference_lands_where_it_is_followed(complain, ana, noon):
    older, younger = complain(), complain(text="Encore.")
    merge(younger, older, reason="sent_twice", by=ana)
    raw = mail(sender="claire@courriel.exemple.test", subject=f"Re: {younger.reference}", text="Alors ?")
    outcome = receive.receive(receive.keep(raw))
    assert (outcome.outcome, outcome.case) == ("threaded", older)
    assert older.messages.order_by("-pk")[0].new_text.strip() == "Alors ?"
