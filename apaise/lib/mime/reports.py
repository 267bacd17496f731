"""What a bounce says: which address, why, for good or for now, and which mail came back (RFC 3464 and older)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apaise.lib.mime.mail import Attachment, Mail

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_ORIGINAL_TYPES = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers")  # fmt: skip
_FOLDED = re.compile(r"\r?\n[ \t]{1,50}")
_FIELD = re.compile(r"([A-Za-z-]{1,40})[ \t]{0,5}:[ \t]{0,20}([^\r\n]{0,2000})")
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-#:]|$)")
_ID = re.compile(r"(?:^|\n)[> \t]{0,10}(?:Message-ID|Message-Id|Original-Message-ID):[ \t]{0,10}\s?(<[^<>\s]{1,400}>)", re.IGNORECASE)  # fmt: skip
_MOST = 200  # recipients read of one report
# Signs that the server has given up.
FINAL = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])|(?<![\d.,])5[0-5]\d[ -](?:#?5|[A-Za-z<])|permanent|fatal error|giv(?:en|ing) up|gave up", re.IGNORECASE)  # fmt: skip

NO_MAILBOX, NO_DOMAIN, FULL, REFUSED, TOO_LARGE, NOT_REACHED, OTHER = (
    "no_mailbox", "no_domain", "full", "refused", "too_large", "not_reached", "other"
)  # fmt: skip
_BY_STATUS = {
    "1.1": NO_MAILBOX, "1.0": NO_MAILBOX, "1.3": NO_MAILBOX, "1.6": NO_MAILBOX, "1.10": NO_MAILBOX, "2.1": NO_MAILBOX,
    "1.2": NO_DOMAIN, "4.4": NO_DOMAIN, "4.310": NO_DOMAIN, "2.2": FULL, "3.1": FULL, "2.3": TOO_LARGE, "3.4": TOO_LARGE,
}  # fmt: skip
_BY_WORDS = (
    (FULL, r"(?:mailbox|mail box|quota|storage|bo[îi]te)[^.\n]{0,40}(?:full|exceed|over|pleine|satur|limit)|over ?quota|postfach[^.\n]{0,20}voll|quota (?:exceeded|d[ée]pass)|out of storage"),
    (NO_DOMAIN, r"(?:domain|host|domaine)[^.\n]{0,60}(?:not found|unknown|does(?:n.t| not) exist|inconnu|introuvable|couldn.t be found|n.existe pas)|nxdomain|no (?:such|mx) (?:domain|host)|unrouteable|name service error|bad destination (?:host|domain)"),
    (NO_MAILBOX, r"(?:user|mailbox|recipient|address|account|addressee|destinataire|bo[îi]te|adresse|compte|utilisateur|empf[äa]nger|usuario|utente|direcci[óo]n|indirizzo)[^.\n]{0,80}(?:unknown|not found|couldn.t be found|does(?:n.t| not) exist|doesn't have|invalid|disabled|inactive|no longer|inconnue?|introuvable|inexistante?|n.existe|d[ée]sactiv|unbekannt|nicht gefunden|desconocid|no encontrad|sconosciut|non trovat|inesistente)|(?:unknown|no such|invalid|inactive|disabled) (?:local )?(?:user|mailbox|recipient|address|account)|no mailbox (?:here )?by that name|doesn't have an? .{0,30}account|unbekannter empf|n.existe pas"),
    (TOO_LARGE, r"(?:too large|too big|size (?:limit|exceed)|exceeds? .{0,30}size|trop (?:gros|volumineux)|zu gro(?:ß|ss))"),
    (REFUSED, r"(?:spam|blocked|blacklist|block ?list|policy|rejected|denied|refus|dmarc|\bspf\b|reputation|content)"),
    (NOT_REACHED, r"(?:timed? ?out|connection (?:refused|lost|reset)|temporar|try again|unreachable|could not connect|network|greylist)"),
)  # fmt: skip
_WORDS = [(why, re.compile(pattern, re.IGNORECASE)) for why, pattern in _BY_WORDS]
_FOR_GOOD = frozenset({NO_MAILBOX, NO_DOMAIN})


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a report says of one address."""

    address: str
    action: str  # failed, delayed, delivered, relayed, expanded
    status: str  # 5.1.1, or "" if none is told
    diagnostic: str

    @property
    def why(self) -> str:
        """A code of this file: what is wrong with the address, or with the way to it."""
        _klass, _dot, detail = self.status.partition(".")
        if why := _BY_STATUS.get(detail):
            return why
        told = self.diagnostic[:1_000]
        if found := next((why for why, pattern in _WORDS if pattern.search(told)), None):
            return found
        if detail.startswith("7."):
            return REFUSED
        return NOT_REACHED if self.status.startswith("4") or detail.startswith("4.") else OTHER

    @property
    def is_hard(self) -> bool:
        """The address itself is at fault, for good: writing to it again is of no use."""
        return self.action == "failed" and not self.status.startswith("4") and self.why in _FOR_GOOD


