"""Mails for the tests of this room: real bytes, one line each."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

CORPUS = sorted((Path(__file__).parents[4] / "tests/mail").glob("*.eml"))


def mail(text: str = "Personne n'est venu.", **headers: Any) -> bytes:
    """A plain mail to the desk; a header is given as `subject=…`, `in_reply_to=…`; None leaves it out."""
    message = EmailMessage()
    files = headers.pop("files", ())
    usual = {
        "from": "Claire Fontanel <claire@courriel.exemple.test>",
        "to": "reclamations@exemple.test",
        "subject": "Fibre",
        "message_id": f"<{abs(hash((text, *sorted(map(str, headers.items())))))}@courriel.exemple.test>",
        "date": "Wed, 25 Nov 2026 11:58:00 +0100",
    }
    for name, value in {**usual, **headers}.items():
        if value is not None:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()
