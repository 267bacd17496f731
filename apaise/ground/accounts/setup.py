"""What a new installation needs before anybody signs in: a team and a desk."""

from collections.abc import Sequence

from django.db import transaction

from apaise.ground.accounts.models import Desk, Function, Team
from apaise.ground.ledger.models import Head
from apaise.ground.ledger.record import HOUSE, System, record

FALLBACK_ADDRESS = "reclamations@localhost"


def ensure_desks(addresses: Sequence[str]) -> None:
    """A desk for each configured address, and at least one. Those that exist are left as they are."""
    open_the_house()
    wanted = [address.lower() for address in addresses] or (
        [] if Desk.objects.exists() else [FALLBACK_ADDRESS]
    )
    known = set(Desk.objects.filter(address__in=wanted).values_list("address", flat=True))
    for address in wanted:
        if address not in known:
            add_desk(address)


def open_the_house() -> None:
    """Begin the chain of what concerns no case, before two people can begin it at once."""
    if not Head.objects.filter(chain=HOUSE).exists():
        record(HOUSE, "house.opened", by=System("setup"))


def add_desk(
    address: str, *, name: str = "Service réclamations", organisation: str = "Service réclamations"
) -> Desk:
    """A desk and its team; the function `desk` is held by the first team."""
    with transaction.atomic():
        team, _ = Team.objects.get_or_create(code="guichet", defaults={"name": "Guichet réclamations"})
        desk, _ = Desk.objects.get_or_create(
            address=address.lower(), defaults={"name": name, "organisation": organisation, "team": team}
        )
        Function.objects.get_or_create(code="desk", defaults={"team": team})
    return desk
