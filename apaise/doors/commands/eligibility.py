"""Which ways out of a dispute are open, since when and until when.

Reads one JSON object a line and answers one a line, in the same order: a pack, the moment to judge at, and what is
known of the case. What is not known leaves a route "to_check". A line that cannot be answered gets an "error", and
the exit status is 1 at the end.

  echo '{"pack":"uk-fca","as_of":"2026-11-21","facts":{"customer.kind":"consumer"}}' | apaise eligibility --jsonl
"""

import argparse
from typing import Any

from apaise.doors.commands import json_lines
from apaise.doors.commands.json_lines import Answer, Request, Shelf, mapping, needed_value, text
from apaise.lib.working_time import day_or_moment

NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    json_lines.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    return json_lines.run(options, answer)


def answer(request: Request, shelf: Shelf) -> Answer:
    from apaise.ground.packs.eligibility import routes

    pack = shelf.pack(text(request, "pack", needed=True) or "")
    as_of, facts = day_or_moment(needed_value(request, "as_of")), mapping(request, "facts")
    found = routes(pack, facts, as_of, pack.calendar_in(text(request, "region")))
    return {"pack": pack.label, "routes": [_route(route) for route in found]}


def _route(route: Any) -> Answer:
    return {
        "route": route.id,
        "result": route.result,
        "stage": route.stage,
        "opens_on": route.opens_on and route.opens_on.isoformat(),
        "closes_on": route.closes_on and route.closes_on.isoformat(),
        "because": [
            {
                "fact": leaf.fact,
                "op": leaf.op,
                "value": leaf.value,
                "outcome": "unknown" if leaf.outcome is None else leaf.outcome,
            }
            for leaf in route.because
        ],
        "articles": route.articles,
        "human_check": route.human_check,
    }
