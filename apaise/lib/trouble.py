"""Name an error for a log without its text: the text may quote a customer."""

import traceback
from pathlib import Path


def where(problem: BaseException) -> str:
    """Type and place: `KeyError at receive.py:55`."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(problem).__name__}{place}"
