"""What stands below the writer's words and is none of them: signatures, lines of phones, disclaimers.

A closing formula with a name and a telephone is part of a letter and stays."""

from __future__ import annotations

import re

from apaise.lib.mime.history.about import About, words_of_name
from apaise.lib.mime.history.cards import without_card, without_closing_card
from apaise.lib.mime.history.facts import LINE_CHARS, RULE, SIGNATURE_MARK
from apaise.lib.mime.history.mobile import is_mobile_line

_SIGNATURE_LINES = 15  # longer than that, the dashes only separate two points of a letter
_MARKED_LINES = 40
_RULED_LINES = 20
_FOOTER_LINES = 6  # of a phone's or a scanner's line, with its links
_MOST_PEELED = 40  # paragraphs looked at below the words
_LONGEST_NAME = 60
_DELIMITER = re.compile(r"(?:-- ?|[\u2013\u2014])$")
_POINT = re.compile(r"(?:\d{1,2}[.)°]|[-•*–])\s")
_POSTSCRIPT = re.compile(r"p\.?\s?s\.?\s{0,2}[:\s-]", re.IGNORECASE)
_SENTENCE = re.compile(
    r"(?:\S{1,40}\s{1,3}){5,40}\S{0,40}$|(?:\S{1,40}\s{1,3}){2,5}\S{1,40}[.…]$|.{0,200}[?!]$"
)
_DASHED_NAME = re.compile(r"-\s?[A-ZÀ-Ý][\w'’-]{1,20}(?: [A-ZÀ-Ý][\w.'’-]{0,20}){0,2}$")
_PICTURE = re.compile(r"\[cid:[^\[\]]{1,200}\](?:<[^<>]{1,300}>)?$")  # a logo, as Outlook puts it in a text
_ANY_RULE = re.compile(r"[_=*~\u2010-\u2015-]{3,300}$")
_ONE_WORD = re.compile(r"\w{3,30}[.,!]?")
_LIST_FOOTER = re.compile(r".{0,80}(?:mailing list|liste de diffusion)\b", re.IGNORECASE)

_ABOUT_THE_MAIL = re.compile(
    r"\W{0,5}(?:(?:important|avertissement|disclaimer|attention|avis|notice|haftungsausschluss|aviso|avviso|nota)\b.{0,30}?)?"
    r"(?:ce|cet|le pr[ée]sent|les informations|l['’]int[ée]grit[ée]|this|the|diese|dieses|der inhalt|die information|este|esta|el presente"
    r"|la informaci[óo]n|questo|questa|il presente|le informazioni|dit|de informatie|deze|a presente|o conte[úu]do|niniejsz\w|ta|tre[śs][ćc]"
    r"|detta|denna|denne|dette|t[äa]m[äa])\b.{0,60}?"
    r"\b(?:message|messages|courriel|courrier|e-?mail|mail|nachricht|mensaje|correo|messaggio|comunicazione|(?:e-?mail)?bericht|mensagem|wiadomo[śs][ćc]\w{0,3}"
    r"|meddelande|meddelelse|e-?post(?:en|et)?|melding|viesti|communication|transmission|pi[èe]ces)\b"
    r"|\W{0,5}(?:avis de confidentialit[ée]|clause de confidentialit[ée]|confidentiality (?:notice|note|disclaimer)|vertraulichkeitshinweis"
    r"|aviso (?:legal|de confidencialidad))\b",
    re.IGNORECASE,
)
_LEGAL = [
    re.compile(words, re.IGNORECASE)
    for words in (
        "confiden|vertraulich|riservat|vertrouwelijk|poufn|konfiden[ts]i|fortrolig|luottamuksel",
        "destinat|pas destin[ée]|destin[ée]e?s? (?:exclusiv|uniqu|seul)|intended|recipient|addressee|addressed|empf[äa]nger|adressat|destinatari|geadresseerde"
        "|bestemd|adresat|mottagare|modtager|mottaker|vastaanottaj",
        "pi[èe]ces[ -]jointes|fichiers? joints?|attachment|anhang|anh[äa]nge|adjunto|allegat|bijlage|anexo|za[łl][ąa]cznik|bilag|vedlegg|liit",
        "par erreur|in error|by mistake|irrt[üu]mlich|por error|por erro|per errore|ten onrechte|abusievelijk|pomy[łl]k|misstag|fejl|ved en feil|vahingossa",
        "exclusi|solely|ausschlie[ßs]|uitsluitend|wy[łl][ąa]cznie|uteslutande|udelukkende|only for",
        "privil[ée]gi|privileg|secret professionnel|professional secrecy|berufsgeheimnis|rechtlich gesch[üu]tzt|legally",
        r"diffusion|diffus[ée]|divulg|disseminat|disclos|distribut|copi[ée]|copying|weitergabe|difusi|diffusione|verspreid",
        "exp[ée]diteur|sender|absender|remitente|mittente|afzender|remetente|nadawc|avs[äa]ndare|afsender|avsender|l[äa]hett[äa]j",
        "interdit|prohibit|strictly|unauthori[sz]ed|non autoris|sans autorisation|nicht gestattet|unzul[äa]ssig|prohibid|vietat|verboden|toegestaan|no est[áa] permitid",
        "d[ée]trui|supprimer|delete|destroy|l[öo]schen|vernichten|eliminar|distrugg|verwijder|usun",
        "responsab|liab|haftung|aansprakelijk|rechten worden ontleend",
        "alt[ée]r[ée]|falsifi|int[ée]grit[ée]|virus",
    )
]
_LEGAL_PROOF = 3
_OF_THE_WRITER = re.compile(
    r"\b(?:je|j['’]|m['’]|mon|ma|mes|(?-i:I)|my|me|ich|mein\w{0,2}|mi|mis|mio|mia|mijn)\b", re.IGNORECASE
)
_PRINTING = re.compile(
    r"\W{0,4}(?:p\s)?(?:(?:merci de|s['’]il vous pla[îi]t,?|svp,?|please|bitte)\s)?"
    r"(?:(?:pensez|penser|pensons|think|consider|denken|piense|pensa)\b.{0,40}(?:environnement|environment|umwelt|medio ambiente|ambiente)"
    r".{0,20}(?:avant|before|bevor|antes|prima)|(?:avant d['’]imprimer|before printing|bevor sie)\b.{0,40}(?:environ|umwelt)"
    r"|(?:afin de|pour|dans un souci d[eu’']?)\b.{0,40}\benvironnement\b.{0,40}\bimprim(?:er|ez) (?:ce|cet) (?:message|mail|e-?mail|courriel)"
    r"|(?:afin de |pour )?(?:pr[ée]serve[rz]|prot[ée]ge[rz]) l['’]environnement.{0,60}imprim|(?:.{0,40}[.!:]\s)?n['’]imprimez ce (?:message|mail|courriel|courrier)"
    r"(?: [ée]lectronique)? que (?:si|en cas)|antes de imprimir (?:este|esta|o) (?:e-?mail|mensa|correo)|(?:rispetta|salva) l['’]ambiente\b.{0,60}stampa|denk aan het milieu\b.{0,40}(?:print|afdruk)|t[äa]nk p[åa] milj[öo]n|t[æe]nk p[åa] milj[øo]et)",
    re.IGNORECASE,
)  # fmt: skip


