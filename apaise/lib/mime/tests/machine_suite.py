"""Labelled mails, one a line: some were looked at while the rules were written (tuned, weighed), some were kept apart.

A line is `label ; Field: value ; … || body` with `~` for a line break. `+report: type | lines` makes a
multipart/report, `+part: type | lines` adds a part. Labels: person, bounce, auto, other (a machine, no answer)."""

from pathlib import Path
from typing import NamedTuple

from apaise.lib.mime import Mail, read
from apaise.lib.mime.tests.mails import mail, multipart, part

FOLDER = Path(__file__).parent / "machines"


class Labelled(NamedTuple):
    label: str
    line: str
    raw: bytes


def mails_of(name: str) -> list[Labelled]:
    """The mails of one file, in its order."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_labelled(line) for line in lines if line.strip() and not line.startswith("#")]


def label_of(found: Mail) -> str:
    if found.auto is None:
        return "person"
    return "bounce" if found.is_bounce else "auto" if found.is_auto_reply else "other"


def misread(name: str) -> list[str]:
    """Each line that is not read as it is labelled, with what it was taken for."""
    return [
        f"{one.label} taken for {label_of(found)} ({found.auto}): {one.line[:160]}"
        for one in mails_of(name)
        if label_of(found := read(one.raw)) != one.label
    ]


def _labelled(line: str) -> Labelled:
    head, _bars, body = line.partition("||")
    label, *fields = (one.strip() for one in head.split(" ; "))
    text, parts, kind, given = (
        body.strip().replace("~", "\r\n"),
        [],
        "",
        {"from_": "Jeanne <jeanne@client.test>"},
    )
    for field in fields:
        name, _colon, value = field.partition(":")
        if name == "+report":
            report, _bar, lines = (one.strip() for one in value.partition("|"))
            kind = f"report; report-type={report}"
            parts.append(part(lines.replace("~", "\r\n"), f"message/{report}"))
        elif name == "+part":
            of_type, _bar, lines = (one.strip() for one in value.partition("|"))
            parts.append(part(lines.replace("~", "\r\n"), of_type))
        else:
            given["from_" if name == "From" else name.lower().replace("-", "_")] = value.strip()
    if not parts:
        return Labelled(label, line, mail(text, content_type="text/plain; charset=utf-8", **given))
    return Labelled(label, line, multipart(part(text), *parts, kind=kind or "mixed", **given))
