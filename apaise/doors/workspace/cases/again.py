"""The words of a message that was taken back, for the form they were written in."""

from contextlib import suppress

from django.http import HttpRequest

from apaise.ground.ledger.models import Entry
from apaise.handling.resolution import reply_check
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case


def written_before(request: HttpRequest, case: Case) -> dict[str, str]:
    """What stands in the form, when the page is opened after taking a message back (`?again=`)."""
    number = request.GET.get("again", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return {}
    message = case.messages.filter(pk=number, state=Message.State.TAKEN_BACK).first()
    if message is None:
        return {}
    if message.kind != Message.Kind.FINAL_REPLY:
        return {"mode": "reply", "text": message.text}
    return {"mode": "answer", **_final_reply(case, message)}


def _final_reply(case: Case, message: Message) -> dict[str, str]:
    decided = Entry.objects.of(case.reference).filter(what="decision.taken").order_by("seq").last()
    outcome = str(decided.facts.get("outcome", "")) if decided else ""
    with suppress(Refused):  # a mention that cannot be written any more: then the letter stands there whole
        mentions = reply_check.mentions(case, outcome=outcome, found_cause=case.found_cause)
        # They stand below the words, and are added again when it is sent.
        message.text = message.text.removesuffix("\n\n".join(["", *mentions.texts]))
    return {
        "text": message.text,
        "outcome": outcome,
        "found_cause": case.found_cause,
        "scope": case.scope,
    }
