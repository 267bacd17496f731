"""Staff, teams, roles, functions and desks."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES
from apaise.lib.prepared import Prepared

ROLE_NAMES = {
    "handler": _("Handler"),
    "team_lead": _("Team lead"),
    "complaints_manager": _("Complaints manager"),
    "executive": _("Executive"),
    "quality": _("Quality manager"),
    "trainer": _("Trainer"),
    "internal_mediator": _("Internal mediator"),
    "legal_dpo": _("Legal and data protection"),
    "auditor": _("Auditor"),
    "administrator": _("Administrator"),
    "contributor": _("Contributor"),
}


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, **more: Any) -> "User":
        """A member of staff. Without a password nobody can sign in with this account."""
        roles: Iterable[str] = more.pop("roles", ())
        user = self.model(email=self.normalize_email(email.strip()).lower(), name=name, **more)
        user.set_password(password)
        with transaction.atomic():
            user.save(using=self._db)
            user.give_roles(roles)
        return user


class AlertsByMail(models.TextChoices):
    """When somebody gets the alerts they have not looked at by mail."""

    NEVER = "never", _("Never")
    URGENT = "urgent", _("At once, the urgent ones only")
    SUMMARY = "summary", _("In one summary, each working morning at 8:00")


class User(AbstractBaseUser):
    """A member of staff. Rights come from roles only; a function never gives any."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    title_fr = models.CharField(max_length=120, blank=True)  # said under a signature: « conseillère »
    title_en = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, default="fr")
    alerts_by_mail = models.CharField(max_length=8, choices=AlertsByMail, default=AlertsByMail.SUMMARY)
    time_zone = models.CharField(max_length=40, blank=True)  # "" = the house's; see mail_choice.py
    is_active = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_code(self) -> str:
        return f"staff:{self.pk}"

    @cached_property
    def roles(self) -> frozenset[str]:
        return self._standing[0]

    @cached_property
    def _standing(self) -> tuple[frozenset[str], frozenset[int]]:
        know_standing([self])
        return self.__dict__["_standing"]  # type: ignore[no-any-return]

    def has_role(self, *any_of: str) -> bool:
        return bool(self.roles.intersection(any_of))

    @cached_property
    def team_ids(self) -> frozenset[int]:
        return self._standing[1]

    def give_roles(self, roles: Iterable[str]) -> None:
        """Exactly these roles from now on. Raises ValueError for a code outside the closed list."""
        wanted = set(roles)
        if unknown := wanted - set(ROLES):
            raise ValueError(f"No such role: {', '.join(sorted(unknown))}.")
        with transaction.atomic():
            self.role_grants.exclude(role__in=wanted).delete()
            for role in wanted:
                self.role_grants.get_or_create(role=role)
        for known in ("roles", "_standing"):
            self.__dict__.pop(known, None)

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_fr

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class RoleGrant(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "role"], name="accounts_role_once"),
            models.CheckConstraint(condition=models.Q(role__in=list(ROLES)), name="accounts_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Team(models.Model):
    """People who share cases."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "user"], name="accounts_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class FunctionQuerySet(models.QuerySet["Function"]):
    def holders(self, code: str) -> list[User]:
        """The people who hold a function: the named person, else the members of the team."""
        function = self.filter(code=code).select_related("person", "team").first()
        if function is None:
            return []
        if function.person:
            return [function.person] if function.person.is_active else []
        return list(User.objects.filter(memberships__team=function.team, is_active=True).order_by("pk"))

    def nobody_holds(self, codes: Iterable[str]) -> list[str]:
        """Which of these functions the organisation must still map to somebody."""
        return [
            code for code in codes if FUNCTIONS.get(code) in ("team", "person") and not self.holders(code)
        ]


class Function(models.Model):
    """Who, in this organisation, a pack means by a code such as `billing`."""

    code = models.CharField(max_length=40, unique=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="functions")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="functions")

    objects = FunctionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(code__in=list(FUNCTIONS)), name="accounts_function_known"
            ),
            models.CheckConstraint(
                condition=models.Q(team__isnull=False, person__isnull=True)
                | models.Q(team__isnull=True, person__isnull=False),
                name="accounts_function_held_by_one",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class DeskQuerySet(models.QuerySet["Desk"]):
    def at(self, address: str) -> "Desk | None":
        """The desk of this address, letters' case aside."""
        return _DESK_AT.first(address=address.strip().lower())

    def few(self) -> "list[Desk]":
        """All of them, in no order that matters."""
        return _DESKS.all()

    def main(self) -> "Desk | None":
        return self.order_by("pk").first()


_DESK_AT: "Prepared[Desk]" = Prepared(lambda address: Desk.objects.filter(address=address), address=str)
_DESKS: "Prepared[Desk]" = Prepared(lambda: Desk.objects.all())


class Desk(models.Model):
    """A place complaints are sent to, with the named person who signs its acknowledgements."""

    address = models.EmailField(unique=True)  # lower case
    name = models.CharField(max_length=120)  # shown to complainants: « Tramontel, réclamations »
    organisation = models.CharField(max_length=120)
    team = models.ForeignKey(Team, models.PROTECT, related_name="desks")
    signatory = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=2, default="fr")
    country = models.CharField(max_length=2, default="FR")
    region = models.CharField(
        max_length=20, blank=True
    )  # of lib/working_time: whose public holidays count too
    phone = models.CharField(max_length=40, blank=True)  # never surcharged: C. conso. L121-16
    postal_address = models.CharField(max_length=240, blank=True)
    dpo_contact = models.CharField(max_length=120, blank=True)
    mediator_name = models.CharField(max_length=160, blank=True)
    mediator_postal_address = models.CharField(max_length=240, blank=True)
    mediator_website = models.CharField(max_length=160, blank=True)
    contract_dispute_clause = models.CharField(max_length=80, blank=True)
    escalation_contact = models.CharField(max_length=160, blank=True)

    objects = DeskQuerySet.as_manager()

    def __str__(self) -> str:
        return self.address


