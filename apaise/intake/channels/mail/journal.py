"""A blind copy of every outgoing mail in a mailbox of our own: proof that the server took it (docs/decisions/0014)."""

import logging
import smtplib
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from django.conf import settings

from apaise.intake.cases.message import Message
from apaise.intake.cases.outgoing import mark_sent
from apaise.intake.channels.mail.connect import choose, opened
from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.oauth import is_loopback
from apaise.intake.channels.mail.trouble import Trouble
from apaise.lib import clock

log = logging.getLogger("apaise.mail")
PATIENCE = 20  # seconds for each answer of the mailbox's server
LOOK_FOR = timedelta(
    days=5
)  # as long as mail servers keep a copy they cannot deliver; then it is up to people alone


def copy_to(server: smtplib.SMTP) -> None:
    """Name the journal as one more recipient of the mail that is being handed over; the customer's mail never waits for it."""
    if not settings.JOURNAL_ADDRESS:
        return
    code, _said = server.rcpt(settings.JOURNAL_ADDRESS)
    if code not in (250, 251):
        log.warning("the mail server refused the journal's address with %s; this mail has no copy", code)


def settle_uncertain() -> int:
    """Mark as sent what may not have left and lies in the journal; the rest stays with people. Returns how many."""
    if not settings.JOURNAL_IMAP_URL:
        return 0
    open_ones = Message.objects.filter(
        state=Message.State.UNCERTAIN, claimed_at__gt=clock.now() - LOOK_FOR
    ).exclude(message_id="")
    doubtful = list(open_ones.select_related("case__desk", "author_user").order_by("claimed_at")[:200])
    if not doubtful:
        return 0
    try:
        found = _found([message.message_id for message in doubtful])
    except Trouble as trouble:
        log.warning("the journal cannot be read: %s", trouble.code)
        return 0
    return sum(mark_sent(message) for message in doubtful if message.message_id in found)


def _found(message_ids: list[str]) -> set[str]:
    journal = _mailbox()
    with opened(journal, patience=PATIENCE) as box:
        choose(journal, box, look_only=True)
        return {one for one in message_ids if box.search(["HEADER", "Message-ID", one])}


def _mailbox() -> Mailbox:
    """The mailbox of the settings, opened as those we fetch from are; it stands in no table."""
    url = urlsplit(settings.JOURNAL_IMAP_URL)
    host, secure = url.hostname or "", url.scheme == "imaps"
    plain = not secure and (is_loopback(host) or settings.IMAP_PLAIN)
    journal = Mailbox(
        host=host,
        port=url.port or (993 if secure else 143),
        security="tls" if secure else "plain" if plain else "starttls",
        user=unquote(url.username or ""),
        folder=unquote(url.path.strip("/")) or "INBOX",
    )
    journal.seal("password", unquote(url.password or ""))
    return journal
