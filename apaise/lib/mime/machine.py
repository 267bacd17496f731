"""Was this written by a machine? One reason, or None for a person.

A person taken for a machine waits for ever, so a rule needs a mark that programs set and people's programs do
not, or several weaker marks at once. `Auto-Submitted: no`, `X-Auto-Response-Suppress` (Exchange puts it on
anything), an empty Return-Path, a List-Unsubscribe or an address like postmaster@ are none by themselves.

The reasons: bounce, delivery-report (delayed, delivered), read-receipt, feedback-report, calendar-reply, challenge,
out-of-office, auto-responder, auto-submitted, notice (monitors, cron), mailing-list, bulk, loop."""

from __future__ import annotations

import re

from apaise.lib.mime import absence, bounce_words, reports, sign_words, signs, whole_notes
from apaise.lib.mime import machine_words as words
from apaise.lib.mime import note_words as notes
from apaise.lib.mime.fields import Fields
from apaise.lib.mime.seen import QUOTED_HEAD, Seen, one_line, responder_header

_SERVICES = ("x-github-reason", "x-gitlab-notification-reason", "x-jira-fingerprint", "x-cron-env", "x-nagios-notification-type", "x-facebook-notify", "x-zabbix-event")  # fmt: skip
_CHALLENGE_HEADERS = ("x-boxbe-challenge", "x-spamarrest-id", "x-tmda-confirm", "x-mailinblack-challenge", "x-mib-challenge")  # fmt: skip
_QUOTES = frozenset("«\"“”„'‘")
_MEETING_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_CITING = _QUOTES - {"'", "‘"}
_RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"})
_STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_DAY_OR_HOUR = re.compile(
    r"\d{1,2}[:h.]\d\d|\d{4}|^\W{0,3}(?:ceci est un|this is a|dies ist eine)", re.IGNORECASE
)
_LINK = re.compile(r"https?://|<a\s", re.IGNORECASE)
_MOST_HOPS = 50  # Received fields: a mail seen that often goes round in circles
_SENTENCES = re.compile(r"(?<=[.!])\s+|\s*\n\s*")
_FIRST_PERSON = re.compile(r"\b(?:je|j['’]|i|ich|nous|we|wir)\b", re.IGNORECASE)
_A_SHORT_NOTE = 1_200
_A_FEW_WORDS = 3
_A_BANNER = 45  # letters of a first line that says what follows


def machine_reason(seen: Seen) -> str | None:
    """The first rule that applies, from the plainest mark to the weakest."""
    if _carries_words(seen) or _plays_one(seen):
        return None
    return (
        _report(seen)
        or _calendar(seen)
        or _challenge(seen)
        or _refused_by_a_list(seen)
        or _bounce_without_report(seen)
        or _receipt_without_report(seen)
        or signs.server_reason(seen)
        or absence.reason(seen)
        or _responder(seen)
        or _notice(seen)
        or ("auto-submitted" if seen.auto_submitted else None)
        or signs.reason(seen)
        or _broadcast(seen)
        or _receipt(seen)
        or _begins_as_one(seen)
        or _says_it_is_one(seen)
        or _declares_itself(seen)
        or whole_notes.reason(seen)
        or _loop(seen.headers)
    )


def _plays_one(seen: Seen) -> bool:
    """Whether somebody apes an automatic answer, to show us what ours are like."""
    if seen.is_marked:
        return False
    if words.MOCKS.search(seen.said) or words.JOKE.search(seen.said):
        return True
    # A note from a private mailbox that its host has not marked, and that does not name our subject, is somebody's joke.
    named = words.AUTOMATIC_SUBJECT.match(seen.title)
    behind = named and seen.title[named.end() :].strip(" :-–()[]")
    return bool(named and not behind and notes.OF_PEOPLE.search(seen.sender) and not seen.is_null)


def _carries_words(seen: Seen) -> bool:
    """Whether a program brings what somebody wrote into it: an agent's comment, a form on a web site.

    Such programs mark all they send as automatic; their own notices and receipts have no words of anybody's."""
    if seen.type == "multipart/report" or seen.is_null:
        return False
    told = seen.new_text[:700] or seen.text[:700]
    if words.RECEIVED.search(told) or words.NEW_TICKET.search(seen.title):
        return False
    if words.COMMENTED.search(seen.text[:400]) and (
        signs.is_of_a_desk(seen) or words.DESK_LINE.search(seen.text[:120])
    ):
        return True
    return (
        bool(words.BY_A_FORM.search(seen.text[:250]))
        and len(words.FORM_FIELD.findall(seen.text[:3_000])) >= 2
    )


# --- reports -------------------------------------------------------------------------------------------


