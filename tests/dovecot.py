"""A real IMAP server on loopback for the tests: Dovecot, with a folder and free ports of its own."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from imapclient import IMAPClient

USER, PASSWORD = "reclamations@exemple.test", "mot-de-passe-du-bureau"
PATIENCE = 20.0

_CONF = """
protocols = imap
base_dir = {root}/run
state_dir = {root}/run
log_path = {root}/log
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
ssl = yes
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login {token_mechanisms}
mail_location = maildir:{root}/mail/%u
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 1
imap_capability = {capability}
mail_max_userip_connections = 100
auth_failure_delay = 0
{by_token}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={root}/mail/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""

_BY_TOKEN = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {root}/oauth2.conf
}}
"""
# Dovecot asks the provider about each token it is shown (RFC 7662).
_PROVIDER = """
introspection_mode = post
introspection_url = {introspection}
active_attribute = active
active_value = true
username_attribute = email
"""


class Dovecot:
    """One server; `deliver` puts a mail there as any mail server would, `client` looks at it from outside.

    introspection   where a provider of OAuth2 tells what a token is worth; with it XOAUTH2 is offered"""

    def __init__(self, root: Path, *, capability: str = "", introspection: str = "") -> None:
        self.root, self.capability, self.introspection = root, capability, introspection
        self.port, self.tls_port = _free_ports(2)
        self.certificate = root / "cert.pem"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        (self.root / "mail").mkdir(parents=True, exist_ok=True)
        self._make_certificate()
        conf = self._write_conf()
        binary = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert binary
        self._process = subprocess.Popen(
            [binary, "-F", "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=(self.root / "err").open("ab")
        )
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with closing(socket.create_connection(("127.0.0.1", self.port), 1)) as wire:
                    if wire.recv(10).startswith(b"* OK"):
                        return
            except OSError:
                pass
            assert time.monotonic() < until and self._process.poll() is None, self.said()
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(PATIENCE)

    def said(self) -> str:
        return "".join(
            (self.root / name).read_text(errors="replace")
            for name in ("log", "err")
            if (self.root / name).exists()
        )

    @contextmanager
    def client(self, folder: str = "INBOX") -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=PATIENCE) as client:
            client.login(USER, PASSWORD)
            client.select_folder(folder)
            yield client

    def deliver(self, *mails: bytes, flags: tuple[bytes, ...] = (), folder: str = "INBOX") -> None:
        with self.client() as client:
            for mail in mails:
                client.append(folder, mail, flags)

    def flags(self, folder: str = "INBOX") -> dict[int, set[bytes]]:
        """The flags of each message, but for \\Recent."""
        with self.client(folder) as client:
            told = client.get_flags(client.search(["ALL"])) if client.search(["ALL"]) else {}
        return {uid: set(flags) - {b"\\Recent"} for uid, flags in told.items()}

    def renumber(self) -> None:
        """Give the folder a new UIDVALIDITY, as after a restored backup: the mails stay, their numbers are others."""
        with self.client() as client:
            uids = client.search(["ALL"])
            held = [
                (uid, told[b"BODY[]"], told[b"FLAGS"])
                for uid, told in client.fetch(uids, ["BODY.PEEK[]", "FLAGS"]).items()
            ]
            before = client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"]
        box = self.root / "mail" / USER
        for index in box.glob("dovecot*"):
            index.unlink()
        (box / "dovecot-uidlist").write_text(f"3 V{before + 1000} N1 G0123456789abcdef0123456789abcdef\n")
        if os.getuid() == 0:
            shutil.chown(box / "dovecot-uidlist", "dovecot", "dovecot")
        with self.client() as client:
            now = client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"]
            assert now != before and len(client.search(["ALL"])) == len(held), (before, now)

    def _write_conf(self) -> Path:
        me = pwd.getpwuid(os.getuid()).pw_name
        as_root = os.getuid() == 0
        mail = "dovecot" if as_root else me
        if as_root:
            self.root.chmod(0o711)  # its servers run as another user
            shutil.chown(self.root / "mail", "dovecot", "dovecot")
        if self.introspection:
            (self.root / "oauth2.conf").write_text(_PROVIDER.format(introspection=self.introspection))
        conf = self.root / "dovecot.conf"
        conf.write_text(
            _CONF.format(
                root=self.root, port=self.port, tls_port=self.tls_port, password=PASSWORD,
                internal="dovecot" if as_root else me, internal_group="dovecot" if as_root else _group(),
                login="dovenull" if as_root else me, mail_user=mail, mail_group=mail if as_root else _group(),
                capability=self.capability, token_mechanisms="xoauth2 oauthbearer" if self.introspection else "",
                by_token=_BY_TOKEN.format(root=self.root) if self.introspection else "",
            )
        )  # fmt: skip
        return conf

    def _make_certificate(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", str(self.root / "key.pem"), "-out", str(self.certificate)],
            check=True, capture_output=True,
        )  # fmt: skip


@contextmanager
def running(**settings: str) -> Iterator[Dovecot]:
    """A server for as long as it is needed. Not in pytest's folder: another pytest takes others' rights to it away."""
    with tempfile.TemporaryDirectory(prefix="apaise-dovecot-", ignore_cleanup_errors=True) as root:
        server = Dovecot(Path(root), **settings)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _group() -> str:
    return grp.getgrgid(os.getgid()).gr_name


def _free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


__all__ = ["PASSWORD", "USER", "Dovecot", "running"]
