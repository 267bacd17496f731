"""The register of missed dates: an entry for each, and its reason from whoever owed it."""

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor
from apaise.handling.lateness.missed import Missed
from apaise.handling.lateness.models import Breach
from apaise.handling.tasks.models import Task
from apaise.handling.tasks.todo import open_task, settle
from apaise.intake.cases import policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.lib import clock
from apaise.lib.working_time import Duration, due

READERS = ("team_lead", "complaints_manager", "quality", "auditor")
TO_EXPLAIN = Duration(2, "business_days")


def enter(missed: Missed, *, by: Actor) -> Breach:
    """Put a missed date into the register and ask its owner for the reason, within two working days."""
    case = missed.case
    with transaction.atomic():
        case.hold()
        breach, new = Breach.objects.get_or_create(
            once=missed.once,
            defaults={
                "case": case,
                "rule": missed.rule.id,
                "force": missed.rule.force,
                "owner": missed.owner,
                "due_at": missed.due_at,
            },
        )
        if new:
            happened(
                case, "breach.logged", by=by, held=True, breach=breach.pk, rule=breach.rule, force=breach.force,
                due=breach.due_at,
            )  # fmt: skip
            until = due(clock.now(), TO_EXPLAIN, case.pack_version.pack.calendar).due_at
            open_task(
                case, "explain_breach", owner=missed.owner, person=missed.person, once=f"breach:{breach.pk}",
                by=by, due_at=until, detail=breach.rule,
            )  # fmt: skip
    return breach


def explain_refusal(user: User, breach: Breach) -> str | None:
    """Why this person may not write down the reason."""
    if refusal := policies.work_refusal(user, breach.case):
        return refusal
    if breach.explained_at and not user.has_role(*policies.LEADS):
        return _("The reason is written down already. A lead may correct it.")
    return None


def explain(breach: Breach, reason: str, *, by: User) -> None:
    """Why the date was missed, for whoever wants it not to happen again. Raises Refused."""
    if refusal := explain_refusal(by, breach):
        raise Refused(refusal)
    if not reason.strip():
        raise Refused(_("Write down why the date was missed: one sentence is enough."))
    with transaction.atomic():
        breach.case.hold()
        now = clock.now()
        Breach.objects.filter(pk=breach.pk).update(reason=reason.strip(), explained_by=by, explained_at=now)
        happened(breach.case, "breach.explained", by=by, held=True, breach=breach.pk, rule=breach.rule)
        for task in Task.objects.open().filter(once=f"breach:{breach.pk}").select_related("case"):
            settle(task, by=by)
    breach.refresh_from_db()