def _report(seen: Seen) -> str | None:
    kinds = {attachment.type for attachment in seen.attachments}
    if seen.type == "multipart/report":
        kind = seen.report_type.lower().strip()
        if kind == "disposition-notification" or "message/disposition-notification" in kinds:
            return "read-receipt"
        if kind == "feedback-report" or "message/feedback-report" in kinds:
            return "feedback-report"
        if kind == "tlsrpt":
            return "notice"
        if kind == "delivery-status" or kinds & _STATUS_PARTS or not kind:
            return _delivery(seen)
    by_server = seen.is_null or bounce_words.DAEMON.match(seen.sender) or seen.auto_submitted
    if by_server and kinds & _STATUS_PARTS:
        return _delivery(seen)
    return None


def _delivery(seen: Seen) -> str:
    """A failure, unless the report itself says delayed, delivered, relayed or expanded."""
    actions = {one.action for one in reports.recipients_in(seen.attachments)}
    if not actions:
        return "delivery-report" if bounce_words.LATE.search(f"{seen.title}\n{seen.opening}") else "bounce"
    return "bounce" if "failed" in actions else "delivery-report"


def _calendar(seen: Seen) -> str | None:
    """Somebody's calendar accepts or declines. With words of their own beside it a person has written."""
    answers = (
        part.content[:4_000].upper()
        for part in seen.attachments
        if part.type in ("text/calendar", "application/ics")
    )
    if words.BY_A_CALENDAR.search(seen.new_text[-400:]) and len(seen.new_text) <= _A_SHORT_NOTE:
        return "calendar-reply"
    if not any(b"METHOD:REPLY" in content for content in answers):
        return None
    lines = seen.new_text.split(
        "\n"
    )  # where it has no text, ours: what the meeting is called, and when it is
    own = " ".join(line for line in lines if not (line in seen.title or _MEETING_TIME.match(line))).split()
    return (
        "calendar-reply"
        if len(own) <= _A_FEW_WORDS or words.CALENDAR_WORDS.search(seen.text[:2_000])
        else None
    )


def _receipt_without_report(seen: Seen) -> str | None:
    if words.NOTES_RECEIPT.match(f"{seen.title}\n{seen.text[:400].lstrip()}"):
        return "read-receipt"
    told = words.READ_WORDS.search(seen.text[:600]) if words.READ_SUBJECT.match(seen.title) else None
    if told and _FIRST_PERSON.search(bounce_words.OUR_SUBJECT.sub("", seen.text[:600])):
        return None
    if told and (_DAY_OR_HOUR.search(seen.opening) or seen.asks_for_no_answer):
        return "read-receipt"
    return None


# --- bounces without a report --------------------------------------------------------------------------


def _bounce_without_report(seen: Seen) -> str | None:
    """One sign can be a person's: their address, their subject, what they pasted. Two of different kinds cannot."""
    daemon = bool(bounce_words.DAEMON.match(seen.sender))
    introduced = bounce_words.INTRODUCED.match(seen.text[:300].lstrip())
    if seen.is_answer and not ((daemon or introduced) and bounce_words.PROTOCOL.search(seen.text[:3_000])):
        return None
    if sign_words.RELAYED_SUBJECT.match(seen.title) and sign_words.RELAYED.search(seen.text[:300]):
        return "delivery-report" if daemon or bounce_words.POSTMASTER.match(seen.sender) else None
    if "x-failed-recipients" in seen.headers or "x-ms-exchange-message-is-ndr" in seen.headers:
        return _late_or_bounce(seen)
    by_server = bounce_words.POSTMASTER.match(seen.sender) or bounce_words.SYSTEM.search(seen.sender_name)
    if not (daemon or seen.asks_for_no_answer or by_server):
        return None
    if introduced:
        return _late_or_bounce(seen)
    plain = bool(by_server or daemon) and _speaks_as_a_server(seen)
    of_a_box = plain and bounce_words.OF_A_BOX.match(seen.title)
    title = bool(bounce_words.UNDELIVERED.match(seen.title) or of_a_box)
    begins = bool(bounce_words.OPENING.search(seen.opening))
    codes = bool(bounce_words.PROTOCOL.search(seen.text[:3_000]))
    if daemon:
        absent = seen.automatic
        if title or begins or ((codes or seen.is_null) and not absent):
            return _late_or_bounce(seen)
        named = sign_words.ADDRESSED.search(seen.text[:300])
        return None if absent else _late_or_bounce(seen) if named else "auto-submitted"
    # What came back is joined: a sign from a server, and from whoever else says that he is a program.
    carries = (by_server or seen.is_marked) and any(one.type in _RETURNED for one in seen.attachments)
    if seen.asks_for_no_answer and title + begins + codes + bool(carries) >= 2:
        return _late_or_bounce(seen)
    # The subject is two words anybody may write; the text must say it as well.
    if seen.is_null and title and (begins or codes) and not words.OF_A_CUSTOMER.search(seen.said):
        return _late_or_bounce(seen)
    at_once = bounce_words.OPENING.search(seen.opening)
    return (
        _late_or_bounce(seen) if plain and at_once and at_once.start() <= 160 and (title or codes) else None
    )


