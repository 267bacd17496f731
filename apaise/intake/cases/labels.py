"""Labels on customers in what staff write of them: pointed out, and never weighed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apaise.ground.packs.labels import pattern
from apaise.lib.language.folding import folded


def labels_in(text: str) -> list[str]:
    """The labels in these words, each once, as they were written where that can be told."""
    plain = folded(text)
    same_length = len(plain) == len(text)
    found = (text[one.start() : one.end()] if same_length else one[0] for one in pattern().finditer(plain))
    return list(dict.fromkeys(found))


def warning(labels: Sequence[str]) -> str:
    """What whoever writes such a word should know."""
    words = ", ".join(_("“%(word)s”") % {"word": label} for label in labels)
    return _(
        "%(words)s: the customer reads this note if they ask for their data, and the next colleague listens less. "
        "Write what happened instead, or keep it as it is."
    ) % {"words": words}