class Alert(models.Model):
    """Something a member of staff must know now: a code and a case, never a customer's words."""

    user = models.ForeignKey(User, models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=60)
    chain = models.CharField(max_length=40, blank=True)  # the case's reference
    detail = models.CharField(max_length=80, blank=True)  # a code: which deadline, which job
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    once = models.CharField(max_length=120, unique=True)  # the same alert is given once
    mailed_at = models.DateTimeField(null=True, blank=True)  # when a mail to them told of it

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "seen_at", "-at"], name="accounts_alerts_of"),
            # Asked every minute: what nobody has looked at nor read in a mail.
            models.Index(
                fields=["at"],
                condition=models.Q(seen_at__isnull=True, mailed_at__isnull=True),
                name="accounts_alerts_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.chain}"


def know_standing(people: Sequence[User]) -> None:
    """Fetch the roles and teams of all these people in one question."""
    ids = [person.pk for person in people]
    teams = Membership.objects.filter(user__in=ids).values_list("user_id", models.Value(""), "team_id")
    roles = RoleGrant.objects.filter(user__in=ids).values_list("user_id", "role", models.Value(0))
    found = list(roles.union(teams, all=True))
    for person in people:
        mine = [(role, team) for user, role, team in found if user == person.pk]
        person.__dict__["_standing"] = (
            frozenset(role for role, _team in mine if role),
            frozenset(team for role, team in mine if not role),
        )


def everyone_with(*roles: str) -> models.QuerySet[User]:
    """The active people who have one of these roles."""
    return User.objects.filter(role_grants__role__in=roles, is_active=True).distinct().order_by("pk")


class Attempt(models.Model):
    """Failed sign-ins in the current window, per address of origin or per account. No password, no name."""

    key = models.CharField(primary_key=True, max_length=80)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key}: {self.failures}"


__all__ = [
    "Alert", "Attempt", "Desk", "Function", "Membership", "RoleGrant", "Team", "User", "everyone_with", "know_standing",
]  # fmt: skip