def _speaks_as_a_server(seen: Seen) -> bool:
    """Behind such an address a person may sit, and complain about returned mail: they greet, or say "we"."""
    own = bounce_words.OUR_SUBJECT.sub("", seen.text.lstrip()[:900])  # the words of our own subject
    own = one_line(own)[:250]
    greets = bounce_words.GREETING.match(own) and not (
        words.AUTOMATIC.search(own) or bounce_words.YOU_SENT.search(own)
    )
    if greets and bounce_words.PROTOCOL.search(own) and not bounce_words.ASKS.search(own):
        greets = None
    return not greets and not bounce_words.SPEAKS.search(own)


def _refused_by_a_list(seen: Seen) -> str | None:
    """A list manager refuses a posting, or holds it: an answer, and no failure of the address."""
    if seen.is_answer or not words.LIST_MANAGER.match(seen.sender):
        return None
    return "auto-responder" if words.LIST_REFUSAL.search(f"{seen.title}\n{seen.opening[:500]}") else None


def _late_or_bounce(seen: Seen) -> str:
    final = reports.FINAL.search(seen.text[:3_000])
    late = bounce_words.LATE.search(f"{seen.title}\n{one_line(seen.text[:1_500])}")
    late = late or bounce_words.ARRIVED_SUBJECT.match(seen.title)
    return "delivery-report" if late and not final else "bounce"


# --- answers of programs -------------------------------------------------------------------------------


def _responder(seen: Seen) -> str | None:
    if responder_header(seen.headers) or seen.precedence == "auto_reply":
        return "auto-responder"
    # Broadcasts answer nobody: a bulk mail that does is the answer of a program.
    answers = bool("in-reply-to" in seen.headers or seen.is_answer or words.NEW_TICKET.search(seen.title))
    # Nor do they ask other programs to keep silent.
    if seen.is_no_reply and "x-auto-response-suppress" in seen.headers:
        answers = True
    if "list-unsubscribe" in seen.headers:  # no responder offers to be unsubscribed from
        answers = False
    return "auto-responder" if seen.precedence in ("bulk", "junk") and answers and not seen.is_list else None


def _begins_as_one(seen: Seen) -> str | None:
    """ "*** Automatic reply ***" as a first line of its own. Whoever quotes it goes on to speak, or asks."""
    first = (seen.new_text or seen.text)[:200].lstrip().partition("\n")[0].strip()
    if len(first) > _A_BANNER or not words.AUTOMATIC_SUBJECT.match(first) or first[-1:].isalnum():
        return None
    if words.FED_UP.search(first):  # "nothing but automatic replies": the first line of a complaint
        return None
    return None if "?" in seen.said or _speaks(seen) or words.WRONG.search(seen.said) else "auto-responder"


def _challenge(seen: Seen) -> str | None:
    """A filter asks the sender to prove that he is a person. It always gives a link or asks for an answer."""
    if any(name in seen.headers for name in _CHALLENGE_HEADERS):
        return "challenge"
    service = words.CHALLENGERS.search(seen.sender)
    marked = seen.asks_for_no_answer or words.CHALLENGE_SUBJECT.search(seen.title)
    if not (service or marked) or (bounce_words.PROTOCOL.search(seen.text[:1_500]) and not service):
        return None
    found = {match[0].lower() for match in words.CHALLENGE.finditer(seen.said[:2_000])}
    if not found:
        return None
    asks = _LINK.search(seen.text) or words.CHALLENGE_SUBJECT.search(seen.title)
    return (
        "challenge" if service or (asks and marked and (len(found) >= 2 or seen.asks_for_no_answer)) else None
    )


def _receipt(seen: Seen) -> str | None:
    """Another desk has what we wrote: its subject says so or has a number, and its text says so as well."""
    if not seen.is_answer and words.DESK_LINE.match(seen.text) and words.SETTLED.search(seen.title):
        return "auto-responder"
    if "?" in seen.said[:200] or seen.is_answer:
        return None
    both = f"{seen.title}\n{seen.said[:600]}"
    if words.DESK_LINE.match(seen.text) and words.NEW_TICKET.search(both):
        return "auto-responder"
    at = words.RECEIVED.search(seen.said[:200])
    if at is None or _speaks(seen) or sign_words.DONE.search(seen.said[:600]):
        return None
    numbered = bool(words.TICKET.match(seen.subject))
    named = words.RECEIVED.search(seen.title) and (seen.is_no_reply or numbered)
    opened = words.NEW_TICKET.search(seen.title) or (
        numbered and at.end() <= 80 and words.NEW_TICKET.search(both)
    )
    return "auto-responder" if (named and at.end() <= 160) or opened else None


