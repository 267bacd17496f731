"""A story of the data files, and one moment of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from apaise.doors.demo.dates import fill
from apaise.ground.accounts.models import User
from apaise.ground.packs.choose import active_packs
from apaise.intake.cases.models import Case


@dataclass
class Story:
    """One case of the data files, with its case once it is open."""

    data: dict[str, Any]
    received: datetime
    case: Case | None = None

    def text(self, text: str, written: datetime) -> str:
        """The text with its dates filled in."""
        return fill(
            text,
            language=self.data["language"],
            received=self.received.date(),
            written=written.date(),
            is_open=is_open,
        )

    def first_words(self) -> str:
        return self.text(self.data["text"], self.received).strip()


class Scene(NamedTuple):
    """One step of one story."""

    case: Case
    act: dict[str, Any]
    story: Story
    at: datetime
    others: dict[str, Story]  # every story by its id

    @property
    def who(self) -> User:
        return colleague(self.act["who"])

    def text(self, key: str) -> str:
        return self.story.text(str(self.act[key]), self.at).strip()

    def day_after(self, days: int) -> date:
        return self.at.date() + timedelta(days=days)

    def other(self, key: str) -> Case:
        """The case of another story, as it is now."""
        other = self.others[self.act[key]].case
        assert other is not None, f"{self.act[key]} is not received yet"
        other.refresh_from_db()
        return other


@cache
def colleague(login: str) -> User:
    """Somebody of ours, by the name before the @. Roles and teams stay the same while a story is told."""
    found = User.objects.prefetch_related("role_grants", "memberships")
    return found.get(email__startswith=f"{login}@")


def is_open(day: date) -> bool:
    return day.toordinal() in calendar().business


@lru_cache(maxsize=1)
def calendar() -> Any:
    return active_packs()[-1].calendar
