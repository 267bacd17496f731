"""Mail servers of our own for the tests of the gate, and what the gate made of a message."""

from email import message_from_bytes, policy

from apaise.ground.ledger.models import Entry
from apaise.intake.cases.message import Message
from apaise.intake.channels.mail import gate
from apaise.lib.later import NotNow


class Carrier:
    """A mail server: what it took, and how it answers."""

    def __init__(self, **answers):
        self.answers, self.taken, self.asked = answers, [], 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.asked += 1
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers.get("cut") == "RCPT":
            server.transport.abort()
        answer = self.answers.get("refuses", {}).get(address, self.answers.get("RCPT", "250 OK"))
        if not answer.startswith("2"):
            return answer
        envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.get("DATA", "250 Taken")
        if answer.startswith("2"):
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        if self.answers.get("cut") == "DATA":
            server.transport.abort()
        return answer

    async def handle_QUIT(self, server, session, envelope):
        if self.answers.get("cut") == "QUIT":
            server.transport.abort()
        return "221 Bye"


def row(message):
    return Message.objects.select_related("case__desk").get(pk=message.pk)


def tried(message):
    """Let the gate try, and tell how it ended."""
    try:
        gate.deliver(message.pk)
    except NotNow as later:
        return str(later)
    return row(message).state


def words_of(message):
    return [
        entry.what
        for entry in Entry.objects.of(message.case.reference)
        if entry.facts.get("message") == message.pk
    ]


def read(raw):
    return message_from_bytes(raw, policy=policy.default)
