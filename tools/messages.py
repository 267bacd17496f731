"""The French catalogue: extract what code and pages say (in English), keep what is translated, compile.

python tools/messages.py update                    write django.po and django.mo again (make messages)
python tools/messages.py check [--allow-missing]   say what is wrong: missing, stale, placeholders, typography
python tools/messages.py missing                   print what waits for its French, one line each"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import extract_python
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from apaise.lib.typography import french  # noqa: E402  (the checkout need not be installed)

PO = ROOT / "apaise" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
WORDS = {"gettext": None, "gettext_lazy": None, "gettext_noop": None, "sayable": None, "_": None}
PLURALS = {"ngettext": (1, 2), "ngettext_lazy": (1, 2)}
CONTEXTS = {"pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2)}
BOTH = {"npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3)}
KEYWORDS = {**WORDS, **PLURALS, **CONTEXTS, **BOTH}
JINJA = {"extensions": "jinja2.ext.do", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
HEADER = {
    "Language": "fr",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}
PERCENT = re.compile(r"%(?:\((\w+)\))?[sdif]")
BRACE = re.compile(r"\{(\w*)\}")


class Said(NamedTuple):
    """One thing the product says: what a catalogue knows it by."""

    context: str | None
    text: str
    plural: str


def said_by_code() -> dict[Said, set[str]]:
    """Everything there is to translate, with the files that say it."""
    found: dict[Said, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "apaise").rglob("*")):
        if path.suffix in (".py", ".html", ".txt") and not {"migrations", "tests"} & set(path.parts):
            for said in _extract(path):
                found[said].add(path.relative_to(ROOT).as_posix())
    return found


def _extract(path: Path) -> Iterator[Said]:
    if path.suffix == ".py":
        with path.open("rb") as file:
            found = list(extract_python(file, KEYWORDS, [], {"encoding": "utf-8"}))
    elif "templates" in path.parts:
        with path.open("rb") as file:
            found = list(babel_extract(file, list(KEYWORDS), [], JINJA))
    else:
        return
    for _line, function, words, _comments in found:
        said = _said(function, words if isinstance(words, list | tuple) else (words,))
        if said and said.text:
            yield said


def _said(function: str, words: "tuple[str | None, ...]") -> Said | None:
    texts = [word for word in words if isinstance(word, str)]
    wanted = 1 + ("ngettext" in function or "npgettext" in function) + ("pgettext" in function)
    if len(texts) < wanted:
        return None
    context = texts.pop(0) if "pgettext" in function else None
    return Said(context, texts[0], texts[1] if "n" in function[:1] and len(texts) > 1 else "")


def read() -> polib.POFile:
    return polib.pofile(str(PO), wrapwidth=100) if PO.exists() else polib.POFile(wrapwidth=100)


def updated(old: polib.POFile) -> polib.POFile:
    """The catalogue of what is said today: known translations kept and set by the typographer, the rest empty."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete and not entry.fuzzy}
    new = polib.POFile(wrapwidth=100)
    new.metadata = dict(HEADER)
    for said, files in sorted(said_by_code().items(), key=lambda item: (item[0].text, item[0].context or "")):
        before = known.get((said.context, said.text))
        entry = polib.POEntry(
            msgid=said.text, msgctxt=said.context, occurrences=[(name, "") for name in sorted(files)]
        )
        entry.flags = _flags(said.text)
        if said.plural:
            entry.msgid_plural = said.plural
            kept = before.msgstr_plural if before and before.msgid_plural else {}
            entry.msgstr_plural = {number: french(kept.get(number, "")) for number in (0, 1)}
        else:
            entry.msgstr = french(before.msgstr) if before else ""
        new.append(entry)
    return new


def _flags(text: str) -> list[str]:
    percent, brace = PERCENT.search(text), BRACE.search(text)
    return ["python-format"] if percent else ["python-brace-format"] if brace else []


def update() -> None:
    catalogue = updated(read())
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text(f"{catalogue}\n".replace("#\nmsgid", "msgid", 1), encoding="utf-8")
    MO.write_bytes(read().to_binary())


# ---- what can be wrong ----


def missing() -> list[str]:
    """What has no French yet."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in read() if not entry.obsolete}
    gone = []
    for said in sorted(said_by_code(), key=lambda said: said.text):
        entry = known.get((said.context, said.text))
        if entry is None or entry.fuzzy or not all(_translations(entry)):
            gone.append(said.text)
    return gone


def faults() -> list[str]:
    """Everything wrong with what is there: stale, placeholders that differ, typography, a .mo of another day."""
    wrong = []
    catalogue, said = read(), said_by_code()
    if set(said) != {
        Said(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalogue if not entry.obsolete
    }:
        wrong.append("django.po does not hold what code and pages say today: make messages")
    if not MO.exists() or MO.read_bytes() != catalogue.to_binary():
        wrong.append("django.mo is not made from this django.po: make messages")
    for entry in catalogue:
        wrong += [
            f"{entry.msgid[:70]!r}: {fault}"
            for french_ in _translations(entry)
            if (fault := _fault(entry, french_))
        ]
    return wrong


def _translations(entry: polib.POEntry) -> list[str]:
    return (
        [entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural)]
        if entry.msgid_plural
        else [entry.msgstr]
    )


def _fault(entry: polib.POEntry, words: str) -> str | None:
    if not words:
        return None  # counted by missing()
    if entry.fuzzy:
        return "it is fuzzy; look at it and take the mark off"
    allowed = (
        [_placeholders(entry.msgid), _placeholders(entry.msgid_plural)]
        if entry.msgid_plural
        else [_placeholders(entry.msgid)]
    )
    if _placeholders(words) not in allowed:
        return f"its placeholders differ: {words[:70]!r}"
    if entry.msgid.startswith("\n") != words.startswith("\n") or entry.msgid.endswith("\n") != words.endswith(
        "\n"
    ):
        return "one begins or ends with a line break, the other does not"
    if words != french(words):
        return f"typography: {french(words)[:70]!r}"
    return None


def _placeholders(text: str) -> list[str]:
    return sorted(
        [found.group() for found in PERCENT.finditer(text)]
        + [found.group() for found in BRACE.finditer(text)]
    )


def unmarked() -> list[str]:
    """Calls of gettext with something else than a literal: they could never be translated."""
    wrong = []
    for path in sorted((ROOT / "apaise").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in KEYWORDS
                and node.args
            ):
                if isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: give gettext a plain literal")
    return wrong


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["update"]:
        update()
        print(f"{PO.relative_to(ROOT)}: {len(read())} entries, {len(missing())} wait for their French.")
        return 0
    if arguments[:1] == ["missing"]:
        print("\n".join(missing()))
        return 0
    if arguments[:1] != ["check"]:
        print(__doc__)
        return 2
    wrong, gone = faults() + unmarked(), missing()
    for line in wrong:
        print(line)
    if gone:
        print(
            f"{len(gone)} of {len(said_by_code())} have no French; the first: {gone[0][:70]!r}. See: python tools/messages.py missing"
        )
    return 1 if wrong or (gone and "--allow-missing" not in arguments) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
