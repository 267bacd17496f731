"""What a desk tells the public about itself."""

from collections.abc import Mapping

from django.db import transaction

from apaise.ground.accounts.models import Desk, User
from apaise.ground.ledger.record import HOUSE, record

TOLD = (
    "organisation",
    "phone",
    "postal_address",
    "dpo_contact",
    "mediator_name",
    "mediator_postal_address",
    "mediator_website",
    "contract_dispute_clause",
    "escalation_contact",
)


def longest(name: str) -> int:
    return int(getattr(Desk._meta.get_field(name), "max_length", 0))


def describe(desk: Desk, told: Mapping[str, str], *, by: User) -> list[str]:
    """Change what the desk says of itself; returns the names of what changed. Whoever calls has asked whether `by` may."""
    kept = {name: " ".join(told[name].split())[: longest(name)] for name in TOLD if name in told}
    with transaction.atomic():
        before = Desk.objects.select_for_update().get(pk=desk.pk)
        changed = [name for name, words in kept.items() if getattr(before, name) != words]
        if changed:
            Desk.objects.filter(pk=desk.pk).update(**{name: kept[name] for name in changed})
            record(HOUSE, "desk.described", by=by, desk=desk.pk, changed=",".join(changed))
    for name in changed:
        setattr(desk, name, kept[name])
    return changed
