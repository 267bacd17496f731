"""Merge two cases that are one complaint. What was said and promised goes along, the earliest dates stay."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import record
from apaise.ground.parties.mandates import mandates_for
from apaise.ground.parties.models import Person, Representative
from apaise.intake.cases import deadlines, policies, tracking
from apaise.intake.cases.excluded import Exclusion
from apaise.intake.cases.grouping import MERGE_REASONS, Regrouping
from apaise.intake.cases.history import happened
from apaise.intake.cases.link import TrackingLink
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused, excerpt_of
from apaise.intake.cases.models import UNTIL_SET, Case, State, WrongStage
from apaise.lib import clock

TOGETHER = ("public_exposure", "wants_paper", "contract_id")


def merge(case: Case, into: Case, *, reason: str, by: User) -> Regrouping:
    """`case` is followed in `into` from now on. Raises Refused, or WrongStage if one of them has moved on."""
    if refusal := policies.merge_refusal(by, case, into):
        raise Refused(refusal)
    if reason not in MERGE_REASONS:
        raise Refused(_("Say why the cases are merged."))
    with transaction.atomic():
        merged, survivor = hold_both(case, into)
        if refusal := policies.merge_refusal(by, merged, survivor):
            raise WrongStage(refusal)  # it was allowed a moment ago: somebody was faster
        refuse_while_leaving(merged)
        merging = Regrouping.objects.create(
            kind=Regrouping.Kind.MERGE, case=merged, into=survivor, reason=reason, by=by, at=clock.now()
        )
        merging.before = _before(merged, survivor)
        words, upto = _words_along(merged), _last_seq(merged)
        messages = _move_rows(merging)
        merged.move(State.MERGED, leaving=[merged.state], merged_into=survivor)
        facts: dict[str, Any] = {"merge": merging.pk, "reason": reason, "messages": messages}
        happened(merged, "case.merged", by=by, into=survivor.reference, state=merged.state, **facts)
        dates = earliest(survivor, [merged])
        level = _stronger(merged, survivor)
        survivor.keep(**dates, **together(survivor, [merged]), **({"criticality": level} if level else {}))
        record(
            survivor, "case.absorbed", by=by, of=merged.reference, upto=upto, words=words,
            criticality=level, **facts, **dates,
        )  # fmt: skip
        deadlines.count_again(survivor, by=deadlines.BY, at=merging.at)
        _announce_the_earliest(survivor, merged)
        merging.before["announced_after"] = _iso(survivor.announced_for)
        merging.save(update_fields=["before"])
        words_again(survivor)
    for one in (case, into):
        one.refresh_from_db()
    return merging


def hold_both(case: Case, other: Case) -> tuple[Case, Case]:
    """Both as they are now, and until the transaction ends; always in the same order, so that nobody waits for each other."""
    rows = Case.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "pack_version", "desk", "complainant", "organisation", "handler"
    )
    found = {row.pk: row for row in rows.filter(pk__in=[case.pk, other.pk]).order_by("pk")}
    return found[case.pk], found[other.pk]


def refuse_while_leaving(case: Case) -> None:
    if case.messages.filter(state=Message.State.SENDING).exists():
        raise WrongStage(
            _("A message of %(reference)s is being sent this very moment. Try again in a minute.")
            % {"reference": case.reference}
        )


def _before(merged: Case, survivor: Case) -> dict[str, Any]:
    points = merged.grievances.values("number", "text", "verdict", "reason")
    return {
        "state": merged.state,
        "received_at": _iso(survivor.received_at),
        "sent_at": _iso(survivor.sent_at),
        "written_complaint_at": _iso(survivor.written_complaint_at),
        "announced_for": _iso(survivor.announced_for),
        "grievances": list(points),
        **{name: getattr(survivor, name) for name in TOGETHER},
    }


def _words_along(merged: Case) -> list[str]:
    """What started the clocks that still run: they go along, whatever they are of."""
    running = merged.deadlines.exclude(state="stopped").values_list("rule", flat=True)
    known = merged.pack_version.pack.deadlines
    return sorted({known[rule].trigger for rule in running})


def _last_seq(case: Case) -> int:
    return Entry.objects.of(case.reference).values_list("seq", flat=True).last() or 0


# --- what goes along ------------------------------------------------------------------------------------


def _move_rows(merging: Regrouping) -> int:
    """Messages with their files, notes, grievances, promises; who is kept apart; who may follow. Returns how many messages."""
    case, into = merging.case, merging.into
    messages = case.messages.all()
    acknowledgement = Message.Kind.ACKNOWLEDGEMENT
    if into.messages.filter(kind=acknowledgement).exists():
        # Each complaint was acknowledged under its own reference, or needs no second one now.
        waiting = (Message.State.QUEUED, Message.State.TO_POST)
        case.messages.filter(kind=acknowledgement, state__in=waiting).delete()
        messages = messages.exclude(kind=acknowledgement)
    many = _move(merging, "message", messages)
    _move(merging, "note", case.notes.all())
    _move(merging, "promise", case.promises.all())
    number = max(into.grievances.values_list("number", flat=True), default=0)
    for number, point in enumerate(case.grievances.all(), start=number + 1):  # noqa: B020  (counts on from there)
        merging.note("grievance", point.pk, number=point.number)
        case.grievances.filter(pk=point.pk).update(case=into, number=number)
    for copy in keep_apart(case, into, since=merging.at):
        merging.note("exclusion", copy.pk)
    _let_follow(merging)
    return many


def _move(merging: Regrouping, what: str, rows: "QuerySet[Any]") -> int:
    found: list[Model] = list(rows)
    for row in found:
        merging.note(what, row.pk)
    rows.model._default_manager.filter(pk__in=[row.pk for row in found]).update(case=merging.into)
    return len(found)


def keep_apart(case: Case, into: Case, *, since: datetime) -> list[Exclusion]:
    """Whoever is kept apart from the one is kept apart from the other. Returns what was added."""
    there = set(into.exclusions.values_list("user_id", flat=True))
    return [
        Exclusion.objects.create(
            case=into, user_id=one.user_id, because=one.because, found=one.found, since=since
        )
        for one in case.exclusions.exclude(user__in=there)
    ]


def _let_follow(merging: Regrouping) -> None:
    """Whoever follows the merged case, and may be told all of it, gets a link to where it is followed.

    Our mails say it, never the page of the merged case: that may have been filed in another's name."""
    now = clock.now()
    tracking.end_links_on_screen(merging.into)
    people = TrackingLink.objects.filter(
        case=merging.case, revoked_at=None, expires_at__gt=now, on_screen=False
    )
    for link in people.select_related("person"):
        if not _may_be_told_all(link.person, merging):
            continue
        theirs = TrackingLink.objects.filter(case=merging.into, person=link.person, revoked_at=None)
        known = set(theirs.values_list("pk", flat=True))
        tracking.link_for(merging.into, link.person)
        for made in theirs.exclude(pk__in=known):
            merging.note("link", made.pk)


