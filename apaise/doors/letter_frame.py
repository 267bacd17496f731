"""The HTML of a mail in a frame of its own: no script, nothing fetched, no address of ours in reach."""

import base64
import html
import re
from urllib.parse import unquote

from django.http import HttpResponse

from apaise.intake.channels.checking import Safety, safety_of
from apaise.lib.file_kind import HEAD, kind_of
from apaise.lib.mime import Mail

# What a mail program would draw and nothing else.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
LOOK = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:1rem;color:#1d2226;background:#fff;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}table{max-width:100%}blockquote{margin:0 0 0 .5rem;padding-left:.75rem;border-left:2px solid #ccc}"
)
DRAWN = ("image/png", "image/jpeg", "image/gif", "image/webp")
MOST_DRAWN = 8_000_000  # bytes of all pictures of one mail
_PICTURE = re.compile(r' src="cid:([^"]{1,1000})"')


def framed(body: str, *, is_html: bool) -> HttpResponse:
    """The document of the frame."""
    response = HttpResponse(body) if is_html else HttpResponse(body, content_type="text/plain; charset=utf-8")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def as_written(mail: Mail) -> HttpResponse:
    """A stranger's mail as it was written, made harmless; the text of one that has no HTML."""
    safe = mail.html_sanitised
    if not safe:
        return framed(mail.text, is_html=False)
    page = f'<!doctype html><meta charset="utf-8"><title></title><style>{LOOK}</style>{_with_pictures(safe, mail)}'
    return framed(page, is_html=True)


def _with_pictures(safe: str, mail: Mail) -> str:
    """Pictures that came with the mail stand in the page itself: the frame has no origin, so no session could fetch them."""
    drawn, left = {}, MOST_DRAWN
    inside = {file.content_id.strip("<>"): file for file in mail.attachments if file.content_id}
    safety = safety_of({file.sha256 for file in inside.values()})
    for name, file in inside.items():
        kind = kind_of(file.content[:HEAD])
        if kind in DRAWN and safety[file.sha256] in (Safety.UNASKED, Safety.CLEAN) and file.size <= left:
            drawn[name], left = (
                f"data:{kind};base64,{base64.b64encode(file.content).decode()}",
                left - file.size,
            )

    room = 2 * MOST_DRAWN  # written out; a picture named a thousand times is not drawn a thousand times

    def source(found: re.Match[str]) -> str:
        nonlocal room
        address = drawn.get(unquote(html.unescape(found[1])).strip("<>"), "")
        room -= len(address)
        return f' src="{address}"' if address and room >= 0 else ""

    return _PICTURE.sub(source, safe)
