"""The typography of our own words, French and English. What a customer typed is never passed through here.

French   U+202F before ; ! ? and between thousands; U+00A0 before : € % and h, inside « », between a day and its month
English  curly quotes and apostrophes
Both     … for three dots, ’ for '

Applying it twice changes nothing. Addresses, tags, entities, code and %(placeholders)s are never touched.
"""

import re
from functools import lru_cache

WIDE = "\u00a0"  # no-break space
THIN = "\u202f"  # narrow no-break space
_SPACE = f"[ {WIDE}{THIN}\u2009]"

# Protected stretches are replaced by one letter each while the rules run, then put back in order.
# A word (a placeholder) may have a mark glued to it; an address or a tag may not.
_WORD, _OPAQUE, _TAG = "\ue000", "\ue001", "\ue002"
_PROTECTED = re.compile(
    r"(?P<tag><(?P<verbatim>script|style|code|pre|kbd|textarea)\b.*?</(?P=verbatim)\s*>|<!--.*?-->|</?[a-zA-Z][^<>]*>)"
    r"|(?P<opaque>(?:https?://|ftp://|www\.|mailto:|tel:)[^\s<>\"«»]*[^\s<>\"«».,;:!?)\]'’…]"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w*);|[\ue000-\ue002])"
    r"|(?P<word>%\(\w+\)[sd]|%[sd](?!\w)|\{\w*\})",
    re.DOTALL,
)

_MONTHS = (
    "janvier|janv\\.|février|févr\\.|mars|avril|avr\\.|mai|juin|juillet|juil\\.|août|"
    "septembre|sept\\.|octobre|oct\\.|novembre|nov\\.|décembre|déc\\."
)
_DIGIT = rf"[\d{_WORD}]"

_FRENCH: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"'(?=\S)|(?<=\S)'"), "’"),
    (re.compile(rf"«{_SPACE}*(?=\S)"), f"«{WIDE}"),
    (re.compile(rf"(?<=[^\s«]){_SPACE}*»"), f"{WIDE}»"),
    # Straight double quotes are turned only where one opens and one closes.
    (
        re.compile(r'(?:(?<=^)|(?<=[\s(\ue002]))"(?=\S)([^"\n]*?\S)"(?=$|[\s.,;:!?)…\ue002])', re.MULTILINE),
        rf"«{WIDE}\1{WIDE}»",
    ),
    (re.compile(rf"{_SPACE}+(?=[;!?](?!\w))"), THIN),
    (re.compile(rf"{_SPACE}+(?=:(?!\w))"), WIDE),
    (re.compile(rf"(?<=[\w)»\]%€{_WORD}])(?=[!?](?!\w))"), THIN),
    (re.compile(rf"(?<=[\w)»\]%€{_WORD}])(?=;(?:\s|$))"), THIN),
    (re.compile(rf"(?<=[\w)»\]%€{_WORD}])(?=:(?:\s|$))"), WIDE),
    (re.compile(rf"(?<![\d.,{WIDE}{THIN}])\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)"), "thousands"),
    (re.compile(rf"(?<={_DIGIT}){_SPACE}*(?=€|%)"), WIDE),
    (
        re.compile(rf"(\b\d{{1,2}}|{_WORD}){_SPACE}?h{_SPACE}?(\d{{2}}|{_WORD})(?!\w|{_SPACE}h(?!\w))"),
        rf"\1{WIDE}h{WIDE}\2",
    ),
    (re.compile(rf"(?<={_DIGIT}){_SPACE}h(?!\w)"), f"{WIDE}h"),
    (re.compile(r"\b(\d{1,2})h(?!\w)"), rf"\1{WIDE}h"),
    (re.compile(rf"(?<![\d,.\w])1{_SPACE}(?=(?:{_MONTHS})(?!\w))"), f"1er{WIDE}"),
    (re.compile(rf"(?<![\d,.])(1er|\d{{1,2}}|{_WORD}){_SPACE}(?=(?:{_MONTHS})(?!\w))"), rf"\1{WIDE}"),
    (re.compile(rf"\b([nN]°){_SPACE}?(?={_DIGIT})"), rf"\1{WIDE}"),
]

_ENGLISH: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"\.\.\."), "…"),
    (
        re.compile(r"(?:(?<=^)|(?<=[\s(\[—–“\ue002]))'(?=[^\s'][^'\n]*'(?:$|[\s.,;:!?)\]]))", re.MULTILINE),
        "‘",
    ),
    (re.compile(r"'"), "’"),
    (re.compile(r'(?:(?<=^)|(?<=[\s(\[—–‘]))"(?=\S)|(?<=\ue002)"(?=\w)', re.MULTILINE), "“"),
    (re.compile(r'(?<=\S)"'), "”"),
    (re.compile(rf"(?<=\d){_SPACE}(?=(?:am|pm)(?!\w))"), WIDE),
]


def typeset(text: str, language: str) -> str:
    """`text` as a careful printer of `language` ("fr…" or "en…") would set it; other languages come back as they are."""
    if language[:2] == "fr":
        return french(text)
    if language[:2] == "en":
        return english(text)
    return text


@lru_cache(maxsize=8192)
def french(text: str) -> str:
    said = _outside_protected(text, _FRENCH)
    for _nested in range(4):  # a quote that was turned may let the one around it be seen
        if '"' not in said or (again := _outside_protected(said, _FRENCH)) == said:
            break
        said = again
    return said


@lru_cache(maxsize=8192)
def english(text: str) -> str:
    return _outside_protected(text, _ENGLISH)


def _outside_protected(text: str, rules: list[tuple[re.Pattern[str], str]]) -> str:
    kept: list[str] = []

    def hide(found: re.Match[str]) -> str:
        kept.append(found.group())
        return _TAG if found["tag"] else _WORD if found["word"] else _OPAQUE

    text = _PROTECTED.sub(hide, text)
    for pattern, by in rules:
        text = pattern.sub(_thin_thousands, text) if by == "thousands" else pattern.sub(by, text)
    back = iter(kept)
    return re.sub(f"[{_WORD}{_OPAQUE}{_TAG}]", lambda _: next(back), text)


def _thin_thousands(found: re.Match[str]) -> str:
    return re.sub(_SPACE, THIN, found.group())
