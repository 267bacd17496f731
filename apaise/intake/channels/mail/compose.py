"""Turn an outgoing message into a mail: text and HTML, our identity, our signed reply address."""

from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apaise.ground.accounts.models import Desk
from apaise.intake.cases import letters, tracking
from apaise.intake.cases.message import Message
from apaise.intake.channels.mail.addresses import reply_address
from apaise.intake.channels.mail.to_staff import StaffMail
from apaise.intake.channels.models import file_store

HEADINGS = {
    "acknowledgement": gettext_lazy("We have your complaint"),
    "recap": gettext_lazy("What you told us"),
    "restatement": gettext_lazy("What we understood"),
    "reply": gettext_lazy("A message about your complaint"),
    "question": gettext_lazy("A question, to answer you well"),
    "reminder": gettext_lazy("A question, to answer you well"),
    "final_reply": gettext_lazy("Our answer"),
    "date_notice": gettext_lazy("A new date for our answer"),
    "prolongation": gettext_lazy("A date is moved"),
    "redirection": gettext_lazy("Where your request is followed"),
    "closing_notice": gettext_lazy("Your complaint is closed"),
    "update": gettext_lazy("Where your complaint stands"),
    "auto_update": gettext_lazy("Where your complaint stands"),
    "eight_weeks": gettext_lazy("Where your complaint stands"),
}
BEFORE_THE_ANSWER = (
    "acknowledgement",
    "recap",
    "restatement",
    "reply",
    "question",
    "reminder",
    "date_notice",
    "update",
    "auto_update",
    "eight_weeks",
)
ANSWERS_A_MAIL = ("acknowledgement",)
# Kinds one may do without, such as surveys: how to leave them, as an https address. What is owed has none.
UNSUBSCRIBE: dict[str, Callable[[Message], str]] = {}


def mail_of(message: Message) -> EmailMessage:
    """The mail for this message. The same row always gives the same Message-ID."""
    case, desk = message.case, message.case.desk
    mail = EmailMessage()
    mail["From"] = _address(desk.name, desk.address)
    mail["To"] = _address(case.complainant.name, message.to_address)
    if message.copies:
        mail["Cc"] = [_address("", address) for address in message.copies]
    mail["Reply-To"] = _address(desk.name, reply_address(case))
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message.message_id
    _answer_to(mail, message)
    if message.author_user_id is None:  # no machine answers a machine: RFC 3834, and what older ones look for
        mail["Auto-Submitted"] = "auto-replied" if message.kind in ANSWERS_A_MAIL else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail["Precedence"] = "bulk"
    if leave := UNSUBSCRIBE.get(message.kind):
        mail["List-Unsubscribe"] = f"<{leave(message)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail.set_content(f"{message.text}\n\n{_foot(message)}".rstrip() + "\n")
    mail.add_alternative(_html(message, desk), subtype="html")
    for file in message.attachments.all():
        kind, _slash, subtype = file.content_type.partition("/")
        mail.add_attachment(
            file_store().read(file.sha256),
            maintype=kind or "application",
            subtype=subtype or "octet-stream",
            filename=one_line(file.name),
        )
    return mail


def mail_to_staff(written: StaffMail) -> EmailMessage:
    """The mail for this row: codes, references and a link behind the sign-in, in its reader's language."""
    desk, user = written.desk, written.user
    mail = EmailMessage()
    mail["From"] = _address("Apaise", desk.address)
    mail["To"] = _address(user.name, user.email)
    # An answer comes back to whoever writes it: nobody reads it here, and it must not open a case.
    mail["Reply-To"] = _address(user.name, user.email)
    mail["Subject"] = one_line(written.subject)
    mail["Date"] = format_datetime(written.at)
    mail["Message-ID"] = written.message_id
    mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"] = "auto-generated", "All"
    where = f"{settings.URL}{written.link}"
    with translation.override(user.language):
        foot = [
            _("You need to sign in to read more. Nobody reads answers to this mail."),
            _("How you get alerts by mail is chosen on your page: %(link)s")
            % {"link": f"{settings.URL}/desk/account"},
        ]
        page = {
            "subject": written.subject,
            "brand": "Apaise",
            "heading": written.subject,
            "preheader": _preheader(written.text),
            "text": written.text,
            "button": {"label": written.link_says, "url": where},
            "footer": foot,
        }
        html = render_to_string("mail/letter.html", page)
    mail.set_content("\n\n".join([written.text, f"{written.link_says}: {where}", *foot]) + "\n")
    mail.add_alternative(html, subtype="html")
    return mail


def _answer_to(mail: EmailMessage, message: Message) -> None:
    heard = list(
        message.case.messages.filter(direction="in")
        .exclude(message_id="")
        .order_by("at", "pk")
        .values_list("message_id", flat=True)
    )
    if heard:
        mail["In-Reply-To"] = one_line(heard[-1])
        mail["References"] = " ".join(one_line(known) for known in heard[-10:])


def _address(name: str, address: str) -> Address | str:
    # A name is what somebody typed; it may not break the header, nor pass for an address.
    clean = one_line(name).replace('"', "'")[:120]
    local, _at, domain = address.rpartition("@")
    try:
        return Address(clean, local, domain)
    except (ValueError, IndexError):
        return address


def one_line(text: str) -> str:
    """Without line breaks and control characters: nothing typed by anyone can start a header of its own.

    Nor written as an encoded word, =?utf-8?q?=0D=0ABcc:…?=, which the mail library would kindly decode."""
    return " ".join(
        "".join(sign if sign.isprintable() else " " for sign in text).replace("=?", "= ?").split()
    )


def _foot(message: Message) -> str:
    """What the plain text needs to miss nothing of the page beside it, unless the letter says it already."""
    case = message.case
    with translation.override(case.language):
        lines = [
            (tracking.link_for(case), _("Follow your complaint: %(link)s")),
            (f"{settings.URL}/data", _("Your data and your rights: %(link)s")),
        ]
        return "\n".join(words % {"link": link} for link, words in lines if link not in message.text)


def _html(message: Message, desk: Desk) -> str:
    case = message.case
    with translation.override(case.language):
        page = {
            "subject": message.subject,
            "brand": desk.organisation,
            "service": _("Complaints"),
            "heading": HEADINGS[message.kind],
            "preheader": _preheader(message.text),
            "text": message.text,
            "facts": _facts(message),
            "button": {"label": _("Follow my complaint"), "url": tracking.link_for(case)},
            "footer": [
                _("This link is yours: it opens your complaint without a password."),
                *(
                    [_("By phone, standard-rate call: %(phone)s") % {"phone": desk.phone}]
                    if desk.phone
                    else []
                ),
                {"label": _("Your data and your rights"), "url": f"{settings.URL}/data?lang={case.language}"},
            ],
        }
        return render_to_string("mail/letter.html", page)


def _facts(message: Message) -> list[tuple[str, str]]:
    case = message.case
    facts = [(_("Your reference"), case.reference)]
    if case.announced_for and message.kind in BEFORE_THE_ANSWER and not case.final_reply_at:
        facts.append((_("Our answer by"), letters.long_date(case.announced_for, case.language)))
    return facts


def _preheader(text: str) -> str:
    # The line a mail program shows beside the subject: what follows the greeting.
    parts = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    return (parts[1] if len(parts) > 1 else "".join(parts))[:160]
