"""An administrator describes mailboxes; secrets are sealed, shown nowhere and never sent to another place."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apaise.ground.accounts.models import Desk, User
from apaise.ground.ledger.models import Entry
from apaise.intake.cases.messages import Refused
from apaise.intake.channels.mail import configured
from apaise.intake.channels.mail.describing import Unfit, describe, switch
from apaise.intake.channels.mail.mailboxes import Fetched, Mailbox
from apaise.intake.channels.mail.oauth import _keep_new
from apaise.lib.sealing import CannotOpen
from tests.at_once import at_once, wait_until_somebody_waits

pytestmark = pytest.mark.django_db
SECRET = "un mot de passe très secret"


@pytest.fixture
def admin(staff: Callable[..., User]) -> User:
    return staff("administrator")


@pytest.fixture
def typed(desk: Desk) -> dict[str, str]:
    return {
        "name": "Réclamations", "host": "imap.exemple.test", "port": "993", "security": "tls", "user": "sav@exemple.test",
        "folder": "INBOX", "sign_in": "password", "password": SECRET, "after": "seen", "desk": str(desk.pk),
    }  # fmt: skip


def test_a_mailbox_is_kept_with_its_password_sealed_and_the_record_says_who(
    typed: dict[str, str], admin: User
) -> None:
    mailbox = describe(None, typed, by=admin)
    stored = Mailbox.objects.get()
    assert stored == mailbox
    assert SECRET not in json.dumps(stored.sealed)
    assert stored.secret("password") == SECRET
    entry = Entry.objects.get(what="mailbox.added")
    assert (entry.by, json.loads(entry.facts_json)) == (admin.actor_code, {"mailbox": mailbox.pk})


def test_a_secret_sealed_with_an_earlier_key_is_opened_and_with_a_lost_one_it_is_not(
    typed: dict[str, str], admin: User, settings: Any
) -> None:
    mailbox = describe(None, typed, by=admin)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    assert mailbox.secret("password") == SECRET
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(CannotOpen):
        mailbox.secret("password")


def test_only_an_administrator_may_and_nothing_changes_otherwise(typed: dict[str, str], cleo: User) -> None:
    with pytest.raises(Refused):
        describe(None, typed, by=cleo)
    assert not Mailbox.objects.exists()
    assert not Entry.objects.filter(what__startswith="mailbox.").exists()


@pytest.mark.parametrize(
    ("field", "text", "where"),
    [
        ("name", "", "name"), ("name", "n" * 81, "name"), ("host", "", "host"), ("host", "imaps://imap.exemple.test", "host"),
        ("host", "imap.exemple.test\r\nX", "host"), ("port", "0", "port"), ("port", "65536", "port"), ("port", "²", "port"),
        ("security", "none", "security"), ("security", "plain", "security"), ("user", "", "user"), ("folder", "", "folder"),
        ("folder", "a\x00b", "folder"), ("sign_in", "", "sign_in"), ("password", "", "password"), ("password", "a\nb", "password"),
        ("after", "keep", "after"), ("after", "move", "move_to"), ("desk", "99999", "desk"), ("desk", "x", "desk"),
        ("sign_in", "oauth2", "token_url"), ("sign_in", "oauth2", "client_id"), ("sign_in", "oauth2", "refresh_token"),
    ],
)  # fmt: skip
def test_what_describes_no_mailbox_is_refused_by_field(
    field: str, text: str, where: str, typed: dict[str, str], admin: User
) -> None:
    with pytest.raises(Unfit) as refusal:
        describe(None, {**typed, field: text}, by=admin)
    assert where in refusal.value.errors
    assert SECRET not in str(refusal.value)
    assert not Mailbox.objects.exists()


def test_the_same_folder_is_not_fetched_from_twice(typed: dict[str, str], admin: User) -> None:
    first = describe(None, typed, by=admin)
    with pytest.raises(Unfit):
        describe(None, {**typed, "name": "SAV"}, by=admin)
    other = describe(None, {**typed, "folder": "SAV"}, by=admin)
    with pytest.raises(Unfit):
        describe(other, typed, by=admin)
    assert set(Mailbox.objects.values_list("pk", flat=True)) == {first.pk, other.pk}


def test_a_double_click_lands_on_the_one_mailbox(typed: dict[str, str], admin: User, client: Client) -> None:
    client.force_login(admin)
    led = {client.post("/desk/mailboxes", typed)["Location"] for _ in range(2)}
    assert led == {f"/desk/mailboxes/{Mailbox.objects.get().pk}?done=saved"}
    assert Entry.objects.filter(what="mailbox.added").count() == 1
    page = client.post("/desk/mailboxes", {**typed, "password": "another one"})
    assert (page.status_code, Mailbox.objects.count()) == (409, 1)
    assert "fetched from already" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_add_one_mailbox_at_the_same_moment_land_on_it(typed: dict[str, str], admin: User) -> None:
    found = at_once([lambda: describe(None, typed, by=admin).pk] * 3)
    assert set(found) == {Mailbox.objects.get().pk}
    assert Entry.objects.filter(what="mailbox.added").count() == 1


def test_a_new_name_puts_nothing_back_that_was_written_meanwhile(typed: dict[str, str], admin: User) -> None:
    mailbox = describe(
        None,
        {
            **typed,
            "sign_in": "oauth2",
            "token_url": "https://x.test",
            "client_id": "a",
            "refresh_token": "r-1",
        },
        by=admin,
    )
    _keep_new(Mailbox.objects.get(), "r-2")
    Mailbox.objects.filter(pk=mailbox.pk).update(first_uid=77)
    form = {**typed, "sign_in": "oauth2", "token_url": "https://x.test", "client_id": "a", "password": ""}
    describe(mailbox, {**form, "name": "SAV"}, by=admin)  # `mailbox` is as it was
    stored = Mailbox.objects.get()
    assert (stored.name, stored.secret("refresh_token"), stored.first_uid) == ("SAV", "r-2", 77)


def test_a_password_left_empty_stays_but_is_not_sent_to_another_place(
    typed: dict[str, str], admin: User
) -> None:
    mailbox = describe(None, typed, by=admin)
    describe(mailbox, {**typed, "password": "", "name": "SAV"}, by=admin)
    assert Mailbox.objects.get().secret("password") == SECRET
    for name, text in [("host", "imap.ailleurs.test"), ("port", "143"), ("security", "starttls")]:
        with pytest.raises(Unfit) as refusal:
            describe(mailbox, {**typed, "password": "", name: text}, by=admin)
        assert list(refusal.value.errors) == ["password"]
    assert (Mailbox.objects.get().host, Mailbox.objects.get().name) == ("imap.exemple.test", "SAV")


def test_another_folder_is_another_mailbox_with_numbers_of_its_own(
    typed: dict[str, str], admin: User
) -> None:
    mailbox = describe(None, typed, by=admin)
    mailbox.use_uids(7, 12)
    Fetched.objects.create(mailbox=mailbox, uidvalidity=7, uid=3, state="kept")
    describe(mailbox, {**typed, "name": "SAV"}, by=admin)
    assert Fetched.objects.count() == 1
    changed = describe(mailbox, {**typed, "folder": "SAV"}, by=admin)
    assert (changed.uidvalidity, changed.begun_at, Fetched.objects.count()) == (None, None, 0)


def test_a_mailbox_is_switched_off_and_on(typed: dict[str, str], admin: User) -> None:
    mailbox = describe(None, typed, by=admin)
    for on in (False, False, True):
        switch(mailbox, on=on, by=admin)
        assert Mailbox.objects.get().is_active is on
    assert Entry.objects.filter(what="mailbox.changed").count() == 2


# --- by settings -----------------------------------------------------------------------------------------------


def test_settings_describe_a_first_mailbox_whose_secrets_stay_there(
    desk: Desk, settings: Any, admin: User, typed: dict[str, str]
) -> None:
    settings.IMAP_URL = "imap://reclamations%40exemple.test@imap.exemple.test/R%C3%A9clamations"
    settings.IMAP_AFTER, settings.IMAP_PASSWORD = "move:Traité", SECRET
    mailbox = configured.bring_in()
    assert mailbox
    assert (mailbox.host, mailbox.port, mailbox.security, mailbox.user) == (
        "imap.exemple.test", 143, "starttls", "reclamations@exemple.test",
    )  # fmt: skip
    assert (mailbox.folder, mailbox.after, mailbox.move_to, mailbox.desk) == (
        "Réclamations",
        "move",
        "Traité",
        desk,
    )
    assert (mailbox.secret("password"), mailbox.sealed) == (SECRET, {})
    with pytest.raises(Refused):
        describe(mailbox, typed, by=admin)
    mailbox.use_uids(7, 12)
    assert configured.bring_in() == mailbox
    assert Mailbox.objects.get().uidvalidity == 7
    settings.IMAP_URL = ""
    assert configured.bring_in() is None
    assert [box.is_active for box in Mailbox.objects.all()] == [False]


def test_the_demo_fetches_nobodys_real_mail(desk: Desk, settings: Any) -> None:
    settings.IMAP_URL, settings.DEMO = "imaps://a@imap.exemple.test/INBOX", True
    assert configured.bring_in() is None
    assert not Mailbox.objects.exists()


# --- on the page -----------------------------------------------------------------------------------------------


def test_the_page_keeps_what_was_typed_and_shows_no_secret(
    client: Client, admin: User, typed: dict[str, str]
) -> None:
    client.force_login(admin)
    page = client.post("/desk/mailboxes", {**typed, "port": "x"})
    assert page.status_code == 409
    assert "imap.exemple.test" in page.content.decode()
    assert SECRET not in page.content.decode()
    added = client.post("/desk/mailboxes", typed)
    assert added.status_code == 302
    for address in ("/desk/mailboxes", added["Location"]):
        page = client.get(address)
        assert page.status_code == 200
        assert "Réclamations" in page.content.decode()
        assert SECRET not in page.content.decode()
        assert Mailbox.objects.get().sealed["password"] not in page.content.decode()


def test_a_trial_says_exactly_what_is_in_the_way(client: Client, admin: User, typed: dict[str, str]) -> None:
    mailbox = describe(None, {**typed, "host": "127.0.0.1", "port": "1"}, by=admin)
    client.force_login(admin)
    page = client.post(f"/desk/mailboxes/{mailbox.pk}/trial")
    assert page.status_code == 200
    assert "The server takes no connection on this port" in page.content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_description_waits_for_a_token_being_kept_and_keeps_it(
    typed: dict[str, str], admin: User, monkeypatch: Any
) -> None:
    oauth2 = {**typed, "sign_in": "oauth2", "token_url": "https://x.test", "client_id": "a", "password": ""}
    mailbox = describe(None, {**oauth2, "refresh_token": "r-1"}, by=admin)
    held, seal = threading.Event(), Mailbox.seal

    def seal_while_others_come(self: Mailbox, which: str, secret: str) -> None:
        held.set()
        wait_until_somebody_waits()
        seal(self, which, secret)

    monkeypatch.setattr(Mailbox, "seal", seal_while_others_come)
    stale = Mailbox.objects.get()

    def rename() -> Any:
        held.wait(20)
        return describe(stale, {**oauth2, "name": "SAV"}, by=admin)

    told = at_once([lambda: _keep_new(mailbox, "r-2"), rename])
    assert told == ["r-2", mailbox]
    stored = Mailbox.objects.get()
    assert (stored.name, stored.secret("refresh_token")) == ("SAV", "r-2")
