"""text/enriched (RFC 1896) and its forerunner text/richtext, as a person would read them."""

from __future__ import annotations

import re

ENRICHED = frozenset({"text/enriched", "text/richtext"})
_TOKEN = re.compile(r"<<|<(/?)([A-Za-z0-9-]{1,60})>|(\n+)|[^<\n]+|<")
_SAID = {"nl": "\n", "np": "\n", "lt": "<", "paragraph": "\n"}


def text_of(source: str) -> str:
    """Without its commands and their parameters. A single line end is a space, of several one is left."""
    out: list[str] = []
    unseen = unfilled = 0
    for token in _TOKEN.finditer(source):
        closing, command, breaks = token.groups()
        command = (command or "").lower()
        if command in ("param", "comment"):
            unseen = max(0, unseen + (-1 if closing else 1))
        elif command in ("nofill", "verbatim"):
            unfilled = max(0, unfilled + (-1 if closing else 1))
        elif unseen:
            continue
        elif command:
            out.append(_SAID.get(command, "") if not closing else "")
        elif breaks:
            out.append(breaks if unfilled else " " if len(breaks) == 1 else breaks[1:])
        else:
            out.append("<" if token[0] == "<<" else token[0])
    return "".join(out).strip()
