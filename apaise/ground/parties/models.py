"""People with several addresses, organisations, representatives. A merged person stays as a row: see merging.py."""

from datetime import date, datetime
from typing import ClassVar, Literal

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.ground.parties.names import compared_by as compared_by
from apaise.ground.parties.names import name_key, name_sound
from apaise.ground.parties.names import normalise as normalise
from apaise.ground.parties.wording import ACTIVITY_NAMES, RETURNED, SECTOR_NAMES
from apaise.lib import clock
from apaise.lib.prepared import Prepared
from apaise.lib.rows import insert, keys


class Organisation(models.Model):
    """A company, association or public body our customers belong to."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="business")
    sector = models.CharField(max_length=20, default="general")
    activity = models.CharField(max_length=20, blank=True)  # what it does; "" = not known
    vip = models.BooleanField(default=False)
    external_key = models.CharField(
        max_length=80, blank=True
    )  # its number in the system it was imported from
    name_key = models.CharField(max_length=200, blank=True)  # see names.py; "" until it is computed
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["external_key"], condition=~Q(external_key=""), name="parties_organisation_key_once"
            ),
            models.CheckConstraint(
                condition=Q(sector__in=list(SECTOR_NAMES)), name="parties_organisation_sector"
            ),
            models.CheckConstraint(condition=Q(activity__in=["", *ACTIVITY_NAMES]), name="parties_activity"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"], name="parties_organisation_name"),
            # The constraint's own index leaves out "", and SQLite then cannot tell that it serves a look-up.
            models.Index(fields=["external_key"], name="parties_organisation_ext_key"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """The name of its ledger chain."""
        return f"organisation:{self.pk}"

    def hold(self) -> None:
        """Let others who change it wait until the transaction ends."""
        Organisation.objects.filter(pk=self.pk).update(revision=F("revision") + 1)


class PersonQuerySet(models.QuerySet["Person"]):
    def at(self, value: str, kind: str = "email") -> "Person | None":
        """The person this address belongs to, letters' case aside; of merged ones, the one who was kept."""
        # First whose address it is, which nobody's is as a rule, and only then everything about them.
        known = keys(Address, "person_id", kind=kind, value=normalise(kind, value))
        return _KNOWN.get(pk=known[0]).survivor if known else None

    def standing(self) -> "PersonQuerySet":
        """Those who were not merged into another."""
        return self.filter(merged_into=None)

    def same_as(self, person: "Person") -> "PersonQuerySet":
        """The person kept and every one merged into them."""
        root = person.merged_into_id or person.pk
        return self.filter(Q(pk=root) | Q(merged_into_id=root))

    def identify(
        self, value: str, name: str = "", *, language: str = "", kind: Literal["email", "handle"] = "email"
    ) -> "Person":
        """The person who writes from this address, created if unknown. Safe when two messages arrive at once."""
        if known := self.at(value, kind):
            known.learn_name(name)
            return known
        try:
            with transaction.atomic():
                called = {"name": name[:200], "name_key": name_key(name), "name_sound": name_sound(name)}
                person = insert(Person(**called, language=language))
                address = normalise(kind, value)
                key, _postcode = compared_by(kind, address)
                insert(Address(person=person, kind=kind, value=address, key=key))
                person.is_new = True
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
    vip = models.BooleanField(default=False)
    external_key = models.CharField(max_length=80, blank=True)  # number in the system it was imported from
    # Always the one who was kept in the end, never a step on the way: one look is enough.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    has_absorbed = models.BooleanField(default=False)
    name_key = models.CharField(max_length=200, blank=True)  # for comparing: see names.py
    name_sound = models.CharField(max_length=120, blank=True)
    to_compare = models.BooleanField(
        default=True
    )  # new or changed since it was last compared with the others
    revision = models.PositiveIntegerField(default=0)

    objects = PersonQuerySet.as_manager()
    is_new = False  # created by this very `identify`: there can be nothing of theirs to look for

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["external_key"], condition=~Q(external_key=""), name="parties_person_key_once"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="parties_not_merged_into_itself"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"], name="parties_person_name"),
            models.Index(fields=["name_sound"], name="parties_person_sound"),
            models.Index(fields=["external_key"], name="parties_person_ext_key"),
            models.Index(fields=["id"], condition=Q(to_compare=True), name="parties_person_to_compare"),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def reference(self) -> str:
        """The name of the person's ledger chain."""
        return f"person:{self.pk}"

    @property
    def survivor(self) -> "Person":
        """The person who stands for this one: themselves, unless they were merged into another."""
        return self.merged_into or self

    def is_same_as(self, other_id: int) -> bool:
        """Whether they are one and the same, merges counted."""
        root = self.merged_into_id or self.pk
        if other_id in (root, self.pk):
            return True
        return Person.objects.filter(pk=other_id, merged_into_id=root).exists()

    def hold(self) -> None:
        """Let others who change this person wait until the transaction ends."""
        Person.objects.filter(pk=self.pk).update(revision=F("revision") + 1, to_compare=True)

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
        found = [way.value for way in self.ways() if way.kind == kind and way.ended_on is None]
        return found[0] if found else ""

    def ways(self) -> "list[Address]":
        """Every address of theirs, merged ones too: valid, receiving mail, preferred and their own first."""
        root = self.merged_into_id or self.pk
        if self.merged_into_id is None and not self.has_absorbed:
            fetched = "addresses" in getattr(self, "_prefetched_objects_cache", ())
            ways = list(self.addresses.all()) if fetched else _WAYS.all(person=self.pk)
        else:
            ways = list(Address.objects.filter(Q(person_id=root) | Q(person__merged_into_id=root)))
        return sorted(ways, key=lambda way: (way.ended_on is not None, way.returned_at is not None, not way.preferred, way.person_id != self.pk, way.pk))  # fmt: skip

    def returned_at(self, email: str) -> datetime | None:
        """Since when this address of theirs receives no mail, if it does not."""
        return next(
            (way.returned_at for way in self.ways() if (way.kind, way.value) == ("email", email)), None
        )

    def display_name(self) -> str:
        return self.name or self.email or self.phone or self.handle or str(_("Unnamed person"))

    def learn_name(self, name: str) -> None:
        """Keep a name when none was known; a known one is never overwritten by what a mail claims."""
        if name and not self.name:
            self.name = name[:200]
            Person.objects.filter(pk=self.pk, name="").update(
                name=self.name, name_key=name_key(name), name_sound=name_sound(name), to_compare=True
            )


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
    preferred = models.BooleanField(default=False)  # the one of its kind to use first
    ended_on = models.DateField(null=True, blank=True)  # no longer valid since; kept, and never used
    added_at = models.DateTimeField(null=True, blank=True, default=clock.now)
    returned_at = models.DateTimeField(null=True, blank=True)  # a mail came back for good: it receives none
    returned_why = models.CharField(max_length=12, blank=True)  # a code of lib/mime/reports.py
    soft_returns = models.PositiveSmallIntegerField(default=0)  # mails that came back for now
    key = models.CharField(max_length=80, blank=True)  # for comparing with others: see compared_by()
    postcode = models.CharField(max_length=12, blank=True)  # of a postal one

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(preferred=True), name="parties_one_preferred_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(preferred=False) | Q(ended_on=None), name="parties_preferred_is_valid"
            ),
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
        indexes: ClassVar = [
            models.Index(fields=["kind", "value"], name="parties_address_value"),
            models.Index(fields=["kind", "key"], name="parties_address_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"

    def returned_why_in_words(self) -> str:
        return str(RETURNED.get(self.returned_why, RETURNED["other"]))


class Representative(models.Model):
    """A person who speaks for another, or for an organisation, under a mandate."""

    class Told(models.TextChoices):
        ALL = "all", _("Everything in the case")
        PROGRESS = "progress", _("Where it stands and the decision")
        NOTHING = "nothing", _("Nothing")

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
    told = models.CharField(max_length=8, choices=Told, default=Told.ALL)  # what we may tell them
    may_decide = models.BooleanField(default=False)  # accept an answer or an offer in the other's name
    may_be_paid = models.BooleanField(default=False)
    document_sha256 = models.CharField(max_length=64, blank=True)  # the mandate, in the file store
    document_name = models.CharField(max_length=200, blank=True)
    document_type = models.CharField(max_length=120, blank=True)
    document_size = models.PositiveBigIntegerField(default=0)
    added_at = models.DateTimeField(null=True, blank=True, default=clock.now)

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


WEAK = 50  # a score below it rests on one weak key alone: a suggestion, never more


class DuplicateQuerySet(models.QuerySet["Duplicate"]):
    def open(self) -> "DuplicateQuerySet":
        """Still to decide: neither of the two has been merged into somebody meanwhile."""
        return self.filter(state=Duplicate.State.OPEN, first__merged_into=None, second__merged_into=None)

    def of(self, person: Person) -> "DuplicateQuerySet":
        return self.filter(Q(first=person.survivor) | Q(second=person.survivor))


class Duplicate(models.Model):
    """A pair, the lower number first, with why they may be one person."""

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        DISMISSED = "dismissed", _("Two people")
        MERGED = "merged", _("Merged")

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)  # codes of REASONS, strongest first
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(default=clock.now)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="parties_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="parties_pair_in_order"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-score", "id"], name="parties_pairs_by_score"),
            models.Index(fields=["second"], name="parties_pairs_of_second"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {self.score}"

    @property
    def is_weak(self) -> bool:
        return self.score < WEAK


class Merge(models.Model):
    """One merge: who was kept, who was taken in, by whom; and who undid it. It moves nothing (merging.py)."""

    survivor = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="merged_by")
    # Those who had been merged into the absorbed one before, and went along.
    along = models.JSONField(default=list)
    score = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at=None), name="parties_merged_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.survivor_id}"


from apaise.ground.parties import contract as _contract  # noqa: E402, F401  (Django looks for models here)
from apaise.ground.parties import customer_file as _customer_file  # noqa: E402, F401

_KNOWN: Prepared[Person] = Prepared(lambda pk: Person.objects.filter(pk=pk).select_related("merged_into"), pk=int)  # fmt: skip
_WAYS: Prepared[Address] = Prepared(lambda person: Address.objects.filter(person=person).order_by("pk"), person=int)  # fmt: skip