@dataclass(frozen=True, slots=True)
class Returned:
    """One bounce: whom it did not reach, and by which Message-IDs the mail that came back is known."""

    recipients: list[Recipient]
    message_ids: list[str]


def returned(mail: Mail) -> Returned:
    """What this bounce tells; where it has no report, what its text tells."""
    failed = [one for one in recipients_in(mail.attachments) if one.action == "failed"]
    return Returned(failed or _from_text(mail), _original_ids(mail))


def recipients_in(attachments: Iterable[Attachment]) -> list[Recipient]:
    """Each address of the delivery reports among these parts, in their order."""
    found: list[Recipient] = []
    for part in attachments:
        if part.type in _STATUS_TYPES:
            text = _FOLDED.sub(" ", part.content[:200_000].decode("utf-8", "replace"))
            groups = re.split(r"\r?\n[ \t]{0,20}\r?\n", text)
            found += [one for group in groups[: _MOST + 1] if (one := _recipient(group))]
    return found[:_MOST]


def _recipient(group: str) -> Recipient | None:
    fields = {name.lower(): value.strip() for name, value in _FIELD.findall(group)}
    if "action" not in fields:
        return None
    named = fields.get("original-recipient") or fields.get("final-recipient", "")
    address = _ADDRESS.search(named.partition(";")[2] or named) or _ADDRESS.search(
        fields.get("final-recipient", "")
    )
    status = _STATUS.search(fields.get("status", "")) or _STATUS.search(fields.get("diagnostic-code", ""))
    action = re.match(r"[a-z]{1,20}", fields["action"].lower())
    return Recipient(
        address=address[0].lower() if address else "",
        action=action[0] if action else "",
        status=status[0] if status else "",
        diagnostic=fields.get("diagnostic-code", "")[:1_000],
    )


def _from_text(mail: Mail) -> list[Recipient]:
    """The servers without reports name the address first, then say why, then give the mail back."""
    text = mail.text[:4_000]
    named = _ADDRESS.findall(mail.headers.get("x-failed-recipients"))
    ours = {one.address.lower() for one in (*mail.to, *mail.cc, *mail.from_)}
    named = named or [one for one in _ADDRESS.findall(text) if one.lower() not in ours][:1]
    enhanced, plain = _STATUS.search(text), _REPLY.search(text)
    status = enhanced[0] if enhanced else f"{plain[1][0]}.0.0" if plain else ""
    return [Recipient(one.lower(), "failed", status, text[:1_000]) for one in dict.fromkeys(named)]


def _original_ids(mail: Mail) -> list[str]:
    """The ids of the mail that came back: of its headers in the report, in the text, in the references."""
    found: list[str] = []
    for part in mail.attachments:
        if part.type in _ORIGINAL_TYPES or part.type in _STATUS_TYPES:
            found += _ID.findall(part.content[:64_000].decode("utf-8", "replace"))
    found += _ID.findall(mail.text[:64_000])
    found += [one for one in (mail.in_reply_to, *reversed(mail.references)) if one]
    return list(dict.fromkeys(found))[:50]
