"""Words that put a label on a customer, in both languages: data/labels.yaml."""

import re
from functools import lru_cache
from typing import Any, Final

import yaml

from apaise.ground.packs import DATA
from apaise.lib.language.folding import folded

LANGUAGES: Final = ("fr", "en")


@lru_cache(maxsize=1)
def pattern() -> re.Pattern[str]:
    """Finds the labels in folded text, whole words only."""
    data: Any = yaml.load((DATA / "labels.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    labels = sorted(
        {folded(label) for language in LANGUAGES for label in data[language]}, key=len, reverse=True
    )
    # An apostrophe or a hyphen may stand where the list has a space or a hyphen.
    written = (
        re.escape(label).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]")
        for label in labels
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)")
