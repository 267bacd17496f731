"""A trial of a changed pack that somebody asked for, and what it found; carried out by the worker, a part at a time."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apaise.ground.accounts.models import User
from apaise.ground.packs.pack import Pack
from apaise.intake.cases.what_if.comparison import Comparison
from apaise.intake.cases.what_if.reading import Trial
from apaise.lib import clock

PART = 1000  # cases compared between two looks of the worker at what else is to be done
KEPT = 20  # trials; older ones are forgotten


class TrialRefused(Exception):
    """Why there is no trial, for a person."""


def try_refusal(user: User) -> str | None:
    """Why this person may not try a changed policy."""
    if user.has_role("complaints_manager"):
        return None
    return _("Only the complaints manager tries a changed policy.")


class PolicyTrialQuerySet(models.QuerySet["PolicyTrial"]):
    def visible_to(self, user: User) -> Self:
        """Those who may try a policy see every trial; nobody else sees any."""
        return self.none() if try_refusal(user) else self.all()


class PolicyTrial(models.Model):
    """One pack, tried on the cases received since a day."""

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("trial", "Running")
        DONE = "done", pgettext_lazy("trial", "Done")
        STOPPED = "stopped", pgettext_lazy("trial", "Stopped")

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    label = models.CharField(max_length=120)  # id@version
    content = models.JSONField()  # the resolved pack
    since = models.DateTimeField()
    as_of = models.DateTimeField(default=clock.now)  # the moment at which what is not done counts as late
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    upto = models.BigIntegerField(default=0)  # the last case that was compared
    found = models.JSONField(default=dict)  # a Comparison as data
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = PolicyTrialQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = gettext_lazy("trial of a policy")

    def __str__(self) -> str:
        return f"trial of {self.label}"

    @property
    def done(self) -> int:
        return int(self.found.get("cases", 0))

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100

    def trial(self) -> Trial:
        return Trial(Pack.from_dict(self.content), self.as_of)


def start(pack: Pack, since: datetime, *, by: User) -> PolicyTrial:
    """Keep what is to be tried; the caller queues `go_on`. Raises TrialRefused."""
    if refusal := try_refusal(by):
        raise TrialRefused(refusal)
    at = clock.now()
    if since >= at:
        raise TrialRefused(_("Choose a day in the past: only cases that came in can be tried."))
    total = Trial(pack, at).cases(since).count()
    if not total:
        raise TrialRefused(
            _("No case received since then follows this policy or the one it extends. Choose an earlier day.")
        )
    with transaction.atomic():
        older = PolicyTrial.objects.exclude(state=PolicyTrial.State.RUNNING).values_list("pk", flat=True)
        PolicyTrial.objects.filter(pk__in=list(older[KEPT - 1 :])).delete()
        made: PolicyTrial = PolicyTrial.objects.create(
            by=by, label=pack.label[:120], content=pack.as_dict(), since=since, as_of=at, total=total
        )
        return made


def go_on(trial: PolicyTrial) -> bool:
    """Compare the next cases. True when there are more. Of two workers only one adds what it found."""
    if trial.state != PolicyTrial.State.RUNNING:
        return False
    running = trial.trial()
    rest = running.cases(trial.since).filter(pk__gt=trial.upto).order_by("pk")
    pks = list(rest.values_list("pk", flat=True)[:PART])
    fields: dict[str, Any] = {"state": PolicyTrial.State.DONE, "finished_at": clock.now()}
    if pks:
        found = Comparison.from_data(trial.found).plus(running.compare(pks))
        fields = {"upto": pks[-1], "found": found.as_data()}
    same = PolicyTrial.objects.filter(pk=trial.pk, state=PolicyTrial.State.RUNNING, upto=trial.upto)
    return bool(same.update(**fields)) and bool(pks)


def stop(trial: PolicyTrial, *, by: User) -> None:
    """End a trial early; what it found so far stays. Harmless to repeat."""
    if refusal := try_refusal(by):
        raise TrialRefused(refusal)
    running = PolicyTrial.objects.filter(pk=trial.pk, state=PolicyTrial.State.RUNNING)
    running.update(state=PolicyTrial.State.STOPPED, finished_at=clock.now())
