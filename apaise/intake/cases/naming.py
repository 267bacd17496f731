"""Find people of ours in the customer's words, and decide whether they are a party. Only a person decides."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import policies
from apaise.intake.cases.account_people import people_of_account
from apaise.intake.cases.excluded import Exclusion
from apaise.intake.cases.exclusion import set_apart
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.named_staff import NamedStaff
from apaise.lib import clock
from apaise.lib.language.people_named import people_named

IT_WOULD_BE = "person_complained_about"
AROUND = 90  # characters shown on each side of a name


class Passage(NamedTuple):
    before: str
    name: str
    after: str


def look_for_names(case: Case, messages: Iterable[Message]) -> list[NamedStaff]:
    """Write down who of ours these words of the customer name. Harmless to repeat; returns what is new."""
    heard = [one for one in messages if not one.is_ours and not one.is_machine and one.new_text.strip()]
    if not heard:
        return []
    known = set(case.exclusions.values_list("user_id", flat=True))
    known |= set(case.named_staff.values_list("user_id", flat=True))
    staff = dict(User.objects.filter(is_active=True).exclude(pk__in=known).values_list("pk", "name"))
    familiar = people_of_account(case).keys()
    writers = {message.author_person.name for message in heard if message.author_person}
    new: list[NamedStaff] = []
    for message in heard:
        for found in people_named(
            message.new_text, staff, familiar=familiar, shared_names={case.complainant.name, *writers}
        ):
            row, made = NamedStaff.objects.get_or_create(
                case=case,
                user_id=found.who,
                defaults={
                    "message": message,
                    "start": found.start,
                    "end": found.end,
                    "because": IT_WOULD_BE,
                },
            )
            new += [row] if made else []
    return new


def undecided(case: Case) -> list[NamedStaff]:
    """Who is named and not decided about, the first found first."""
    rows = case.named_staff.filter(state=NamedStaff.State.OPEN).select_related("user", "message")
    apart = set(case.exclusions.values_list("user_id", flat=True))
    return [row for row in rows.order_by("pk") if row.user_id not in apart]


def passage(named: NamedStaff) -> Passage:
    """The words around the name, cut at a word."""
    text = named.message.new_text
    before, after = text[max(0, named.start - AROUND) : named.start], text[named.end : named.end + AROUND]
    if named.start > AROUND:
        before = "…" + before.partition(" ")[2]
    if len(text) > named.end + AROUND:
        after = after.rpartition(" ")[0] + "…"
    return Passage(_one_line(before), text[named.start : named.end], _one_line(after))


def confirm_refusal(user: User, named: NamedStaff) -> str | None:
    """Why this person may not say that the complaint is about whom it names. Whoever works on the case may."""
    return policies.work_refusal(user, named.case)


def dismiss_refusal(user: User, named: NamedStaff) -> str | None:
    """Nobody decides for themselves that they are no party."""
    if refusal := policies.work_refusal(user, named.case):
        return refusal
    if named.user_id == user.pk:
        return _("You are the one who is named: somebody else decides that it is not about you.")
    return None


def confirm(named: NamedStaff, *, by: User) -> None:
    """The complaint is about them: they are kept apart from now on. Raises Refused."""
    if refusal := confirm_refusal(by, named):
        raise Refused(refusal)
    with transaction.atomic():
        named.case.hold()
        if _decide(named, NamedStaff.State.CONFIRMED, by):
            set_apart(named.case, named.user, because=named.because, found=Exclusion.Found.WORDS, by=by)


def dismiss(named: NamedStaff, *, by: User) -> None:
    """It is not about them; they are not suggested on this case again. Raises Refused."""
    if refusal := dismiss_refusal(by, named):
        raise Refused(refusal)
    with transaction.atomic():
        named.case.hold()
        if _decide(named, NamedStaff.State.DISMISSED, by):
            happened(
                named.case,
                "suggestion.dismissed",
                by=by,
                held=True,
                named=named.pk,
                person=named.user.actor_code,
            )


def _decide(named: NamedStaff, state: NamedStaff.State, by: User) -> bool:
    open_row = NamedStaff.objects.filter(pk=named.pk, state=NamedStaff.State.OPEN)
    return bool(open_row.update(state=state, decided_at=clock.now(), decided_by=by))


def _one_line(text: str) -> str:
    lead, tail = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if lead else ''}{' '.join(text.split())}{' ' if tail and text.strip() else ''}"
