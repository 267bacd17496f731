"""How mail programs mark history and signatures in their HTML: tables only."""

from __future__ import annotations

import re

# An element that is history as a whole.
HISTORY_CLASSES = frozenset(
    "gmail_quote gmail_quote_container yahoo_quoted yahoo_quoted_begin protonmail_quote tutanota_quote zmail_extra"  # noqa: SIM905
    " ms-outlook-mobile-reference-message ik_mail_quote".split()
)
SIGNATURE_CLASSES = frozenset(
    "gmail_signature gmail_signature_prefix moz-signature ms-outlook-mobile-signature protonmail_signature_block"  # noqa: SIM905
    " tutanota_signature bluemail_signature editorusersignature io-ox-signature signature".split()
)
# An element after which everything is.
HISTORY_IDS = frozenset(
    "divrplyfwdmsg appendonsend olk_src_body_section mail-editor-reference-message-container"  # noqa: SIM905
    " stopspelling zwchr replymessage".split()
)
# The last one is Avast's, whose advertisement has no other name.
SIGNATURE_IDS = frozenset(
    "signature ms-outlook-mobile-signature applemailsignature composer_signature ymail_android_signature _rc_sig"  # noqa: SIM905
    " zm-_id_-sgn canarysig edo-signature dab4fad8-2dd7-40bb-a1b8-4e2aa1f9fdf2".split()
)
# Yahoo puts letters before its classes and figures behind its id.
YAHOO = "yahoo_quoted"
YAHOO_SIGNATURE = re.compile(r"ydp[0-9a-f]{1,12}signature")
# Other attributes: Spark's divisions have names, Zimbra's have markers.
HISTORY_NAMES = frozenset({"messagereplysection"})
SIGNATURE_NAMES = frozenset({"messagesignaturesection"})
HISTORY_MARKERS = frozenset({"__divider__", "__headers__", "__quoted_text__"})
SIGNATURE_MARKERS = frozenset({"__sig_pre__", "__sig_post__"})
# Any of these in the source, in lower case, makes a closer look worth its time.
HISTORY_IN_SOURCE = (
    "gmail_quote", "yahoo_quoted", "protonmail_", "tutanota_", "zmail_extra", "outlook-mobile", "divrplyfwdmsg",
    "appendonsend", "olk_src_body", "reference-message", "stopspelling", "zwchr", "replymessage", "border-top",
    "signature", "messagereplysection", "__divider__", "__headers__", "__quoted_text__",
    "__sig_p", "_rc_sig", "zm-_id_-sgn", "canarysig", "dab4fad8-2dd7", "ik_mail_quote",
)  # fmt: skip
OUTLOOK_BORDER = re.compile(
    r"border-top:(?:solid(?:#?[a-z0-9]{3,10}|rgb\([\d,]{5,11}\))1(?:\.0)?pt|1(?:\.0)?ptsolid)"
)
