"""The case an entry of the ledger is about, with what the reactions ask of it."""

from apaise.ground.ledger.models import Entry
from apaise.intake.cases.models import Case
from apaise.lib.prepared import Prepared

_BESIDE = (
    "desk__signatory", "handler", "complainant__merged_into", "pack_version", "team", "organisation", "contract",
)  # fmt: skip
_BY_REFERENCE: Prepared[Case] = Prepared(
    lambda reference: (
        Case.objects.select_related(*_BESIDE).defer("pack_version__content").filter(reference=reference)
    ),
    reference=str,
)
_BY_ID: Prepared[Entry] = Prepared(lambda pk: Entry.objects.filter(pk=pk), pk=str)


def case_of(entry: Entry) -> Case:
    """The case, read anew: another reaction may have changed it. Raises Case.DoesNotExist."""
    return _BY_REFERENCE.get(reference=entry.chain)


def case_by_id(pk: int) -> Case:
    """The same, by its key. Raises Case.DoesNotExist."""
    return Case.objects.select_related(*_BESIDE).defer("pack_version__content").get(pk=pk)


def entry_by_id(pk: str) -> Entry:
    """Raises Entry.DoesNotExist."""
    return _BY_ID.get(pk=pk)
