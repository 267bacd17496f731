"""A log line never quotes: neither a library's text nor an error's."""

import json
import logging
import sys

from apaise.lib.logs import Json, Plain

SECRET = "Mme Fontanel a dit"


def record(name="apaise.mail", message="message %s refused", *args, error=False, facts=None):
    caught = None
    if error:
        try:
            raise ValueError(SECRET)
        except ValueError:
            caught = sys.exc_info()
    made = logging.LogRecord(name, logging.ERROR, "gate.py", 12, message, args, caught)
    if facts:
        made.facts = facts
    return made


def test_our_own_words_stand_on_one_line():
    line = Plain().format(record("apaise.mail", "message %s\nrefused", 12))
    assert line.endswith("ERROR apaise.mail: message 12 refused")


def test_an_error_is_named_by_type_and_place_only():
    for form in (Plain(), Json()):
        line = form.format(record(error=True, message="it failed"))
        assert "ValueError: test_logs.py:" in line
        assert SECRET not in line
        assert "\n" not in line


def test_the_words_of_a_library_are_not_repeated():
    for form in (Plain(), Json()):
        line = form.format(record("django.request", "Internal Server Error: /t/%s", SECRET))
        assert SECRET not in line
        assert "error at gate.py:12" in line


def test_json_has_what_was_given_as_facts():
    said = json.loads(Json().format(record(message="request", facts={"route": "tracking", "status": 500})))
    assert (said["event"], said["route"], said["status"], said["level"]) == (
        "request",
        "tracking",
        500,
        "error",
    )
