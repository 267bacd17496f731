"""Which pack a new case freezes."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from apaise.ground.packs.load import load_pack, load_pack_file
from apaise.ground.packs.pack import Pack
from apaise.ground.packs.predicate import evaluate


@lru_cache(maxsize=1)
def active_packs() -> tuple[Pack, ...]:
    """The organisation's packs, in the order in which they are tried. Raises PackError with line and reason."""
    packs = {pack.id: pack for pack in map(_pack, settings.PACKS)}
    if settings.PACK not in packs:
        packs[settings.PACK] = _pack(settings.PACK)
    return tuple(packs.values())


def _pack(name: str) -> Pack:
    # A shipped pack was checked by the tests; reading the checks and their schema library would double our start.
    return load_pack_file(Path(name)) if name.endswith((".yaml", ".yml")) else load_pack(name, check=False)


def pack_for(facts: Mapping[str, object]) -> Pack:
    """The first active pack that certainly applies to these facts; what is unknown falls to the default pack."""
    packs = active_packs()
    sure = (pack for pack in packs if evaluate(pack.block("applies_when"), facts).result is True)
    return next(sure, next(pack for pack in packs if pack.id == settings.PACK))
