"""The token of a mailbox, asked for at a provider of our own on loopback."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from apaise.intake.channels.mail import oauth
from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.tests.provider import Provider
from apaise.intake.channels.mail.trouble import Trouble

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(describe: Callable[..., Mailbox], provider: Provider) -> Mailbox:
    mailbox = describe(1, sign_in="oauth2", token_url=provider.url, client_id="apaise")
    mailbox.seal("refresh_token", "r-1")
    mailbox.seal("client_secret", "s-1")
    mailbox.save()
    return mailbox


def test_a_token_is_asked_for_once_and_used_while_it_lasts(provider: Provider, mailbox: Mailbox) -> None:
    provider.says(200, {"access_token": "a-1", "expires_in": 3600})
    provider.says(200, {"access_token": "a-2", "expires_in": "60"})
    provider.says(200, {"access_token": "a-3"})
    assert [oauth.access_token(mailbox), oauth.access_token(mailbox)] == ["a-1", "a-1"]
    assert provider.asked == [
        {"grant_type": "refresh_token", "refresh_token": "r-1", "client_id": "apaise", "client_secret": "s-1"}
    ]
    assert oauth.access_token(mailbox, fresh=True) == "a-2"
    assert oauth.access_token(mailbox) == "a-3"  # a minute is too little to begin with


def test_a_new_refresh_token_takes_the_place_of_the_old_one(provider: Provider, mailbox: Mailbox) -> None:
    provider.says(200, {"access_token": "a-1", "expires_in": 3600, "refresh_token": "the-rotated-token"})
    oauth.access_token(mailbox)
    stored = Mailbox.objects.get()
    assert stored.secret("refresh_token") == "the-rotated-token"
    assert "the-rotated-token" not in json.dumps(stored.sealed)
    assert oauth.access_token(stored) == "a-1"


@pytest.mark.parametrize(
    ("status", "body", "code", "detail"),
    [
        (
            400,
            {"error": "invalid_grant", "error_description": "r-1 has expired"},
            "token_refused",
            "invalid_grant",
        ),
        (401, b"<html>no", "token_refused", "HTTP 401"),
        (503, b"", "token_unreachable", "HTTP 503"),
        (200, b"<html>hello", "token_odd", ""),
        (200, {"access_token": 4}, "token_odd", ""),
        (200, {"access_token": "a\r\nb"}, "token_odd", ""),
        (200, [1], "token_odd", ""),
        (200, b"[" * 50_000, "token_odd", ""),
    ],
)
def test_an_answer_without_a_token_is_named(
    status: int, body: Any, code: str, detail: str, provider: Provider, mailbox: Mailbox
) -> None:
    provider.says(status, body)
    with pytest.raises(Trouble) as trouble:
        oauth.access_token(mailbox)
    assert (trouble.value.code, trouble.value.detail) == (code, detail)
    assert Mailbox.objects.get().secret("refresh_token") == "r-1"


def test_the_secret_is_sent_nowhere_else(provider: Provider, mailbox: Mailbox) -> None:
    provider.says(302, b"", Location=f"{provider.url}/elsewhere")
    with pytest.raises(Trouble) as trouble:
        oauth.access_token(mailbox)
    assert trouble.value.code == "token_odd"
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1/token", "file:///etc/passwd", "https://", "", "ftp://a/b", "http://[::1"]
)
def test_a_token_is_asked_for_by_tls_or_on_this_machine_only(url: str, mailbox: Mailbox) -> None:
    mailbox.token_url = url
    with pytest.raises(Trouble) as trouble:
        oauth.access_token(mailbox)
    assert trouble.value.code == "token_odd"


@pytest.mark.parametrize(
    ("changed", "new"),
    [
        ({"host": "imap.ailleurs.test"}, "r-1"),
        ({"token_url": "https://ailleurs.test/token"}, "r-1"),
        ({}, "r-retyped"),
    ],
)
def test_a_token_for_what_the_mailbox_was_is_not_kept_for_what_it_is(
    changed: dict[str, str], new: str, provider: Provider, mailbox: Mailbox
) -> None:
    stale = Mailbox.objects.get()
    mailbox.seal("refresh_token", new)
    Mailbox.objects.filter(pk=mailbox.pk).update(sealed=mailbox.sealed, **changed)
    provider.says(200, {"access_token": "a-old", "expires_in": 3600, "refresh_token": "the-rotated-token"})
    assert oauth.access_token(stale) == "a-old"  # asked for, and used, where it belongs
    assert Mailbox.objects.get().secret("refresh_token") == new


def test_only_the_token_is_written_back(provider: Provider, mailbox: Mailbox) -> None:
    stale = Mailbox.objects.get()
    mailbox.seal("password", "typed meanwhile")
    Mailbox.objects.filter(pk=mailbox.pk).update(sealed=mailbox.sealed)
    provider.says(200, {"access_token": "a-1", "refresh_token": "the-rotated-token"})
    oauth.access_token(stale)
    stored = Mailbox.objects.get()
    assert stored.secret("refresh_token") == "the-rotated-token"
    assert stored.secret("password") == "typed meanwhile"


def test_a_token_of_another_host_is_not_handed_to_this_one(provider: Provider, mailbox: Mailbox) -> None:
    provider.says(200, {"access_token": "a-1", "expires_in": 3600})
    provider.says(200, {"access_token": "a-2", "expires_in": 3600})
    oauth.access_token(mailbox)
    mailbox.host = "imap.ailleurs.test"
    assert oauth.access_token(mailbox) == "a-2"
