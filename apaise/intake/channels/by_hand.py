"""What a member of staff types in for a customer: a call, a letter, a visit. Shared by calls, letters_in and visits."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import Desk, User
from apaise.ground.packs.taxonomy import CAUSES
from apaise.ground.parties.addresses import add_address
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Person, normalise
from apaise.ground.parties.names import name_key, name_sound
from apaise.intake.cases import letters, outgoing, paper
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File, Refused, add_customer_message, add_note
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.paper import Carrier
from apaise.intake.cases.people import change_refusal, findable_people
from apaise.intake.channels import policies
from apaise.intake.channels.details import Recap
from apaise.intake.channels.models import Arrival, file_store
from apaise.lib import clock
from apaise.lib.language.sentences import first_sentence

LONGEST_AGO = timedelta(days=3 * 366)  # further back than any reply is owed: a slip of the keyboard
A_MOMENT = timedelta(minutes=2)  # the clocks of two machines may disagree by as much


class Who(NamedTuple):
    """Whom it is about: somebody known, or somebody new.

    What is typed beside a known person is added to them by those who may change them; else it is noted on the case."""

    person: Person | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    postal: str = ""


class Told(NamedTuple):
    """What every channel has. `once` is the form's own number: sent twice, it is one case."""

    once: str
    who: Who
    text: str
    language: str
    at: datetime
    cause: str = ""
    into: Case | None = None  # the case it belongs to; without one it opens a new one


class Held(NamedTuple):
    """What the verb of a channel adds."""

    channel: str
    raw: dict[str, Any]  # its own fields, for the durable copy of what was typed
    finish: Callable[[Message], None]  # writes its own row, inside the transaction
    sent_at: datetime | None = None
    wants_paper: bool = False
    heard_by: User | None = None  # who of ours they spoke to
    files: Sequence[File] = ()


def file_by_hand(told: Told, held: Held, *, by: User) -> Case:
    """File it into the case it belongs to, else into a new one. Safe to repeat. Raises Refused, nothing kept then."""
    desk = policies.desk_of(by)
    refusal = policies.entry_refusal(by) or (told.into and policies.into_refusal(by, told.into))
    if refusal or desk is None:
        raise Refused(refusal or _("Your team has no desk that receives complaints."))
    mark = hashlib.sha256(f"{held.channel}:{told.once}".encode()).hexdigest()
    if known := _filed_before(mark):
        return known
    if gap := _gap(told, by):
        raise Refused(gap)
    digest, size = file_store().keep(
        _raw(told, held)
    )  # before the transaction: a disk must not hold the lock
    try:
        return _file(told, held, mark, digest, size, desk=desk, by=by)
    except (IntegrityError, NotKept) as problem:  # a second click at the same moment: the other has filed it
        if known := _filed_before(mark):
            return known
        if gap := _gap(told, by):  # or somebody else has just been given this address
            raise Refused(gap) from None
        if isinstance(problem, NotKept):
            raise Refused(str(problem)) from None
        raise


def _filed_before(mark: str) -> Case | None:
    """Where its words are now: a case may have been merged since."""
    known = Arrival.objects.select_related("case", "message__case").filter(fingerprint=mark).first()
    return (known.message.case if known.message else known.case) if known else None


def _gap(told: Told, by: User) -> str | None:
    """What is missing or cannot be, in a sentence."""
    who = told.who
    if not told.text.strip():
        return _("Write what they told us, in their words.")
    if told.at > clock.now() + A_MOMENT:
        return _("This moment has not come yet. Check the date and the time.")
    if told.at < clock.now() - LONGEST_AGO:
        return _("This date is more than three years back. Check it.")
    if told.cause and told.cause not in CAUSES:
        return _("Choose the cause from the list, or leave it open.")
    if who.person and not findable_people(by).filter(pk=who.person.survivor.pk).exists():
        return _("This customer cannot be found. Search for them again, or type who it is.")
    if told.into and (who.person is None or not who.person.is_same_as(told.into.complainant_id)):
        # A recap carries the link of the case: it must not reach anybody else.
        return _("This case is somebody else's. Choose its customer first, or open a new one.")
    if who.person is None and not any((who.name, who.email, who.phone, who.postal)):
        return _("Say who it is: a name, a number or an address is enough.")
    if who.email and ("@" not in who.email.strip("@") or " " in who.email):
        return _("This e-mail address is not complete. It looks like name@example.org.")
    return _of_another(who, by) if who.email else None


def _of_another(who: Who, by: User) -> str | None:
    """Whether the typed e-mail address is somebody else's, in a sentence; named only to whom they may be."""
    other = Person.objects.at(who.email)
    if other is None or (who.person and who.person.is_same_as(other.pk)):
        return None
    if not findable_people(by).filter(pk=other.pk).exists():
        return _("This e-mail address is somebody else's. Check it, or leave it out.")
    return _("This e-mail address belongs to %(name)s. Choose them in the list, or correct it.") % {
        "name": other.display_name()
    }


