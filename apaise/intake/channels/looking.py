"""Which files nobody has looked at yet: found at the same cost however many there are.

New rows are followed by their numbers. Beside that a slow walk goes over all rows, a stretch a round, and finds what the
numbers hide: files from before there was a scanner, rows written late or changed in place. Comparing the whole tables
took 0.3 to 0.5 s at 100,000 mails with a file each, every half minute, and grew with them."""

from django.db.models import Max

from apaise.intake.channels.checked import FileCheck, LookedThrough
from apaise.intake.channels.unnamed import NAMING, Column

STRETCH = 500  # rows of one column read at one time; for many more PostgreSQL leaves the index and reads every check
OVERLAP = 100  # of them read again: of two transactions at once the one with the higher number may end first


class Round:
    """One round over the columns that name files. What a list names belongs to a case soon, or is forgotten."""

    def __init__(self) -> None:
        self._places = [(column, _place(column)) for column in NAMING if not column.listed]

    def new(self, most: int) -> list[str]:
        """Files without a word of the scanner that came since the last round."""
        found: list[str] = []
        for column, place in self._places:
            files, end = _stretch(column, place.newest - OVERLAP, most - len(found))
            place.newest = max(place.newest, end)
            found += files
        return found

    def older(self, most: int) -> list[str]:
        """Files without a word of the scanner in the next stretch of the walk; after the last row it begins again."""
        found: list[str] = []
        for column, place in self._places:
            room = most - len(found)
            files, end = _stretch(column, place.walked, room)
            place.walked = 0 if end == place.walked and room else end
            found += files
        return found

    def over(self) -> None:
        """The files were looked at: the next round goes on from here."""
        LookedThrough.objects.bulk_update([place for _column, place in self._places], ["newest", "walked"])


def _place(column: Column) -> LookedThrough:
    """Where the last round stopped."""
    name = f"{column.model}.{column.field}"
    if known := LookedThrough.objects.filter(column=name).first():
        return known
    last = column.rows().aggregate(last=Max("pk"))["last"] or 0
    new = max(0, last - STRETCH)  # what lies before is left to the walk
    return LookedThrough.objects.get_or_create(column=name, defaults={"newest": new})[0]


def _stretch(column: Column, after: int, most: int) -> tuple[list[str], int]:
    """The files without a word in the next rows after this number, `most` at most, and the row this goes up to."""
    rows = list(column.rows().filter(pk__gt=after).order_by("pk").values_list("pk", column.field)[:STRETCH])
    # By a list, not by a join: for a join, too, PostgreSQL reads every check there is.
    checks = FileCheck.objects.filter(sha256__in={digest for _pk, digest in rows if digest})
    known, found, end = set(checks.values_list("sha256", flat=True)), dict[str, None](), after
    for pk, digest in rows:
        if digest and digest not in known and digest not in found:
            if len(found) >= most:
                break
            found[digest] = None
        end = pk
    return list(found), end
