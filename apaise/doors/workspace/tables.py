"""A table of a page as a CSV file that spreadsheets open; no cell of it is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from apaise.lib import csv_file

MOST_ROWS = 10_000


def as_csv(name: str, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for cells in (heads, *rows):
        writer.writerow(csv_file.harmless("" if cell is None else str(cell)) for cell in cells)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
