"""What is known of a mail before its words are read: whether it answers one, who wrote it, and to whom."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from apaise.lib.mime.history.subjects import is_answer, is_forward
from apaise.lib.mime.mail import Address

_WORD = re.compile(r"[^\W\d_]{2,40}")


@dataclass(slots=True)
class About:
    """answers    the mail names one that it answers
    sender     of the mail
    to         where it goes: what is quoted in an answer came from there
    passes_on  it is a forward
    opens      it is neither a forward nor an answer: what looks like earlier mail was put there to be read"""

    subject: str = ""
    answers: bool = False
    sender: Address | None = None
    to: Iterable[Address] = ()
    passes_on: bool = field(init=False)
    opens: bool = field(init=False)

    def __post_init__(self) -> None:
        self.passes_on = is_forward(self.subject)
        self.opens = not (self.passes_on or self.answers or is_answer(self.subject))

    def names(self) -> frozenset[str]:
        """Words of the sender's name, and of the address before its @."""
        if not self.sender:
            return frozenset()
        return words_of_name(f"{self.sender.name} {self.sender.address.partition('@')[0]}")

    def houses(self) -> frozenset[str]:
        """The domains it goes to."""
        return frozenset(one.address.rpartition("@")[2].lower() for one in self.to)


def words_of_name(text: str) -> frozenset[str]:
    """Without accents and capitals, as one person's name is written in several ways."""
    bare = unicodedata.normalize("NFKD", text[:200].casefold())
    return frozenset(_WORD.findall("".join(one for one in bare if not unicodedata.combining(one))))
