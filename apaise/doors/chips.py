"""How the files of a message look on a page: name, size, what to know before opening one."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from apaise.intake.cases.message import Attachment
from apaise.intake.channels.checking import Safety, safety_of

HARM_NAMES = {
    "program": _("program"),
    "script": _("script"),
    "page": _("web page"),
    "macros": _("with macros"),
}
SAFETY_NAMES = {
    Safety.INFECTED: _("infected, kept closed"),
    Safety.CLEAN: _("checked"),
    Safety.WAITING: _("being checked"),
    Safety.UNCHECKED: _("not checked for viruses"),
}


class Chip(NamedTuple):
    """One file as a page shows it; `mark` is what to know of it, `opens` whether it has an address."""

    file: Attachment
    mark: Any
    tone: str | None
    opens: bool


def safety_of_all(files: Iterable[Attachment]) -> Mapping[str, Safety]:
    """What the scanner said of all files of a page, in one question."""
    return safety_of({file.sha256 for file in files if file.sha256})


def chip(file: Attachment, safety: Safety | None) -> Chip:
    """For staff: everything is shown, and why something is not to be had."""
    if safety is None:
        return Chip(file, file.get_left_out_display(), "soon", opens=False)
    if safety == Safety.INFECTED:
        return Chip(file, SAFETY_NAMES[safety], "late", opens=False)
    if harm := HARM_NAMES.get(file.danger):
        return Chip(file, harm, "soon", opens=True)
    tone = "soon" if safety in (Safety.WAITING, Safety.UNCHECKED) else None
    return Chip(file, SAFETY_NAMES.get(safety, ""), tone, opens=True)
