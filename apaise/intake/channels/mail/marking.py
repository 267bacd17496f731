"""What becomes of a fetched mail on its server. Repeating each of these is harmless."""

import imaplib
from contextlib import suppress

from imapclient import DELETED, SEEN, IMAPClient

from apaise.intake.channels.mail.connect import BROKEN
from apaise.intake.channels.mail.mailboxes import Mailbox


def mark(mailbox: Mailbox, client: IMAPClient, uid: int) -> None:
    """Mark, move or delete one message, as the account says. Raises imaplib's errors.

    A message that has gone in the meantime is as good as marked."""
    if mailbox.after == Mailbox.After.SEEN:
        client.add_flags([uid], [SEEN], silent=True)
    elif mailbox.after == Mailbox.After.MOVE:
        client.add_flags([uid], [SEEN], silent=True)
        _move(client, uid, mailbox.move_to)
    else:
        _delete(client, uid)


def _move(client: IMAPClient, uid: int, folder: str) -> None:
    try:
        _move_to_existing(client, uid, folder)
    except BROKEN:
        raise
    except imaplib.IMAP4.error:
        with suppress(imaplib.IMAP4.error):  # it may be there, and the move have failed for another reason
            client.create_folder(folder)
        _move_to_existing(client, uid, folder)


def _move_to_existing(client: IMAPClient, uid: int, folder: str) -> None:
    if client.has_capability("MOVE"):
        client.move([uid], folder)
        return
    client.copy([uid], folder)
    _delete(client, uid)


def _delete(client: IMAPClient, uid: int) -> None:
    client.add_flags([uid], [DELETED], silent=True)
    # Without UIDPLUS an EXPUNGE would also remove what others have deleted: it stays, struck out.
    if client.has_capability("UIDPLUS"):
        client.uid_expunge([uid])
