"""Open a mailbox: encrypted, signed in, the folder chosen; or say exactly what is in the way."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from django.conf import settings
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import ProtocolError

from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.oauth import access_token, is_loopback
from apaise.intake.channels.mail.trouble import Trouble
from apaise.lib.sealing import CannotOpen
from apaise.lib.trouble import where

CONNECT_SECONDS, ANSWER_SECONDS = 15.0, 60.0
BROKEN = (imaplib.IMAP4.abort, OSError)  # the connection is of no use any more


class Chosen(NamedTuple):
    """The folder as the server describes it."""

    validity: int
    next_uid: int
    messages: int


@contextmanager
def opened(mailbox: Mailbox, *, patience: float = ANSWER_SECONDS) -> Iterator[IMAPClient]:
    """A connection signed in, closed in any case. Raises Trouble, for what breaks while it is used as well."""
    with plain_trouble():
        client = _connected(mailbox, patience)
        try:
            _sign_in(mailbox, client, patience)
            yield client
        except BaseException:
            with suppress(Exception):
                client.shutdown()
            raise
        with suppress(Exception):
            client.logout()


def choose(mailbox: Mailbox, client: IMAPClient, *, look_only: bool = False) -> Chosen:
    """Choose the mailbox's folder. Raises Trouble."""
    try:
        told = client.select_folder(mailbox.folder, readonly=look_only)
    except BROKEN:
        raise
    except imaplib.IMAP4.error as problem:
        raise Trouble("no_folder", _server_said(problem)) from problem
    if not isinstance(told.get(b"UIDVALIDITY"), int):
        raise Trouble("no_uids")
    messages = int(told.get(b"EXISTS", 0))
    next_uid = told.get(b"UIDNEXT")
    if not isinstance(next_uid, int):  # rare old servers leave it out
        next_uid = max(client.search(["ALL"]), default=0) + 1 if messages else 1
    return Chosen(told[b"UIDVALIDITY"], next_uid, messages)


def try_out(mailbox: Mailbox) -> int:
    """Sign in, open the folder and leave: how many messages lie there. Changes nothing on the server. Raises Trouble."""
    with opened(mailbox, patience=CONNECT_SECONDS) as client:
        return choose(mailbox, client, look_only=True).messages


@contextmanager
def plain_trouble() -> Iterator[None]:
    """Whatever a connection may raise, as a Trouble."""
    try:
        yield
    except CannotOpen as problem:
        raise Trouble("sealed") from problem
    except ssl.SSLCertVerificationError as problem:
        raise Trouble("certificate", problem.verify_message) from problem
    except ssl.SSLError as problem:
        broke = isinstance(problem, ssl.SSLEOFError | ssl.SSLZeroReturnError)
        raise Trouble("dropped" if broke else "no_tls", problem.reason or "") from problem
    except (socket.gaierror, UnicodeError) as problem:
        raise Trouble("no_such_host") from problem
    except ConnectionRefusedError as problem:
        raise Trouble("refused") from problem
    except TimeoutError as problem:
        raise Trouble("silent") from problem
    except ProtocolError as problem:  # its text quotes what came, perhaps a mail
        raise Trouble("garbled", where(problem)) from problem
    except imaplib.IMAP4.abort as problem:
        said = _server_said(problem)
        raise Trouble("dropped", "" if "unexpected response" in said else said) from problem
    except imaplib.IMAP4.error as problem:
        raise Trouble("server_refused", _server_said(problem)) from problem
    except OSError as problem:
        raise Trouble("dropped", problem.strerror or type(problem).__name__) from problem
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError) as problem:
        # What the library raises over an answer that is none. Only the place: the answer may quote a mail.
        raise Trouble("garbled", where(problem)) from problem


def plain_is_refused(mailbox: Mailbox) -> bool:
    """Whether its password would go over a network in the clear, and nobody has allowed that."""
    return not (is_loopback(mailbox.host) or settings.IMAP_PLAIN)


def _connected(mailbox: Mailbox, patience: float) -> IMAPClient:
    plain = mailbox.security == Mailbox.Security.PLAIN
    if plain and plain_is_refused(mailbox):
        raise Trouble("plain_refused")
    waits = SocketTimeout(min(CONNECT_SECONDS, patience), patience)
    secure = ssl.create_default_context()
    if mailbox.security == Mailbox.Security.TLS:
        return IMAPClient(mailbox.host, mailbox.port, ssl=True, ssl_context=secure, timeout=waits)
    client = IMAPClient(mailbox.host, mailbox.port, ssl=False, timeout=waits)
    if not plain:
        try:
            if not client.has_capability("STARTTLS"):
                raise Trouble("no_starttls")
            client.starttls(secure)
        except BaseException:
            with suppress(Exception):
                client.shutdown()
            raise
    return client


def _sign_in(mailbox: Mailbox, client: IMAPClient, patience: float) -> None:
    if mailbox.sign_in == Mailbox.SignIn.OAUTH2:
        _sign_in_by_token(mailbox, client, patience)
        return
    password = mailbox.secret("password")
    if not password:
        raise Trouble("no_secret")
    try:
        # LOGIN knows ASCII only; an accent in a password goes by SASL.
        if not f"{mailbox.user}{password}".isascii() and client.has_capability("AUTH=PLAIN"):
            client.plain_login(mailbox.user, password)
        else:
            client.login(mailbox.user, password)
    except BROKEN:
        raise
    except (imaplib.IMAP4.error, UnicodeError) as problem:
        raise Trouble("login_refused", _code_of(problem)) from problem


def _sign_in_by_token(mailbox: Mailbox, client: IMAPClient, patience: float) -> None:
    if not client.has_capability("AUTH=XOAUTH2"):
        raise Trouble("no_oauth2")
    for fresh in (False, True):  # the one we know may have been taken back
        token = access_token(mailbox, patience=min(patience, 20), fresh=fresh)
        try:
            client.oauth2_login(mailbox.user, token)
            return
        except BROKEN:
            raise
        except imaplib.IMAP4.error as problem:
            if fresh:
                raise Trouble("token_not_taken", _code_of(problem)) from problem


def _code_of(problem: Exception) -> str:
    """The response code of a refused sign-in, [AUTHENTICATIONFAILED]; the rest may repeat what we sent."""
    text = _server_said(problem)
    return text[text.find("[") + 1 : text.find("]")] if -1 < text.find("[") < text.find("]") else ""


def _server_said(problem: Exception) -> str:
    said = problem.args[0] if problem.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
