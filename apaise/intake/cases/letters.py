"""What we write from templates: acknowledgement, notices, subjects; in the customer's language, never with a gap."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.packs.render import Rendered, render
from apaise.ground.packs.taxonomy import CAUSES
from apaise.intake.cases import tracking
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.cases.wording import CLOSING_REASONS
from apaise.lib import saying
from apaise.lib.language.sentences import first_sentence

REOPENABLE_DAYS = 365


def acknowledgement(case: Case, *, circuit: str = "") -> Rendered:
    """The acknowledgement of this case: it renders from what the intake alone knows.

    circuit   who deals with it, by name, once that is known"""
    said = case.pack_version.pack.acknowledgement
    first = case.messages.filter(kind=Message.Kind.COMPLAINT).order_by("at", "pk").first()
    sentence = first_sentence(first.new_text) if first else ""
    # What was only said has no subject: its case is called by its first sentence, which is not said twice.
    subject = "" if sentence.startswith(case.title.rstrip("…")) else _plain(case.title)
    values = {
        **_common(case),
        "message_subject": subject,
        "message_first_sentence": sentence,
        "reply_due_date": long_date(case.announced_for, case.language) if case.announced_for else "",
        "next_steps": said["next_steps"][case.language],
        "circuit_contacts": circuit,
        "criticality_label": _criticality_label(case) if circuit else "",
    }
    return render(said["template"], case.language, values)


def _criticality_label(case: Case) -> str:
    levels = (case.pack_version.pack.block("criticality") or {}).get("levels") or ()
    return next((str(one["label"][case.language]) for one in levels if one["id"] == case.criticality), "")


def recap(case: Case, said: Message, *, heard_by: User, wish: str = "", elsewhere: str = "") -> Rendered:
    """What somebody told us, written down for them: dated, in their words, with the way to correct it."""
    zone = ZoneInfo(settings.TIME_ZONE)
    with translation.override(case.language):
        when = {"day": long_date(said.at, case.language), "hour": saying.hour(said.at, case.language, zone)}
        told = _("You called us on %(day)s at %(hour)s.") if said.channel == "phone" else _(
            "You came to see us on %(day)s at %(hour)s."
        )  # fmt: skip
        parts = [
            _greeting(case),
            " ".join([told % when, _("This is what you told us, as we wrote it down:")]),
            _("“%(words)s”") % {"words": said.text.strip()},
            _("What would put it right for you: %(wish)s.") % {"wish": _sentence_part(wish)} if wish else "",
            _("What you had already tried: %(tried)s.") % {"tried": _sentence_part(elsewhere)}
            if elsewhere
            else "",
            _("If something is wrong or missing, tell us; it is corrected and you have nothing to repeat."),
            _("Your reference is %(reference)s. Follow your complaint here: %(link)s")
            % {"reference": case.reference, "link": tracking.link_for(case)},
            ", ".join(filter(None, [heard_by.name, heard_by.title(case.language)])),
        ]
        return Rendered(subject_line(case, "recap"), "\n\n".join(part for part in parts if part))


def new_date(
    case: Case,
    *,
    previous: datetime,
    new: datetime,
    done_so_far: str,
    remaining: str,
    reason: str,
    next_update: date,
    signatory: User,
) -> Rendered:
    """The reasoned notice that our reply comes later than announced."""
    values = {
        **_common(case, signatory),
        "done_so_far": _sentence_part(done_so_far),
        "remaining": _sentence_part(remaining),
        "delay_reason": _sentence_part(reason),
        "previous_date": long_date(previous, case.language),
        "new_date": long_date(new, case.language),
        "next_update_date": saying.day(next_update, case.language, weekday=True),
    }
    return render("holding_update", case.language, values)


def reminder(case: Case, question: Message) -> Rendered:
    """Our unanswered question once more: in its own words, with its date, and no threat in it."""
    until = saying.day(case.answer_by, case.language, weekday=True) if case.answer_by else ""
    with translation.override(case.language):
        parts = [
            _greeting(case),
            _(
                "To answer you well we asked you a question, and perhaps it escaped you. If your answer has crossed this message, nothing is left for you to do."
            ),
            _("“%(words)s”") % {"words": question.text.strip()},
            _(
                "Your answer helps us most until %(day)s. Without it we go on with what we have: your complaint stays open and is answered."
            )
            % {"day": until},
            _("Something is unclear, or you do not have it? Tell us, and we find another way: %(contact)s.")
            % {"contact": case.desk.phone or case.desk.address},
            _("Your reference is %(reference)s. Follow your complaint here: %(link)s")
            % {"reference": case.reference, "link": tracking.link_for(case)},
            case.handler.name if case.handler else case.desk.name,
        ]
    return Rendered(subject_line(case, "reminder"), "\n\n".join(parts))


def closing_notice(case: Case, *, reason: str, summary: str, signatory: User) -> Rendered:
    """Why the case is closed, and until when an answer to our mail reopens it."""
    closed = case.closed_at or case.received_at
    cause = CAUSES.get(case.found_cause)
    with translation.override(case.language):
        counted = _("your complaint counts in what we follow under “%(cause)s”") % {
            "cause": cause.label.said(case.language) if cause else ""
        }
        values = {
            **_common(case, signatory),
            "decision_summary": _sentence_part(summary),
            "closed_at": long_date(closed, case.language),
            "closed_reason": str(CLOSING_REASONS[reason]),
            "reopen_until": saying.day(date.fromordinal(closed.toordinal() + REOPENABLE_DAYS), case.language),
            "improvement_note": counted,
        }
    return render("closing", case.language, values)


def subject_line(case: Case, kind: str) -> str:
    """The subject of a message a person writes; it starts with the reference, so that answers find the case."""
    with translation.override(case.language):
        names = {
            "recap": _("what you told us"),
            "restatement": _("what we understood"),
            "reply": _("your complaint"),
            "question": _("a question, to answer you well"),
            "reminder": _("our question is still open"),
            "final_reply": _("our reply"),
            "redirection": _("where your request is followed"),
        }
        return _("%(reference)s: %(what)s") % {"reference": case.reference, "what": names[kind]}


def draft_restatement(case: Case) -> str:
    """A start for the restatement, in the customer's language; the handler writes the rest."""
    with translation.override(case.language):
        return "\n\n".join(
            [
                _greeting(case),
                _("If I understand correctly, "),
                _("Is that right? If not, just answer this message."),
            ]
        )


