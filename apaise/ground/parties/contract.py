"""The contract a customer has with us: what it is worth, what we owe under it, until when, and who looks after it."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.ground.packs.vocabulary import FACT_VALUES
from apaise.ground.parties.models import Organisation, Person
from apaise.ground.parties.wording import SECTOR_NAMES
from apaise.lib import clock
from apaise.lib.language.folding import folded

SECTORS = FACT_VALUES["contract.sector"]
CHANNELS = FACT_VALUES["contract.channel"]
PERIODS = {
    "once": _("in all"),
    "month": _("a month"),
    "quarter": _("a quarter"),
    "year": _("a year"),
}
CHANNEL_NAMES = {
    "store": _("In a shop"),
    "distance": _("At a distance"),
    "off_premises": _("Off our premises"),
}


class ContractQuerySet(models.QuerySet["Contract"]):
    def of_person(self, person: Person) -> "ContractQuerySet":
        """The person's own, merged ones included, and those of their organisation."""
        root = person.survivor
        mine = Q(person_id=root.pk) | Q(person__merged_into_id=root.pk)
        if organisation_id := person.organisation_id or root.organisation_id:
            mine |= Q(organisation_id=organisation_id)
        return self.filter(mine)

    def in_force(self) -> "ContractQuerySet":
        return self.filter(state=Contract.State.ACTIVE)


class Contract(models.Model):
    """One contract of a person or an organisation."""

    class State(models.TextChoices):
        ACTIVE = "active", _("In force")
        SUSPENDED = "suspended", _("Suspended")
        ENDED = "ended", _("Ended")

    number = models.CharField(max_length=60)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="contracts"
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="contracts")
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    sector = models.CharField(max_length=20, choices=list(SECTOR_NAMES.items()), default="general")
    channel = models.CharField(max_length=12, choices=list(CHANNEL_NAMES.items()), blank=True)
    arbitration_clause = models.BooleanField(null=True, blank=True)  # None = not known
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    period = models.CharField(max_length=8, choices=list(PERIODS.items()), default="year")
    commitment = models.CharField(max_length=120, blank=True)  # the level promised: « rétablissement en 4 h »
    starts_on = models.DateField(null=True, blank=True)
    renews_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    site = models.CharField(max_length=200, blank=True)
    # A member of staff where there is one, so that nobody is judge and party; else a name.
    account_manager = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    account_manager_name = models.CharField(max_length=120, blank=True)
    technician = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    technician_name = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField(default=clock.now)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, person__isnull=True)
                | Q(organisation__isnull=True, person__isnull=False),
                name="parties_contract_of_one",
            ),
            models.UniqueConstraint(
                fields=["organisation", "number"],
                condition=Q(organisation__isnull=False),
                name="parties_number_once_in_organisation",
            ),
            models.UniqueConstraint(
                fields=["person", "number"],
                condition=Q(person__isnull=False),
                name="parties_number_once_for_person",
            ),
            models.CheckConstraint(condition=Q(sector__in=list(SECTORS)), name="parties_contract_sector"),
        ]
        indexes: ClassVar = [models.Index(fields=["number"], name="parties_contract_number")]

    def __str__(self) -> str:
        return f"contract {self.pk}"

    @property
    def holder(self) -> Organisation | Person:
        """Whose contract it is."""
        held = self.organisation or self.person
        assert held is not None
        return held

    @property
    def manager_said(self) -> str:
        return self.account_manager.name if self.account_manager else self.account_manager_name

    @property
    def technician_said(self) -> str:
        return self.technician.name if self.technician else self.technician_name

    def renewal_in_days(self, today: date) -> int | None:
        """Days until it is renewed, negative once the day has passed; None when no day is known."""
        return (self.renews_on - today).days if self.renews_on else None

    @property
    def yearly_amount(self) -> Decimal | None:
        """What it is worth in a year, in euros; None when no amount is known, or in another currency."""
        if self.amount is None or self.currency != "EUR":
            return None
        return self.amount * {"month": 12, "quarter": 4}.get(self.period, 1)

    def facts(self, today: date) -> dict[str, object]:
        """What packs may ask of it, in their vocabulary. What is absent is unknown."""
        known: dict[str, object] = {"contract.sector": self.sector}
        if (days := self.renewal_in_days(today)) is not None:
            known["contract.renewal_in_days"] = days
        if (yearly := self.yearly_amount) is not None:
            known["contract.yearly_amount"] = str(yearly)
        if self.commitment:
            known["contract.commitment_level"] = folded(self.commitment)
        if self.channel:
            known["contract.channel"] = self.channel
        if self.arbitration_clause is not None:
            known["contract.arbitration_clause"] = self.arbitration_clause
        return known


LARGEST_AMOUNT = Decimal("9999999999.99")
