"""Why a line or a transcript cannot be read: a code kept nowhere, found again each time, said in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from apaise.lib.mime import Unreadable

WANTED = {
    "text": gettext_lazy("a text"),
    "number": gettext_lazy("a whole number, zero or more"),
    "minutes": gettext_lazy("a number of minutes from 0 to 1440"),
    "rating": gettext_lazy("a number from 0 to 100"),
    "yes_no": gettext_lazy("true or false"),
    "day": gettext_lazy("a day like 2026-11-25, not in the future"),
    "moment": gettext_lazy("a moment like 2026-11-25T14:30:00+01:00, not in the future"),
    "channel": gettext_lazy("one of the channels of the documentation"),
    "email": gettext_lazy("an e-mail address"),
    "url": gettext_lazy("an address that begins with https:// or http://"),
    "language": gettext_lazy("a language code like fr or en"),
    "object": gettext_lazy("an object {…}"),
    "texts": gettext_lazy("a list of texts"),
    "turns": gettext_lazy("a list of {who, at, text}"),
    "reference": gettext_lazy("a reference like R-2026-00417"),
    "order": gettext_lazy("no earlier than the day it was posted"),
}


class BadLine(Unreadable):
    """A line of JSON that says no message."""

    def __init__(self, code: str, *, key: str = "", place: int = 0) -> None:
        self.key, self.place = key, place
        super().__init__(code, "")
        with override("en"):
            self.reason = self.said()

    def said(self) -> str:
        """One sentence for a person."""
        if self.code in WANTED:
            return _("“%(key)s” must be %(wanted)s.") % {"key": self.key, "wanted": WANTED[self.code]}
        return {
            "not_utf8": _("It is not written in UTF-8."),
            "not_json": _("It is no JSON from character %(place)s on.") % {"place": self.place},
            "too_deep": _("It is JSON nested too deeply."),
            "not_object": _("It is JSON, but no object {…}."),
            "no_channel": _("It has no “channel”, and none was given with --channel."),
            "missing": _("“%(key)s” is missing.") % {"key": self.key},
        }[self.code]


class BadTranscript(Unreadable):
    """A transcript that breaks off, or is none."""

    def __init__(self, code: str, line: int) -> None:
        self.place = line
        super().__init__(code, "")
        with override("en"):
            self.reason = self.said()

    def said(self) -> str:
        """One sentence for a person; it begins with the line."""
        why = {
            "bad_time": _("this is no time from … --> to …"),
            "no_time": _("a time from … --> to … is missing"),
            "cut": _("the file breaks off here"),
            "nothing": _("nobody says anything"),
            "too_long": _("there are more turns than one conversation has"),
        }[self.code]
        return _("Line %(line)s: %(why)s.") % {"line": self.place, "why": why}
