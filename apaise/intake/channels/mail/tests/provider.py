"""A provider of OAuth2 of our own on loopback: it gives tokens, and tells a mail server what they are worth."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


class Provider(ThreadingHTTPServer):
    """Answers each request for a token with the next of `answers`, and a mail server's questions by `lets_in`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.forget()

    def forget(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answers: list[tuple[int, Any, dict[str, str]]] = []
        self.lets_in: dict[str, str] = {}  # token -> whose mailbox
        self.shown: list[str] = []  # the tokens a mail server asked about

    def says(self, status: int, body: Any, **headers: str) -> None:
        self.answers.append((status, body, headers))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/token"

    @property
    def introspection(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/introspection"

    def worth(self, token: str) -> dict[str, Any]:
        """What RFC 7662 has a provider say of a token."""
        self.shown.append(token)
        user = self.lets_in.get(token)
        return {"active": True, "email": user} if user else {"active": False}


class _Answering(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        given = {name: values[0] for name, values in form.items()}
        if self.path == "/introspection":
            self._answer(200, self.server.worth(given["token"]), {"Content-Type": "application/json"})
            return
        self.server.asked.append(given)
        self._answer(*self.server.answers.pop(0))

    def _answer(self, status: int, body: Any, headers: dict[str, str]) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        pass


__all__ = ["Provider"]
