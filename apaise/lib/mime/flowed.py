"""format=flowed (RFC 3676): lines that end in a space go on in the next one, within one quote depth."""

from __future__ import annotations


def unflow(text: str, *, delete_space: bool) -> str:
    out: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for line in text.split("\n"):
        body = line.lstrip(">")
        at = len(line) - len(body)
        body = body.removeprefix(" ")  # space-stuffing
        if paragraph and at != depth:
            out.append(_quoted(depth, paragraph))
            paragraph = []
        depth = at
        flows = body.endswith(" ") and body != "-- "
        paragraph.append(body[:-1] if flows and delete_space else body)
        if not flows:
            out.append(_quoted(depth, paragraph))
            paragraph = []
    if paragraph:
        out.append(_quoted(depth, paragraph))
    return "\n".join(out)


def _quoted(depth: int, pieces: list[str]) -> str:
    text = "".join(pieces)
    return f"{'>' * depth} {text}" if depth else text
