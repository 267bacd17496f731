"""Mails to our own people: what they have not looked at, and the facts they are asked for. No customer's word is in them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apaise.ground.accounts.mail_choice import zone_of
from apaise.ground.accounts.models import Alert, AlertsByMail, User
from apaise.handling.contributions.models import ContextNote
from apaise.handling.routing.absences import is_away
from apaise.intake.cases.heard import alerts_of
from apaise.intake.cases.models import Case
from apaise.intake.channels.mail.to_staff import StaffMail, can_be_sent, desk_for, write_to_staff
from apaise.intake.channels.tasks import deliver_to_staff
from apaise.journey.alert_words import URGENT, words_of
from apaise.lib import clock, saying
from apaise.lib.working_time import calendar_named

EIGHT: Final = time(8)
MORNING: Final = timedelta(hours=4)  # a worker that was down at eight still sends it; at noon nobody needs it
NEWS: Final = timedelta(days=1)  # older than that is no news to send at once
SHOWN: Final = 20
ALERTS, NOTE = "/desk/alerts", "/desk/context-notes/%d"


def mail_summaries() -> None:
    """Periodic: to whoever wants it, once each working morning, what they have not looked at since the last one."""
    if not can_be_sent():
        return
    now = clock.now()
    for user in _with_news(AlertsByMail.SUMMARY):
        eight = _eight(user, now)
        if eight and not is_away(user, now):
            told = _to_tell(user, alerts_of(user).filter(at__lte=eight))
            day = eight.date().isoformat()
            _mail(user, StaffMail.Kind.SUMMARY, told, once=f"summary:{user.pk}:{day}", until=eight + MORNING)


def mail_urgent() -> None:
    """Periodic: to whoever wants it, at once, the alerts where something is lost by waiting."""
    if not can_be_sent():
        return
    now = clock.now()
    for user in _with_news(AlertsByMail.URGENT):
        told = _to_tell(user, alerts_of(user).filter(kind__in=URGENT, at__gte=now - NEWS))
        once = f"urgent:{user.pk}:{max((one.pk for one in told), default=0)}"
        _mail(user, StaffMail.Kind.URGENT, told, once=once, until=now + NEWS)


def mail_request(note: ContextNote, *, reminded: bool, once: str) -> bool:
    """To whoever is asked for facts, or reminded: who asks and by when. Nothing of the case, which they may not know."""
    person = note.person
    with translation.override(person.language):
        zone, language = zone_of(person), person.language
        due = note.due_at.astimezone(zone)
        when = {
            "day": saying.day(due.date(), language, weekday=True),
            "hour": saying.hour(due, language, zone),
        }
        facts = {"number": note.pk, "who": note.asked_by.name, **when}
        subject = (
            _("Reminder: your facts are awaited (question %(number)s)") if reminded
            else _("You are asked for facts you know (question %(number)s)")
        )  # fmt: skip
        first = (
            _("%(who)s has been waiting for your note since %(day)s, %(hour)s.") if reminded
            else _("%(who)s asks you for a short, dated note of what you know, by %(day)s, %(hour)s.")
        )  # fmt: skip
        where = _("The question stands on a page of your own; your answer goes there.")
        mail = _send(
            person,
            StaffMail.Kind.REQUEST,
            subject=subject % facts,
            text=f"{first % facts}\n\n{where}",
            link=NOTE % note.pk,
            link_says=_("Read the question"),
            until=clock.now() + timedelta(days=7),
            once=once,
        )
    return mail is not None


def _with_news(choice: AlertsByMail) -> list[User]:
    """Those who chose this and have something they neither looked at nor read of."""
    fresh = Alert.objects.filter(seen_at=None, mailed_at=None)
    return list(User.objects.filter(is_active=True, alerts_by_mail=choice, pk__in=fresh.values("user")))


def _eight(user: User, now: datetime) -> datetime | None:
    """Eight o'clock of this person's working morning; None while it is not that, or no longer."""
    here = now.astimezone(zone_of(user))
    eight = datetime.combine(here.date(), EIGHT, here.tzinfo)
    if not eight <= here < eight + MORNING:
        return None
    desk = desk_for(user)
    british = desk is not None and desk.country == "GB"
    region = (desk.region or None) if desk and not british else None
    calendar = calendar_named("gb-england" if british else "fr-metropole", region)
    return eight if here.date().toordinal() in calendar.business else None


def _to_tell(user: User, alerts: QuerySet[Alert]) -> list[Alert]:
    """Of these the ones to tell now: neither looked at nor mailed, and not of a case they may not read. Newest first."""
    fresh = list(alerts.filter(seen_at=None, mailed_at=None).order_by("-at", "-pk"))
    visible = set(
        Case.objects.visible_to(user)
        .filter(reference__in={one.chain for one in fresh if one.chain})
        .values_list("reference", flat=True)
    )
    return [one for one in fresh if not one.chain or one.chain in visible]


def _mail(user: User, kind: StaffMail.Kind, told: Sequence[Alert], *, once: str, until: datetime) -> None:
    if not told:
        return
    with transaction.atomic(), translation.override(user.language):
        mail = _send(
            user,
            kind,
            subject=_subject(kind, told),
            text=_text(told),
            link=ALERTS,
            link_says=_("See my alerts"),
            until=until,
            once=once,
        )
        marked = Alert.objects.filter(pk__in=[one.pk for one in told], mailed_at=None)
        if mail and marked.update(mailed_at=clock.now()) != len(told):
            # Another worker has told of some of them this moment: it is theirs.
            transaction.set_rollback(True)


def _send(user: User, kind: StaffMail.Kind, **said: Any) -> StaffMail | None:
    mail = write_to_staff(user, kind, **said)
    if mail:
        deliver_to_staff.enqueue(mail.pk)
    return mail


def _subject(kind: StaffMail.Kind, told: Sequence[Alert]) -> str:
    if kind == StaffMail.Kind.URGENT and len(told) == 1:
        return str(words_of(told[0]).what)
    return ngettext("%(num)s thing to look at", "%(num)s things to look at", len(told)) % {"num": len(told)}


def _text(told: Sequence[Alert]) -> str:
    lines = []
    for one in told[:SHOWN]:
        what = str(words_of(one).what)
        lines.append(
            _("%(what)s (%(reference)s)") % {"what": what, "reference": one.chain} if one.chain else what
        )
    if (more := len(told) - SHOWN) > 0:
        lines.append(ngettext("and %(num)s more", "and %(num)s more", more) % {"num": more})
    return "\n".join(f"– {line}" for line in lines)
