"""What this machine can do at best, measured in the same run: the figures of the product mean little without them."""

import email
import email.policy
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from apaise.doors.bench.bulk.load import MANAGER
from apaise.doors.bench.letters import letters
from apaise.doors.bench.measure import Times, timed
from apaise.doors.bench.report import Line
from apaise.doors.workspace.cases import listing
from apaise.ground.accounts.models import User
from apaise.intake.channels.models import file_store
from apaise.lib.mime import read

TIMES = 200
_PAGE = (
    "SELECT c.id, c.reference, c.title, c.state, c.urgent_at, p.name FROM cases_case c JOIN parties_person p"
    " ON p.id = c.complainant_id WHERE c.urgent_at > '1900-01-01' ORDER BY c.urgent_at, c.id LIMIT 50"
)


def measure(cases: int, at: datetime, *, many: int = TIMES) -> Iterator[Line]:
    yield Line.of("limits.commit", "limit: one durable commit", _commits(many), cases)
    yield Line.of("limits.file", "limit: a file of 24 kB, durable", _files(many), cases)
    yield Line.of("limits.page", "limit: 50 rows by index, raw SQL", _index_page(many), cases)
    yield Line.of("limits.template", "limit: the template of the list, 50 rows", _template(many), cases)
    raws = [letter.raw for letter in letters(min(many, 100), "limits", at)]
    size = sum(map(len, raws)) / len(raws)
    for key, what, parse in (
        ("limits.email_default", "limit: Python's email, default policy, all parts decoded", _by_default_policy),
        ("limits.email_compat32", "limit: Python's email, compat32, structure only", email.message_from_bytes),
        ("limits.parse", "our own reading of a mail", read),
    ):  # fmt: skip
        yield Line.of(key, what, timed(partial(parse, raw) for raw in raws), cases, bytes=size)


def _commits(many: int) -> Times:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_commits (id INTEGER)")
        times = timed((lambda: cursor.execute("INSERT INTO bench_commits VALUES (1)")) for _ in range(many))
        cursor.execute("DROP TABLE bench_commits")
    return times


def _files(many: int) -> Times:
    store = file_store()
    contents = [f"{number:06d}".encode() * 4096 for number in range(many)]
    return timed(partial(store.keep, content) for content in contents)


def _index_page(many: int) -> Times:
    with connection.cursor() as cursor:

        def page() -> None:
            cursor.execute(_PAGE)
            cursor.fetchall()

        page()
        return timed(page for _ in range(many))


def _template(many: int) -> Times:
    request = RequestFactory().get("/desk/cases?view=team")
    request.user = User.objects.get(email=MANAGER)
    template = engines["jinja2"].get_template("workspace/cases/list.html")
    with translation.override("fr"):
        shown = listing.context_of(request)
        template.render(shown, request)
        return timed((lambda: template.render(shown, request)) for _ in range(many))


def _by_default_policy(raw: bytes) -> None:
    whole = email.message_from_bytes(raw, policy=email.policy.default)
    for part in whole.walk():
        part.get_payload(decode=True)
    for name in ("from", "to", "subject", "date"):
        str(whole[name])
