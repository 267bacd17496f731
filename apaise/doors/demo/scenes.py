"""What may happen in a demo story: each scene calls the verb a person would have called."""

import struct
import zlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, NamedTuple

from apaise.ground.accounts.models import Desk, User
from apaise.ground.parties.models import Organisation, Person, normalise
from apaise.handling.resolution.answer import answer
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, ending, postponement
from apaise.intake.cases.guards import Finding
from apaise.intake.cases.messages import File, add_note
from apaise.intake.cases.models import Case
from apaise.intake.cases.qualification import qualify
from apaise.intake.channels import receive
from apaise.intake.channels.forms import Filled, receive_addition, receive_form
from apaise.intake.channels.models import file_store


class Scene(NamedTuple):
    """One step of one story."""

    case: Case
    act: dict[str, Any]
    story: Any
    at: datetime

    @property
    def who(self) -> User:
        return User.objects.get(email__startswith=f"{self.act['who']}@")

    def text(self, key: str) -> str:
        return str(self.story.text(self.act[key], self.at)).strip()

    def day_after(self, days: int) -> date:
        return self.at.date() + timedelta(days=days)


def receive_first(story: Any) -> Case:
    """The customer writes: by real mail bytes, or by the form."""
    data = story.data
    _introduce(data["customer"], data["language"])
    if data["channel"] == "web_form":
        case = receive_form(
            _filled(story), desk=_desk(), files=[_file(about) for about in data.get("attachments", ())]
        )
        assert case is not None  # nothing looks like a machine's
        return case
    raw = _mail(
        story, data["text"], story.received, subject=story.text(data["subject"], story.received), number=0
    )
    outcome = receive.receive(receive.keep(raw, desk=_desk()))
    assert outcome.case is not None
    return outcome.case


def _introduce(customer: dict[str, Any], language: str) -> None:
    """A customer the company knows: who they are and for whom they speak."""
    person = Person.objects.identify(customer["email"], customer["name"], language=language)
    organisation = None
    if name := customer.get("organisation"):
        organisation, _ = Organisation.objects.get_or_create(
            name=name, defaults={"kind": "business", "sector": "maintenance"}
        )
    person.kind, person.organisation = customer["kind"], organisation
    person.save()
    if phone := customer.get("phone"):
        person.addresses.get_or_create(kind="phone", value=normalise("phone", phone))


def _filled(story: Any) -> Filled:
    data = story.data
    return Filled(
        once=data["id"],
        name=data["customer"]["name"],
        email=data["customer"]["email"],
        phone=data["customer"].get("phone", ""),
        subject=story.text(data["subject"], story.received),
        story=story.text(data["text"], story.received).strip(),
        wish="",
        language=data["language"],
    )


def _mail(story: Any, text: str, at: datetime, *, subject: str, number: int, answers: str = "") -> bytes:
    data = story.data
    mail = EmailMessage()
    mail["From"] = f"{data['customer']['name']} <{data['customer']['email']}>"
    mail["To"] = _desk().address
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{data['id']}.{number}@courriel.exemple.test>"
    if answers:
        mail["In-Reply-To"] = answers
    mail.set_content(story.text(text, at).strip() + "\n")
    if number == 0:
        for about in data.get("attachments", ()):
            mail.add_attachment(
                _picture(about["name"]), maintype="image", subtype="png", filename=about["name"]
            )
    return mail.as_bytes()


def _file(about: dict[str, Any]) -> File:
    content = _picture(about["name"])
    digest, size = file_store().keep(content)
    return File(about["name"], "image/png", size, digest)


def _picture(name: str) -> bytes:
    """A small plain PNG whose colour depends on the name: something to open, made here."""
    shade = zlib.crc32(name.encode())
    pixel = bytes(((shade >> shift) & 0x7F) + 0x60 for shift in (0, 8, 16))
    rows = b"".join(b"\0" + pixel * 64 for _ in range(48))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def _desk() -> Desk:
    desk = Desk.objects.main()
    assert desk is not None
    return desk


def _assign(scene: Scene) -> None:
    by = scene.who if scene.case.handler is None else scene.case.handler
    lead = User.objects.filter(role_grants__role="team_lead").first()
    assign(scene.case, scene.who, by=by if by == scene.who else (lead or by))


def _note(scene: Scene) -> None:
    add_note(scene.case, scene.text("text"), by=scene.who)


def _reply(scene: Scene) -> None:
    conversation.reply(scene.case, scene.text("text"), by=scene.who)


def _ask(scene: Scene) -> None:
    conversation.ask(
        scene.case, scene.text("text"), scene.day_after(scene.act["answer_within_days"]), by=scene.who
    )


def _customer(scene: Scene) -> None:
    words = scene.text("text")
    if scene.case.channel == "web_form":
        receive_addition(scene.case, scene.case.complainant, words)
        return
    last = scene.case.messages.filter(direction="out").order_by("-at", "-pk").first()
    raw = _mail(
        scene.story,
        words,
        scene.at,
        subject=f"Re: {last.subject if last else scene.case.title}",
        number=scene.case.messages.count(),
        answers=last.message_id if last else "",
    )
    receive.receive(receive.keep(raw, desk=_desk()))


def _qualify(scene: Scene) -> None:
    qualify(
        scene.case,
        grievances=[str(scene.story.text(point, scene.at)) for point in scene.act["grievances"]],
        cause=scene.act["cause"],
        criticality=scene.act["criticality"],
        restatement=scene.text("restatement"),
        by=scene.who,
    )


def _final_reply(scene: Scene) -> None:
    findings = {
        number: Finding(each["verdict"], str(scene.story.text(each["reason"], scene.at)))
        for number, each in enumerate(scene.act["findings"], start=1)
    }
    answer(
        scene.case,
        findings=findings,
        outcome=scene.act["outcome"],
        found_cause=scene.act["found_cause"],
        scope=scene.act["scope"],
        text=scene.text("text"),
        by=scene.who,
    )


def _accept(scene: Scene) -> None:
    if scene.act.get("text"):
        _customer(scene)
    ending.accept(scene.case, by=scene.case.complainant, said="tracking_page")


def _reopen(scene: Scene) -> None:
    ending.reopen(scene.case, by=scene.case.complainant, why="customer_objects")
    _customer(scene)


def _extend(scene: Scene) -> None:
    clock = scene.case.deadlines.get(rule="reply_target")
    postponement.postpone(
        scene.case,
        to=clock.due_at.date() + timedelta(days=scene.act["days"]),
        done_so_far=scene.text("done_so_far"),
        remaining=scene.text("remaining"),
        reason=scene.text("reason"),
        next_update=scene.day_after(scene.act["next_update_days"]),
        by=scene.who,
    )


def _close(scene: Scene) -> None:
    ending.close(
        scene.case,
        reason=scene.act["reason"],
        followup="done" if scene.act["reason"] == "accepted" else "declined",
        summary=scene.text("text").rstrip("."),
        by=scene.who,
    )


def _withdraw(scene: Scene) -> None:
    if scene.act.get("text"):
        _customer(scene)
    ending.withdraw(scene.case, by=scene.case.complainant)


SCENES: dict[str, Callable[[Scene], None]] = {
    "assign": _assign,
    "note": _note,
    "reply": _reply,
    "ask": _ask,
    "customer": _customer,
    "qualify": _qualify,
    "final_reply": _final_reply,
    "accept": _accept,
    "reopen": _reopen,
    "extend": _extend,
    "close": _close,
    "withdraw": _withdraw,
}
