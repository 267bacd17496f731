"""Who is absent, who stands in, and how one says so. Someone who stands in may be absent too: then theirs does."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import HOUSE, record
from apaise.handling.routing.person import Absence, Presence
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.policies import LEADS, WORKERS
from apaise.lib import clock

Away = dict[int, Absence]  # by whose it is


def away(at: datetime | None = None) -> Away:
    """The absences going on, by whose they are."""
    found = Absence.objects.at(at or clock.now()).select_related("stand_in", "user")
    return {one.user_id: one for one in found.order_by("-pk")}


def is_away(user: User, at: datetime | None = None) -> bool:
    return Absence.objects.at(at or clock.now()).filter(user=user).exists()


def stands_in(user: User, case: Case, absent: Away, *, workers_only: bool = False) -> User | None:
    """Who is there for `user` on this case: themselves, else the first along the chain who is there and may be.

    None when the chain ends, or comes back to where it was: somebody of the next level then answers."""
    kept_apart = {one.user_id for one in case.exclusions.all() if one.holds}
    seen: set[int] = set()
    person: User | None = user
    while person is not None and person.pk not in seen:
        seen.add(person.pk)
        if person.pk not in absent:
            return person if _may_answer(person, kept_apart, workers_only=workers_only) else None
        person = absent[person.pk].stand_in
    return None


def _may_answer(person: User, kept_apart: set[int], *, workers_only: bool) -> bool:
    if not person.is_active or person.pk in kept_apart:
        return False
    return not workers_only or person.has_role(*WORKERS, "executive")


def present(case: Case, people: Iterable[User], absent: Away) -> list[User]:
    """These people, each absent one replaced by whoever stands in; nobody twice."""
    found: dict[int, User] = {}
    for person in people:
        if there := stands_in(person, case, absent):
            found.setdefault(there.pk, there)
    return list(found.values())


# --- saying so ------------------------------------------------------------------------------------------


def absence_refusal(by: User, user: User) -> str | None:
    """Why `by` may not write down or call off absences of `user`. Everybody may for themselves; leads for their team."""
    if by == user or by.has_role("complaints_manager"):
        return None
    if by.has_role(*LEADS) and by.team_ids & user.team_ids:
        return None
    return _("Only this person, a lead of their team or the complaints manager writes down their absences.")


def announce(user: User, first: date, last: date, stand_in: User | None, *, by: User) -> Absence:
    """`user` is not there from `first` to `last`, both included. Raises Refused with the reason."""
    refusal = absence_refusal(by, user) or _unfit(user, first, last, stand_in)
    if refusal:
        raise Refused(refusal)
    with transaction.atomic():
        # Two announcements at once could close a circle that neither sees: one waits for the other.
        list(
            User.objects.select_for_update(no_key=True)
            .filter(pk__in=_concerned(user, stand_in))
            .order_by("pk")
        )
        if circle := _circle(user, first, last, stand_in):
            raise Refused(
                _(
                    "That would be a circle: %(names)s. While all of them are away nobody would answer; choose somebody else."
                )
                % {"names": " → ".join(person.name for person in circle)}
            )
        made = Absence.objects.create(
            user=user, first_day=first, last_day=last, stand_in=stand_in, made_by=by, made_at=clock.now()
        )
        to = stand_in.actor_code if stand_in else None
        record(
            HOUSE, "absence.announced", by=by, absence=made.pk, person=user.actor_code, first=first, last=last, to=to
        )  # fmt: skip
    return made


def call_off(absence: Absence, *, by: User) -> None:
    """Back earlier than said, or not gone at all. Harmless to repeat. Raises Refused."""
    if refusal := absence_refusal(by, absence.user):
        raise Refused(refusal)
    with transaction.atomic():
        if Absence.objects.standing().filter(pk=absence.pk).update(ended_at=clock.now()):
            record(HOUSE, "absence.ended", by=by, absence=absence.pk, person=absence.user.actor_code)


def _unfit(user: User, first: date, last: date, stand_in: User | None) -> str | None:
    if last < first:
        return _("The last day comes before the first one.")
    if last < clock.today(ZoneInfo(settings.TIME_ZONE)):
        return _("These days are over. Write down those to come.")
    if (last - first).days > 366:
        return _("An absence lasts a year at most. Write down a second one for what follows.")
    if Absence.objects.standing().filter(user=user, first_day__lte=last, last_day__gte=first).exists():
        return _("An absence is written down for some of these days. Call it off first.")
    if stand_in is None:
        return None
    if stand_in == user:
        return _("Choose somebody else: nobody stands in for themselves.")
    if not stand_in.is_active or not stand_in.has_role(*WORKERS, "executive"):
        return _("This person cannot handle cases.")
    return None


def _concerned(user: User, stand_in: User | None) -> list[int]:
    return [user.pk, *([stand_in.pk] if stand_in else [])]


def _circle(user: User, first: date, last: date, stand_in: User | None) -> list[User] | None:
    """The people of a circle on some day of these, in order, beginning and ending with `user`."""
    if stand_in is None:
        return None
    return next(_walks_back(user, stand_in, first, last, [user]), None)


def _walks_back(
    user: User, person: User, first: date, last: date, behind: list[User]
) -> Iterator[list[User]]:
    if person == user:
        yield [*behind, user]
        return
    if person in behind:
        return
    then = Absence.objects.standing().filter(user=person, first_day__lte=last, last_day__gte=first)
    for absence in then.exclude(stand_in=None).select_related("stand_in"):
        assert absence.stand_in is not None
        overlap = (max(first, absence.first_day), min(last, absence.last_day))
        yield from _walks_back(user, absence.stand_in, *overlap, [*behind, person])


# --- for the moment -------------------------------------------------------------------------------------


def say_presence(user: User, state: str, most_open: int | None, *, by: User) -> Presence:
    """Whether `user` takes new cases now, and up to how many open ones they come by themselves. Raises Refused."""
    if refusal := absence_refusal(by, user):
        raise Refused(refusal)
    if state not in Presence.State.values:
        raise Refused(_("Say whether you are here."))
    with transaction.atomic():
        made, _new = Presence.objects.update_or_create(
            user=user, defaults={"state": state, "most_open": most_open, "since": clock.now()}
        )
        record(HOUSE, "presence.changed", by=by, person=user.actor_code, state=state, most=most_open)
    return made
