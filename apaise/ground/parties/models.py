"""People with several addresses, organisations, representatives."""

from datetime import date
from typing import ClassVar, Literal

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

CUSTOMER_KINDS = {
    "consumer": _("Consumer"),
    "non_professional": _("Non-professional body"),
    "micro_business": _("Micro-business"),
    "business": _("Business"),
    "public_body": _("Public body"),
    "association": _("Association"),
    "third_party": _("Third party"),
}


class Organisation(models.Model):
    """A company, association or public body our customers belong to."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="business")
    sector = models.CharField(max_length=20, default="general")

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def at(self, value: str, kind: str = "email") -> "Person | None":
        """The person this address belongs to, letters' case aside."""
        return self.filter(addresses__kind=kind, addresses__value=normalise(kind, value)).first()

    def identify(
        self, value: str, name: str = "", *, language: str = "", kind: Literal["email", "handle"] = "email"
    ) -> "Person":
        """The person who writes from this address, created if unknown. Safe when two messages arrive at once."""
        if known := self.at(value, kind):
            known.learn_name(name)
            return known
        try:
            with transaction.atomic():
                person = self.create(name=name[:200], language=language)
                person.addresses.create(kind=kind, value=normalise(kind, value))
                return person
        except IntegrityError:
            known = self.at(value, kind)
            assert known is not None
            return known


class Person(models.Model):
    """Somebody who complains, or speaks for somebody who does."""

    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=20, blank=True)  # a customer kind; "" = not known
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people"
    )

    objects = PersonQuerySet.as_manager()

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def actor_code(self) -> str:
        return f"person:{self.pk}"

    @property
    def email(self) -> str:
        return self._first("email")

    @property
    def phone(self) -> str:
        return self._first("phone")

    @property
    def handle(self) -> str:
        """The name on a public network, without the network: @marie."""
        return self._first("handle").partition(":")[2]

    @property
    def postal(self) -> str:
        """The postal address, a line each, without the name."""
        return self._first("postal")

    def _first(self, kind: str) -> str:
        found = [address.value for address in self.addresses.all() if address.kind == kind]
        return found[0] if found else ""

    def display_name(self) -> str:
        return self.name or self.email or self.phone or self.handle or str(_("Unnamed person"))

    def learn_name(self, name: str) -> None:
        """Keep a name when none was known; a known one is never overwritten by what a mail claims."""
        if name and not self.name:
            self.name = name[:200]
            Person.objects.filter(pk=self.pk, name="").update(name=self.name)


class Address(models.Model):
    """One way to reach a person. An e-mail address or phone number belongs to one person at a time.

    A handle is public (network:@name): it tells who posted, and joins nobody with anybody known otherwise."""

    KINDS: ClassVar = [
        ("email", _("E-mail")),
        ("phone", _("Phone")),
        ("postal", _("Post")),
        ("handle", _("Name on a network")),
    ]
    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=8, choices=KINDS)
    value = models.CharField(max_length=320)  # normalised: see normalise()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=models.Q(kind="email"),
                name="parties_one_person_per_email",
            ),
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=models.Q(kind="handle"),
                name="parties_one_person_per_handle",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "value"], name="parties_address_value")]

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"


class Representative(models.Model):
    """A person who speaks for another, or for an organisation, under a mandate."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="mandates")
    represents = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="representatives"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="representatives"
    )
    quality = models.CharField(max_length=40)  # lawyer, relative, association, successor, …
    from_day = models.DateField(null=True, blank=True)
    to_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(represents__isnull=False) | models.Q(organisation__isnull=False),
                name="parties_represents_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} for {self.represents_id or self.organisation_id}"

    def holds_on(self, day: date) -> bool:
        """Whether the mandate is valid that day."""
        return (self.from_day is None or self.from_day <= day) and (self.to_day is None or day <= self.to_day)


def normalise(kind: str, value: str) -> str:
    """The form an address is compared in: e-mail in lower case, phone as digits with an optional +, post line by line."""
    value = value.strip()
    if kind in ("email", "handle"):
        return value.lower()[:320]
    if kind == "phone":
        digits = "".join(sign for sign in value if sign.isdigit())
        return ("+" if value.startswith("+") else "") + digits
    return "\n".join(" ".join(line.split()) for line in value.splitlines() if line.strip())[:320]
