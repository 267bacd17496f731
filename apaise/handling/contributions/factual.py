"""Words that judge instead of telling: pointed out to whoever writes a context note, never refused."""

import re
from typing import NamedTuple

from apaise.lib.language.folding import folded

# Folded: no accents, lower case. In both languages at once, since people mix them.
_OPINIONS = (
    "a mon avis", "selon moi", "je pense", "je crois", "je trouve", "j'ai l'impression", "il me semble", "sans doute",
    "evidemment", "bien sur", "comme d'habitude", "comme toujours", "toujours en train de", "encore une fois", "soi-disant", "pretendu", "pretendument",
    "mauvaise foi", "de bonne foi", "exagere", "exagerent", "abuse", "abusent", "profite de", "cherche a", "veut juste",
    "penible", "insupportable", "desagreable", "agressif", "agressive", "hysterique", "caracteriel", "incompetent",
    "incompetente", "menteur", "menteuse", "ment", "malhonnete", "de toute facon", "normal que", "n'importe quoi", "ridicule",
    "in my opinion", "i think", "i believe", "i feel", "it seems to me", "obviously", "of course", "as usual", "as always",
    "so-called", "allegedly", "bad faith", "exaggerates", "exaggerating", "just wants", "difficult customer", "unreasonable",
    "unbearable", "rude", "aggressive", "liar", "lying", "dishonest", "incompetent", "nonsense", "ridiculous", "anyway",
)  # fmt: skip
_OPINION = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(re.escape(folded(words)) for words in sorted(_OPINIONS, key=len, reverse=True))
    + r")(?![^\W_])"
)


class Opinion(NamedTuple):
    start: int
    end: int
    words: str


def opinions_in(text: str) -> list[Opinion]:
    """Where the text judges rather than tells. Quoted words are somebody else's and left alone."""
    plain = _same_length(text)
    quoted = [found.span() for found in re.finditer(r"«[^»]*»|“[^”]*”|\"[^\"]*\"", plain)]
    return [
        Opinion(found.start(), found.end(), text[found.start() : found.end()])
        for found in _OPINION.finditer(plain)
        if not any(start <= found.start() < end for start, end in quoted)
    ]


def _same_length(text: str) -> str:
    """Folded sign by sign, so that places in it are places in the text."""
    return "".join(one if len(one) == 1 else sign for sign in text for one in [folded(sign)])
