"""The one gate for outgoing mail: queued -> sending -> sent. Nothing leaves by another way."""

import logging
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.policy import SMTP, SMTPUTF8
from urllib.parse import unquote, urlsplit

from django.conf import settings

from apaise.intake.cases.message import Message
from apaise.intake.cases.outgoing import hold, mark_sent, mark_uncertain, mark_unsent
from apaise.intake.channels.mail import compose, journal, signature
from apaise.intake.channels.mail.stops import reason_to_hold_staff_mail, reason_to_wait
from apaise.intake.channels.mail.to_staff import StaffMail
from apaise.lib import clock, crash
from apaise.lib.later import NotNow
from apaise.lib.trouble import where

log = logging.getLogger("apaise.mail")
_ADDRESS = re.compile(r"[^\s<>,]+@[^\s<>,@]+")
_DOT = re.compile(rb"(?m)^\.")
PATIENCE = 30  # seconds for each answer of the mail server; well below a job's lease


def deliver(message_id: int) -> None:
    """Send one queued message. Raises NotNow when it must be tried again."""
    message = (
        Message.objects.select_related("case__desk", "case__complainant", "author_user")
        .filter(pk=message_id)
        .first()
    )
    if message is None or message.channel != "email":
        return  # a letter is posted by a person
    if message.state == Message.State.SENDING:
        # This job ran before and was cut off between claiming and marking: whether it left is not known.
        mark_uncertain(message_id)
        return
    if message.state != Message.State.QUEUED:
        return  # it has left, or waits for a person
    if message.send_after and message.send_after > clock.now():
        raise NotNow("held back for a moment", message.send_after - clock.now())
    if wait := reason_to_wait(message):
        hold(message, wait.problem)
        raise NotNow(f"held back: {wait.problem.value}", wait.pause)
    if not settings.SMTP_URL:
        hold(message, Message.Problem.NO_SERVER)
        raise NotNow("no mail server set", timedelta(minutes=1))
    if raw := _put_together(message):
        _send(message, raw)


def _put_together(message: Message) -> bytes | None:
    try:
        if not all(_ADDRESS.fullmatch(address) for address in _recipients(message)):
            raise ValueError("no address")
        raw = compose.mail_of(message).as_bytes(policy=SMTPUTF8 if _needs_utf8(message) else SMTP)
        return signature.signed(raw, message.case.desk)
    except Exception as problem:  # an address or a text no mail can carry: trying again would not help
        log.error("message %s cannot be put together: %s", message.pk, where(problem))
        mark_unsent(message, Message.Problem.UNFIT)
        return None


def _send(message: Message, raw: bytes) -> None:
    handed_over = False
    try:
        with _server() as server:
            _introduce(server, message)
            # Claimed as late as can be: cut off before here it is simply sent again, after here it is uncertain.
            if not Message.objects.claim(message.pk):
                return  # taken back in the meantime
            crash.point("after-claim")
            _begin_words(server, raw)
            crash.point("inside-data")
            handed_over = True  # from here on the server may have taken it, whatever we hear back
            server.send(b".\r\n")
            _expect(server.getreply(), 250)
            crash.point("after-data-accepted")
            mark_sent(message)
    except _Unusable as problem:
        _try_later(message, problem.why)
    except _Refusal as refusal:
        _refused(message, refusal.code, refusal.address)
    except (OSError, smtplib.SMTPException) as problem:
        if handed_over:
            mark_uncertain(message.pk)
        else:
            _try_later(message, type(problem).__name__)


def deliver_to_staff(mail_id: int) -> None:
    """Send one mail to somebody of ours. Raises NotNow when it must be tried again."""
    mail = StaffMail.objects.waiting().select_related("desk", "user").filter(pk=mail_id).first()
    state = StaffMail.State
    if mail is None or mail.state == state.SENDING:
        if mail:  # cut off in the middle: whether it left is not known
            mail.move(state.UNCERTAIN, leaving=state.SENDING)
        return
    if mail.until < clock.now() or not mail.user.is_active:
        mail.move(state.DROPPED, leaving=state.QUEUED)
        return
    if held := reason_to_hold_staff_mail():
        raise NotNow(f"held back: {held.value}", timedelta(minutes=5))
    if not settings.SMTP_URL:
        raise NotNow("no mail server set", timedelta(minutes=1))
    try:
        _hand_to_staff(mail, signature.signed(compose.mail_to_staff(mail).as_bytes(policy=SMTP), mail.desk))
    except _Unusable as problem:
        why = problem.why
    except _Refusal as refusal:
        why = f"code {refusal.code}"
        if refusal.code >= 500:
            log.warning("mail %s to staff refused for good with %s", mail.pk, refusal.code)
            mail.move(state.FAILED, leaving=state(mail.state))
            return
    except (OSError, smtplib.SMTPException) as problem:
        why = type(problem).__name__
        if mail.state == state.SENDING:
            mail.move(state.UNCERTAIN, leaving=state.SENDING)
            return
    except ValueError as problem:  # an address no mail can carry
        log.error("mail %s to staff cannot be put together: %s", mail.pk, where(problem))
        mail.move(state.FAILED, leaving=state(mail.state))
        return
    else:
        return
    mail.tried()
    raise NotNow(f"mail server: {why}", _pause(mail))


