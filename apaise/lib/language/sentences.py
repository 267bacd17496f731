"""Cut a text into sentences, well enough to quote one."""

import re
from collections.abc import Iterator

_GREETING = re.compile(
    r"^(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|dear|good (?:morning|afternoon|evening)|madame|monsieur|mesdames|messieurs"
    r"|cher|chère|à l[’']attention|à qui de droit|to whom it may concern|guten tag|sehr geehrte)\b"
    # A name or two, no more: “Bonjour je n'ai rien reçu, …” already says something.
    r"(?:(?: [^\s,.!?:]{1,40}){0,3} ?[,!:]|(?: [^\s,.!?:]{1,40}){0,2}[.\n])",
    re.IGNORECASE,
)
# Not an end: « M. Dupont », « n° 3. », « 12.50 », « etc. »
_SHORT = re.compile(
    r"(?:\b(?:M|MM|Mme|Mlle|Dr|Me|St|Ste|Mr|Mrs|Ms|n°|art|tél|env|max|min|p|ref|réf|no)|\b[A-Z])\.$"
)
_END = re.compile(r"[.!?…]+[»\"”')\]]*(?=\s|$)|\n\s*\n")
LONGEST = 100_000


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, in order, white space folded."""
    text, start = text[:LONGEST], 0
    for end in _END.finditer(text):
        piece = text[start : end.end()]
        if _SHORT.search(text[max(start, end.start() - 12) : end.start() + 1]) and "\n" not in end.group():
            continue
        start = end.end()
        if said := " ".join(piece.split()):
            yield said
    if said := " ".join(text[start:].split()):
        yield said


def first_sentence(text: str, most: int = 220) -> str:
    """The first sentence that says something: greetings are passed over; a very long one is cut at a word, with « … »."""
    for said in sentences(text):
        while greeting := _GREETING.match(said + "\n"):
            said = said[greeting.end() :].lstrip(" ,;:!.")
        if sum(sign.isalnum() for sign in said) >= 2:
            return _cut(said[0].upper() + said[1:], most)
    return ""


def _cut(said: str, most: int) -> str:
    return said if len(said) <= most else said[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
