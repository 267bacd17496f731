"""Take a merged case out again: everything back where it was, clocks as if never merged.

What came in meanwhile by the merged case's own thread, link or reference goes with it; all else stays with the survivor."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System, record
from apaise.intake.cases import deadlines, policies
from apaise.intake.cases.excluded import Exclusion
from apaise.intake.cases.exposure import public_messages
from apaise.intake.cases.grouping import Moved, Regrouping
from apaise.intake.cases.history import all_happened, happened
from apaise.intake.cases.link import TrackingLink
from apaise.intake.cases.merging import (
    TOGETHER,
    earliest,
    hold_both,
    refuse_while_leaving,
    standing_merge,
    together,
    words_again,
)
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused, excerpt_of, stop_waiting
from apaise.intake.cases.models import Case, Grievance, Note, State, WrongStage
from apaise.intake.cases.outgoing import WHEN_SENT, wrote_last
from apaise.intake.cases.promise import Promise
from apaise.intake.cases.replay import OF_A_MERGE
from apaise.lib import clock


def undo_merge(case: Case, *, by: User) -> None:
    """`case` is on its own again, in the state it had. Raises Refused, or WrongStage if it has moved on."""
    merging = standing_merge(case)
    if merging is None:
        raise Refused(_("%(reference)s is not merged any more.") % {"reference": case.reference})
    if refusal := policies.unmerge_refusal(by, case, merging.into):
        raise Refused(refusal)
    with transaction.atomic():
        taken, survivor = hold_both(case, merging.into)
        _refuse_if_split(merging, survivor)
        refuse_while_leaving(survivor)
        mine = Regrouping.objects.filter(pk=merging.pk, undone_at=None)
        if not mine.update(undone_at=clock.now(), undone_by=by):
            raise WrongStage(_("%(reference)s is not merged any more.") % {"reference": case.reference})
        back = _messages_back(merging, survivor, taken)
        _rows_back(merging, taken)
        taken.move(State(merging.before["state"]), leaving=[State.MERGED], merged_into=None)
        _restore(survivor, merging)
        facts: dict[str, Any] = {"merge": merging.pk, "messages": len(back)}
        record(taken, "case.merge_undone", by=by, out_of=survivor.reference, state=taken.state, **facts)
        level = _level_without(survivor, merging)
        record(survivor, "case.merge_undone", by=by, of=taken.reference, criticality=level, **facts)
        if level is not None:
            survivor.keep(criticality=level)
        for one in (taken, survivor):
            deadlines.count_again(one, by=deadlines.BY, at=clock.now())
        words_again(survivor)
        _as_if_here(taken, back, merging)
    case.refresh_from_db()


def _refuse_if_split(merging: Regrouping, survivor: Case) -> None:
    gone = (
        Message.objects.filter(pk__in=merging.rows("message")).exclude(case=survivor).select_related("case")
    )
    if message := gone.first():
        raise Refused(
            _("A message of this case was split off into %(other)s. Undo that split first.")
            % {"other": message.case.reference}
        )


# --- what goes back -------------------------------------------------------------------------------------


def _messages_back(merging: Regrouping, survivor: Case, taken: Case) -> list[Message]:
    """Those that went along, those addressed to the merged case since, and what answered any of them."""
    back = list(Message.objects.filter(pk__in=merging.rows("message")).order_by("pk"))
    known = {message.pk for message in back}
    numbers = {message.message_id for message in back if message.message_id}
    since = survivor.messages.filter(direction="in", at__gte=merging.at).exclude(pk__in=known)
    for message in since.exclude(in_reply_to="").order_by("pk"):
        if message.in_reply_to in numbers:
            back.append(message)
            numbers.add(message.message_id)
    Message.objects.filter(pk__in=[message.pk for message in back]).update(case=taken)
    return back


def _rows_back(merging: Regrouping, taken: Case) -> None:
    Note.objects.filter(pk__in=merging.rows("note")).update(case=taken)
    Promise.objects.filter(pk__in=merging.rows("promise")).update(case=taken)
    Exclusion.objects.filter(pk__in=merging.rows("exclusion")).delete()
    _keep_apart(merging, taken)
    # A complainant's own link stays: it opens their own case, before and after.
    made = TrackingLink.objects.filter(pk__in=merging.rows("link"))
    made.exclude(person=merging.into.complainant).update(revoked_at=clock.now())
    numbers = {moved.row: moved.number for moved in merging.moved.filter(what="grievance")}
    for point in Grievance.objects.filter(pk__in=numbers):
        Grievance.objects.filter(pk=point.pk).update(case=taken, number=numbers[point.pk])
    there = set(taken.grievances.values_list("number", flat=True))
    # Listed anew meanwhile, so these rows are gone: as they were.
    taken.grievances.bulk_create(
        Grievance(case=taken, **point)
        for point in merging.before["grievances"]
        if point["number"] not in there
    )


def _keep_apart(merging: Regrouping, taken: Case) -> None:
    """Whoever was kept apart from both since the merge, but for those who came with another case."""
    others = Moved.objects.filter(regrouping__into=merging.into, what="exclusion").values("row")
    there = set(taken.exclusions.values_list("user_id", flat=True))
    since = merging.into.exclusions.filter(since__gte=merging.at).exclude(pk__in=others)
    Exclusion.objects.bulk_create(
        Exclusion(case=taken, user_id=one.user_id, because=one.because, found=one.found, since=one.since)
        for one in since.exclude(user__in=there)
    )


def _restore(survivor: Case, merging: Regrouping) -> None:
    """Its own dates, but for what other cases merged into it still bring."""
    merges = Regrouping.objects.filter(into=survivor, kind=Regrouping.Kind.MERGE)
    first = merges.order_by("pk").first()
    still = [one.case for one in merges.filter(undone_at=None).select_related("case")]
    dates = earliest(survivor, still, base=first.before if first else None)
    survivor.keep(**dates, **_together_without(survivor, first, still))
    told = _moment(merging.before.get("announced_after"))
    if survivor.announced_for == told:  # else somebody has announced another date since
        survivor.keep(announced_for=_moment(merging.before["announced_for"]))


def _together_without(survivor: Case, first: Regrouping | None, still: list[Case]) -> dict[str, Any]:
    """What the others brought goes with them; what somebody has said of this case since then stays."""
    if first is None or not first.before.keys() >= set(TOGETHER):
        return {}
    own = {name: first.before[name] for name in TOGETHER}
    own["public_exposure"] |= public_messages(survivor).exists()
    without = together(survivor, still, own)
    since = _since(survivor, first)
    for word, name in (("case.contract_chosen", "contract_id"), ("contact.preferred", "wants_paper")):
        if since.filter(what=word).exists():
            del without[name]
    return without


def _since(survivor: Case, merging: Regrouping) -> "QuerySet[Entry]":
    """The history of the survivor after this merge."""
    history = Entry.objects.of(survivor.reference)
    absorbed = history.filter(what="case.absorbed")
    return history.filter(seq__gt=next(one.seq for one in absorbed if one.facts["merge"] == merging.pk))


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _level_without(survivor: Case, merging: Regrouping) -> str | None:
    """The criticality without this merge; None if it is the same."""
    level = ""
    for entry in Entry.objects.of(survivor.reference):
        if entry.what not in OF_A_MERGE or entry.facts.get("merge") != merging.pk:
            level = entry.facts.get("criticality", level)
    return level if level != survivor.criticality else None


# --- what happened meanwhile ------------------------------------------------------------------------------


def _as_if_here(taken: Case, back: list[Message], merging: Regrouping) -> None:
    """What was said and done since the merge counts for the case it belongs to, at the moment it happened."""
    by = System("merge-undone")
    moved = {row.row for row in merging.moved.all() if row.what == "message" and not row.meanwhile}
    # By the order of the ledger: a letter may be noted after the merge that was posted before it.
    sent = {entry.facts["message"] for entry in _since(merging.into, merging).filter(what="message.sent")}
    for message in back:
        if message.pk in sent and message.sent_at:
            facts = {"message": message.pk, "kind": message.kind, "channel": message.channel}
            author = message.author_user or by
            all_happened(
                taken,
                [(word, facts) for word in ("message.sent", *WHEN_SENT[message.kind])],
                by=author,
                at=message.sent_at,
            )
            if message.author_user and wrote_last(taken, message.sent_at):
                taken.keep(we_wrote_at=message.sent_at)
        elif not message.is_ours and message.pk not in moved and not message.is_machine:
            if taken.customer_wrote_at is None or message.at >= taken.customer_wrote_at:
                taken.keep(customer_wrote_at=message.at, excerpt=excerpt_of(message.new_text))
            if message.author_person:
                stop_waiting(taken, message.author_person, message.at)
    if public_messages(taken).exists():
        taken.keep(public_exposure=True)
    for promise in Promise.objects.filter(pk__in=merging.rows("promise"), kept_at__gte=merging.at):
        happened(taken, "commitment.kept", by=by, at=promise.kept_at, promise=promise.pk)