def _speaks(seen: Seen) -> bool:
    """A customer's words, or somebody who does not agree."""
    return bool(words.OF_A_CUSTOMER.search(seen.said) or words.OBJECTS.search(seen.said[:600]))


def _says_it_is_one(seen: Seen) -> str | None:
    """No header tells, the words do: only where a program's subject or address stands beside them."""
    if "?" in seen.said[:200]:
        return None
    # The patterns are long, and nearly no mail has the words that all of them need.
    small = seen.said.lower()
    may_tell = any(word in small for word in words.OF_AUTOMATIC)
    if may_tell and (words.ABOUT_AUTOMATIC.search(seen.said) or words.DISCLAIMER.search(seen.said)):
        return None
    automatic = words.AUTOMATIC.search(seen.said) if may_tell else None
    received = words.RECEIVED.search(f"{seen.title}\n{seen.said[:400]}")
    if automatic is None and seen.is_no_reply and words.AUTOMATIC.match(seen.title) and not _speaks(seen):
        return "auto-responder"
    if automatic is None:
        return "auto-responder" if seen.is_null and received and not seen.is_answer else None
    if seen.is_null:
        return "auto-responder"
    is_note = len(seen.said) <= _A_SHORT_NOTE and seen.said[:1] not in _QUOTES and not _speaks(seen)
    if is_note and words.AWAY.search(seen.said[:400]) and not words.WRONG.search(seen.said):
        return "out-of-office"
    numbered = seen.is_no_reply or words.TICKET.match(seen.title)
    at_once = automatic.start() <= 60 or words.RECEIVED.search(seen.said[:160])
    told = (received and (numbered or at_once)) or (
        seen.is_no_reply and not seen.is_answer and not _speaks(seen)
    )
    return "auto-responder" if told else None


def _declares_itself(seen: Seen) -> str | None:
    """A whole sentence says that what stands here is automatic, and nothing else in it is about a complaint.

    Whoever quotes such a sentence to us speaks of what they want, asks, or puts it between quotation marks."""
    own = seen.new_text[:_A_SHORT_NOTE]
    if "auto" not in own.lower() or len(seen.new_text) > _A_SHORT_NOTE or _CITING & set(own) or "?" in own:
        return None
    if notes.FORWARDED.match(seen.title) or QUOTED_HEAD.search(seen.text):
        return None
    if not any(map(words.DECLARES.fullmatch, _SENTENCES.split(own))):
        return None
    if _speaks(seen) or words.WRONG.search(seen.said) or words.ABOUT_AUTOMATIC.search(seen.said):
        return None
    if _plays_one(seen) or notes.OF_A_HAND.search(seen.text[-400:]) or signs.is_of_goods(seen.said):
        return None
    return "out-of-office" if words.AWAY.search(seen.said[:400]) else "auto-responder"


def _notice(seen: Seen) -> str | None:
    if any(name in seen.headers for name in _SERVICES) or words.DOMAIN_REPORT.match(seen.subject):
        return "notice"
    if words.FAX_SUBJECT.match(seen.title) and words.FAX_FACTS.search(seen.opening):
        return None if _speaks(seen) or _FIRST_PERSON.search(seen.opening) else "notice"
    return (
        "notice"
        if words.MONITOR_SUBJECT.match(seen.subject) and words.MONITOR_SENDER.match(seen.sender)
        else None
    )


# --- broadcasts and loops ------------------------------------------------------------------------------


def _broadcast(seen: Seen) -> str | None:
    if seen.is_list:
        return "mailing-list"
    # A tool for mailings sets it on the answer of whoever works with it.
    by_hand = seen.is_answer and "list-unsubscribe" in seen.headers and ("?" in seen.said or _speaks(seen))
    if seen.is_bulk and not by_hand:
        return "bulk"
    # Tools for newsletters put it on personal mail as well; a newsletter says the same in its text.
    leaves = "list-unsubscribe" in seen.headers and "in-reply-to" not in seen.headers and not seen.is_answer
    tells = seen.is_no_reply or "feedback-id" in seen.headers or "x-campaign-id" in seen.headers
    return "bulk" if leaves and tells and words.UNSUBSCRIBE.search(seen.text[-3_000:]) else None


def _loop(headers: Fields) -> str | None:
    return "loop" if len(headers.sources("received")) > _MOST_HOPS else None
