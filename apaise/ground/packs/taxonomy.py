"""The taxonomy of causes: families with their causes, in both languages."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DATA = Path(__file__).parent / "data"


class Label(NamedTuple):
    fr: str
    en: str

    def said(self, language: str | None) -> str:
        return self.en if language == "en" else self.fr


class Cause(NamedTuple):
    code: str
    label: Label


class Family(NamedTuple):
    code: str
    label: Label
    owner: str  # function code
    causes: tuple[Cause, ...]


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (DATA / "taxonomy.yaml").open(encoding="utf-8") as file:
        return dict(yaml.load(file, loader))  # noqa: S506  (the C twin of SafeLoader)


FAMILIES: tuple[Family, ...] = tuple(
    Family(
        family["id"],
        Label(**family["label"]),
        family["owner"],
        tuple(Cause(child["id"], Label(**child["label"])) for child in family["children"]),
    )
    for family in _read()["categories"]
)
CAUSES: dict[str, Cause] = {cause.code: cause for family in FAMILIES for cause in family.causes}
SCOPES: tuple[str, ...] = tuple(_read()["axes"]["scope"])
