"""Which pack a new case freezes: the shipped packs that are switched on, under what the company has published."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from apaise.ground.packs.edition import PackEdition
from apaise.ground.packs.load import load_pack, load_pack_file
from apaise.ground.packs.pack import Pack
from apaise.ground.packs.predicate import evaluate
from apaise.lib.prepared import Prepared


class Active(NamedTuple):
    packs: tuple[Pack, ...]  # in the order in which they are tried
    default: str  # the id of the one that takes what no other certainly applies to


def active_packs() -> tuple[Pack, ...]:
    """The organisation's packs, in the order in which they are tried. Raises PackError with line and reason."""
    return active().packs


def active() -> Active:
    """The packs in force now. One small question to the database: another process may have published."""
    return _active(next(iter(_NEWEST.rows()), None))


_NEWEST: Prepared[PackEdition] = Prepared(
    lambda: PackEdition.objects.order_by("-pk").values_list("pk", "digest", "published_at")[:1]
)


@lru_cache(maxsize=1)
def configured_packs() -> tuple[Pack, ...]:
    """The packs that the settings name, before anything of the company's own. Raises PackError."""
    packs = {pack.id: pack for pack in map(_pack, settings.PACKS)}
    if settings.PACK not in packs:
        packs[settings.PACK] = _pack(settings.PACK)
    return tuple(packs.values())


def forget() -> None:
    """Read the settings and the editions again."""
    configured_packs.cache_clear()
    _active.cache_clear()


@lru_cache(maxsize=1)
def _active(newest: object) -> Active:
    editions = PackEdition.objects.in_force() if newest else []
    return laid_over(configured_packs(), settings.PACK, [edition.pack for edition in editions])


def laid_over(configured: Sequence[Pack], default: str, own: Sequence[Pack]) -> Active:
    """The company's packs among those of the settings.

    One for the same customers as the pack it extends takes that pack's place, and its part as the default; one for
    other customers is tried just before it."""
    packs = list(configured)
    for pack in own:
        place = next((n for n, each in enumerate(packs) if each.id == pack.block("extends")), None)
        if place is None:
            packs.insert(0, pack)
        elif takes_the_place_of(pack, packs[place]):
            default = pack.id if default == packs[place].id else default
            packs[place] = pack
        else:
            packs.insert(place, pack)
    return Active(tuple(packs), default)


def takes_the_place_of(pack: Pack, other: Pack) -> bool:
    same: bool = pack.block("applies_when") == other.block("applies_when")
    return same


def _pack(name: str) -> Pack:
    # A shipped pack was checked by the tests; reading the checks and their schema library would double our start.
    return load_pack_file(Path(name)) if name.endswith((".yaml", ".yml")) else load_pack(name, check=False)


def pack_for(facts: Mapping[str, object]) -> Pack:
    """The first active pack that certainly applies to these facts; what is unknown falls to the default pack."""
    packs, default = active()
    sure = (pack for pack in packs if evaluate(pack.block("applies_when"), facts).result is True)
    return next(sure, next(pack for pack in packs if pack.id == default))
