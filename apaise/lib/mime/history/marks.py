"""How mail programs mark history and signatures in their HTML: tables only."""

from __future__ import annotations

import re

# An element that is history as a whole, and one after which everything is.
HISTORY_CLASSES = frozenset(
    "gmail_quote gmail_quote_container yahoo_quoted yahoo_quoted_begin moz-cite-prefix moz-signature"  # noqa: SIM905
    " gmail_signature protonmail_quote tutanota_quote zmail_extra ms-outlook-mobile-signature"
    " ms-outlook-mobile-reference-message moz-email-headers-table".split()
)
HISTORY_IDS = frozenset(
    "divrplyfwdmsg appendonsend olk_src_body_section mail-editor-reference-message-container"  # noqa: SIM905
    " stopspelling zwchr replymessage".split()
)
SIGNATURE_IDS = frozenset({"signature", "ms-outlook-mobile-signature", "applemailsignature"})
# Any of these in the source, in lower case, makes a closer look worth its time.
HISTORY_IN_SOURCE = (
    "gmail_quote", "gmail_signature", "yahoo_quoted", "moz-cite-prefix", "moz-signature", "protonmail_quote",
    "tutanota_quote", "zmail_extra", "outlook-mobile", "divrplyfwdmsg", "appendonsend", "olk_src_body",
    "reference-message", "stopspelling", "zwchr", "replymessage", "border-top", "signature",
)  # fmt: skip
OUTLOOK_BORDER = re.compile(r"border:none;border-top:solid#?[a-z0-9]{3,10}1(?:\.0)?pt")