def without_ending(
    new: list[int], heads: list[str], about: About, *, answered: bool, followed: bool
) -> list[int]:
    """The lines of a stretch that stay.

    answered    the writer has said something above this stretch
    followed    something below it was left out, so that a line of dashes at its end belongs to that"""
    kept = [one for place, one in enumerate(new) if not _is_of_a_phone(new, place, heads)]
    kept = _without_footers(kept, heads, answered)
    above = _without_signature(kept, heads, answered, about)
    kept = _without_footers(above, heads, answered) if len(above) < len(kept) else kept
    if not about.opens:
        kept = without_closing_card(without_card(kept, heads, about), heads)
    return _without_bare_end(kept, heads) if followed or len(kept) < len(new) else kept


def _without_bare_end(new: list[int], heads: list[str]) -> list[int]:
    last = len(new)
    while last and (not heads[new[last - 1]] or _is_a_rule(heads[new[last - 1]])):
        last -= 1
    return new[:last]


def _is_a_rule(line: str) -> bool:
    return bool(RULE.match(line) or _ANY_RULE.match(line))


def _is_of_a_phone(new: list[int], place: int, heads: list[str]) -> bool:
    """A line of its own: in the middle of a sentence the same words are the writer's."""
    line = heads[new[place]]
    if not line or not is_mobile_line(line):
        return False
    before = heads[new[place - 1]] if place else ""
    after = heads[new[place + 1]] if place + 1 < len(new) else ""
    below = next((heads[later] for later in new[place + 2 : place + 5] if heads[later]), "")
    if not after and below[:1].islower() and not below.startswith(("http", "www.")):
        return False  # the sentence goes on below it
    if before and line[0].islower() and before[-1] not in ".!?":
        return False
    return not after or not after[0].isalpha() or is_mobile_line(after) or after.startswith(("http", "www."))


def _without_signature(new: list[int], heads: list[str], answered: bool, about: About) -> list[int]:
    for place, one in enumerate(new):
        answered = answered or bool(place and heads[new[place - 1]])
        if not heads[one] or heads[one][0].isalnum():
            continue
        if answered and _ANY_RULE.match(heads[one]):
            rest = [heads[later] for later in new[place + 1 : place + _RULED_LINES] if heads[later]]
            is_end = place + _RULED_LINES >= len(new)
            if is_end and _is_own_name_below(rest, about):
                return [*new[:place], *_postscript(new[place + 1 :], heads)]
            if is_end and len(rest) < 8 and rest and _LIST_FOOTER.match(rest[0]):
                return new[:place]
        if answered and _DELIMITER.match(heads[one]):
            rest = [heads[later] for later in new[place + 1 : place + 100] if heads[later]]
            if _is_signature(rest, about, marked=heads[one] == SIGNATURE_MARK):
                return [*new[:place], *_postscript(new[place + 1 :], heads)]
            break  # the writer parts the points of a letter with it
    return _without_dashed_name(new, heads)


