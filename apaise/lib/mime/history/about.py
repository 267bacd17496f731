"""What is known of a mail before its words are read: whether it answers one, who wrote it, and to whom."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from apaise.lib.mime.history.subjects import is_answer, is_forward
from apaise.lib.mime.mail import Address

_WORD = re.compile(r"[^\W\d_]{2,40}")


@dataclass(frozen=True)
class About:
    """answers    the mail names one that it answers
    sender     of the mail
    to         where it goes: what is quoted in an answer came from there"""

    subject: str = ""
    answers: bool = False
    sender: Address | None = None
    to: Iterable[Address] = field(default=())

    @cached_property
    def passes_on(self) -> bool:
        """A forward."""
        return is_forward(self.subject)

    @cached_property
    def opens(self) -> bool:
        """Neither a forward nor an answer: what looks like earlier mail was put there to be read."""
        return not (self.passes_on or self.answers or is_answer(self.subject))

    @cached_property
    def names(self) -> frozenset[str]:
        """Words of the sender's name, and of the address before its @."""
        if not self.sender:
            return frozenset()
        return words_of_name(f"{self.sender.name} {self.sender.address.partition('@')[0]}")

    @cached_property
    def houses(self) -> frozenset[str]:
        """The domains it goes to."""
        return frozenset(one.address.rpartition("@")[2].lower() for one in self.to)


def words_of_name(text: str) -> frozenset[str]:
    """Without accents and capitals, as one person's name is written in several ways."""
    bare = unicodedata.normalize("NFKD", text[:200].casefold())
    return frozenset(_WORD.findall("".join(one for one in bare if not unicodedata.combining(one))))
