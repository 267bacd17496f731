"""A mailbox of our own for the journal's tests: as much of IMAP (RFC 3501) as reading it needs, and a few ways to break."""

import re
import socketserver
import threading
from contextlib import contextmanager

_SEARCH = re.compile(rb'SEARCH HEADER Message-ID "?([^" ]+)"?', re.I)


class Mailbox(socketserver.ThreadingTCPServer):
    """Holds mails by their Message-ID; `breaks` is the command at which it hangs up."""

    daemon_threads = True

    def __init__(self, breaks=b"", folder=b"INBOX"):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.holds, self.breaks, self.folder, self.heard = set(), breaks, folder, []

    @property
    def url(self):
        return f"imap://journal:s%40cret@127.0.0.1:{self.server_address[1]}/{self.folder.decode()}"


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _blank, command = line.rstrip(b"\r\n").partition(b" ")
            self.server.heard.append(command)
            if self.server.breaks and command.upper().removeprefix(b"UID ").startswith(self.server.breaks):
                return
            for answer in self._answers(command):
                self.wfile.write(answer + b"\r\n")
            status = b"OK" if self._is_fine(command) else b"NO"
            self.wfile.write(tag + b" " + status + b" done\r\n")
            if command.upper() == b"LOGOUT":
                return

    def _is_fine(self, command):
        if command.upper().startswith(b"LOGIN"):
            return command.endswith(b'"s@cret"')
        return not command.upper().startswith(b"EXAMINE") or self.server.folder in command

    def _answers(self, command):
        if command.upper() == b"CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1"]
        if command.upper().startswith(b"EXAMINE"):
            return [b"* 3 EXISTS", b"* OK [UIDVALIDITY 1] valid", b"* OK [UIDNEXT 4] next"]
        if asked := _SEARCH.search(command):
            return [b"* SEARCH 2" if asked[1].decode() in self.server.holds else b"* SEARCH"]
        return [b"* BYE"] if command.upper() == b"LOGOUT" else []


@contextmanager
def serving(**how):
    """A mailbox that answers until the block ends."""
    with Mailbox(**how) as mailbox:
        thread = threading.Thread(target=mailbox.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield mailbox
        finally:
            mailbox.shutdown()
            thread.join(20)