def _raw(told: Told, held: Held) -> bytes:
    who = told.who._asdict() | {"person": told.who.person.pk if told.who.person else None}
    said = {
        **told._asdict(),
        **held.raw,
        "who": who,
        "into": told.into.reference if told.into else "",
        "at": told.at.isoformat(),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()


def _file(told: Told, held: Held, mark: str, digest: str, size: int, *, desk: Desk, by: User) -> Case:
    with transaction.atomic():
        person, aside = _person(told.who, told.language, by)
        case = told.into or open_case(
            person,
            desk=desk,
            channel=held.channel,
            language=told.language,
            title=first_sentence(told.text, 90),
            by=by,
            received_at=told.at,
            sent_at=held.sent_at,
            cause=told.cause,
            wants_paper=held.wants_paper,
        )
        message = add_customer_message(
            case,
            person,
            channel=held.channel,
            text=told.text.strip(),
            at=told.at,
            files=held.files,
            first=told.into is None,
            heard_by=held.heard_by,
            typed_by=by,
        )
        Arrival.objects.create(
            channel=held.channel,
            raw=digest,
            size=size,
            desk=case.desk,
            state=Arrival.State.FILED,
            fingerprint=mark,
            message=message,
            case=case,
            accepted_by=by,
        )
        _beside(message.case, told, held, aside, by=by)
        held.finish(message)
    return case


def _beside(case: Case, told: Told, held: Held, aside: Sequence[str], *, by: User) -> None:
    """What a form says besides the words: for the whole case, or nowhere else to keep. Raises Refused."""
    if held.wants_paper and not case.complainant.postal:
        raise Refused(_no_way(_("A letter needs a valid postal address."), told.who.postal))
    if told.into and held.wants_paper:
        paper.prefer(case, "letter", by=by)
    if told.into and told.cause and not case.declared_cause:
        case.keep(declared_cause=told.cause)
    if aside:
        noted = _("They also gave this, which is not kept with the customer yet: %(address)s.")
        add_note(case, noted % {"address": "; ".join(aside)}, by=by)


def _person(who: Who, language: str, by: User) -> tuple[Person, list[str]]:
    """Whom it is about, with what was typed beside them; and what was not added to them. Raises NotKept."""
    typed = [
        (kind, said)
        for kind, said in (("email", who.email), ("phone", who.phone), ("postal", who.postal))
        if normalise(kind, said)
    ]
    name = " ".join(who.name.split())[:200]
    if who.person is None:
        person = Person.objects.create(
            name=name, name_key=name_key(name), name_sound=name_sound(name), language=language
        )
        may = True
    else:
        person = Person.objects.get(pk=who.person.survivor.pk)
        person.learn_name(name)
        may = change_refusal(by, person) is None
    known = {(way.kind, way.value) for way in person.ways()}
    new = [(kind, said) for kind, said in typed if (kind, normalise(kind, said)) not in known]
    for kind, said in new if may else ():
        add_address(person, kind, said, by=by)
    aside = [] if may else [", ".join(normalise(kind, said).split("\n")) for kind, said in new]
    return Person.objects.prefetch_related("addresses").get(pk=person.pk), aside


def _no_way(why: str, typed: object) -> str:
    """Why something cannot be sent; `typed` when an address was typed that may not be used."""
    what_to_do = (
        _("The one you typed is no longer valid, or only who handles a case of theirs may add it.")
        if typed
        else _("Ask for one.")
    )
    return " ".join([why, what_to_do, _("Choose another way.")])


# --- the durable written form of what was only spoken ----------------------------------------------------


def recap_gap(who: Who, recap: str, *, allowed: Sequence[str]) -> str | None:
    """Why the recap cannot go the way that was chosen, in a sentence."""
    if recap not in allowed:
        return _("Offer a written recap, and say what they answered.")
    person = who.person
    if recap == Recap.EMAIL and not (who.email or (person and person.email)):
        return _("A recap by e-mail needs an address. Ask for it, or choose another way.")
    if recap == Recap.LETTER and not (who.postal or (person and person.postal)):
        return _("A recap by letter needs a postal address. Ask for it, or choose another way.")
    return None


def send_recap(
    message: Message, recap: str, *, who: Who, by: User, wish: str = "", elsewhere: str = ""
) -> None:
    """Queue the recap of what was said, or record that it was offered and not wanted.

    It goes to the address typed now, once it is theirs; else to the one of theirs that is valid. Raises Refused."""
    case, person = message.case, message.author_person
    assert person is not None  # whoever spoke
    if recap == Recap.DECLINED:
        happened(case, "durable_recap.declined", by=by, message=message.pk, channel=message.channel)
        return
    email, postal = _way_to(person, "email", who.email), _way_to(person, "postal", who.postal)
    if recap == Recap.EMAIL and not email:
        raise Refused(_no_way(_("A recap by e-mail needs a valid address."), who.email))
    if recap == Recap.LETTER and not postal:
        raise Refused(_no_way(_("A letter needs a valid postal address."), who.postal))
    written = letters.recap(case, message, heard_by=by, wish=wish, elsewhere=elsewhere)
    ways = {
        Recap.EMAIL: Carrier("email", email),
        Recap.LETTER: Carrier("letter", f"{person.name}\n{postal}".strip()),
        Recap.HANDED: Carrier("in_person", ""),
    }
    outgoing.queue_message(
        case,
        "recap",
        subject=written.subject,
        text=written.body,
        by=by,
        author=by,
        carrier=ways[Recap(recap)],
    )


def _way_to(person: Person, kind: str, typed: str) -> str:
    """What was typed, where it is a valid address of theirs; else the one to use first, "" without any."""
    valid = [way.value for way in person.ways() if way.kind == kind and way.ended_on is None]
    said = normalise(kind, typed)
    return said if said in valid else next(iter(valid), "")


# --- days that were typed ----------------------------------------------------------------------------------


def at_hour(day: date, hour: int) -> datetime:
    """That day at this hour, local time; now, if that is still to come or the day is today."""
    zone = ZoneInfo(settings.TIME_ZONE)
    if day == clock.today(zone):
        return clock.now()
    return min(datetime.combine(day, time(hour), zone), clock.now())


def is_future(day: date) -> bool:
    return day > clock.today(ZoneInfo(settings.TIME_ZONE))
