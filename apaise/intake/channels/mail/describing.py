"""Describe a mailbox to fetch from, change its description, switch it off and on. Each is recorded; no secret is."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import Desk, User
from apaise.ground.ledger.record import HOUSE, record
from apaise.intake.cases.messages import Refused
from apaise.intake.channels.mail.connect import plain_is_refused
from apaise.intake.channels.mail.mailboxes import SECRETS, Fetched, Mailbox
from apaise.intake.channels.mail.oauth import url_refusal
from apaise.lib import clock
from apaise.lib.sealing import CannotOpen

Typed = Mapping[str, str]
WORDS = ("name", "host", "user", "folder", "token_url", "client_id", "move_to")
CHOICES = {"security": Mailbox.Security, "sign_in": Mailbox.SignIn, "after": Mailbox.After}
WHERE_TO = ("host", "port", "security", "token_url")  # where a secret is sent
PLACE = ("host", "user", "folder")  # another of these is another mailbox, with UIDs of its own


class Unfit(ValueError):
    """What was typed describes no mailbox: what is wrong, by field. Nothing has changed."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


def mailbox_refusal(user: User, mailbox: Mailbox | None = None) -> str | None:
    """Why this person may not change this mailbox, or add one."""
    if not user.has_role("administrator"):
        return _("Only an administrator may set up mailboxes.")
    if mailbox and mailbox.from_settings:
        return _(
            "This mailbox is described by IMAP_URL in the settings. Change it there and start Apaise again."
        )
    return None


def describe(mailbox: Mailbox | None, typed: Typed, *, by: User) -> Mailbox:
    """Add a mailbox, or change one. A secret left empty stays what it was. Harmless to repeat. Raises Refused, Unfit."""
    if refusal := mailbox_refusal(by, mailbox):
        raise Refused(refusal)
    return _change(mailbox, typed, by=by) if mailbox else _add(typed, by=by)


def _add(typed: Typed, *, by: User) -> Mailbox:
    draft = Mailbox(changed_at=clock.now())
    _fill_in_all(draft, None, typed)
    try:
        with transaction.atomic():
            draft.save()
            record(HOUSE, "mailbox.added", by=by, mailbox=draft.pk)
    except IntegrityError as taken:
        # A double click adds it once, whichever of the two came first.
        same = {name: getattr(draft, name) for name in ("host", "port", "user", "folder")}
        known = Mailbox.objects.filter(**same).first()
        if known and _says_the_same(known, draft):
            return known
        raise _taken() from taken
    return draft


def _change(mailbox: Mailbox, typed: Typed, *, by: User) -> Mailbox:
    with transaction.atomic():
        # As it is now, and held: where we are in it and its token are written by those who fetch.
        draft = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        before = copy(draft)
        _fill_in_all(draft, before, typed)
        if any(getattr(before, name) != getattr(draft, name) for name in PLACE):
            draft.uidvalidity, draft.begun_at, draft.catch_up = None, None, False
            Fetched.objects.filter(mailbox=draft).delete()
        draft.changed_at = clock.now()
        draft.trouble, draft.trouble_detail, draft.trouble_since = "", "", None
        names = [field.attname for field in Mailbox._meta.concrete_fields]
        changed = [name for name in names if getattr(before, name) != getattr(draft, name)]
        try:
            with transaction.atomic():
                draft.save(update_fields=changed)
        except IntegrityError as taken:
            raise _taken() from taken
        record(HOUSE, "mailbox.changed", by=by, mailbox=draft.pk)
    return draft


def _taken() -> Unfit:
    return Unfit({"user": _("This folder of this account is fetched from already.")})


def _says_the_same(known: Mailbox, draft: Mailbox) -> bool:
    if known.from_settings:
        return False
    names = [*WORDS, *CHOICES, "desk_id"]  # of the same folder of the same account
    if any(getattr(known, name) != getattr(draft, name) for name in names):
        return False
    try:
        return all(known.secret(name) == draft.secret(name) for name in SECRETS)
    except CannotOpen:
        return False


