"""Make messages of a case a case of their own: another matter, with its own dates and its own answer."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.intake.cases import policies
from apaise.intake.cases.exposure import expose, public_messages
from apaise.intake.cases.grouping import Regrouping
from apaise.intake.cases.history import happened
from apaise.intake.cases.merging import keep_apart, merge, words_again
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, Grievance, WrongStage
from apaise.intake.cases.opening import open_case
from apaise.lib import clock

DONE_UNDER_THE_OLD = ("ack.sent", "contact.human_done")


def split(
    case: Case, messages: Sequence[int], *, grievances: Sequence[int] = (), title: str = "", by: User
) -> Case:
    """The chosen messages of the customer, with the files and grievances (by number), become a new case.

    It is received when the earliest of them was. Raises Refused, or WrongStage if they have moved on."""
    if refusal := policies.split_refusal(by, case):
        raise Refused(refusal)
    with transaction.atomic():
        case.hold()
        chosen = list(
            case.messages.filter(pk__in=messages, direction="in", is_machine=False).order_by("at", "pk")
        )
        if gap := _gap(case, chosen, len(set(messages))):
            raise Refused(gap)
        new = _open(case, chosen, title, by)
        splitting = Regrouping.objects.create(
            kind=Regrouping.Kind.SPLIT, case=case, into=new, by=by, at=clock.now()
        )
        keep_apart(case, new, since=splitting.at)
        _move(splitting, chosen, grievances)
        facts: dict[str, Any] = {"split": splitting.pk, "messages": [message.pk for message in chosen]}
        happened(new, "case.split_off", by=by, of=case.reference, **facts)
        if message := public_messages(new).first():
            expose(new, message, by=by, at=splitting.at)
        _count_what_was_done(case, new)
        happened(case, "case.split", by=by, into=new.reference, **facts)
        words_again(case)
        words_again(new)
    return new


def undo_split(new: Case, *, by: User) -> None:
    """The split was a mistake: all of it goes back, with what was said since. Raises Refused."""
    splitting = standing_split(new)
    if splitting is None:
        raise Refused(_("%(reference)s was not split off another case.") % {"reference": new.reference})
    with transaction.atomic():
        if not Regrouping.objects.filter(pk=splitting.pk, undone_at=None).update(
            undone_at=clock.now(), undone_by=by
        ):
            raise WrongStage(
                _("%(reference)s has moved on; reload it and look again.") % {"reference": new.reference}
            )
        merge(new, splitting.case, reason="split_undone", by=by)
        was_no_complaint = splitting.moved.filter(what="message", number=1).values("row")
        Message.objects.filter(pk__in=was_no_complaint, case=splitting.case).update(kind=Message.Kind.MESSAGE)
        _numbers_back(splitting)


def standing_split(new: Case) -> Regrouping | None:
    """Where this case was split off, unless that was undone."""
    splits = Regrouping.objects.filter(into=new, kind=Regrouping.Kind.SPLIT, undone_at=None)
    return splits.select_related("case").first()


def _gap(case: Case, chosen: Sequence[Message], asked: int) -> str | None:
    if not asked:
        return _("Choose the messages that are about something else.")
    if len(chosen) != asked:
        return _(
            "One of the chosen messages is not the customer's, or is not in this case any more. Choose again."
        )
    left = case.messages.filter(kind=Message.Kind.COMPLAINT).exclude(
        pk__in=[message.pk for message in chosen]
    )
    if not left.exists():
        return _("A case keeps its complaint: choose other messages, or none of this case would be left.")
    return None


def _open(case: Case, chosen: Sequence[Message], title: str, by: User) -> Case:
    first = chosen[0]
    new = open_case(
        case.complainant,
        desk=case.desk,
        channel=first.channel,
        language=case.language,
        title=" ".join(title.split()) or first.subject or case.title,
        by=by,
        received_at=first.at,
        pack_version=case.pack_version,
        wants_paper=case.wants_paper,
    )
    new.keep(contract=case.contract, organisation=case.organisation)
    return new


def _move(splitting: Regrouping, chosen: Sequence[Message], grievances: Sequence[int]) -> None:
    case, new = splitting.case, splitting.into
    for message in chosen:
        becomes = message is chosen[0] and message.kind == Message.Kind.MESSAGE
        splitting.note("message", message.pk, number=1 if becomes else None)
        kind = Message.Kind.COMPLAINT if becomes else message.kind
        Message.objects.filter(pk=message.pk, case=case).update(case=new, kind=kind)
    points = Grievance.objects.filter(case=case, number__in=grievances)
    for number, point in enumerate(list(points), start=1):
        splitting.note("grievance", point.pk, number=point.number)
        Grievance.objects.filter(pk=point.pk).update(case=new, number=number)


def _count_what_was_done(case: Case, new: Case) -> None:
    """It was acknowledged, and somebody spoke to the customer, under the old reference: not owed once more."""
    done = Entry.objects.of(case.reference).filter(what__in=DONE_UNDER_THE_OLD, at__gte=new.received_at)
    for word in DONE_UNDER_THE_OLD:
        if entry := done.filter(what=word).first():
            happened(new, word, by=_Same(entry.by), at=entry.at, under=case.reference)


class _Same:
    """Whoever did it then."""

    def __init__(self, code: str) -> None:
        self.actor_code = code


def _numbers_back(splitting: Regrouping) -> None:
    taken = set(splitting.case.grievances.values_list("number", flat=True))
    for moved in splitting.moved.filter(what="grievance").exclude(number__in=taken):
        Grievance.objects.filter(pk=moved.row, case=splitting.case).update(number=moved.number)
