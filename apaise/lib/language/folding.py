"""Letters without accents and case, apostrophes made one: for comparing, never for showing."""

import unicodedata

_SIGNS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "œ": "oe", "æ": "ae", "\u202f": " ", "\u00a0": " "})


def folded(text: str) -> str:
    """Lower case, no accents, straight apostrophes, plain spaces."""
    plain = unicodedata.normalize("NFD", text.lower().translate(_SIGNS))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
