"""Files from strangers: any name, any type; stored under a name of ours, handed out so that nothing runs in our pages."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apaise.intake.cases.message import Attachment
from apaise.intake.channels import limits
from apaise.intake.channels.models import file_store

from . import tables
from .world import ANYBODY, Actor, World

pytestmark = pytest.mark.django_db
NAMES = [
    "../../../etc/passwd", "..\\..\\windows\\system32\\evil.dll", "/etc/cron.d/evil", "C:\\evil.exe", "a\r\nSet-Cookie: x=1.png", "a\nX-Evil: 1.png",
    'x"; filename="evil.html', "x'; filename*=utf-8''evil.html", "%2e%2e%2fevil", "nul\x00.png", "x" * 300 + ".png", "é" * 200 + ".pdf", "CON", "aux.txt",
    ".htaccess", "...", " ", "-rf", "~root", "$(id).png", "`id`.png", "<script>boom()</script>.png", "facture\u202efdp.exe", "a\u2028b.png",
    "＜img onerror=boom()＞.png", "..／..／evil", "photo.jpg.html", "photo.svg", "x.png;.html", "facture 12 €.pdf",
]  # fmt: skip
TYPES = {
    "text/html": "application/octet-stream", "TEXT/HTML; charset=utf-8": "application/octet-stream", "image/svg+xml": "application/octet-stream",
    "IMAGE/SVG+XML": "application/octet-stream", "image/svg+xml;x=y": "application/octet-stream", "application/xhtml+xml": "application/octet-stream",
    "text/xml": "application/octet-stream", "application/xml": "application/octet-stream", "application/javascript": "application/octet-stream",
    "text/javascript": "application/octet-stream", "text/css": "application/octet-stream", "application/x-shockwave-flash": "application/octet-stream",
    "text/html,image/png": "application/octet-stream", "": "application/octet-stream", "nonsense": "application/octet-stream",
    "multipart/x-mixed-replace": "application/octet-stream", "text/rdf": "application/octet-stream", "application/mathml+xml": "application/octet-stream",
    "image/png": "image/png", "image/jpeg": "image/jpeg", "application/pdf": "application/pdf", "text/plain": "text/plain", "text/csv": "text/csv",
}  # fmt: skip
HTML = b"<!doctype html><svg xmlns='http://www.w3.org/2000/svg' onload='boom()'><script>boom()</script></svg>"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_with_an_evil_name_is_taken_and_handed_out_harmless(name: str, world: World) -> None:
    token = world.links["investigating"]["holder"]
    with tables.undone():
        before = Attachment.objects.count()
        upload = SimpleUploadedFile("x", HTML, "text/html")
        upload.name = upload._name = name  # what the sender's program wrote, not what Django would make of it
        sent = world.ask(
            ANYBODY, "POST", reverse("tracking-messages", args=[token]), {"text": "Voici.", "files": upload}
        )
        assert sent.status_code in (302, 400), sent.status_code
        if Attachment.objects.count() == before:  # a name that Django takes for no file at all
            return
        file = Attachment.objects.latest("pk")
        assert re.fullmatch(r"[^/\\\x00-\x1f\x7f<>:\"|?*\u202e\u2028]+", file.name)
        assert not file.name.startswith(".") and len(file.name.encode()) <= 255
        assert file_store().read(file.sha256) == HTML
        for address, actor in (
            (reverse("tracking-file", args=[token, file.pk]), ANYBODY),
            (
                reverse("workspace:file", args=[world.cases["investigating"].reference, file.pk]),
                world.actor("handler", "team"),
            ),
        ):
            _is_harmless(_saved(world, actor, address))


@pytest.mark.parametrize("given", TYPES)
def test_what_a_browser_might_run_is_handed_out_as_plain_bytes(given: str, world: World) -> None:
    digest, size = file_store().keep(HTML)
    message = world.cases["investigating"].messages.filter(direction="in")[0]
    with tables.undone():
        file = Attachment.objects.create(
            message=message, name="x.bin2", content_type=given, size=size, sha256=digest
        )
        address = reverse("workspace:file", args=[world.cases["investigating"].reference, file.pk])
        response = _saved(world, world.actor("handler", "team"), address)
        assert response.headers["Content-Type"].partition(";")[0] == TYPES[given]
        _is_harmless(response)


def test_originals_are_handed_out_harmless(world: World) -> None:
    handler, case = world.actor("handler", "team"), world.cases["investigating"]
    first = case.messages.filter(direction="in")[0]
    for address in (
        reverse("workspace:original", args=[case.reference, first.pk]),
        reverse("workspace:quarantine-original", args=[world.quarantined.pk]),
    ):
        _is_harmless(_saved(world, handler, address))


def _saved(world: World, actor: Actor, address: str) -> Any:
    """The file; after the warning, for one that may do harm."""
    answer = world.ask(actor, "GET", address)
    if answer.streaming or answer.status_code != 200:
        return answer
    [way_on] = re.findall(rf'href="({address}\?until=[^"]+)"', answer.content.decode())
    return world.ask(actor, "GET", way_on.replace("&amp;", "&"))


def _is_harmless(response: Any) -> None:
    assert response.status_code == 200
    b"".join(response.streaming_content)
    headers = response.headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert (
        "sandbox" in headers["Content-Security-Policy"]
        and "default-src 'none'" in headers["Content-Security-Policy"]
    )
    assert headers["Cache-Control"] == "private, no-store"
    assert not {"Set-Cookie", "X-Evil"} & set(headers)
    assert headers["Content-Type"].partition(";")[0] not in ("text/html", "image/svg+xml", "text/xml")


def test_a_file_whose_bytes_are_gone_is_not_there(world: World) -> None:
    message = world.cases["investigating"].messages.filter(direction="in")[0]
    with tables.undone():
        file = Attachment.objects.create(
            message=message, name="x.png", content_type="image/png", size=1, sha256="0" * 64
        )
        address = reverse("workspace:file", args=[world.cases["investigating"].reference, file.pk])
        assert world.ask(world.actor("handler", "team"), "GET", address).status_code == 404


def test_a_file_of_another_case_is_not_there(world: World) -> None:
    """Neither by the link of one's own case, nor by the address of a case one may read."""
    other = world.cases["qualifying"].messages.filter(direction="in")[0].attachments.all()[0]
    theirs = reverse("tracking-file", args=[world.links["investigating"]["holder"], other.pk])
    assert world.ask(ANYBODY, "GET", theirs).status_code == 404
    crossed = reverse("workspace:file", args=[world.cases["investigating"].reference, other.pk])
    assert world.ask(world.actor("handler", "team"), "GET", crossed).status_code == 404


def test_too_much_is_refused_in_words_and_nothing_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "tracking_page", limits.LIMITS["tracking_page"]._replace(file=1000))
    address = reverse("tracking-messages", args=[world.links["investigating"]["holder"]])
    for files in (
        [SimpleUploadedFile("a.png", b"x" * 1001)],
        [SimpleUploadedFile(f"{n}.png", b"x") for n in range(11)],
    ):
        with tables.undone(), tables.watched() as watch:
            answer = world.ask(ANYBODY, "POST", address, {"text": "Voici.", "files": files})
            assert answer.status_code == 413
            assert watch.writes == []
