"""How names, phones and postcodes are compared: forms that are never shown."""

import re
from difflib import SequenceMatcher

from apaise.lib.language.folding import folded

_TITLES = frozenset(
    [
        "m",
        "mr",
        "mme",
        "mlle",
        "mrs",
        "ms",
        "miss",
        "dr",
        "me",
        "monsieur",
        "madame",
        "mademoiselle",
        "docteur",
        "maitre",
        "sir",
        "sa",
        "sas",
        "sarl",
        "eurl",
        "sasu",
        "sci",
        "ltd",
    ]
)
_FRENCH_POSTCODE = re.compile(r"\b(?:F-)?(\d{5})\b")
_BRITISH_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b")
CLOSE = 0.84  # share of letters two names have in common, in order; below it they are two names


def name_key(name: str) -> str:
    """Letters without accents or titles, the words in order of the alphabet: "Mme FONTANEL Claire" -> "claire fontanel"."""
    words = re.findall(r"[^\W_]+", folded(name))
    kept = [word for word in words if word not in _TITLES] or words
    return " ".join(sorted(kept))[:200]


def name_sound(name: str) -> str:
    """What is left of a name when spelling varies: first letters and consonants. "Clair Fontanelle" -> "clr fntnl"."""
    return " ".join(sorted(_sound(word) for word in name_key(name).split() if len(word) > 1))[:120]


def _sound(word: str) -> str:
    word = word.replace("ph", "f").replace("qu", "k").replace("th", "t").replace("ck", "k").replace("y", "i")
    first, rest = word[:1], re.sub(r"[aeiouh]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", first + rest)


def are_close(one: str, other: str) -> bool:
    """Whether two names (as keys) may be one name spelt in two ways. An empty one is close to none."""
    if not one or not other:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= CLOSE


def phone_key(value: str) -> str:
    """The last nine digits: 06 12 34 56 78 and +33 6 12 34 56 78 are one phone. "" for a number too short to say."""
    digits = re.sub(r"\D", "", value)
    return digits[-9:] if len(digits) >= 9 else ""


def postcode_of(text: str) -> str:
    """The postcode in a postal address, French or British; "" when there is none. The last one counts."""
    if found := _FRENCH_POSTCODE.findall(text):
        return str(found[-1])
    british = _BRITISH_POSTCODE.findall(text.upper())
    return "".join(british[-1]) if british else ""


def normalise(kind: str, value: str) -> str:
    """The form an address is compared in: e-mail in lower case, phone as digits with an optional +, post line by line."""
    value = value.strip()
    if kind in ("email", "handle"):
        return value.lower()[:320]
    if kind == "phone":
        digits = "".join(sign for sign in value if sign.isdigit())
        return ("+" if value.startswith("+") else "") + digits
    return "\n".join(" ".join(line.split()) for line in value.splitlines() if line.strip())[:320]


def compared_by(kind: str, value: str) -> tuple[str, str]:
    """What an address is compared with others by, and its postcode: (key, postcode)."""
    if kind == "phone":
        return phone_key(value), ""
    if kind == "postal":
        return name_key(value)[:80], postcode_of(value)
    return value[:80], ""
