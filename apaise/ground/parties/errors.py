"""What the verbs of this room refuse."""


class NotKept(ValueError):
    """What was given cannot be kept as it is; the text says what and what to do. Nothing has changed."""


class MergeRefused(NotKept):
    """The two cannot be merged, or the merge cannot be undone, now."""
