"""What we write to say where a case stands: who takes over, a new date, an apology; in the customer's language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.ground.packs.render import Rendered, render
from apaise.intake.cases import tracking
from apaise.intake.cases.letters import greeting, long_date, values_of
from apaise.intake.cases.models import Case
from apaise.lib import saying


def introduction(
    case: Case, person: User, *, before: datetime, to_the_hour: bool, signatory: User | None
) -> Rendered:
    """Whom the customer is put in touch with, and until when that person gets in touch.

    to_the_hour   the moment was counted in hours; else it is the end of its day"""
    zone, language = ZoneInfo(settings.TIME_ZONE), case.language
    with translation.override(language):
        who = ", ".join(filter(None, [person.name, person.title(language)]))
        if to_the_hour:
            when = {"day": long_date(before, language), "hour": saying.hour(before, language, zone)}
            first = _(
                "I am putting you in touch with %(who)s, who will contact you before %(day)s, %(hour)s."
            )
        else:
            when = {"day": long_date(before, language)}
            first = _(
                "I am putting you in touch with %(who)s, who will contact you by %(day)s at the latest."
            )
        parts = [
            greeting(case),
            first % {"who": who, **when},
            _(
                "%(name)s answers for your complaint from now on, and has everything you told us: you have nothing to repeat."
            )
            % {"name": person.name},
            _way_to_us(case),
            signature(case, signatory),
        ]
        subject = _("%(reference)s: %(name)s answers for your complaint") % {
            "reference": case.reference,
            "name": person.name,
        }
    return Rendered(subject, "\n\n".join(parts))


def progress(case: Case, *, done: str, left: str, signatory: User | None) -> Rendered:
    """Where we are, while the announced date still holds."""
    with translation.override(case.language):
        parts = [
            greeting(case),
            _("Your complaint is being worked on. Done so far: %(done)s. Still to do: %(left)s.")
            % {"done": done, "left": left},
            _("You will have our reply by %(day)s at the latest.")
            % {"day": long_date(case.announced_for, case.language)}
            if case.announced_for
            else "",
            _way_to_us(case),
            signature(case, signatory),
        ]
        subject = _("%(reference)s: where we are") % {"reference": case.reference}
    return Rendered(subject, "\n\n".join(part for part in parts if part))


def holding(
    case: Case, *, done: str, left: str, reason: str, previous: datetime, reply_by: date, news_on: date,
    signatory: User | None,
) -> Rendered:  # fmt: skip
    """The reasoned notice that our reply comes later than announced, from the shipped template."""
    language = case.language
    values = {
        **values_of(case, signatory),
        "done_so_far": done,
        "remaining": left,
        "delay_reason": reason,
        "previous_date": long_date(previous, language),
        "new_date": in_words(reply_by, language),
        "next_update_date": in_words(news_on, language),
    }
    return render("holding_update", language, values)


def prolonged(
    case: Case, rule: DeadlineRule, *, previous: datetime, new: datetime, reason: str, outside: bool, signatory: User
) -> Rendered:  # fmt: skip
    """The reasoned notice that a date which is not our reply's comes later.

    outside   somebody else moved it, and told us"""
    desk, language = case.desk, case.language
    contact = (rule.owner == "dpo" and desk.dpo_contact) or desk.phone or desk.address
    with translation.override(language):
        dates = {
            "what": rule.label[language],
            "previous": long_date(previous, language),
            "new": long_date(new, language),
        }
        parts = [
            greeting(case),
            _(
                "A date of your case is moved: “%(what)s”, due by %(previous)s until now, is now due by %(new)s."
            )
            % dates,
            _("The reason: %(why)s.") % {"why": " ".join(reason.split()).rstrip(" .;")},
            _("The mediator set the new date, and we pass it on to you.")
            if outside
            else _("I apologise for this delay."),
            _(
                "You need do nothing, and you lose no right by it. For any question about this date: %(contact)s."
            )
            % {"contact": contact},
            _way_to_us(case),
            signature(case, signatory),
        ]
        subject = _("%(reference)s: a date is moved, and why") % {"reference": case.reference}
    return Rendered(subject, "\n\n".join(parts))


def eight_weeks(case: Case, *, reason: str, reply_by: date, signatory: User | None) -> Rendered:
    """Why there is no final response after eight weeks, when it comes, and the right to go to the ombudsman now."""
    desk = case.desk
    with translation.override(case.language):
        ombudsman = ", ".join(
            part for part in (desk.mediator_name, desk.mediator_postal_address, desk.mediator_website) if part
        )
        parts = [
            greeting(case),
            _(
                "Eight weeks after we received your complaint we cannot send you our final response yet. I am sorry."
            ),
            _("The reason: %(why)s. You will have our final response by %(day)s.")
            % {"why": reason, "day": in_words(reply_by, case.language)},
            _(
                "You do not have to wait for it: you may refer your complaint to the ombudsman now, free of charge: %(ombudsman)s. We neither waive nor shorten the usual time limits for doing so."
            )
            % {"ombudsman": ombudsman or desk.address},
            _(
                "The ombudsman's leaflet explains how to do so; it is on the ombudsman's website, or we send it to you."
            ),
            _way_to_us(case),
            signature(case, signatory),
        ]
        subject = _("%(reference)s: eight weeks, and your right to go to the ombudsman") % {
            "reference": case.reference
        }
    return Rendered(subject, "\n\n".join(parts))


def apology(
    case: Case, *, promise: str, promised_on: date, again_on: date, signatory: User | None
) -> Rendered:
    """For a promise that was not kept: what, since when, and a date that will be."""
    language = case.language
    with translation.override(language):
        parts = [
            greeting(case),
            _(
                "We had promised you this for %(day)s: “%(promise)s”. We did not keep our word, and I apologise."
            )
            % {"day": in_words(promised_on, language), "promise": promise.rstrip(" .")},
            _("It will be done by %(day)s. I see to it myself.") % {"day": in_words(again_on, language)},
            _way_to_us(case),
            signature(case, signatory),
        ]
        subject = _("%(reference)s: our apology for a promise not kept") % {"reference": case.reference}
    return Rendered(subject, "\n\n".join(parts))


def in_words(day: date, language: str) -> str:
    """vendredi 4 décembre 2026"""
    return saying.day(day, language, weekday=True)


def _way_to_us(case: Case) -> str:
    about = {"reference": case.reference, "link": tracking.link_for(case)}
    return _("Your reference is %(reference)s. Follow your complaint here: %(link)s") % about


def signature(case: Case, signatory: User | None) -> str:
    """Name and title, as they stand below a letter."""
    person = signatory or case.handler or case.desk.signatory
    if person is None:
        return case.desk.name
    return ", ".join(filter(None, [person.name, person.title(case.language)]))
