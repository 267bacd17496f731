"""The only way in. Raw bytes first, made durable; then read, then filed into the case they belong to."""

import hashlib
import io
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Q

from apaise.ground.accounts.models import Desk, User
from apaise.ground.parties.models import Person
from apaise.intake.cases.guards import is_past_reopening
from apaise.intake.cases.linking import follow_on
from apaise.intake.cases.messages import Envelope, File, Refused, add_customer_message
from apaise.intake.cases.models import PUBLIC, Case
from apaise.intake.cases.opening import open_case
from apaise.intake.channels import forms, forwarding, limits, line_filing, policies, spam, transcripts
from apaise.intake.channels.forwarding import PassedOn
from apaise.intake.channels.mail import addresses, bounces, loops, threading
from apaise.intake.channels.mail.sameness import fingerprint
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.settling import Outcome, quarantine, settle, settle_again, told_before
from apaise.lib import clock, crash
from apaise.lib.file_kind import examine
from apaise.lib.language.thanks import is_only_thanks
from apaise.lib.mime import Mail, Unreadable, read
from apaise.lib.prepared import Prepared
from apaise.lib.rows import insert, keys
from apaise.lib.trouble import where

log = logging.getLogger("apaise.intake")
UNREAD = (Arrival.State.NEW, Arrival.State.QUARANTINED)


def keep(
    raw: bytes | Iterable[bytes],
    *,
    channel: str = "email",
    envelope_from: str = "",
    envelope_to: str = "",
    desk: Desk | None = None,
    form: str = Arrival.Form.MAIL,
    given: Mapping[str, Any] | None = None,
) -> Arrival:
    """Make the raw bytes durable and note that they arrived. After this we may say yes to the sender."""
    digest, size = file_store().keep(raw)
    return note_arrival(
        digest,
        size,
        channel=channel,
        envelope_from=envelope_from,
        envelope_to=envelope_to,
        desk=desk,
        form=form,
        given=given,
    )


def note_arrival(
    digest: str,
    size: int,
    *,
    channel: str = "email",
    envelope_from: str = "",
    envelope_to: str = "",
    desk: Desk | None = None,
    form: str = Arrival.Form.MAIL,
    given: Mapping[str, Any] | None = None,
) -> Arrival:
    """Note that these bytes, durable already, arrived.

    form    what they are: a mail, a line of JSON, a transcript
    given   what was said beside them, so that reading them again needs nothing else"""
    return insert(
        Arrival(
            channel=channel,
            raw=digest,
            size=size,
            envelope_from=envelope_from[:320],
            envelope_to=envelope_to[:320],
            desk=desk,
            form=form,
            given=dict(given or {}),
        )
    )


def receive(arrival: Arrival) -> Outcome:
    """Read a kept arrival and file it. Safe to repeat: what was filed stays filed, once."""
    if arrival.state not in UNREAD:
        return told_before(arrival)
    apart = arrival.verdict == Arrival.Verdict.APART  # a person has looked at both
    if not apart and (known := seen_before(arrival.raw, but=arrival.pk)):
        return settle_again(arrival, known)
    form = FORMS[arrival.form]
    try:
        words = form.read(arrival)
    except Unreadable as problem:
        return quarantine(arrival, form.unread, detail=problem.reason)
    try:
        try:
            return _file_at_once(arrival, form, words)
        except IntegrityError:  # the same message by two ways at once: the loser finds it known
            arrival.refresh_from_db()
            return _file_at_once(arrival, form, words)
    except (
        OperationalError,
        InterfaceError,
    ):  # the database is away, the mail is as good as before: try again later
        raise
    except Exception as problem:
        log.error("arrival %s could not be filed: %s", arrival.pk, where(problem))
        arrival.refresh_from_db()  # what the attempt had noted on it is undone
        return quarantine(arrival, "failed")


def digest_of(raw: bytes) -> str:
    """What raw bytes are known by."""
    return hashlib.sha256(raw).hexdigest()


def seen_before(raw: str, *, but: int | None = None) -> Arrival | None:
    """The earlier arrival of exactly these bytes, whatever became of it."""
    same = [key for key in keys(Arrival, raw=raw) if key != but]
    if not same:  # nearly always
        return None
    settled = Arrival.objects.filter(pk__in=same).exclude(
        state__in=[Arrival.State.NEW, Arrival.State.DUPLICATE]
    )
    # One that a person told apart and that is not filed yet is no earlier one.
    told_apart = Q(state=Arrival.State.QUARANTINED, verdict=Arrival.Verdict.APART)
    return settled.exclude(told_apart).order_by("pk").first()


def _file_at_once(arrival: Arrival, form: "Form", words: Any) -> Outcome:
    with transaction.atomic():
        # A job may run twice, even at once: of two the second waits here and finds it done.
        if not _LOCKED.rows(pk=arrival.pk):
            arrival.refresh_from_db()
            return told_before(arrival)
        outcome = form.file(arrival, words)
    crash.point("after-filing-commit")
    return outcome


_LOCKED: Prepared[Arrival] = Prepared(
    lambda pk: Arrival.objects.select_for_update().filter(pk=pk, state__in=UNREAD).values_list("pk"), pk=int
)


