"""What a pack makes us say, or forbids us to say, in a kind of message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .pack import Pack
from .predicate import Facts, Moment, evaluate


@dataclass(frozen=True, slots=True)
class Mention:
    id: str
    when: Mapping[str, Any]
    where: tuple[str, ...]
    template: str | None  # the fragment that says it; None is for a person to write, see required_fields
    required_fields: tuple[str, ...]
    forbid: bool
    force: str | None
    source: tuple[str, ...]
    confidence: str
    note: Mapping[str, str] | None

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Mention":
        return cls(
            id=data["id"],
            when=data["when"],
            where=tuple(data["where"]),
            template=data.get("template"),
            required_fields=tuple(data.get("required_fields", ())),
            forbid=data.get("forbid", False),
            force=data.get("force"),
            source=tuple(data["source"]),
            confidence=data["confidence"],
            note=data.get("note"),
        )


@dataclass(frozen=True, slots=True)
class Mentions:
    required: tuple[Mention, ...]
    forbidden: tuple[Mention, ...]
    to_check: tuple[Mention, ...]  # not enough is known: a person decides, whether required or forbidden

    @property
    def fragments(self) -> tuple[str, ...]:
        """What `{{>mandatory_mentions}}` stands for."""
        return tuple(dict.fromkeys(mention.template for mention in self.required if mention.template))


def mentions_for(pack: Pack, where: str, facts: Facts, moment: Moment | None = None) -> Mentions:
    """The mentions for a place such as `final_reply`, `ack` or `holding_update_after_cap`."""
    required: list[Mention] = []
    forbidden: list[Mention] = []
    to_check: list[Mention] = []
    for mention in map(Mention.from_data, pack.mandatory_mentions):
        if where not in mention.where:
            continue
        applies = evaluate(mention.when, facts, moment).result
        if applies is None:
            to_check.append(mention)
        elif applies:
            (forbidden if mention.forbid else required).append(mention)
    return Mentions(tuple(required), tuple(forbidden), tuple(to_check))
