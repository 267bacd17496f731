"""What the public reads: whom to reach at each stage, and the editions of the page on how complaints are handled."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apaise.ground.accounts.models import User
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES
from apaise.lib import clock


class PublicContact(models.Model):
    """How the public reaches whoever holds a role or a function. Never an address that somebody signs in with."""

    code = models.CharField(max_length=40, unique=True)  # a role or a function
    name_fr = models.CharField(max_length=160)  # « Hélène Marsac, directrice de la relation client »
    name_en = models.CharField(max_length=160)
    phone = models.CharField(max_length=40, blank=True)  # never surcharged
    email = models.EmailField(blank=True)
    hours_fr = models.CharField(max_length=160, blank=True)
    hours_en = models.CharField(max_length=160, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code__in=[*ROLES, *FUNCTIONS]), name="policy_contact_code_known"
            ),
            models.CheckConstraint(
                condition=~Q(name_fr="") & ~Q(name_en="") & (~Q(phone="") | ~Q(email="")),
                name="policy_contact_reachable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.name_fr}"


class PolicyEdition(models.Model):
    """The public page as it was published, whole and in both languages. Kept for ever and never changed."""

    number = models.PositiveIntegerField(unique=True)  # 1, 2, 3 …
    content = models.JSONField()  # {"fr": …, "en": …}; see public.py
    digest = models.CharField(max_length=64)
    packs = models.CharField(max_length=400)  # their labels
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"edition {self.number}"
