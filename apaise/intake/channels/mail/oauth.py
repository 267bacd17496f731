"""An access token for a mailbox, from its refresh token (RFC 6749 §6)."""

import http.client
import json
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.db import transaction

from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.trouble import Trouble

LONGEST_ANSWER = 64 * 1024
LEFT_SECONDS = 120  # a token with less time than this is asked for anew
WHERE = ("host", "port", "security", "token_url", "client_id")  # where tokens are asked for and handed over


class _Access(NamedTuple):
    token: str
    until: float
    asked_with: tuple[str, ...]


_known: dict[int, _Access] = {}
_lock = threading.Lock()


def access_token(mailbox: Mailbox, *, patience: float = 20, fresh: bool = False) -> str:
    """A token the mail server takes for a while; `fresh` when it refused the last one. Raises Trouble, CannotOpen."""
    refresh = mailbox.secret("refresh_token")
    if not refresh:
        raise Trouble("no_secret")
    with _lock:
        known = _known.get(mailbox.pk)
    if (
        known
        and not fresh
        and known.asked_with == _asked_with(mailbox, refresh)
        and known.until > monotonic()
    ):
        return known.token
    answer = _ask(mailbox, refresh, patience)
    token = answer.get("access_token")
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise Trouble("token_odd")
    refresh = _keep_new(mailbox, answer.get("refresh_token")) or refresh
    lives = answer.get("expires_in", 300)
    seconds = float(lives) if isinstance(lives, int | float) or str(lives).isdigit() else 300.0
    if mailbox.pk:
        with _lock:
            until = monotonic() + seconds - LEFT_SECONDS
            _known[mailbox.pk] = _Access(token, until, _asked_with(mailbox, refresh))
    return token


def _asked_with(mailbox: Mailbox, refresh: str) -> tuple[str, ...]:
    return (refresh, *(str(getattr(mailbox, name)) for name in WHERE))


def _keep_new(mailbox: Mailbox, new: Any) -> str:
    """Providers that turn refresh tokens over make the old one useless: the new one is kept at once.

    Not where somebody has described the mailbox anew while we asked: it is a token for the place that was."""
    if not isinstance(new, str) or not new or mailbox.from_settings or not mailbox.pk:
        return ""
    with transaction.atomic():
        stored = Mailbox.objects.select_for_update().filter(pk=mailbox.pk).first()
        if stored is None or _was_changed(stored, mailbox):
            return ""
        stored.seal("refresh_token", new)
        Mailbox.objects.filter(pk=stored.pk).update(sealed=stored.sealed)
    mailbox.sealed = stored.sealed
    return new


def _was_changed(stored: Mailbox, asked: Mailbox) -> bool:
    return any(getattr(stored, name) != getattr(asked, name) for name in WHERE) or any(
        stored.sealed.get(name) != asked.sealed.get(name) for name in ("refresh_token", "client_secret")
    )


def url_refusal(url: str) -> bool:
    """Whether a token must not be asked for there: a secret is sent, so only by TLS, or to this machine."""
    try:
        parts = urlsplit(url)
        return not (
            parts.hostname
            and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname)))
        )
    except ValueError:
        return True


def is_loopback(host: str) -> bool:
    """Whether this is our own machine, by its name or number; a name is not looked up."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class _NoOtherPlace(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """A secret goes where it was addressed to and nowhere else."""


def _ask(mailbox: Mailbox, refresh: str, patience: float) -> dict[str, Any]:
    if url_refusal(mailbox.token_url):
        raise Trouble("token_odd", "https://…")
    form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": mailbox.client_id}
    if secret := mailbox.secret("client_secret"):
        form["client_secret"] = secret
    request = urllib.request.Request(  # noqa: S310  (its scheme was looked at)
        mailbox.token_url, urlencode(form).encode(), {"Accept": "application/json"}
    )
    with (
        _plain_trouble(),
        urllib.request.build_opener(_NoOtherPlace).open(request, timeout=patience) as answer,
    ):
        return _read(answer.read(LONGEST_ANSWER))


@contextmanager
def _plain_trouble() -> Iterator[None]:
    try:
        yield
    except urllib.error.HTTPError as problem:
        with problem:
            if problem.code >= 500 or problem.code == 429:
                raise Trouble("token_unreachable", f"HTTP {problem.code}") from problem
            if 300 <= problem.code < 400:
                raise Trouble("token_odd", f"HTTP {problem.code}") from problem
            raise Trouble("token_refused", _why(problem)) from problem
    except urllib.error.URLError as problem:
        reason = problem.reason
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise Trouble("certificate", reason.verify_message) from problem
        raise Trouble(
            "token_unreachable", str(getattr(reason, "strerror", None) or type(reason).__name__)
        ) from problem
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise Trouble("token_unreachable", type(problem).__name__) from problem


def _why(problem: urllib.error.HTTPError) -> str:
    """The error's code, as RFC 6749 §5.2 has it: `invalid_grant`. Its description may hold what we sent."""
    try:
        code = _read(problem.read(LONGEST_ANSWER)).get("error")
    except (Trouble, OSError, http.client.HTTPException):
        code = None
    return code[:60] if isinstance(code, str) else f"HTTP {problem.code}"


def _read(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise Trouble("token_odd") from problem
    if not isinstance(answer, dict):
        raise Trouble("token_odd")
    return answer
