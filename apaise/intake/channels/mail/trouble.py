"""What is in the way between us and a mailbox: a code to keep, and a sentence for who must mend it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS = {
    "no_such_host": gettext_lazy("There is no server of this name. Check the server's name."),
    "refused": gettext_lazy("The server takes no connection on this port. Check the port, and that it runs."),
    "silent": gettext_lazy("The server does not answer. Check its name and port, and the firewall between."),
    "certificate": gettext_lazy("The server's certificate is not accepted. Have it renewed, or use the name it is made out to."),
    "no_tls": gettext_lazy("The server does not speak TLS on this port. Try STARTTLS, or port 993."),
    "no_starttls": gettext_lazy("The server offers no STARTTLS. Use TLS on port 993; the password is not sent in the clear."),
    "plain_refused": gettext_lazy("Without encryption only a server on this machine may be used. Choose TLS, or set IMAP_PLAIN=yes."),
    "login_refused": gettext_lazy("The server does not let us in. Check the user and the password; some need a password for applications."),
    "no_oauth2": gettext_lazy("The server offers no sign-in by OAuth2 (XOAUTH2). Use a password."),
    "no_secret": gettext_lazy("No password or token is set. Type it again."),
    "sealed": gettext_lazy("The password kept cannot be opened: the secret key was changed. Type it again, or set APAISE_OLD_SECRET_KEYS."),
    "token_refused": gettext_lazy("The provider gives no access. Check client and secret, and sign in there again for a new refresh token."),
    "token_unreachable": gettext_lazy("The provider's address for tokens cannot be reached. Check the address, and that this machine may go there."),
    "token_odd": gettext_lazy("The address for tokens answers something else than a token. Check the address."),
    "token_not_taken": gettext_lazy("The mail server does not take the provider's token. Check that the user is the account that gave access, and that access to mail by IMAP is among the rights it gave; then sign in there again for a new refresh token."),
    "no_folder": gettext_lazy("The server does not open this folder. Check its name, as the server writes it."),
    "no_uids": gettext_lazy("The server gives messages no lasting numbers (UIDVALIDITY); we could not tell new from old."),
    "cannot_mark": gettext_lazy("Mail comes in, but the server does not let us mark, move or delete it. Check the rights on the folder."),
    "dropped": gettext_lazy("The connection broke off. It is tried again by itself."),
    "server_refused": gettext_lazy("The server refuses what we ask. It is tried again by itself."),
    "garbled": gettext_lazy("The server answers what no mail server says. Check name and port; it is tried again by itself."),
    "no_room": gettext_lazy("What came could not be kept: the disk is full, or the database away. The mail waits on its server."),
}  # fmt: skip
TO_MEND = frozenset(WORDS) - {"silent", "refused", "dropped", "server_refused", "garbled", "no_room", "token_unreachable"}  # fmt: skip


class Trouble(Exception):
    """A mailbox cannot be used now. `detail` is what the machine said: an address, an answer; never a secret."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = " ".join("".join(sign if sign.isprintable() else " " for sign in detail).split())[:200]


def said(code: str, detail: str = "") -> str:
    """One or two sentences for a person."""
    words = str(WORDS.get(code, code))
    return (
        _("%(words)s (The machine says: %(detail)s)") % {"words": words, "detail": detail}
        if detail
        else words
    )
