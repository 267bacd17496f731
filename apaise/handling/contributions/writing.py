"""Write a context note: a draft that is kept, then sent for good, or declined."""

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.handling.contributions.models import ContextNote
from apaise.handling.contributions.policies import write_refusal
from apaise.intake.cases import policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.lib import clock

LONGEST = 10_000


def keep_draft(note: ContextNote, text: str, *, by: User) -> None:
    """What is written so far; nobody else reads it. Raises Refused."""
    if refusal := write_refusal(by, note):
        raise Refused(refusal)
    if not ContextNote.objects.waiting().filter(pk=note.pk).update(draft=text[:LONGEST]):
        raise Refused(_meanwhile())
    note.draft = text[:LONGEST]


def send(note: ContextNote, text: str, *, by: User) -> None:
    """For whoever handles the case to read; from now on nobody changes it. Raises Refused."""
    _settle(note, text, ContextNote.State.SENT, "context_note.added", by=by)


def decline(note: ContextNote, why: str, *, by: User) -> None:
    """They know nothing of it, or may not say: with a word of why. Raises Refused."""
    _settle(note, why, ContextNote.State.DECLINED, "context_note.declined", by=by)


def _settle(note: ContextNote, text: str, state: ContextNote.State, word: str, *, by: User) -> None:
    if refusal := write_refusal(by, note):
        raise Refused(refusal)
    if not text.strip():
        raise Refused(policies.say_something())
    said = text.strip()[:LONGEST]
    with transaction.atomic():
        note.case.hold()
        # Sent twice or withdrawn at this moment: only the first counts.
        waiting = ContextNote.objects.waiting().filter(pk=note.pk)
        if not waiting.update(state=state, text=said, draft="", settled_at=clock.now()):
            raise Refused(_meanwhile())
        happened(note.case, word, by=by, held=True, note=note.pk)
    note.state, note.text, note.draft = state, said, ""


def _meanwhile() -> str:
    return _("This note was sent or withdrawn in the meantime. Reload the page.")
