"""Keep a person of ours apart from a case: nobody is judge and party."""

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.packs.vocabulary import FUNCTIONS
from apaise.intake.cases import policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, Exclusion

# The functions that make somebody a party to a case, or the judge of their own decision.
PARTIES = (
    "account_manager",
    "onsite_technician",
    "person_complained_about",
    "decision_author_first_level",
)
assert set(PARTIES) <= FUNCTIONS.keys()


def keep_apart(case: Case, person: User, *, because: str, by: User) -> Exclusion:
    """From now on `person` neither sees nor touches the case. Harmless to repeat. Raises Refused.

    because   the function that makes them a party: one of PARTIES"""
    if refusal := policies.exclude_refusal(by, case, person):
        raise Refused(refusal)
    if because not in PARTIES:
        raise Refused(_("Say what makes this person a party to the case."))
    with transaction.atomic():
        case.hold()
        if Case.objects.filter(pk=case.pk, handler=person).exists():
            raise Refused(policies.holds_it())  # it was given to them a moment ago
        made, new = Exclusion.objects.get_or_create(case=case, user=person, defaults={"because": because})
        if new:
            happened(case, "conflict.declared", by=by, person=person.actor_code, because=because)
    return made
