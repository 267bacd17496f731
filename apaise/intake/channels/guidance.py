"""A card for whoever stands in front of somebody angry, or has them on the line; its content is `deescalation.yaml`."""

from functools import lru_cache
from typing import Any, NamedTuple

import yaml
from django.utils.translation import gettext_lazy as _

from apaise.ground.packs import DATA

# The codes of deescalation.yaml in words; a test checks that each one has some.
DO = {
    "smile_in_voice": _("Let your smile be heard"),
    "lower_volume": _("Speak a little lower than they do"),
    "backchannel_every_8_to_15_s": _("Show every ten seconds that you are there: “yes”, “I see”"),
    "summarise_before_hold": _("Sum up before you put anybody on hold"),
    "call_back_at_fixed_time": _("Promise a call at an hour, and keep it"),
    "written_recap_after_call": _("Offer to write it all down for them"),
    "offer_seat": _("Offer a seat"),
    "move_away_from_public": _("Leave the queue together for a calm place"),
    "side_by_side_not_across": _("Sit beside them rather than across the desk"),
    "nod": _("Nod; keep your hands open and in sight"),
    "write_the_recap_together": _("Turn the screen and write the recap together"),
    "exit_kept_clear": _("Leave the way to the door free, for them and for you"),
}
DONT = {
    "cold_transfer": _("Pass them on without explaining their case first"),
    "hold_over_2_min": _("Leave them on hold for more than two minutes"),
    "ask_to_repeat_history": _("Ask for what they told us already"),
    "crossed_arms": _("Cross your arms"),
    "turn_to_screen": _("Turn to your screen while they speak"),
    "crowd_around": _("Come with several colleagues"),
    "touch": _("Touch them, even kindly"),
}


class Card(NamedTuple):
    """What to mind, how to begin, what to do and what not."""

    priorities: str
    opening: str
    do: list[Any]
    dont: list[Any]


def card_for(channel: str, language: str) -> Card | None:
    """None where the data has nothing for this channel."""
    known = _channels().get(channel)
    if known is None or not known.get("do"):
        return None
    code = "en" if language == "en" else "fr"
    return Card(
        known["priorities"][code],
        known.get("open", {}).get(code, "").partition(". ")[2],  # without the name, which everybody says
        [DO[one] for one in known["do"] if one in DO],
        [DONT[one] for one in known.get("dont", ()) if one in DONT],
    )


@lru_cache(maxsize=1)
def _channels() -> dict[str, Any]:
    text = (DATA / "deescalation.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader)["channels"])
