"""Files people send: straight to the store while they come in, size limits said in words, names cleaned in one place."""

import io
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from apaise.intake.cases.message import LeftOut
from apaise.intake.cases.messages import File
from apaise.intake.channels import limits
from apaise.intake.channels.checked import FileCheck
from apaise.intake.channels.checking import check
from apaise.intake.channels.models import file_store
from apaise.lib.file_kind import HEAD, examine, scan_kind
from apaise.lib.file_store import Draft
from apaise.lib.mime import clean_name

LISTS, LARGEST_LIST = "/desk/customer-files", 200_000_000  # files of customers: not kept in the store
LARGEST_REQUEST = 10 * limits.largest_page_file() + 5_000_000  # more is refused before it is read


class NotTaken(Exception):
    """A file is not taken; the text says which, why and what to do."""


class TooLarge(NotTaken):
    """What is too large, and how large it may be."""


class WrongKind(NotTaken):
    """What kind of file is not wanted there, and what may be sent in its place."""


class Uploaded(UploadedFile[Any]):
    """A file on its way into the store: on disk and hashed, and gone with the request unless somebody keeps it."""

    def __init__(self, name: str, size: int, head: bytes, claimed: str, draft: Draft | None) -> None:
        super().__init__(draft.reread() if draft else io.BytesIO(), name, claimed, size)
        self.head, self._draft, self._digest = head, draft, ""

    def keep(self) -> str:
        """Put it into the store; returns its SHA-256. Raises TooLarge for one of which nothing was kept."""
        if self._draft is None:
            raise too_large(self.name or "", limits.largest_page_file())
        self._digest = self._digest or self._draft.keep()[0]
        return self._digest

    def close(self) -> None:
        super().close()
        if self._draft and not self._digest:
            self._draft.drop()


class IntoStore(FileUploadHandler):
    """Django's way in for uploads: each piece is hashed and written as it arrives; memory stays flat."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._draft, self._size, self._head = file_store().draft(), 0, b""
        path = self.request.path if self.request else ""
        self._most = LARGEST_LIST if path.startswith(LISTS) else limits.largest_page_file()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        self._head = (self._head + raw_data)[:HEAD] if len(self._head) < HEAD else self._head
        if self._size > self._most:
            self._draft.drop()  # the rest is read past, so that the words of the form behind it are kept
        else:
            self._draft.write(raw_data)

    def file_complete(self, file_size: int) -> Uploaded:
        whole = self._draft if self._size <= self._most else None
        return Uploaded(self.file_name or "", self._size, self._head, self.content_type or "", whole)

    def upload_interrupted(self) -> None:
        self._draft.drop()


def keep_scans(uploaded: Sequence["UploadedFile[Any]"]) -> list[File]:
    """The same for scans: PDF, JPEG or PNG by their content. Raises NotTaken."""
    for file in uploaded:
        if scan_kind(getattr(file, "head", b"")) is None:
            raise WrongKind(
                _("“%(name)s” is neither PDF, JPEG nor PNG. Scan it as one of these.")
                % {"name": clean_name(file.name or "")}
            )
    return keep_files(uploaded, "staff")


def keep_files(uploaded: Sequence["UploadedFile[Any]"], way: str, *, beside: int = 0) -> list[File]:
    """What was uploaded, as files of the store: all or none. Raises NotTaken, and names which.

    way      the way it comes: a row of the table of limits
    beside   bytes the complaint holds already"""
    found = [_looked_at(file) for file in uploaded]
    for taken, (_file, name, kind, size) in enumerate(found):
        so_far = beside + sum(one[3] for one in found[:taken])
        if why := limits.left_out(way, size, kind, name, taken=taken, bytes_taken=so_far):
            raise _refusal(why, way, name, size)
    kept = [File(name, kind, size, file.keep()) for file, name, kind, size in found]
    if way == "reply":
        _refuse_infected(kept)
    return kept


def _refuse_infected(files: Sequence[File]) -> None:
    """What leaves by our mail is looked at while its sender waits; one that could not be looked at is theirs to vouch for."""
    for file in files:
        if (said := check(file.sha256)) and said.state == FileCheck.State.INFECTED:
            words = _(
                "The virus scanner found something in “%(name)s”. Nothing was sent; leave the file out."
            )
            raise WrongKind(words % {"name": file.name})


def _looked_at(file: "UploadedFile[Any]") -> tuple[Uploaded, str, str, int]:
    assert isinstance(file, Uploaded)  # IntoStore is the only way in
    name = clean_name(file.name or "")
    kind = examine(cast(BinaryIO, file), file.content_type or "", name)
    return file, name, kind[:120], file.size or 0


def _refusal(why: str, way: str, name: str, size: int) -> NotTaken:
    limit = limits.LIMITS[way]
    if why == LeftOut.TOO_MANY:
        return TooLarge(_("You can add %(number)s files at a time.") % {"number": limit.files})
    if why == LeftOut.UNWELCOME:
        said = _(
            "“%(name)s” could do harm when it is opened, so it is not taken. Your words are kept; send a PDF or a picture in its place."
        )
        return WrongKind(said % {"name": name})
    if size > limit.file:
        return too_large(name, limit.file)
    said = _("All files of a complaint together may have %(size)s MB. Your words are kept; leave a file out.")
    return TooLarge(said % {"size": limit.together // 1_000_000})


def too_large(name: str, most: int) -> TooLarge:
    said = _("“%(name)s” is larger than %(size)s MB. Your words are kept; choose a smaller file.")
    return TooLarge(said % {"name": clean_name(name), "size": most // 1_000_000})
