"""Hand out a stored file so that it can only be saved, never run in our pages.

The lasting address of a file checks who asks and leads to a signed one, good for minutes and for this person alone; there
everything is checked again. What may do harm is led there by a person only, who has read what it is."""

from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apaise.doors.errors import notice
from apaise.intake.channels.checking import Safety, safety_of
from apaise.intake.channels.models import file_store
from apaise.lib import clock
from apaise.lib.file_danger import danger_of
from apaise.lib.mime import clean_name

GOOD_FOR = timedelta(minutes=5)
# What no browser runs as ours; all else is handed out as plain bytes.
SAFE_TYPES = frozenset(
    {
        "application/pdf", "text/plain", "text/csv", "message/rfc822",
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/avif", "image/tiff", "image/bmp",
        "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/aac", "audio/amr", "audio/flac",
        "video/mp4", "video/webm", "video/quicktime", "video/3gpp", "video/mpeg", "video/x-msvideo",
    }
)  # fmt: skip
HARM = {
    "program": gettext_lazy("It is a program: opened, it does on your machine whatever its maker wanted."),
    "script": gettext_lazy("It is a script: opened, it does on your machine whatever its maker wanted."),
    "page": gettext_lazy("It is a web page: opened, it can run scripts, or pass for a page of ours."),
    "macros": gettext_lazy("It holds macros: once allowed, they do whatever their maker wanted."),
}


class Stored(NamedTuple):
    """A file to hand out: its bytes, and what it was called when it came."""

    sha256: str
    name: str
    content_type: str


def to_staff(request: HttpRequest, file: Stored, *, back: str) -> HttpResponseBase:
    """The file for whoever of ours may see it: the caller has made sure. `back` is where a warning leads back to."""
    safety = _safety(file)
    if closed := _closed(safety):
        return notice(request, 409, _("This file is kept closed"), closed, back=back)
    warning = _warning(file, safety)
    holder = f"staff:{request.user.pk}"
    if _is_signed(request, holder, sure=bool(warning)):
        return _bytes_of(file)
    signed = _signed(request.path, holder, sure=bool(warning))
    if not warning:
        return HttpResponseRedirect(signed)
    title = _("Do you want to save “%(name)s”?") % {"name": clean_name(file.name)}
    return notice(
        request, 200, title, warning, back=back, on={"label": _("Save it all the same"), "href": signed}
    )


def to_complainant(
    request: HttpRequest, file: Stored, *, holder: str, is_theirs: bool, back: str
) -> HttpResponseBase:
    """The file for whoever holds a link to the case. 404 for what may do harm and comes from somebody else."""
    safety = _safety(file)
    if danger_of(file.content_type, file.name) and not is_theirs:
        raise Http404
    if safety not in (Safety.UNASKED, Safety.CLEAN):
        words = _(
            "It is still being checked for viruses. Come back a little later, or answer one of our mails."
        )
        return notice(request, 409, _("This file cannot be opened now"), words, back=back)
    if _is_signed(request, holder, sure=False):
        return _bytes_of(file)
    return HttpResponseRedirect(_signed(request.path, holder, sure=False))


def _safety(file: Stored) -> Safety:
    if not file_store().has(file.sha256):
        raise Http404
    return safety_of([file.sha256])[file.sha256]


def _closed(safety: Safety) -> str:
    if safety == Safety.INFECTED:
        return _("The virus scanner found something in it, so nobody can open it. The administrator knows.")
    if safety == Safety.WAITING:
        return _("The virus scanner is looking at it. Try again in a minute.")
    if safety == Safety.UNCHECKED and settings.UNCHECKED_FILES == "never":
        return _(
            "The virus scanner could not look at it, and here such files stay closed. Ask your administrator."
        )
    return ""


def _warning(file: Stored, safety: Safety) -> str:
    said = []
    if danger := danger_of(file.content_type, file.name):
        said.append(str(HARM[danger]))
    if safety == Safety.UNCHECKED:
        said.append(_("The virus scanner could not look at it."))
    if said:
        said.append(_("Save it only if you expected it and know who sent it."))
    return " ".join(said)


def _signed(path: str, holder: str, *, sure: bool) -> str:
    until = int((clock.now() + GOOD_FOR).timestamp())
    return (
        f"{path}?{urlencode({'until': until, 'key': _seal(path, holder, until, sure, settings.SECRET_KEY)})}"
    )


def _is_signed(request: HttpRequest, holder: str, *, sure: bool) -> bool:
    until, key = request.GET.get("until", ""), request.GET.get("key", "")
    if not (until.isascii() and until.isdigit() and len(until) < 12) or int(until) < clock.now().timestamp():
        return False
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(
        constant_time_compare(key, _seal(request.path, holder, int(until), sure, secret)) for secret in keys
    )


def _seal(path: str, holder: str, until: int, sure: bool, secret: str) -> str:
    said = urlencode({"path": path, "holder": holder, "until": until, "sure": sure})
    return salted_hmac("apaise.file", said, secret=secret, algorithm="sha256").hexdigest()[:48]


def _bytes_of(file: Stored) -> HttpResponseBase:
    plain = file.content_type.partition(";")[0].strip().lower()
    is_safe = plain in SAFE_TYPES and not danger_of(file.content_type, file.name)
    response = FileResponse(
        file_store().open(file.sha256),
        as_attachment=True,
        filename=clean_name(file.name),
        content_type=plain if is_safe else "application/octet-stream",
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
