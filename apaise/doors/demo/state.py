"""How far the demo is: being told, or all there."""

from apaise.journey.models import Job

DONE = "demo.played"  # unique key of the job row that says the demo is complete
_known_complete = False


def is_complete() -> bool:
    return Job.objects.filter(unique_key=DONE).exists()


def is_filling() -> bool:
    """For the banner of every page: once all is there it stays there, and no page asks again."""
    global _known_complete
    _known_complete = _known_complete or is_complete()
    return not _known_complete