def _is_own_name_below(rest: list[str], about: About) -> bool:
    """Whether the sender's name and little more stands below a line of dashes."""
    if not rest or len(rest) > _SIGNATURE_LINES or len(rest[0]) > _LONGEST_NAME:
        return False
    words = words_of_name(rest[0])
    if not words or not words <= about.names() or not rest[0][-1].isalpha():
        return False
    return not any(_ANY_RULE.match(line) or _POINT.match(line) or _SENTENCE.match(line) for line in rest[1:])


def _is_signature(rest: list[str], about: About, *, marked: bool) -> bool:
    if not rest:
        return True
    if marked:
        return len(rest) <= _MARKED_LINES and not _POINT.match(rest[0])
    if len(rest) > _SIGNATURE_LINES or any(_POINT.match(line) or _DELIMITER.match(line) for line in rest):
        return False
    if len(rest) == 1 and _ONE_WORD.fullmatch(rest[0]) and (names := about.names()):
        return not words_of_name(rest[0]).isdisjoint(names)
    return is_mobile_line(rest[0]) or (len(rest[0]) <= _LONGEST_NAME and not _SENTENCE.match(rest[0]))


def _postscript(rest: list[int], heads: list[str]) -> list[int]:
    start = next((place for place, one in enumerate(rest) if _POSTSCRIPT.match(heads[one])), len(rest))
    return rest[max(start - 1, 0) :] if start < len(rest) else []


def _without_dashed_name(new: list[int], heads: list[str]) -> list[int]:
    """ "-Jeanne", alone below the last words; a list of such lines is a list."""
    said = _without_bare_end(new, heads)
    if len(said) < 3 or not _DASHED_NAME.match(heads[said[-1]]) or heads[said[-2]]:
        return new
    return new if any(heads[one].startswith("-") for one in said[:-1]) else said[:-1]


def _without_footers(new: list[int], heads: list[str], answered: bool) -> list[int]:
    """Without the paragraphs at the end that programs add, or that speak of the mail as a legal object."""
    end = len(_without_bare_end(new, heads))
    kept = len(new)
    for _ in range(_MOST_PEELED):
        start = end
        while start and heads[new[start - 1]] and not RULE.match(heads[new[start - 1]]):
            start -= 1
        if start == end or not (answered or start):
            break
        verdict = _is_footer([heads[one] for one in new[start:end]])
        if verdict is None:
            break
        end = start
        while end and (not heads[new[end - 1]] or RULE.match(heads[new[end - 1]])):
            end -= 1
        if verdict and (end or answered):
            kept = end
    return new[:kept]


def without_own_footers(lines: list[int], heads: list[str], about: About) -> list[int]:
    """Without what the writer's own program adds at the very end of what they pasted; the rest was pasted with it."""
    lines = _without_programs_lines(lines, heads)
    for place in range(len(lines) - 1, max(0, len(lines) - _SIGNATURE_LINES), -1):
        line = heads[lines[place]]
        if _DELIMITER.match(line) or _ANY_RULE.match(line):
            rest = [heads[one] for one in lines[place + 1 :] if heads[one]]
            return _without_programs_lines(lines[:place], heads) if _is_own_name_below(rest, about) else lines
    return lines


def _without_programs_lines(lines: list[int], heads: list[str]) -> list[int]:
    end = len(lines)
    while end:
        start = end = len(_without_bare_end(lines[:end], heads))
        while start and heads[lines[start - 1]]:
            start -= 1
        paragraph = " ".join(heads[one] for one in lines[start:end])
        if start == end or end - start > _FOOTER_LINES or not is_mobile_line(paragraph):
            break
        lines, end = lines[:start], start
    return lines


def _is_footer(paragraph: list[str]) -> bool | None:
    """True, or False for what may continue one, or None for words of the writer."""
    # One line alone was looked at before.
    if 1 < len(paragraph) <= _FOOTER_LINES and is_mobile_line(" ".join(paragraph)):
        return True
    if all(_PICTURE.match(line) for line in paragraph):
        return True
    return _is_disclaimer(paragraph)


def _is_disclaimer(paragraph: list[str]) -> bool | None:
    """True, or False for what may continue one, or None for words of the writer."""
    words = " ".join(paragraph[:30])
    if _PRINTING.match(words) and len(words) < LINE_CHARS:
        return True
    if _OF_THE_WRITER.search(words):
        return None
    marks = sum(bool(legal.search(words)) for legal in _LEGAL)
    if marks >= _LEGAL_PROOF and _ABOUT_THE_MAIL.match(words):
        return True
    return False if marks >= 2 else None
