"""Read a CSV file as people send them: any usual encoding and separator, quoted newlines, rows too short or too long.

Rows come one at a time, whatever the size of the file, each with the line it begins on. A row that cannot be read says why;
a file whose quotes never close cannot be read to its end, and says where."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

DELIMITERS = ";,\t|"
_SAMPLE = 64 * 1024
_CHUNK = 1024 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Layout(NamedTuple):
    """How a file is written."""

    encoding: str
    delimiter: str
    headers: list[str]


class Row(NamedTuple):
    """One record. trouble: "", "short", "long" or "quotes"; only a row without trouble is to be believed."""

    line: int
    cells: list[str]
    trouble: str = ""


class Unreadable(ValueError):
    """This is no CSV file, or not to its end. `code`: empty, spreadsheet, binary, no_columns, open_quote; `line` if known."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(f"{code} on line {line}" if line else code)
        self.code, self.line = code, line


def layout_of(open_file: Callable[[], BinaryIO]) -> Layout:
    """Find out how the file is written. Raises Unreadable."""
    encoding = _encoding(open_file)
    with open_file() as stream:
        sample = io.TextIOWrapper(stream, encoding, errors="replace", newline="").read(_SAMPLE)
    if not sample.strip():
        raise Unreadable("empty")
    delimiter, headers = _delimiter(sample)
    if len([heading for heading in headers if heading]) < 2:
        raise Unreadable("no_columns")
    return Layout(encoding, delimiter, headers)


def rows(stream: BinaryIO, layout: Layout) -> Iterator[Row]:
    """Every record below the headings, blank lines left out. Raises Unreadable where the file cannot be read further."""
    text = io.TextIOWrapper(stream, layout.encoding, errors="replace", newline="")
    reader = csv.reader(text, delimiter=layout.delimiter, strict=True)
    width, seen_headings = len(layout.headers), False
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            if "unexpected end" in str(problem) or "limit" in str(problem):
                raise Unreadable("open_quote", line) from problem
            yield Row(line, [], "quotes")
            continue
        if not any(cell.strip() for cell in cells) or (line == 1 and _names_separator(cells)):
            continue
        if not seen_headings:
            seen_headings = True
            continue
        yield _row(line, cells, width)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, for what we hand out."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(line: int, cells: list[str], width: int) -> Row:
    cells = [cell.replace("\0", "").strip() for cell in cells]
    if len(cells) < width:
        return Row(line, cells, "short")
    if any(cells[width:]):
        return Row(line, cells, "long")
    return Row(line, cells[:width])


def _encoding(open_file: Callable[[], BinaryIO]) -> str:
    with open_file() as stream:
        start = stream.read(4096)
        if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise Unreadable("spreadsheet")
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in start:
            raise Unreadable("binary")
        decoder = codecs.getincrementaldecoder("utf-8")()
        chunk = start
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = stream.read(_CHUNK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"  # what spreadsheets of western Europe write
    return "utf-8-sig"


def _delimiter(sample: str) -> tuple[str, list[str]]:
    """The separator under which most rows have as many cells as the headings."""
    best: tuple[int, int, str, list[str]] = (0, 0, ";", [])
    for delimiter in DELIMITERS:
        records = _first_records(sample, delimiter)
        if not records:
            continue
        widths = Counter(len(record) for record in records)
        width = len(records[0])
        if width > 1 and (widths[width], width) > best[:2]:
            best = (widths[width], width, delimiter, records[0])
    return best[2], [heading.strip().replace("\0", "")[:80] for heading in best[3]]


def _first_records(sample: str, delimiter: str) -> list[list[str]]:
    found: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for record in reader:
            if any(cell.strip() for cell in record) and not (not found and _names_separator(record)):
                found.append(record)
            if len(found) == 20:
                break
    except csv.Error:
        pass
    return found


def _names_separator(cells: list[str]) -> bool:
    """`sep=;`, which spreadsheets understand as the name of the separator."""
    return cells[0].strip().lower().startswith("sep=")
