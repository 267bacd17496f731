"""The note that goes with a case to the next person: what is done, what is left, what was promised."""

from typing import NamedTuple

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import deadlines
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.promise import Promise
from apaise.lib import saying


class Handover(NamedTuple):
    """Words of staff to staff; the customer never reads them."""

    done: str
    left: str
    promised: str

    def missing(self) -> str | None:
        if self.done.strip() and self.left.strip():
            return None
        return _("Write for the next person what is done and what is left: they start from your words.")

    def text(self) -> str:
        parts = [(_("Done"), self.done), (_("Left"), self.left), (_("Promised"), self.promised)]
        return "\n".join(
            _("%(what)s: %(words)s") % {"what": what, "words": words.strip()}
            for what, words in parts
            if words.strip()
        )


def prepared(case: Case) -> Handover:
    """The note as far as the case itself can tell it, in the language of whoever looks, for them to complete."""
    return Handover(_done(case), _left(case), _promised(case))


def written_for(case: Case, reader: User) -> str:
    """The same for a move that nobody writes a note for, in the language of the person who takes the case."""
    with translation.override(reader.language):
        return prepared(case).text()


def _done(case: Case) -> str:
    said = [_("received on %(day)s") % {"day": _day(case.received_at)}]
    ours = case.messages.filter(direction=Message.Direction.OUT, sent_at__isnull=False)
    if sent := ours.filter(kind=Message.Kind.ACKNOWLEDGEMENT).first():
        said.append(_("acknowledged on %(day)s") % {"day": _day(sent.sent_at)})
    if case.we_wrote_at:
        said.append(_("we last wrote on %(day)s") % {"day": _day(case.we_wrote_at)})
    if case.criticality:
        said.append(_("criticality %(level)s") % {"level": case.criticality})
    return ", ".join(said)


def _left(case: Case) -> str:
    points = [point.text.rstrip(" .") for point in case.grievances.filter(verdict="")]
    said = (
        [_("to answer: %(points)s") % {"points": "; ".join(points)}]
        if points
        else [_("to read and to answer")]
    )
    running = case.deadlines.filter(state=Deadline.State.RUNNING, customer_right=False)
    if first := running.order_by("due_at").first():
        said.append(
            _("next date: %(what)s, %(day)s")
            % {"what": deadlines.label(first.rule), "day": _day(first.due_at)}
        )
    return ". ".join(said)


def _promised(case: Case) -> str:
    owed = case.promises.exclude(state=Promise.State.KEPT)
    said = [f"{one.text.rstrip(' .')} ({one.due_in_words()}, {one.get_state_display()})" for one in owed]
    return "; ".join(said) or _("nothing")


def _day(moment: object) -> str:
    language = translation.get_language() or "fr"
    return saying.day(moment.astimezone(timezone.get_current_timezone()).date(), language, year=False)  # type: ignore[attr-defined]