def _may_be_told_all(person: Person, merging: Regrouping) -> bool:
    """The customer; of those who speak for them, whom every mandate that holds lets be told everything."""
    case, into = merging.case, merging.into
    if person.is_same_as(into.complainant_id):
        return True
    today = clock.today(into.calendar.zone)
    told = {
        mandate.told
        for one in (case, into)
        for mandate in mandates_for(one.complainant, one.organisation)
        if mandate.holds_on(today) and mandate.person.is_same_as(person.pk)
    }
    return told == {Representative.Told.ALL} if told else person.is_same_as(case.complainant_id)


# --- what the survivor is like ----------------------------------------------------------------------------


def earliest(survivor: Case, merged: list[Case], base: dict[str, Any] | None = None) -> dict[str, datetime]:
    """The dates of a case that took others in: never later than any of theirs. `base`: its own, before the first."""
    own = {
        name: datetime.fromisoformat(base[name]) if base[name] else None
        for name in ("received_at", "sent_at", "written_complaint_at")
    } if base else {
        "received_at": survivor.received_at,
        "sent_at": survivor.sent_at,
        "written_complaint_at": survivor.written_complaint_at,
    }  # fmt: skip
    found = {}
    for name, date in own.items():
        known = [one for one in (date, *(getattr(case, name) for case in merged)) if one]
        found[name] = min(known) if known else None
    return found  # type: ignore[return-value]  # written_complaint_at may be None


def together(survivor: Case, merged: list[Case], own: dict[str, Any] | None = None) -> dict[str, Any]:
    """Public if one is, by letter if one asked for letters, of the first contract known. `own`: its own, before the first."""
    known = [own or {name: getattr(survivor, name) for name in TOGETHER}]
    known += [{name: getattr(case, name) for name in TOGETHER} for case in merged]
    return {
        "public_exposure": any(one["public_exposure"] for one in known),
        "wants_paper": any(one["wants_paper"] for one in known),
        "contract_id": next((one["contract_id"] for one in known if one["contract_id"]), None),
    }


def _stronger(merged: Case, survivor: Case) -> str | None:
    """The merged case was called, or became, more critical: that is not lost."""
    return merged.criticality if "" < merged.criticality < (survivor.criticality or UNTIL_SET) else None


def _announce_the_earliest(survivor: Case, merged: Case) -> None:
    """The customer was told two dates: the earlier one holds, unless a later one was announced with its reason."""
    told = [date for date in (survivor.announced_for, merged.announced_for) if date]
    if not told:
        return
    target = survivor.deadlines.filter(rule="reply_target").first()
    survivor.keep(announced_for=target.due_at if target and target.extensions else min(told))


def words_again(case: Case) -> None:
    """Who wrote last, and what: from the messages that are here now."""
    heard = case.messages.filter(direction="in", is_machine=False).order_by("at", "pk").last()
    left = (Message.State.SENT, Message.State.SHOWN)
    ours = case.messages.filter(author_user__isnull=False, state__in=left).order_by("sent_at").last()
    case.keep(
        customer_wrote_at=heard.at if heard else None,
        excerpt=excerpt_of(heard.new_text) if heard else "",
        we_wrote_at=ours.sent_at if ours else None,
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def standing_merge(case: Case) -> Regrouping | None:
    """The merge that ended this case and was not undone."""
    merges = Regrouping.objects.filter(case=case, kind=Regrouping.Kind.MERGE, undone_at=None)
    return merges.select_related("into__desk", "into__complainant", "by").first()
