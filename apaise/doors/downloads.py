"""Hand out a stored file so that it can only be saved, never run in our pages."""

from django.http import FileResponse, Http404, HttpResponseBase

from apaise.intake.channels.models import file_store


def hand_out(sha256: str, name: str, content_type: str) -> HttpResponseBase:
    """The file as a download. 404 when its bytes are gone."""
    store = file_store()
    if not store.has(sha256):
        raise Http404
    response = FileResponse(
        store.open(sha256), as_attachment=True, filename=name, content_type=_harmless(content_type)
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _harmless(content_type: str) -> str:
    # What a browser might run as ours is handed out as plain bytes.
    plain = content_type.split(";")[0].strip().lower()
    safe = plain.startswith(("image/", "audio/", "video/")) and plain != "image/svg+xml"
    return (
        plain
        if safe or plain in ("application/pdf", "text/plain", "text/csv", "message/rfc822")
        else "application/octet-stream"
    )
