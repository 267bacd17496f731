"""Signed in with XOAUTH2 at a Dovecot that asks the provider what each token is worth."""

from collections.abc import Callable, Iterator

import pytest

from apaise.intake.channels.mail import oauth
from apaise.intake.channels.mail.connect import try_out
from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.tests.provider import Provider
from apaise.intake.channels.mail.trouble import TO_MEND, Trouble, said
from apaise.intake.channels.mail.watching import fetch_once
from apaise.intake.channels.models import Arrival
from tests.dovecot import USER, Dovecot, running

pytestmark = [pytest.mark.imap, pytest.mark.django_db, pytest.mark.xdist_group("dovecot")]
Describe = Callable[..., Mailbox]
Letter = Callable[..., bytes]


@pytest.fixture(scope="module")
def by_token(_one_provider: Provider) -> Iterator[Dovecot]:
    with running(introspection=_one_provider.introspection) as server:
        yield server


@pytest.fixture
def mailbox(describe: Describe, provider: Provider, by_token: Dovecot) -> Mailbox:
    """A mailbox without a password; its provider gives access to its user for the token a-1."""
    mailbox = describe(by_token.port, sign_in="oauth2", token_url=provider.url, client_id="apaise")
    mailbox.sealed = {}
    mailbox.seal("refresh_token", "r-1")
    mailbox.save()
    provider.lets_in["a-1"] = USER
    provider.says(200, {"access_token": "a-1", "expires_in": 3600})
    return mailbox


def trouble_of(mailbox: Mailbox) -> str:
    with pytest.raises(Trouble) as trouble:
        fetch_once(mailbox)
    assert "a-1" not in trouble.value.detail and "r-1" not in trouble.value.detail
    mailbox.refresh_from_db()
    assert mailbox.trouble == trouble.value.code
    return trouble.value.code


def test_a_mail_is_fetched_by_one_who_signs_in_with_a_token(
    mailbox: Mailbox, provider: Provider, by_token: Dovecot, letter: Letter
) -> None:
    by_token.deliver(letter("Colis ouvert"))
    assert fetch_once(mailbox) == 1
    assert Arrival.objects.get().raw_bytes() == letter("Colis ouvert")
    assert [asked["refresh_token"] for asked in provider.asked] == ["r-1"]
    assert fetch_once(mailbox) == 0  # the token lasts: it is not asked for again
    assert len(provider.asked) == 1
    assert provider.shown == ["a-1", "a-1"]


def test_a_token_that_has_expired_is_replaced_once_and_the_mail_comes_in(
    mailbox: Mailbox, provider: Provider, by_token: Dovecot, letter: Letter
) -> None:
    assert oauth.access_token(mailbox) == "a-1"
    provider.lets_in = {"a-2": USER}  # sooner than was said: taken back, or the clocks differ
    provider.says(200, {"access_token": "a-2", "expires_in": 3600, "refresh_token": "r-2"})
    by_token.deliver(letter("Facture double"))
    assert fetch_once(mailbox) == 1
    assert provider.shown == ["a-1", "a-2"]
    assert len(provider.asked) == 2
    mailbox.refresh_from_db()
    assert (mailbox.trouble, mailbox.secret("refresh_token")) == ("", "r-2")


def test_a_token_the_server_does_not_take_is_asked_for_once_more_and_then_said_to_people(
    mailbox: Mailbox, provider: Provider
) -> None:
    provider.lets_in = {}
    provider.says(200, {"access_token": "a-1", "expires_in": 3600})
    assert trouble_of(mailbox) == "token_not_taken"
    assert len(provider.asked) == 2
    assert provider.shown == ["a-1", "a-1"]
    assert "token_not_taken" in TO_MEND
    assert said("token_not_taken") == (
        "The mail server does not take the provider's token. Check that the user is the account that gave access, and that "
        "access to mail by IMAP is among the rights it gave; then sign in there again for a new refresh token."
    )


def test_a_token_of_another_account_opens_no_mailbox(mailbox: Mailbox, provider: Provider) -> None:
    provider.lets_in = {"a-1": "direction@exemple.test"}
    provider.says(200, {"access_token": "a-1", "expires_in": 3600})
    assert trouble_of(mailbox) == "token_not_taken"


def test_access_taken_back_at_the_provider_is_said_to_people(mailbox: Mailbox, provider: Provider) -> None:
    assert try_out(mailbox) >= 0
    provider.lets_in = {}
    provider.says(400, {"error": "invalid_grant"})
    assert trouble_of(mailbox) == "token_refused"
    assert "sign in there again" in said(mailbox.trouble, mailbox.trouble_detail)
    assert "invalid_grant" in said(mailbox.trouble, mailbox.trouble_detail)
