"""Named places where the crash tests end the process as a power cut would. Without APAISE_CRASH_AT nothing happens."""

import os
import signal

POINTS = (
    "after-raw-store",  # the bytes are durable, no row yet
    "after-arrival-row",  # in the transaction of the arrival, before its commit
    "before-250",  # kept, but the sender was not told
    "after-case-insert",  # in the transaction that files
    "after-ledger",  # in the same, an entry written
    "after-filing-commit",
    "after-ack-queued",  # its transaction is over
    "after-claim",  # the message is being sent, nothing went over the wire
    "inside-data",  # the words are on the wire, their end is not
    "after-data-accepted",  # the server said 250, we have not noted it
)
FETCH_POINTS = (
    "before-mail-mark",  # fetched and kept, the mail server does not know yet
    "after-mail-mark",  # it knows, we have not noted that it does
)
_AT = os.environ.get("APAISE_CRASH_AT", "")


def point(name: str) -> None:
    """End this process at once, without any cleaning up, if the test asked for it here."""
    if _AT and name == _AT:
        os.kill(os.getpid(), signal.SIGKILL)
