"""The customer speaks: each channel by the verb that serves it in earnest."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from apaise.doors.demo import papers
from apaise.doors.demo.scene import Scene, Story, colleague
from apaise.ground.accounts.models import Desk, User
from apaise.ground.parties.models import Person
from apaise.intake.cases.messages import File
from apaise.intake.cases.models import Case
from apaise.intake.channels import receive
from apaise.intake.channels.by_hand import Told, Who
from apaise.intake.channels.calls import Tried, note_call
from apaise.intake.channels.details import Recap
from apaise.intake.channels.forms import Filled, receive_addition, receive_form
from apaise.intake.channels.letters_in import Envelope, file_letter
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.settling import Outcome
from apaise.intake.channels.visits import note_visit

LINES = ("chat", "social_media", "review_site", "app", "partner")
# « Par lettre : « … » »: how it was said is the channel's to show, the words are theirs.
TOLD_HOW = re.compile(
    r"(?:par lettre|par carte|by letter|by post|au téléphone|by phone|on the phone)[^:«“]*:\s*[«“]\s*(?P<words>[^«»“”]+?)\s*[»”]$",
    re.IGNORECASE,
)
WE_RING = {"fr": "(Nous avons appelé.)", "en": "(We rang.)"}


def receive_first(story: Story, person: Person | None) -> Case:
    """The first words of a story open its case."""
    channel = story.data["channel"]
    by_hand = {"phone": _call, "letter": _letter, "in_person": _visit}
    if type_in := by_hand.get(channel):
        return type_in(story, _who(story, person))
    if channel == "web_form":
        return _form(story)
    outcome = _line(story) if channel in LINES else _mail(story, story.first_words())
    assert outcome.case is not None, f"{outcome.outcome}: {outcome.reason}"
    return outcome.case


def say_more(scene: Scene) -> str:
    """The customer goes on, the way they would. Returns how: a code of `ending.ACCEPTED_BY`."""
    way = _way(scene)
    said = TOLD_HOW.match(scene.text("text"))
    WAYS[way](scene._replace(act={**scene.act, "text": said["words"]}) if said else scene)
    return way if way in ("phone", "email", "letter") else "tracking_page"


def _way(scene: Scene) -> str:
    """Some stories say it: « Par lettre… », « Au téléphone… ». Else as they began, or as they can be reached."""
    customer, channel = scene.story.data["customer"], scene.story.data["channel"]
    begins = scene.text("text").lower()
    if begins.startswith(("par lettre", "par carte", "by letter", "by post")):
        return "letter"
    if begins.startswith(("au téléphone", "by phone", "on the phone")):
        return "phone"
    if channel in ("letter", "web_form", "social_media"):
        return str(channel)
    if "email" in customer:
        return "web_form" if channel == "app" else "email"
    return "review_site" if channel == "review_site" else "phone" if "phone" in customer else "letter"


# --- typed in by the desk ----------------------------------------------------------------------------------


def _call(story: Story, who: Who) -> Case:
    call = story.data["call"]
    tried = call["tried"]
    elsewhere = Tried(
        channels=list(dict.fromkeys(each["channel"] for each in tried)),
        on=story.received.date() - timedelta(days=min(each["days_before"] for each in tried))
        if tried
        else None,
        line=story.text(" ; ".join(each["said"] for each in tried), story.received),
    )
    recap = _recap(who) if call["written_form"] == "accepted" else Recap.DECLINED
    return note_call(_told(story, who), recap=recap, tried=elsewhere, by=colleague(call["by"]))


def _letter(story: Story, who: Who) -> Case:
    letter, day = story.data["letter"], story.received.date()
    envelope = Envelope(
        received_on=day,
        posted_on=day - timedelta(days=letter["posted_days_before"]),
        registered_number=letter["registered"] or "",
    )
    return file_letter(
        _told(story, who),
        envelope,
        by=colleague(letter["by"]),
        scans=[papers.kept(letter["scan"], story.first_words()), *papers.attachments(story.data)],
        answer_by_letter=_wants_paper(story.data["customer"]),
    )


def _wants_paper(customer: dict[str, Any]) -> bool:
    """A company that has an address for e-mail takes our answer there, though it writes on paper."""
    return "postal" in customer and ("email" not in customer or customer["kind"] == "consumer")


def _visit(story: Story, who: Who) -> Case:
    visit = story.data["visit"]
    by = colleague(visit["by"])
    return note_visit(
        _told(story, who),
        place=visit["place"],
        received_by=by,
        recap=Recap.HANDED,
        by=by,
        papers=[papers.kept(name, story.data["subject"]) for name in visit["shown"]],
    )


def _told(story: Story, who: Who) -> Told:
    words = story.first_words()
    return Told(story.data["id"], who, words, story.data["language"], story.received)


def _who(story: Story, person: Person | None) -> Who:
    return Who(person=person) if person else Who(name=story.data["customer"]["name"])


def _recap(who: Who) -> Recap:
    """A call is confirmed in writing the way the caller can be reached."""
    if who.person and who.person.email:
        return Recap.EMAIL
    return Recap.LETTER if who.person and who.person.postal else Recap.DECLINED


def ring(scene: Scene, words: str, by: User) -> None:
    """A call about a case that is open already."""
    note_call(_more(scene, words), recap=Recap.DECLINED, by=by)


def _more(scene: Scene, words: str) -> Told:
    once = f"{scene.story.data['id']}.{scene.case.messages.count()}"
    who = Who(person=scene.case.complainant)
    return Told(once, who, words, scene.case.language, scene.at, into=scene.case)


def _ring_again(scene: Scene) -> None:
    ring(scene, scene.text("text"), _at_the_desk(scene))


def _write_again(scene: Scene) -> None:
    today = scene.at.date()
    envelope = Envelope(received_on=today, posted_on=today - timedelta(days=2))
    by_letter = bool(scene.case.complainant.postal)
    file_letter(
        _more(scene, scene.text("text")), envelope, by=_at_the_desk(scene), answer_by_letter=by_letter
    )


def _at_the_desk(scene: Scene) -> User:
    handler = scene.case.handler
    return handler if handler and handler.has_role("handler") else colleague("ines.carlier")


# --- lines from other systems --------------------------------------------------------------------------------


def _line(story: Story) -> Outcome:
    data, customer = story.data, story.data["customer"]
    line: dict[str, Any] = {
        "channel": data["channel"],
        "id": data["id"],
        "at": story.received.isoformat(),
        "language": data["language"],
        "subject": story.text(data["subject"], story.received),
        "from": {"name": customer["name"], **({"email": customer["email"]} if "email" in customer else {})},
        **_own_keys(story),
    }
    if "turns" not in line:
        line["text"] = story.first_words()
    return _keep_line(line, papers.attachments(data))


def _own_keys(story: Story) -> dict[str, Any]:
    """What only this channel has: the turns of a chat, where a post stands, whom a partner is."""
    data = story.data
    match data["channel"]:
        case "chat":
            return {"turns": [_turn(story, turn) for turn in data["chat"]["turns"]]}
        case "social_media" | "review_site":
            return {**data["post"], "site": _site(data), "network": _site(data)}
        case "partner":
            return {"partner": data["partner"]["name"], "their_reference": data["partner"]["their_reference"]}
        case _:
            return dict(data["app"])


def _turn(story: Story, turn: dict[str, str]) -> dict[str, str]:
    data = story.data
    first = next((step["who"] for step in data["steps"] if step["do"] == "assign"), "ines.carlier")
    name = data["customer"]["name"] if turn["who"] == "customer" else colleague(first).name
    return {"who": name, "role": turn["who"], "text": story.text(turn["text"], story.received).strip()}


def _site(data: dict[str, Any]) -> str:
    return str(data["post"].get("network") or data["post"].get("site")).capitalize()


def _post_again(scene: Scene) -> None:
    """On a network they go on in a private message; under a review, where all can read it."""
    data, number = scene.story.data, scene.case.messages.count()
    customer = data["customer"]
    line = {
        "channel": data["channel"],
        "id": f"{data['id']}.{number}",
        "thread": data["id"],
        "at": scene.at.isoformat(),
        "language": data["language"],
        "from": {"name": customer["name"], **({"email": customer["email"]} if "email" in customer else {})},
        "author": data["post"]["author"],
        "network": _site(data),
        "site": _site(data),
        "private": data["channel"] == "social_media",
        "text": scene.text("text"),
    }
    outcome = _keep_line(line, [])
    assert outcome.outcome == "threaded", f"{outcome.outcome}: {outcome.reason}"


def _keep_line(line: dict[str, Any], files: list[File]) -> Outcome:
    raw = json.dumps(line, ensure_ascii=False).encode()
    given = {"channel": line["channel"]}
    if files:
        given["files"] = [file._asdict() for file in files]
    return receive.receive(
        receive.keep(raw, channel=line["channel"], form=Arrival.Form.LINE, given=given, desk=_desk())
    )


# --- written by the customer ---------------------------------------------------------------------------------


def _form(story: Story) -> Case:
    data = story.data
    filled = Filled(
        once=data["id"],
        name=data["customer"]["name"],
        email=data["customer"]["email"],
        phone=data["customer"].get("phone", ""),
        subject=story.text(data["subject"], story.received),
        story=story.first_words(),
        wish="",
        language=data["language"],
    )
    case = receive_form(filled, desk=_desk(), files=papers.attachments(data))
    assert case is not None  # nothing looks like a machine's
    return case


def _mail(story: Story, words: str, scene: Scene | None = None) -> Outcome:
    data = story.data
    last = scene and scene.case.messages.filter(direction="out").order_by("-at", "-pk").first()
    number = scene.case.messages.count() if scene else 0
    mail = EmailMessage()
    mail["From"] = f"{data['customer']['name']} <{data['customer']['email']}>"
    mail["To"] = _desk().address
    subject = story.text(data["subject"], story.received)
    mail["Subject"] = " ".join((f"Re: {last.subject if last else subject}" if scene else subject).split())
    mail["Date"] = format_datetime(scene.at if scene else story.received)
    mail["Message-ID"] = f"<{data['id']}.{number}@courriel.exemple.test>"
    if scene:
        mail["In-Reply-To"] = (
            last.message_id if last and last.message_id else f"<{data['id']}.0@courriel.exemple.test>"
        )
    mail.set_content(words + "\n")
    for about in () if scene else data.get("attachments", ()):
        content, kind = papers.made(about["name"], about["about"])
        main, _slash, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=about["name"])
    return receive.receive(receive.keep(mail.as_bytes(), desk=_desk()))


def _mail_again(scene: Scene) -> None:
    outcome = _mail(scene.story, scene.text("text"), scene)
    assert outcome.outcome == "threaded", f"{outcome.outcome}: {outcome.reason}"


def _desk() -> Desk:
    desk = Desk.objects.main()
    assert desk is not None
    return desk


WAYS: dict[str, Callable[[Scene], Any]] = {
    "email": _mail_again,
    "web_form": lambda scene: receive_addition(scene.case, scene.case.complainant, scene.text("text")),
    "phone": _ring_again,
    "letter": _write_again,
    "social_media": _post_again,
    "review_site": _post_again,
}
