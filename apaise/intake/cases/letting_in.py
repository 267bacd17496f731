"""An executive lets an excluded person in: with a reason, until a moment, written down and shown."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor, System
from apaise.intake.cases import policies
from apaise.intake.cases.account_people import conflict_rules
from apaise.intake.cases.excluded import ConflictOverride, Exclusion
from apaise.intake.cases.exclusion import forget_prefetched, release
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock

LONGEST = timedelta(days=30)
WHO = ("executive",)  # where the pack names nobody


def let_in_refusal(user: User, case: Case) -> str | None:
    """Why this person may not let an excluded person in to this case."""
    if case.is_excluded(user):
        return policies.is_apart()
    rules = conflict_rules(case.pack_version.pack).get("override") or {}
    if rules.get("allowed") is False:
        return _("The policy of this case lets nobody in who is a party.")
    if not user.has_role(*rules.get("by", WHO)):
        return _("Only an executive may let in somebody who is kept apart.")
    return None if case.is_open else _("This case has ended; reopen it first.")


def let_in(exclusion: Exclusion, *, reason: str, until: datetime | None, by: User) -> ConflictOverride:
    """They may see and work on the case until then, as their role allows. Raises Refused."""
    case, now = exclusion.case, clock.now()
    if refusal := let_in_refusal(by, case):
        raise Refused(refusal)
    if exclusion.user_id == by.pk:
        raise Refused(_("Nobody lets themselves in. Ask another executive."))
    if not reason.strip():
        raise Refused(_("Write the reason: it stays on the case for good."))
    if until is None or not now < until <= now + LONGEST:
        raise Refused(_("Say until when, within thirty days."))
    with transaction.atomic():
        case.hold()
        if not Exclusion.objects.in_force().filter(pk=exclusion.pk).update(let_in_until=until):
            raise Refused(_("This person is let in already. End that first."))
        _close(exclusion, now)
        made = ConflictOverride.objects.create(
            exclusion=exclusion, by=by, reason=reason.strip(), until=until, at=now
        )
        happened(
            case,
            "conflict.overridden",
            by=by,
            held=True,
            person=exclusion.user.actor_code,
            override=made.pk,
            until=until,
        )
    exclusion.let_in_until = until
    forget_prefetched(case)
    return made


def shut_out(exclusion: Exclusion, *, by: User) -> bool:
    """End it before its moment. Returns whether they were let in. Raises Refused."""
    if (refusal := let_in_refusal(by, exclusion.case)) and not by.has_role(*policies.LEADS):
        raise Refused(refusal)
    return _end(exclusion, by=by)


def shut_out_lapsed() -> int:
    """Those whose time has passed: whatever they still held is placed again. Returns how many."""
    lapsed = ConflictOverride.objects.filter(ended_at=None, until__lte=clock.now())
    rows = lapsed.select_related("exclusion__case", "exclusion__user")
    return sum(_end(override.exclusion, by=System("judge-and-party")) for override in rows)


def _end(exclusion: Exclusion, *, by: Actor) -> bool:
    case = exclusion.case
    with transaction.atomic():
        case.hold()
        if not _close(exclusion, clock.now()):
            return False
        Exclusion.objects.filter(pk=exclusion.pk).update(let_in_until=None)
        taken = release(case, exclusion.user)
        happened(
            case,
            "conflict.restored",
            by=by,
            held=True,
            person=exclusion.user.actor_code,
            because=exclusion.because,
            taken=taken or None,
        )
    exclusion.let_in_until = None
    forget_prefetched(case)
    return True


def _close(exclusion: Exclusion, at: datetime) -> int:
    return ConflictOverride.objects.filter(exclusion=exclusion, ended_at=None).update(ended_at=at)
