"""A task's word for "not now"."""

from datetime import timedelta


class NotNow(Exception):
    """The work cannot be done yet and is to be tried again, after `after` or after a growing pause.

    The text is for the administrator: no customer's words in it."""

    def __init__(self, problem: str, after: timedelta | None = None) -> None:
        super().__init__(problem)
        self.after = after
