"""Pytest plugin: a data folder of its own for each test process, set before Django reads its settings."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_memory = Path("/dev/shm")  # noqa: S108  (a folder in memory where there is one: a thousand durable commits cost nothing)
FOLDER = tempfile.mkdtemp(prefix="apaise-test-", dir=_memory if os.access(_memory, os.W_OK) else None)
Path(FOLDER, "static").mkdir()  # the pages' file server looks for it, even while it is empty
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

os.environ.update(
    APAISE_DATA=FOLDER, APAISE_SECRET_KEY="a key for tests only", APAISE_URL="http://testserver"
)
os.environ["LC_ALL"] = (
    "C.UTF-8"  # commands answer in English here, whatever the terminal of whoever runs the tests
)
for name in ("APAISE_DEMO", "APAISE_DESKS", "SMTP_URL", "APAISE_PACK", "APAISE_PACKS", "APAISE_LANGUAGE"):
    os.environ.pop(name, None)

from apaise.config.start import use_newer_sqlite  # noqa: E402

use_newer_sqlite()

from hypothesis import HealthCheck, settings  # noqa: E402

# The same examples each time, so that a change is judged by what it changes; HYPOTHESIS_RANDOM=1 looks for new ones.
# How long making an example takes says how busy the machine is, and fails nothing.
settings.register_profile(
    "same",
    derandomize=not os.environ.get("HYPOTHESIS_RANDOM"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("same")
