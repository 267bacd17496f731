"""Mailboxes we fetch from, what was fetched from each, and when each way in last brought a mail."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import Desk
from apaise.lib import clock
from apaise.lib.sealing import open_sealed, seal

LEASE = timedelta(seconds=90)
SECRETS = ("password", "refresh_token", "client_secret")


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def watched(self) -> Self:
        """Those that are to be fetched from."""
        return self.filter(is_active=True).select_related("desk")


class Mailbox(models.Model):
    """One folder of one account on an IMAP server, and the desk its mail is for."""

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the start (usual, port 993)")
        STARTTLS = "starttls", _("STARTTLS (port 143)")
        PLAIN = "plain", _("None, for a server on this machine")

    class SignIn(models.TextChoices):
        PASSWORD = "password", _("Password")
        OAUTH2 = "oauth2", _("OAuth2 (Microsoft 365, Google)")

    class After(models.TextChoices):
        SEEN = "seen", _("Marked as read")
        MOVE = "move", _("Moved to another folder")
        DELETE = "delete", _("Deleted from the server")

    name = models.CharField(max_length=80)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    user = models.CharField(max_length=254)
    folder = models.CharField(max_length=200, default="INBOX")
    sign_in = models.CharField(max_length=8, choices=SignIn, default=SignIn.PASSWORD)
    sealed = models.JSONField(
        default=dict, blank=True
    )  # {password, refresh_token, client_secret}, each sealed
    token_url = models.CharField(max_length=400, blank=True)
    client_id = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=6, choices=After, default=After.SEEN)
    move_to = models.CharField(max_length=200, blank=True)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="mailboxes")
    from_settings = models.BooleanField(default=False)  # described by IMAP_URL; its secrets are not here
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=clock.now)  # a watch that began before this begins anew

    # Where we are. Every UID below first_uid of this UIDVALIDITY is noted.
    uidvalidity = models.PositiveBigIntegerField(null=True, blank=True)
    first_uid = models.PositiveBigIntegerField(default=1)
    begun_at = models.DateTimeField(null=True, blank=True)
    catch_up = models.BooleanField(default=False)  # UIDs were given anew: look at all since we began

    lease_by = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)  # the last look that went well
    trouble = models.CharField(max_length=24, blank=True)  # a code of trouble.WORDS
    trouble_detail = models.CharField(max_length=200, blank=True)
    trouble_since = models.DateTimeField(null=True, blank=True)
    told_down = models.BooleanField(default=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "port", "user", "folder"], name="channels_mailbox_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def door(self) -> str:
        return f"imap:{self.pk}"

    @property
    def well_since(self) -> datetime:
        """The last look that went well, or when it was described or switched on, if that is later."""
        return max(self.changed_at, self.checked_at or self.changed_at)

    def secret(self, which: str) -> str:
        """A secret in the clear, for the connection alone. Raises CannotOpen."""
        if self.from_settings:
            return str(getattr(settings, f"IMAP_{which.upper()}"))
        return open_sealed(self.sealed.get(which, ""), _keys())

    def seal(self, which: str, secret: str) -> None:
        """Keep a secret sealed; the caller saves."""
        self.sealed = {**self.sealed, which: seal(secret, _keys())}

    def has_secret(self, which: str) -> bool:
        return bool(self.sealed.get(which)) or (
            self.from_settings and bool(getattr(settings, f"IMAP_{which.upper()}"))
        )

    def claim(self, holder: str, *, gone: str = "") -> bool:
        """Take or prolong the lease; False while somebody else has it. `gone`: a holder known to have ended."""
        now = clock.now()
        free = Q(lease_until=None) | Q(lease_until__lt=now) | Q(lease_by=holder)
        if gone:
            free |= Q(lease_by=gone)
        claimed = Mailbox.objects.filter(free, pk=self.pk, is_active=True).update(
            lease_by=holder, lease_until=now + LEASE
        )
        return bool(claimed)

    def release(self, holder: str) -> None:
        Mailbox.objects.filter(pk=self.pk, lease_by=holder).update(lease_by="", lease_until=None)

    def is_well(self) -> None:
        """A look has gone well: whatever was the trouble is over."""
        self._set(checked_at=clock.now(), trouble="", trouble_detail="", trouble_since=None)

    def is_in_trouble(self, code: str, detail: str = "") -> None:
        since = self.trouble_since or clock.now()
        self._set(trouble=code, trouble_detail=detail[:200], trouble_since=since)

    def use_uids(self, validity: int, next_uid: int) -> bool:
        """Begin with these UIDs, or anew when the server has given new ones; True when it has."""
        if self.uidvalidity == validity:
            return False
        if self.uidvalidity is None:  # what was read before we came is somebody else's work
            self._set(uidvalidity=validity, first_uid=next_uid, begun_at=clock.now())
            return False
        self._set(uidvalidity=validity, first_uid=next_uid, catch_up=True)
        return True

    def has_noted_up_to(self, next_uid: int) -> None:
        if next_uid > self.first_uid or self.catch_up:
            self._set(first_uid=max(self.first_uid, next_uid), catch_up=False)

    def _set(self, **fields: Any) -> None:
        Mailbox.objects.filter(pk=self.pk).update(**fields)
        for name, value in fields.items():
            setattr(self, name, value)


class FetchedQuerySet(models.QuerySet["Fetched"]):
    def of(self, mailbox: Mailbox) -> Self:
        """What we know of the messages that lie there now, by the UIDs they have now."""
        return self.filter(mailbox=mailbox, uidvalidity=mailbox.uidvalidity or 0)


class Fetched(models.Model):
    """One message of a mailbox that we know: kept, left there for its size, or not handed over."""

    class State(models.TextChoices):
        KEPT = "kept", _("Taken in")
        TOO_LARGE = "too_large", _("Too large, left on the server")
        FAILING = "failing", _("Not handed over")

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="fetched")
    uidvalidity = models.PositiveBigIntegerField()
    uid = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State)
    raw = models.CharField(max_length=64, blank=True)
    arrival = models.ForeignKey("channels.Arrival", models.SET_NULL, null=True, related_name="fetched")
    is_marked = models.BooleanField(default=False)  # on the server, as the account says
    attempts = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True)
    at = models.DateTimeField(default=clock.now)

    objects = FetchedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "uidvalidity", "uid"], name="channels_fetched_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["mailbox", "raw"], name="channels_fetched_raw"),
            models.Index(
                fields=["mailbox", "uidvalidity"],
                condition=Q(is_marked=False, state="kept"),
                name="channels_fetched_unmarked",
            ),
        ]

    def __str__(self) -> str:
        return f"UID {self.uid} of mailbox {self.mailbox_id}"


class MailDoor(models.Model):
    """A way in: `smtp`, `lmtp` or `imap:3`; when it last brought a mail."""

    code = models.CharField(max_length=24, unique=True)
    opened_at = models.DateTimeField(default=clock.now)
    last_mail_at = models.DateTimeField(null=True)
    told_silent = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code

    @property
    def quiet_since(self) -> datetime:
        return self.last_mail_at or self.opened_at


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
