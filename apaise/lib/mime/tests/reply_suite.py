"""Our own mails for the reading of replies, in replies/*.txt, and their score:

    python -m apaise.lib.mime.tests.reply_suite [--held]

Of each kind every other case is held back: rules are made on the first half, and the second tells whether they
hold. The score of the held half is printed with --held only, so that nobody tunes on it by accident."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from apaise.lib.mime import read
from apaise.lib.mime.tests.mails import mail

FOLDER = Path(__file__).parent / "replies"
ANSWER = {
    "fr": "Bonjour,\n\nToujours rien reçu.\n\nCordialement,\nJeanne Petit",
    "en": "Hello,\n\nStill nothing.\n\nKind regards,\nJane Doe",
}
OTHER_ANSWER = "12 / 45 €.\n\nOK 100 %."
QUOTE = "Bonjour,\n\nVotre dossier 445566 est suivi.\n\nLe service"


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    language: str
    client: str
    subject: str
    text: str
    expected: str
    held: bool

    def outcome(self) -> str:
        return read(mail(self.text, subject=self.subject)).new_text

    def is_right(self) -> bool:
        return words_of(self.outcome()) == words_of(self.expected)


def words_of(text: str) -> list[str]:
    """Lines with something in them: empty ones are a matter of taste."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def cases() -> list[Case]:
    return [*_heads(), *_signatures(), *_whole(), *_mixed()]


def _blocks(file: str) -> Iterator[tuple[str, str, str, bool]]:
    """Language, kind, text, and whether it is held back."""
    language = kind = ""
    count = 0
    for section in FOLDER.joinpath(file).read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, rest = section.partition("\n")
        language, _, kind = title.partition(" ")
        for block in rest.rstrip("\n").split("\n%\n"):
            count += 1
            yield language, kind, block, count % 2 == 0


def _heads() -> Iterator[Case]:
    for language, kind, head, held in _blocks("heads.txt"):
        answer = ANSWER.get(language, OTHER_ANSWER)
        client, _, only_quoted = kind.partition(" ")
        quoted = "\n".join(f"> {line}" for line in QUOTE.split("\n"))
        for way, quote in (("bare", QUOTE), ("quoted", quoted)):
            if way == "bare" and (only_quoted or head.startswith(">")):
                continue
            text = f"{answer}\n\n{head}\n\n{quote}\n"
            yield Case(f"head {way}: {head}", language, client, "Re: Dossier", text, answer, held)


def _signatures() -> Iterator[Case]:
    for language, kind, signature, held in _blocks("signatures.txt"):
        answer = ANSWER.get(language, OTHER_ANSWER)
        text = f"{answer}\n\n{signature}\n"
        yield Case(f"signature: {signature}", language, kind, "Dossier", text, answer, held)


def _whole() -> Iterator[Case]:
    for language, kind, text, held in _blocks("whole.txt"):
        for subject in ("Dossier", "Re: Dossier"):
            yield Case(f"whole ({subject}): {text}", language, f"whole-{kind}", subject, text, text, held)


def _mixed() -> Iterator[Case]:
    for language, kind, block, held in _blocks("mixed.txt"):
        lines = block.split("\n")
        subject = lines.pop(0)[2:] if lines[0].startswith("= ") else "Re: Dossier"
        text = "\n".join(line[1:] for line in lines)
        kept = "\n".join(line[1:] for line in lines if line.startswith("+"))
        yield Case(f"mixed: {block}", language, kind, subject, text, kept, held)


def main() -> None:
    held = "--held" in sys.argv
    seen = [case for case in cases() if case.held == held]
    right, of = Counter[str](), Counter[str]()
    for case in seen:
        good = case.is_right()
        for group in ("all", case.language, f"{case.language} {case.client}"):
            of[group] += 1
            right[group] += good
        if not good:
            print(f"--- {case.language} {case.client} {case.name}\n>>> {case.outcome()}\n")
    for group in sorted(of):
        print(f"{group:24} {right[group]:4} of {of[group]:4}  {100 * right[group] / of[group]:5.1f} %")


if __name__ == "__main__":
    main()