def _file_mail(arrival: Arrival, mail: Mail) -> Outcome:
    mark = None if arrival.verdict == Arrival.Verdict.APART else fingerprint(mail)
    if mark and (same := [key for key in keys(Arrival, fingerprint=mark) if key != arrival.pk]):
        known = Arrival.objects.get(pk=same[0])
        return settle_again(arrival, known)
    desk = arrival.desk or desk_for(mail) or Desk.objects.main()
    if desk is None:
        return quarantine(arrival, "no_desk")
    arrival.desk, arrival.fingerprint = desk, mark
    if loops.is_our_own(mail):
        return settle(arrival, Arrival.State.MACHINE, "loop", None, None)
    if mail.auto and arrival.verdict != Arrival.Verdict.HEARD and not _came_by_our_list(mail):
        return _file_machine_mail(arrival, mail)
    if spam.is_certain(arrival, mail):
        return spam.put_away(arrival)
    if not mail.from_:
        return quarantine(arrival, "no_sender")
    if not mail.text.strip() and not mail.subject.strip() and not mail.attachments:
        return quarantine(arrival, "empty")
    return _file_words(arrival, mail, desk)


def _file_words(arrival: Arrival, mail: Mail, desk: Desk) -> Outcome:
    said_own = arrival.accepted_by is not None and arrival.reason in forwarding.UNCLEAR
    passed = None if said_own else forwarding.passed_on(mail)
    if passed is None:
        return _file_from(arrival, mail, desk)
    if passed.forwarded.original is None:
        return quarantine(arrival, f"forward_{passed.forwarded.problem}")
    return _file_from(arrival, passed.forwarded.original, desk, passed)


def _begins_anew(answered: Case, mail: Mail, at: datetime) -> bool:
    """Whether it came too late to go on with that case. Thanks open nothing, however late."""
    return is_past_reopening(answered, at) and (bool(mail.attachments) or not is_only_thanks(mail.new_text))


def _file_from(arrival: Arrival, mail: Mail, desk: Desk, passed: PassedOn | None = None) -> Outcome:
    sender = mail.from_[0]
    answered = threading.case_answered_by(mail, arrival.envelope_to)
    if reason := _reason_to_wait(arrival, answered, sender.address, passed):
        return quarantine(arrival, reason)
    person = Person.objects.identify(sender.address, sender.name, language=_language(mail))
    apart = arrival.verdict == Arrival.Verdict.APART
    if passed and not apart and (known := forwarding.known_original(mail, person)):
        forwarding.note_forward(passed, known, arrival, is_new=False)
        return settle(arrival, Arrival.State.DUPLICATE, "received_before", known.case, known)
    received_at = passed.received_at(arrival.received_at) if passed else arrival.received_at
    # Somebody else's case stays closed to strangers; a person of ours may have let this one in.
    earlier = answered if answered and _begins_anew(answered, mail, received_at) else None
    case = None if earlier else answered
    is_first = case is None
    case = case or _open(arrival, mail, desk, person, received_at)
    message = add_customer_message(
        case,
        person,
        channel=arrival.channel,
        text=mail.text,
        new_text=mail.new_text,
        subject=mail.subject,
        at=received_at,
        noted_at=received_at if is_first else arrival.received_at,
        message_id=mail.message_id or "",
        in_reply_to=mail.in_reply_to or "",
        envelope=Envelope(sender.address, others_of(mail, desk)),
        files=keep_files(mail),
        first=is_first,
        public=arrival.channel in PUBLIC,
    )
    if earlier:
        follow_on(case, earlier.followed_in())
    if passed:
        forwarding.note_forward(passed, message, arrival)
    # Of a merged case the words are where it is followed.
    return settle(arrival, Arrival.State.FILED, "", message.case, message, threaded=not is_first)


def _reason_to_wait(arrival: Arrival, answered: Case | None, sender: str, passed: PassedOn | None) -> str:
    """Why a person must look before these words become part of a case; "" when nobody need."""
    if answered is None:
        return "from_ourselves" if passed is None and addresses.desk_of(sender) else ""
    # Kept apart from it, a colleague puts no words into it by forwarding them either.
    apart = passed and passed.colleague and answered.is_excluded(passed.colleague)
    stranger = arrival.accepted_by is None and not threading.is_participant(answered, sender)
    if apart or stranger:
        arrival.case = answered
        return "not_a_participant"
    return ""


def _open(arrival: Arrival, mail: Mail, desk: Desk, person: Person, received_at: datetime) -> Case:
    return open_case(
        person,
        desk=desk,
        channel=arrival.channel,
        language=_language(mail) or desk.language,
        title=mail.subject.strip(),
        by=person,
        sent_at=_believable(mail.date, received_at),
        received_at=received_at,
    )


def _came_by_our_list(mail: Mail) -> bool:
    """A desk may be a group of its own mail host: then every complaint carries the marks of a list."""
    if mail.auto != "mailing-list":
        return False
    named = mail.headers.get("list-id").rpartition("<")[2].strip(" >").lower()
    return any(
        addresses.desk_of(to.address) and to.address.lower().replace("@", ".") == named for to in mail.to[:20]
    )


