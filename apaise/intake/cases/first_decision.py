"""A second look at a decision is taken by somebody else than who took it."""

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import Actor
from apaise.intake.cases import policies
from apaise.intake.cases.account_people import excluded_functions
from apaise.intake.cases.excluded import Exclusion
from apaise.intake.cases.exclusion import set_apart
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case

DECIDED = "decision_author_first_level"


def first_decider(case: Case) -> User | None:
    """Who took the first decision on this case."""
    decided = Entry.objects.of(case.reference).filter(what="decision.taken").order_by("seq").first()
    if decided is None or not decided.by.startswith("staff:"):
        return None
    return User.objects.filter(pk=decided.by.removeprefix("staff:")).first()


def second_look_refusal(user: User, case: Case) -> str | None:
    """Why this person may not have somebody else look again at the first decision."""
    if refusal := policies.work_refusal(user, case):
        return refusal
    if not user.has_role(*policies.LEADS):
        return _("Only a team lead or the complaints manager asks for a second look.")
    if not case.reopened_count or not case.is_open:
        return _("A second look follows an objection: reopen the case first.")
    if DECIDED not in excluded_functions(case.pack_version.pack):
        return _("The policy of this case asks for no second look by somebody else.")
    decider = first_decider(case)
    if decider is None or case.exclusions.filter(user=decider).exists():
        return _("Whoever took the first decision is not on this case any more.")
    if decider == user:
        return _(
            "You took the first decision: another lead or the complaints manager asks for the second look."
        )
    return None


def ask_second_look(case: Case, *, by: User) -> None:
    """Whoever took the first decision is kept apart from now on. Raises Refused."""
    if refusal := second_look_refusal(by, case):
        raise Refused(refusal)
    keep_first_decider_apart(case, by=by)


def keep_first_decider_apart(case: Case, *, by: Actor) -> bool:
    """The same where the policy's own ladder comes to a second look. Returns whether somebody is newly kept apart."""
    decider = first_decider(case)
    if decider is None or DECIDED not in excluded_functions(case.pack_version.pack):
        return False
    # They decided as they should have: that is no breach.
    _made, new = set_apart(
        case, decider, because=DECIDED, found=Exclusion.Found.DECISION, by=by, looking_back=False
    )
    return new
