"""Lines that a phone, an application or a virus scanner adds: "Envoyé de mon iPhone", "Get Outlook for iOS".

"Envoyé depuis trois semaines, mon colis…" is a complaint: after the thing only its maker, its model, an address
or an excuse for typing errors may follow. What is "mine" may be any name in capitals: makers come and go."""

from __future__ import annotations

import re

_SENT = (
    r"(?:(?:(?:ce|cet) )?(?:message|e-?mail|mail|courriel) (?:a [ée]t[ée] |est )?|this (?:message|e-?mail) was )?(?:envoy[ée]e?|exp[ée]di[ée]|[ée]crit|r[ée]dig[ée]|sent|gesendet|enviado"
    r"|enviada|inviato|inviata|verzonden|verstuurd|wys[łl]an[eoy]|skickat|skickades|sendt|l[äa]hetetty)"
)
_FROM = (
    r"(?: (?:[àa] partir|par l['’]interm[ée]diaire))?\s{1,2}(?:de |du |d['’]\s?|des |depuis |via |avec |par |sur |from |with |using |on |by |von |vom |mit |[üu]ber"
    r" |aus |desde |con |da |dal |dall['’]\s?|con |vanaf |vanuit |met |do |da |pelo |pela |z |ze |za pomoc[ąa] |fr[åa]n |med |fra )"
)
_MINE = r"(?:mon|ma|notre|un|une|le|la|my|the|a|an|our|meinem?|meiner|einem|der|dem|mi|un|il|mio|mijn|een|de|het|meu|minha|o|a|mojego|mojej|min|mitt)"
_DEVICE = (
    r"i[’']?(?:phone|pad|pod)[’']?\w{0,4}|mac(?:book)?|t[ée]l[ée]phone|montre|portable|(?:mobile\s)?phone|mobile|smartphone|samsung|galaxy|android|blackberry"
    r"|huawei|xiaomi|redmi|oppo|honor|pixel|sony|xperia|nokia|lumia|motorola|oneplus|wiko|htc|tablette|tablet|(?:mobile\s)?appareil|device|handy|handheld"
    r"|(?:[\w-]{1,12}-)?ger[äa]t|m[óo]vil|celular|telefono|tel[ée]fono|tel[ée]fonu|telefonu|telefoon|telefon|mobil\w{0,4}|tablet[ay]?|dispositivo|cellulare|ordinateur"
    r"|verizon|t-mobile|vodafone|at&t|apple watch|windows phone|windows mobile|fairphone|realme|poco|vivo|alcatel|asus|zenfone|google pixel"
)
_APPLICATION = (
    r"(?:la messagerie (?:s[ée]curis[ée]e )?)?(?:outlook|yahoo!?|gmail|proton|protonmail|bluemail|spark|aol|gmx|web\.de|k-9|fairemail|hotmail|icloud|libero"
    r"|superhuman|airmail|edison|thunderbird|tutanota|tuta|zoho|mailo|ionos|t-online|samsung email|nine|aquamail|mail\.ru|alto|boxer|canary|mailspring|em client|blue mail|mymail|polymail|newton|windows mail|infomaniak|netcourrier|mailfence|hushmail)"
    r"|(?:la messagerie |le webmail |l['’]application |mon |mail )?(?:la ?poste|orange|sfr|free|bouygues|bbox|numericable)\b"
    r"|(?:l['’]application|l['’]appli|la app|der|die|de|the(?: all new)?|dall['’]app) (?:mail |mobile |yahoo |aol |gmx |web\.de |app )?[\w.]{2,12}"
    r"(?: mail| app| mobile){0,2}"
    r"|mail (?:for|pour|f[üu]r|para|per|voor)\b|courrier (?:for|pour)\b"
)
# What may follow, word by word: a maker or model in capitals or figures, small words between them; never a day.
_DAY = r"(?!(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|march|april)\b)"
_MODEL = re.compile(
    rf"{_DAY}(?:(?-i:[A-Z0-9+!])[\w.+!&'’™®-]{{0,20}}|an?|r[ée]seau|portable|pro|perso|professionnel|personnel|f[öo]r|de|du|d['’]\w{{1,15}}|sur|sous|pour|avec|on|for|with|f[üu]r|auf|mit|para|en|no|per|su|voor|til"
    r"|dla|mobile|mobil|mail|email|e-mail|smartphone|phone|tablet|tablette|samsung|galaxy|android|ios|ipad|iphone|windows|secure|messagerie"
    r"|s[ée]curis[ée]e|app|device|wireless|4g|5g|lte|orange|[\w-]{1,12}-smartphone)?",
    re.IGNORECASE,
)
_MOST_WORDS = 9
# Around a name of the line or below it: "Provenance : Courrier<https://…> pour Windows".
_LINKS = re.compile(r"\s{0,2}[<(\[]\s?(?:https?://|#)[^\s<>()\[\]]{1,400}[>)\]]?|(?<!\S)https?://\S{1,400}")
_EXCUSE = re.compile(
    r"[\s.,;:!–-]{1,4}(?:veuillez|merci (?:de m|d['’]excuser|pour votre)|d[ée]sol|excus|pardon|please|sorry|forgive|apolog|verzeih|entschuld|bitte|disculp"
    r"|scusa|mi scuso).{0,120}$",
    re.IGNORECASE,
)
_GET = (
    r"(?:t[ée]l[ée]charge[rz]|obtene[rz]|obtenir|get|download|holen sie sich|laden sie|obtener|obt[ée]n|descargar?|ottieni|scarica|obter|obtenha|baixar|pobierz"
    r"|uzyskaj|h[äa]mta|hent|skaff deg|hanki|lataa)"
)
_SENT_BY = re.compile(rf"[\W_]{{0,8}}{_SENT}{_FROM}", re.IGNORECASE)
_THING = re.compile(rf"(?:{_MINE}\s)?(?:{_APPLICATION}|{_DEVICE})[™®]?(?![\w@])", re.IGNORECASE)
# "Envoyé de mon Fairphone 4": names alone, but none of a place in which things are done.
_MY_THING = re.compile(
    r"(?:mon|ma|my|mi|mio|mijn|meu)\s(?!(?:espace|compte|bureau|agence|account|home|office)\b)"
    r"(?-i:[A-Z])[\w'’™®+-]{1,20}(?:\s(?-i:[A-Z0-9])[\w'’™®+-]{0,20}){0,4}\s?[.!]?$",
    re.IGNORECASE,
)
_FOR = r"(?:pour|for|f[üu]r|para|per|voor|til|dla|p[åa]|na|no|f[öo]r)"
_LINE = re.compile(
    r"[\W_]{0,8}(?:"
    r"l[äa]hetetty (?:iphone|ipad|samsung|android|huawei|puhelime|[\w-]{3,20}puhelime)[\w-]{0,10}\W{0,3}$"
    rf"|(?:diese nachricht wurde )?von (?:meinem?|meiner) (?:{_DEVICE})(?:\s(?-i:[A-Z0-9])[\w+-]{{0,20}}){{0,4}}(?: mit [\w. -]{{2,30}})? (?:gesendet|geschickt)"
    r"\W{0,3}$"
    rf"|{_GET} (?:de |o |l['’]application |the |program |aplikacj[ęe] |app )?(?:outlook|bluemail|spark|yahoo mail|gmail)(?: {_FOR} \w{{2,8}}(?: \w{{2,8}})?)?"
    r"\W{0,3}$"
    rf"|outlook {_FOR} (?:ios|android|mobile)(?: downloaden| herunterladen)?\W{{0,3}}$"
    rf"|{_SENT}\s\w{{2,5}}\stuta(?:nota)?\b.{{0,120}}$"
    r"|(?:provenance|von|from|da|de|van)\s?: (?:courrier|mail|correo|posta) (?:pour|for|f[üu]r|para|per|voor) windows(?: (?:phone|mobile|1[01]|8(?:\.1)?))?\W{0,3}$"
    r"|yahoo mail\s?: (?:recherchez, organisez, gérez|rechercher, organiser, conquérir|search, organize, conquer)\W{0,3}$"
    r")",
    re.IGNORECASE,
)
_SCANNER = r"(?:(?:anti)?virus|avast|avg|eset|norton|kaspersky|bitdefender|mcafee|malware)"
_SCANNED = re.compile(
    r"[\W_]{0,40}(?:"
    r"(?:cet? e-?mail|ce courriel|ce courrier|ce (?:message|mail)|le message|this e-?mail|this message|diese e-?mail|este (?:correo|mensaje)|questa e-?mail)"
    rf"(?: [ée]lectronique| entrant| sortant)? (?:a [ée]t[ée] (?:v[ée]rifi|analys|contr[ôo]l|scann)|est garanti sans|ne contient (?:aucun|pas de)|has been (?:checked|scanned)"
    rf"|was (?:checked|scanned)|is (?:virus[ -]free|free from)|wurde .{{0,20}}(?:gepr[üu]ft|gescannt)|ha sido|[èe] stata|se ha|foi).{{0,80}}\b{_SCANNER}\b.{{0,60}}"
    r"|l['’]absence de virus dans ce .{0,120}"
    r"|(?:mail |e-?mail )?garanti sans virus\W{0,3}(?:\s?www\..{0,60})?"
    r"|(?:mail |e-?mail )?(?:sans virus|virus-free|virenfrei|libre de virus|senza virus|privo di virus)\W{0,3}\s?www\..{0,60}"
    r"|information provenant d['’]eset .{0,150}"
    r")$"
    r"|(?:https?://|www\.)[^\s]{0,40}(?:avast|avg|eset|antivirus)[^\s]{0,200}$",
    re.IGNORECASE,
)
_LONGEST = 240


def is_mobile_line(line: str) -> bool:
    """Whether this line, or a paragraph in one line, was added by a program below what the writer said."""
    if "://" in line or "<#" in line:
        if _SCANNED.match(line):
            return True
        line = _LINKS.sub("", line).replace("[", "").replace("]", "")
    if not line or len(line) > _LONGEST:
        return False
    if found := _SENT_BY.match(line):
        thing = _THING.match(line, found.end())
        named = thing and _names_a_thing(line[thing.end() :])
        if named or _MY_THING.match(line, found.end()):
            return True
    return bool(_LINE.match(line) or _SCANNED.match(line))


def _names_a_thing(rest: str) -> bool:
    words = _EXCUSE.sub("", rest, count=1).split()
    if len(words) > _MOST_WORDS or any(word[-1] in ".!?:;" for word in words[:-1]):
        return False
    return all(_MODEL.fullmatch(word.strip(",.!()[]*_")) for word in words)
