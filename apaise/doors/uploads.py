"""Files people send: straight to the store while they come in, size limits said in words, names cleaned in one place."""

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from apaise.intake.cases.messages import File
from apaise.intake.channels.models import file_store
from apaise.lib.file_kind import HEAD, kind_of, scan_kind
from apaise.lib.file_store import Draft
from apaise.lib.mime import clean_name

LARGEST_FILE = 20_000_000  # said as 20 MB, as file managers count
LARGEST_CASE = 100_000_000  # all files of one complaint together
MOST_FILES = 10
LISTS, LARGEST_LIST = "/desk/customer-files", 200_000_000  # files of customers: not kept in the store
LARGEST_REQUEST = MOST_FILES * LARGEST_FILE + 5_000_000  # more is refused before it is read


class TooLarge(Exception):
    """What is too large, and how large it may be."""


class Uploaded(UploadedFile[Any]):
    """A file on its way into the store: on disk and hashed, and gone with the request unless somebody keeps it."""

    def __init__(self, name: str, size: int, head: bytes, claimed: str, draft: Draft | None) -> None:
        super().__init__(draft.reread() if draft else io.BytesIO(), name, claimed, size)
        self.head, self._draft, self._digest = head, draft, ""

    def keep(self) -> str:
        """Put it into the store; returns its SHA-256. Raises TooLarge for one of which nothing was kept."""
        if self._draft is None:
            raise too_large(self.name or "")
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
        self._most = LARGEST_LIST if path.startswith(LISTS) else LARGEST_FILE

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


def too_large(name: str) -> TooLarge:
    said = _("“%(name)s” is larger than %(size)s MB. Your words are kept; choose a smaller file.")
    return TooLarge(said % {"name": clean_name(name), "size": LARGEST_FILE // 1_000_000})


class WrongKind(Exception):
    """A scan that is none; what it may be."""


def keep_scans(uploaded: Sequence["UploadedFile[Any]"]) -> list[File]:
    """The same for scans: PDF, JPEG or PNG by their content. Raises WrongKind or TooLarge."""
    for file in uploaded:
        if scan_kind(getattr(file, "head", b"")) is None:
            raise WrongKind(
                _("“%(name)s” is neither PDF, JPEG nor PNG. Scan it as one of these.")
                % {"name": clean_name(file.name or "")}
            )
    return keep_files(uploaded)


def keep_files(uploaded: Sequence["UploadedFile[Any]"], *, beside: int = 0) -> list[File]:
    """What was uploaded, as files of the store. Raises TooLarge, and names which.

    beside   bytes the complaint holds already"""
    if len(uploaded) > MOST_FILES:
        raise TooLarge(_("You can add %(number)s files at a time.") % {"number": MOST_FILES})
    for file in uploaded:
        if (file.size or 0) > LARGEST_FILE:
            raise too_large(file.name or "")
    if beside + sum(file.size or 0 for file in uploaded) > LARGEST_CASE:
        raise TooLarge(
            _(
                "All files of a complaint together may have %(size)s MB. Your words are kept; leave a file out."
            )
            % {"size": LARGEST_CASE // 1_000_000}
        )
    return [_file(file) for file in uploaded]


def _file(file: "UploadedFile[Any]") -> File:
    assert isinstance(file, Uploaded)  # IntoStore is the only way in
    kind = kind_of(file.head) or file.content_type or "application/octet-stream"
    return File(clean_name(file.name or ""), kind[:120], file.size or 0, file.keep())
