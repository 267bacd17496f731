"""A part of the stories, large enough to show everything the demo must be able to show."""

import zlib

from apaise.doors.demo.customers import known_customers
from apaise.doors.demo.play import stories

SPECIAL = {"merge", "link", "exclude", "reopen", "withdraw", "extend", "promise"}
EVERY = 8


def some_stories():
    """Every eighth, whatever is special, whatever those refer to, and some of each channel."""
    told = {story["id"]: story for story in stories()}
    chosen = {name for name in told if zlib.crc32(name.encode()) % EVERY == 0}
    for kind in SPECIAL:
        having = [name for name, story in told.items() if any(step["do"] == kind for step in story["steps"])]
        chosen.update(having if kind in ("merge", "exclude") else having[:5])
    for channel in {story["channel"] for story in told.values()}:
        chosen.update([name for name, story in told.items() if story["channel"] == channel][-3:])
    chosen.update(name for name, story in told.items() if story["customer"].get("vip"))
    chosen.update(mandate["story"] for mandate in known_customers()["mandates"])
    # On paper and of these days: something lies on the table to be posted.
    chosen.update(name for name, story in told.items() if "letter" in story and story["days_ago"] < 8)
    chosen.update(
        step["into" if step["do"] == "merge" else "to"]
        for name in sorted(chosen)
        for step in told[name]["steps"]
        if step["do"] in ("merge", "link")
    )
    return [story for name, story in told.items() if name in chosen]