def _hand_to_staff(mail: StaffMail, raw: bytes) -> None:
    with _server() as server:
        code, _said = server.mail(mail.desk.address)
        if code != 250:
            raise _Unusable(f"code {code} for our own address")
        _expect(server.rcpt(mail.user.email), 250, 251)
        if not mail.move(StaffMail.State.SENDING, leaving=StaffMail.State.QUEUED):
            return
        _begin_words(server, raw)
        server.send(b".\r\n")
        _expect(server.getreply(), 250)
        mail.move(StaffMail.State.SENT, leaving=StaffMail.State.SENDING)


class _Refusal(Exception):
    """The server refused this mail."""

    def __init__(self, code: int, address: str = "") -> None:
        super().__init__(str(code))
        self.code = code
        self.address = address  # the one it would not take


class _Unusable(Exception):
    """The server takes no mail from us at all: away, or our own settings are wrong. No mail is at fault."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _expect(answer: tuple[int, bytes], *codes: int, address: str = "") -> None:
    if answer[0] not in codes:
        raise _Refusal(answer[0], address)


def _recipients(message: Message) -> list[str]:
    return [message.to_address, *message.copies]


def _introduce(server: smtplib.SMTP, message: Message) -> None:
    options = []
    if _needs_utf8(message):
        if not server.has_extn("smtputf8"):
            raise _Refusal(553)
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    code, _said = server.mail(message.case.desk.address, options)
    if code != 250:
        raise _Unusable(f"code {code} for our own address")
    for address in _recipients(message):  # to all of them or to none: nobody is left out unseen
        _expect(server.rcpt(address), 250, 251, address=address)
    journal.copy_to(server)


def _begin_words(server: smtplib.SMTP, raw: bytes) -> None:
    """All of the mail but its end. What is cut off before the end no server delivers: RFC 5321 §4.1.1.4."""
    _expect(server.docmd("DATA"), 354)
    server.send(_DOT.sub(b"..", raw if raw.endswith(b"\r\n") else raw + b"\r\n"))


def _needs_utf8(message: Message) -> bool:
    return not "".join([message.case.desk.address, *_recipients(message)]).isascii()


def _refused(message: Message, code: int, address: str = "") -> None:
    """4xx means later, 5xx never: RFC 5321 §4.2.1."""
    if code >= 500:
        one_of_several = address and message.copies
        problem = Message.Problem.REFUSED_FOR if one_of_several else Message.Problem.REFUSED
        mark_unsent(message, problem, code=code, address=address if one_of_several else "")
        log.warning("message %s refused for good with %s", message.pk, code)
        return
    mark_unsent(message, Message.Problem.ASKED_TO_WAIT, code=code)
    raise NotNow(f"mail server said {code}", _pause(message))


def _try_later(message: Message, why: str) -> None:
    mark_unsent(message, Message.Problem.AWAY)
    raise NotNow(f"mail server: {why}", _pause(message))


def _pause(message: Message | StaffMail) -> timedelta:
    """Short at first, never over five minutes: an acknowledgement is owed, and asking a server costs nothing."""
    return timedelta(seconds=min(300, 5 * 3 ** min(message.attempts, 6)))


@contextmanager
def _server() -> Iterator[smtplib.SMTP]:
    try:
        server = _connected()
    except smtplib.SMTPResponseException as problem:  # a greeting or a password refused: ours to put right
        raise _Unusable(f"{type(problem).__name__} {problem.smtp_code}") from problem
    except (OSError, smtplib.SMTPException) as problem:
        raise _Unusable(type(problem).__name__) from problem
    try:
        yield server
    finally:
        # Ending the conversation must not turn a mail that has left into one that has not.
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def reach() -> str:
    """Try the server for outgoing mail without sending anything; "" when it lets us in, else what is in the way."""
    try:
        _connected(patience=5).quit()
    except smtplib.SMTPResponseException as problem:
        return f"{type(problem).__name__} {problem.smtp_code}"
    except (OSError, smtplib.SMTPException) as problem:
        return getattr(problem, "strerror", None) or type(problem).__name__
    return ""


def _connected(patience: float = PATIENCE) -> smtplib.SMTP:
    url = urlsplit(settings.SMTP_URL)
    host, secure = url.hostname or "localhost", ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=patience, context=secure)
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=patience)
    try:
        server.ehlo()
        if url.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=secure)
            server.ehlo()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server
