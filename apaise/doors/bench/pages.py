"""Ask the real WSGI application for pages, as somebody who has signed in: every middleware, no network."""

import io
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apaise.ground.accounts.models import User


class Refused(Exception):
    """A page did not answer as it should; what was measured would mean nothing."""


def sign_in(user: User) -> str:
    """The cookie of a session of this person."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Browser:
    """One person at the pages."""

    def __init__(self, user: User) -> None:
        self._application = get_wsgi_application()
        self._cookie = sign_in(user)

    def get(self, address: str, *, status: int = 200) -> bytes:
        """The page at this address. Raises Refused for any other status."""
        answered: list[str] = []

        def start_response(line: str, headers: Any, problem: Any = None, /) -> Callable[[bytes], object]:
            answered.append(line)
            return answered.append  # type: ignore[return-value]  # nobody writes this way any more

        path, _, query = address.partition("?")
        body = self._application(self._environ(path, query), start_response)
        try:
            page = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        if not answered[0].startswith(f"{status} "):
            raise Refused(f"{address} answered {answered[0]}; {status} was expected.")
        return page

    def queries(self, address: str) -> int:
        """How many questions the page asks the database."""
        with CaptureQueriesContext(connection) as asked:
            self.get(address)
        return len(asked)

    def _environ(self, path: str, query: str) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self._cookie,
            "HTTP_ACCEPT_LANGUAGE": "fr",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