def _greeting(case: Case) -> str:
    name = _plain(case.complainant.name)
    return _("Hello %(name)s,") % {"name": name} if name else _("Hello,")


def _common(case: Case, signatory: User | None = None) -> dict[str, str]:
    desk, language = case.desk, case.language
    named, handler = desk.signatory, signatory or case.handler
    return {
        "case_ref": case.reference,
        "received_at": long_date(case.received_at, language),
        "sender_name": _plain(case.complainant.name),
        "handler_name": handler.name if handler else "",
        "handler_role": handler.title(language) if handler else "",
        "desk_named_person_name": named.name if named else desk.name,
        "desk_named_person_role": (named.title(language) if named else "") or desk.name,
        "desk_contact": desk.phone or desk.address,
        "desk_phone": desk.phone,
        "tracking_link_or_phone": tracking.link_for(case),
        "dpo_contact": desk.dpo_contact or desk.address,
        "privacy_page": f"{settings.URL}/data",
        "org_name": desk.organisation,
    }


def _sentence_part(text: str) -> str:
    """Typed words as part of a sentence of ours, which ends it itself."""
    return " ".join(text.split()).rstrip(" .;")


def _plain(text: str) -> str:
    return " ".join(text.split())


def long_date(moment: datetime, language: str | None = None) -> str:
    """The local day in words: vendredi 4 décembre 2026."""
    day = moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return saying.day(day, language or get_language() or "fr", weekday=True)


def values_of(case: Case, signatory: User | None = None) -> dict[str, str]:
    """What every template of ours may say of a case, for letters that are written elsewhere."""
    return _common(case, signatory)


def greeting(case: Case) -> str:
    return _greeting(case)
