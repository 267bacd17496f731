"""Take uploaded files into the store: size limits said in words, names cleaned in one place."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from apaise.intake.cases.messages import File
from apaise.intake.channels.models import file_store
from apaise.lib.file_kind import HEAD, scan_kind
from apaise.lib.mime import clean_name

LARGEST_FILE = 20_000_000  # said as 20 MB, as file managers count
MOST_FILES = 10


class TooLarge(Exception):
    """What is too large, and how large it may be."""


class WrongKind(Exception):
    """A scan that is none; what it may be."""


def keep_scans(uploaded: Sequence["UploadedFile[Any]"]) -> list[File]:
    """The same for scans: PDF, JPEG or PNG by their content. Raises WrongKind or TooLarge, nothing stored then."""
    kinds = []
    for file in uploaded:
        kinds.append(scan_kind(file.read(HEAD)))
        file.seek(0)
        if kinds[-1] is None:
            raise WrongKind(
                _("“%(name)s” is neither PDF, JPEG nor PNG. Scan it as one of these.")
                % {"name": clean_name(file.name or "")}
            )
    kept = keep_files(uploaded)
    return [file._replace(content_type=kind or "") for file, kind in zip(kept, kinds, strict=True)]


def keep_files(uploaded: Sequence["UploadedFile[Any]"]) -> list[File]:
    """Store what was uploaded. Raises TooLarge before anything is stored."""
    if len(uploaded) > MOST_FILES:
        raise TooLarge(_("You can add %(number)s files at a time.") % {"number": MOST_FILES})
    for file in uploaded:
        if (file.size or 0) > LARGEST_FILE:
            raise TooLarge(
                _("“%(name)s” is larger than %(size)s MB. Your words are kept; choose a smaller file.")
                % {"name": clean_name(file.name or ""), "size": LARGEST_FILE // 1_000_000}
            )
    store = file_store()
    kept = []
    for file in uploaded:
        digest, size = store.keep(file.chunks())
        kept.append(
            File(
                clean_name(file.name or ""),
                (file.content_type or "application/octet-stream")[:120],
                size,
                digest,
            )
        )
    return kept