def _file_machine_mail(arrival: Arrival, mail: Mail) -> Outcome:
    """Kept, and shown on the case it concerns if there is one; no state, clock or acknowledgement changes."""
    if mail.is_bounce and (returned := bounces.take_back(mail, arrival.envelope_to)):
        return settle(arrival, Arrival.State.MACHINE, "bounce", returned.case, None)
    case = threading.case_answered_by(mail, arrival.envelope_to)
    message, sender = None, Person.objects.at(mail.from_[0].address) if mail.from_ else None
    if case and sender and threading.is_participant(case, sender.email):
        message = add_customer_message(
            case,
            sender,
            channel="email",
            text=mail.text,
            new_text=mail.new_text,
            subject=mail.subject,
            at=arrival.received_at,
            message_id=mail.message_id or "",
            in_reply_to=mail.in_reply_to or "",
            machine=True,
        )
    return settle(arrival, Arrival.State.MACHINE, mail.auto or "", message.case if message else case, message)


def keep_files(mail: Mail) -> list[File]:
    """What the mail carries, as far as the limits go; of the rest, its name and why."""
    kept: list[File] = []
    for part in mail.attachments:
        kind = examine(io.BytesIO(part.content), part.type, part.name)[:120]
        taken = [file for file in kept if not file.left_out]
        why = limits.left_out(
            "mail", part.size, kind, part.name, taken=len(taken), bytes_taken=sum(file.size for file in taken)
        )
        digest = "" if why else file_store().keep(part.content)[0]
        kept.append(File(part.name, kind, part.size, digest, why))
    return kept


def desk_for(mail: Mail) -> Desk | None:
    """The desk of ours it is addressed to."""
    desks = {
        desk.address: desk for desk in Desk.objects.few()
    }  # they are few, the recipients may be thousands
    named = (addresses.split_token(to.address)[0] for to in (*mail.to, *mail.cc))
    return next((desks[one] for one in named if one in desks), None)


def others_of(mail: Mail, desk: Desk) -> list[str]:
    """Who else it was addressed to: neither us nor its sender."""
    apart = {mail.from_[0].address.lower(), desk.address}
    named = dict.fromkeys(to.address.lower() for to in (*mail.to, *mail.cc) if "@" in to.address)
    others = {one: addresses.split_token(one)[0] for one in named}
    others = {one: base for one, base in others.items() if base not in apart}
    ours = {desk.address for desk in Desk.objects.few()} if others else set()
    return [one for one, base in others.items() if base not in ours]


def _language(mail: Mail) -> str:
    return mail.language if mail.language in ("fr", "en") else ""


def _believable(sent: datetime | None, received: datetime) -> datetime:
    # A mail's Date may be nonsense. Ten days back is the longest a queue holds a mail.
    if sent and received - timedelta(days=10) <= sent <= received:
        return sent.astimezone(UTC)
    return received


class Form(NamedTuple):
    """How one form of arrival is read, and how what was read is filed."""

    read: Callable[[Arrival], Any]  # raises Unreadable
    file: Callable[[Arrival, Any], Outcome]
    unread: str  # the reason in quarantine of one that cannot be read


FORMS: Mapping[str, Form] = {
    Arrival.Form.MAIL: Form(lambda arrival: read(arrival.raw_bytes()), _file_mail, "unreadable"),
    Arrival.Form.LINE: Form(line_filing.read_arrival, line_filing.file, "bad_line"),
    Arrival.Form.WEB_FORM: Form(forms.read_form, forms.file_form, "unreadable"),
    Arrival.Form.TRANSCRIPT: Form(transcripts.read_arrival, transcripts.file, "bad_transcript"),
}


# --- what people do with the quarantine ----------------------------------------------------------------


def replay(arrival: Arrival, *, by: User, accept: bool = False) -> Outcome:
    """Read and file it again; `accept` lets a sender who is no participant into the case it answers. Raises Refused."""
    if refusal := policies.attend_refusal(by, arrival):
        raise Refused(refusal)
    with transaction.atomic():
        mine = Arrival.objects.filter(pk=arrival.pk, state=Arrival.State.QUARANTINED)
        if accept:
            mine.update(accepted_by=by)
            arrival.accepted_by = by
        if not mine.exists():
            arrival.refresh_from_db()
            return told_before(arrival)
    return receive(arrival)


def set_aside(arrival: Arrival, *, by: User) -> bool:
    """A person decides that nothing is to be done with it. It is kept, on its list, with who decided. Raises Refused."""
    if refusal := policies.attend_refusal(by, arrival):
        raise Refused(refusal)
    return bool(
        Arrival.objects.filter(pk=arrival.pk, state=Arrival.State.QUARANTINED).update(
            state=Arrival.State.SET_ASIDE, accepted_by=by
        )
    )


def overdue(at: datetime | None = None) -> Iterable[Arrival]:
    """Quarantined longer than an hour, and nobody was told yet."""
    return Arrival.objects.in_quarantine().filter(attend_by__lt=at or clock.now(), overdue_told=False)
