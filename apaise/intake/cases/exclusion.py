"""Keep a person of ours apart from a case: nobody is judge and party."""

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apaise.ground.accounts.models import Alert, User
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import Actor
from apaise.ground.packs.vocabulary import FUNCTIONS
from apaise.intake.cases import policies
from apaise.intake.cases.excluded import Exclusion
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case

# The functions that make somebody a party to a case, or the judge of their own decision.
PARTIES = (
    "account_manager",
    "onsite_technician",
    "person_complained_about",
    "decision_author_first_level",
)
assert set(PARTIES) <= FUNCTIONS.keys()
# A tie no pack can know of; only the person themselves declares it.
PERSONAL_TIE = "personal_tie"
BECAUSE_NAMES = {
    "account_manager": gettext_lazy("account manager of this customer"),
    "onsite_technician": gettext_lazy("technician at this customer"),
    "person_complained_about": gettext_lazy("the complaint is about them"),
    "decision_author_first_level": gettext_lazy("took the first decision"),
    PERSONAL_TIE: gettext_lazy("a personal tie with the customer"),
}


class Acts(NamedTuple):
    """What somebody did or saw on a case, as far as the record tells."""

    entries: list[Entry]
    alerts_seen: int

    def __bool__(self) -> bool:
        return bool(self.entries or self.alerts_seen)


def keep_apart(case: Case, person: User, *, because: str, by: User) -> Exclusion:
    """From now on `person` neither sees nor touches the case, and no longer holds it. Harmless to repeat. Raises Refused.

    because   the function that makes them a party: one of PARTIES; a personal tie one declares oneself"""
    if refusal := policies.exclude_refusal(by, case, person):
        raise Refused(refusal)
    if because not in PARTIES and not (because == PERSONAL_TIE and person == by):
        raise Refused(_("Say what makes this person a party to the case."))
    found = Exclusion.Found.THEMSELVES if person == by else Exclusion.Found.PERSON
    return set_apart(case, person, because=because, found=found, by=by)[0]


def set_apart(
    case: Case, person: User, *, because: str, found: str, by: Actor, looking_back: bool = True
) -> tuple[Exclusion, bool]:
    """The same by whoever found it, the product itself included. Returns the exclusion and whether it is new.

    looking_back   whether they may have acted before: not on a case that opens this very moment"""
    with transaction.atomic():
        case.hold()
        made, new = Exclusion.objects.get_or_create(
            case=case, user=person, defaults={"because": because, "found": found}
        )
        if new:
            before = acts_of(case, person) if looking_back else Acts([], 0)
            happened(
                case,
                "conflict.declared",
                by=by,
                held=True,
                person=person.actor_code,
                because=because,
                found=str(found),
                taken=release(case, person) or None,
            )
            _tell_the_breach(case, person, before, by)
    forget_prefetched(case)
    return made, new


def release(case: Case, person: User) -> bool:
    """Take the case out of their hands, if they hold it; the caller records why. Whoever is told places it again."""
    taken = bool(Case.objects.filter(pk=case.pk, handler=person).update(handler=None))
    if taken:
        case.handler = None
    return taken


def acts_of(case: Case, person: User) -> Acts:
    """Their entries in the record of this case, when they were given it, and how many alerts of it they looked at."""
    code = person.actor_code
    entries = [
        entry
        for entry in Entry.objects.of(case.reference)
        if (entry.by == code or (entry.what == "case.assigned" and entry.facts.get("to") == code))
        and not entry.what.startswith(("conflict.", "context_note."))
    ]
    seen = Alert.objects.filter(user=person, chain=case.reference, seen_at__isnull=False).count()
    return Acts(entries, seen)


def _tell_the_breach(case: Case, person: User, before: Acts, by: Actor) -> None:
    if before:
        happened(
            case,
            "conflict.breached",
            by=by,
            held=True,
            person=person.actor_code,
            acts=len(before.entries),
            seen=before.alerts_seen,
        )


def forget_prefetched(case: Case) -> None:
    """So that `is_excluded` of this very object asks again."""
    getattr(case, "_prefetched_objects_cache", {}).pop("exclusions", None)
