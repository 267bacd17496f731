"""What can go wrong with a question about time. Every message is one line for a person."""


class WorkingTimeError(ValueError):
    """A question about time that has no answer as it was asked."""


class BadTime(WorkingTimeError):
    """A day, moment, duration or calendar that cannot be read."""


class OutOfRange(WorkingTimeError):
    """The answer lies outside the years 1 to 9999, or further away than we count day by day."""


class NeverDue(WorkingTimeError):
    """A pause without end and without cap holds the clock: there is no due day until it ends."""