def switch(mailbox: Mailbox, *, on: bool, by: User) -> None:
    """Fetch from it from now on, or no more; where we are in it is kept. Raises Refused."""
    if refusal := mailbox_refusal(by, mailbox):
        raise Refused(refusal)
    with transaction.atomic():
        changed = Mailbox.objects.filter(pk=mailbox.pk, is_active=not on).update(
            is_active=on, changed_at=clock.now(), told_down=False
        )
        if changed:
            record(HOUSE, "mailbox.changed", by=by, mailbox=mailbox.pk)


def _fill_in_all(draft: Mailbox, before: Mailbox | None, typed: Typed) -> None:
    """Set what was typed, secrets too. Raises Unfit."""
    if errors := {**_fill_in(draft, typed), **_fill_in_secrets(draft, before, typed)}:
        raise Unfit(errors)


def _fill_in(draft: Mailbox, typed: Typed) -> dict[str, str]:
    """Set what was typed; returns what cannot be, by field."""
    errors = {}
    for name in WORDS:
        text = typed.get(name, "").strip()
        longest = getattr(Mailbox._meta.get_field(name), "max_length", 0)
        setattr(draft, name, text)
        if not text.isprintable() or len(text) > longest:
            errors[name] = _("Write this in at most %(number)s letters, on one line.") % {"number": longest}
        elif not text and name in ("name", "host", "user", "folder"):
            errors[name] = _("This must be filled in.")
    for name, choices in CHOICES.items():
        setattr(draft, name, typed.get(name, ""))
        if typed.get(name) not in choices.values:
            errors[name] = _("Choose one from the list.")
    port = typed.get("port", "").strip()
    if port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535:
        draft.port = int(port)
    else:
        errors["port"] = _("A port is a number from 1 to 65535; usually 993.")
    desk = typed.get("desk", "")
    found = (
        Desk.objects.filter(pk=int(desk)).first()
        if desk.isascii() and desk.isdigit() and len(desk) < 18
        else None
    )
    if found:
        draft.desk = found
    else:
        errors["desk"] = _("Choose one from the list.")
    return {**_at_odds(draft), **errors}


def _at_odds(draft: Mailbox) -> dict[str, str]:
    """What does not go together."""
    found = {}
    if "/" in draft.host or "@" in draft.host or " " in draft.host:
        found["host"] = _("Write the server's name alone, such as imap.example.org.")
    elif draft.security == Mailbox.Security.PLAIN and plain_is_refused(draft):
        found["security"] = _("Without encryption only a server on this machine may be used.")
    if draft.after == Mailbox.After.MOVE and draft.move_to in ("", draft.folder):
        found["move_to"] = _("Name another folder, to which fetched mail is moved.")
    if draft.sign_in == Mailbox.SignIn.OAUTH2:
        if url_refusal(draft.token_url):
            found["token_url"] = _("Write the provider's address for tokens; it begins with https://.")
        if not draft.client_id:
            found["client_id"] = _("This must be filled in.")
    return found


def _fill_in_secrets(draft: Mailbox, before: Mailbox | None, typed: Typed) -> dict[str, str]:
    errors: dict[str, str] = {}
    # A password kept here must not be had by sending it to another server.
    elsewhere = before is not None and any(getattr(before, name) != getattr(draft, name) for name in WHERE_TO)
    needed = "refresh_token" if draft.sign_in == Mailbox.SignIn.OAUTH2 else "password"
    sealed: dict[str, Any] = {} if elsewhere else dict(draft.sealed)
    draft.sealed = sealed
    for name in SECRETS:
        secret = typed.get(name, "")
        if len(secret) > 8000 or not secret.isprintable():
            errors[name] = _("This cannot be a password or a token: copy it again, without line breaks.")
        elif secret:
            draft.seal(name, secret)
    if not draft.sealed.get(needed) and needed not in errors:
        errors[needed] = (
            _("Type it again: it is now sent to another place.")
            if elsewhere
            else _("This must be filled in.")
        )
    return errors
