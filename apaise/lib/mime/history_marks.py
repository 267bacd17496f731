"""How mail programs announce what was written before: tables only, read line by line.

Every repeat is bounded and every pattern is tried on at most LINE_CHARS letters of a line, so no
crafted line is slow. French and English in full; the common heads of German, Spanish, Italian, Dutch."""

from __future__ import annotations

import re

LINE_CHARS = 300
HEAD_LINES = 4  # a head is wrapped by programs that wrap at 76 letters

QUOTED = re.compile(r"[ \t\xa0]{0,3}(?:>|&gt;)")

# "Le lun. 3 mars 2025 à 10:12, Jeanne <j@exemple.test> a écrit :" – how it starts, how it ends, and
# what must stand between, so that "Le technicien a écrit :" stays part of a complaint.
HEAD_START = re.compile(r"\W{0,5}(?:le|on|am|el|il|op|em|den|en date d[eu])\b", re.IGNORECASE)
HEAD_END = re.compile(
    r"(?:\s|,)(?:a\s{1,2}[ée]crit(?: ce qui suit)?|[ée]crivait|wrote|writes|escribi[óo]|ha scritto|escreveu)"
    r"\s{0,3}(:?)\s{0,3}$",
    re.IGNORECASE,
)
# German and Dutch put the name last: "Am 3.3.2025 um 10:12 schrieb Jeanne <j@exemple.test>:"
VERB_BEFORE_NAME = re.compile(r"\s(?:schrieb|schreef)\s", re.IGNORECASE)
HEAD_PROOF = re.compile(r"\d{1,2}\s?[:h]\s?\d{2}|@|\d{1,2}[/.-]\d{1,2}[/.-]\d{2}", re.IGNORECASE)
WEAK_PROOF = re.compile(r"(?:19|20)\d\d")
# The name first: "Jeanne Petit <j@exemple.test> a écrit le lundi 3 mars 2025 :", "X wrote on 3/3/25:"
NAME_FIRST = re.compile(
    r"\s(?:a [ée]crit|wrote|schrieb)\s(?:le|on|am)\s(?:[^\W\d]{1,12}\.?,?\s)?\d", re.IGNORECASE
)
# Older Gmail: "2025-03-03 10:12 GMT+01:00 Jeanne <j@exemple.test>:"
DATE_FIRST = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\s\d{1,2}:\d{2}.{0,150}[>)]\s?:\s{0,3}$")

# "-----Message d'origine-----", "________ De : …", "Message du 03/03/25 10:12"
DIVIDER = re.compile(
    r"\W{0,80}(?:message d[’']origine|message original|message initial|courriel original|mail original|e-mail d[’']origine"
    r"|original (?:message|e-?mail|appointment)|urspr[üu]ngliche nachricht|mensaje original|messaggio originale"
    r"|oorspronkelijk bericht|reply message|r[ée]ponse au message)\W{0,80}$",
    re.IGNORECASE,
)
WEBMAIL_HEAD = re.compile(
    r"\W{0,3}message du \d{1,2}/\d{1,2}/\d{2,4}(?:\s(?:à\s)?\d{1,2}[:h]\d{2})?\W{0,3}$", re.IGNORECASE
)
RULE = re.compile(r"[ \t]{0,3}[_=*-]{5,300}[ \t]{0,3}$")

# What a customer forwards is what they want read: it is theirs, not history.
FORWARDED = re.compile(
    r"\W{0,80}(?:forwarded message|begin forwarded message|message transf[ée]r[ée]|message r[ée]exp[ée]di[ée]"
    r"|d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])|courriel transf[ée]r[ée]"
    r"|weitergeleitete nachricht|anfang der weitergeleiteten nachricht)\W{0,80}$"
    r"|-{3,80}\s?(?:forwarded by|transf[ée]r[ée] par)\s",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(r"\s{0,5}(?:tr|fw|fwd|wg|rv|i|transf[ée]r[ée]?)\s{0,3}:", re.IGNORECASE)
REPLY_SUBJECT = re.compile(
    r"\s{0,5}(?:re|r[ée]p|r[ée]f|aw|sv|antw|rif)\s{0,3}(?:\[\d{1,3}\])?\s{0,3}:", re.IGNORECASE
)

# Labels of a copied header block. From, then a date or a recipient, within a few lines.
_LABEL = r"[\W_]{{0,5}}(?:{0})[*_]{{0,2}}\s{{0,3}}:[*_]{{0,2}}(?:\s|$)"
FROM_LABEL = re.compile(_LABEL.format("de|from|von|exp[ée]diteur|da|van|envoy[ée] par"), re.IGNORECASE)
SENT_LABEL = re.compile(
    _LABEL.format("envoy[ée](?: le)?|date(?: d[’']envoi)?|sent|gesendet|datum|enviado|inviato|verzonden"),
    re.IGNORECASE,
)
OTHER_LABEL = re.compile(
    _LABEL.format(
        "[àa]|to|an|para|aan|destinataires?|objet|subject|sujet|betreff|asunto|oggetto|onderwerp|cc|copie(?: [àa])?"
        "|importance|pi[èe]ces? jointes?|r[ée]pondre [àa]|reply-to"
    ),
    re.IGNORECASE,
)
BLOCK_LINES = 7

SIGNATURE = re.compile(r"--$")  # of a stripped line
SIGNATURE_LINES = 15  # longer than that, the dashes only separate two points of a letter
_PHONES = (
    r"(?:mon|ma|notre|my|meinem?|mi|un|a)\s{1,2}"
    r"(?:i[’']?phone|ipad|ipod|mac|t[ée]l[ée]phone|mobile|smartphone|samsung|galaxy|android|blackberry|huawei|xiaomi"
    r"|redmi|oppo|honor|pixel|sony|nokia|motorola|oneplus|tablette|tablet|phone|appareil|device|handy)"
)
_APPS = (
    r"(?:outlook|yahoo|gmail|proton|bluemail|samsung|aol|gmx|k-9|fairemail|laposte|la poste mail|orange mail|sfr mail"
    r"|free mail|mail (?:for|pour)|courrier (?:for|pour)|l[’']application|the .{1,20} app)"
)
MOBILE_SIGNATURE = re.compile(
    r"[\W_]{0,5}(?:"
    r"(?:envoy[ée]e?|sent|gesendet|enviado|inviato|verzonden)(?: à partir)?"
    rf"\s{{1,2}}(?:d[e’']|depuis|via|avec|from|with|von|desde|da)\s{{0,2}}(?:{_PHONES}|{_APPS})\b.{{0,60}}"
    r"|t[ée]l[ée]charge[rz] outlook pour .{1,40}|obtenez outlook pour .{1,40}|get outlook for .{1,40}|get bluemail.{0,60}"
    r"|outlook (?:pour|for) (?:ios|android|mobile)|provenance : .{3,60}"
    r"|(?:cet? e-?mail|ce courriel|this e-?mail) .{0,40}(?:anti)?virus.{0,60}|virus-free\..{0,60}|(?:garanti )?sans virus\..{0,60}"
    r")\s{0,3}$",
    re.IGNORECASE,
)

# HTML: an element that is history as a whole, and one after which everything is.
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
