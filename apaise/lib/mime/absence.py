"""Is this the answer a mailbox gives by itself while its owner is away?

Where no header tells, the evidence is weighed. The subject may announce such an answer, and that alone proves
nothing: people complain of automatic answers under the same words. What the text says, which mail it answers and
who asks for no answer speak for a program; what is broken, late or missing speaks for a person, and so does `Re:`."""

from __future__ import annotations

import re

from apaise.lib.mime import machine_words as words
from apaise.lib.mime.seen import Seen

_I = re.IGNORECASE
_ENOUGH = 3
_NAMED, _HINTED = 2, 1  # what the subject weighs
_LAST = 80  # letters of a subject in which the name of the answer may stand at the end

_AT_THE_END = re.compile(r"(?:\s[-–—|]\s?|[(\[])" + words.AUTOMATIC_SUBJECT.pattern + r"\s{0,2}[)\]]?\s{0,3}$", _I)  # fmt: skip
_AUTO = re.compile(r"\W{0,3}auto\s?[:\]]", _I)  # short, and the word for a car
# What follows the name is the subject of a mail of ours: it speaks to its reader, or has a number.
_OURS = re.compile(r"(?:^|[\s:])(?:re|aw|sv|rv)\s?:|\b(?:votre|vos|your|ihre?n?|su|sus|suo|sua|vostr[oa]|uw|seu|pa[ńn]stwa|ert|deres)\b|\d{4,}", _I)  # fmt: skip
# What one leaves behind for whoever writes in the meantime.
_LEFT_WORD = re.compile(
    r"\b(?:urgen|d.urgence|(?:merci|remercie) (?:de|pour|du) (?:votre|vos|ton|m.avoir)|votre (?:message|mail|e-?mail|courriel|demande) (?:sera|ne sera|a (?:bien|retenu))|(?:je|nous|vous) (?:vous |le |les )?(?:r[ée]pondr|reviendr|recontacter|prendr|reprendr|traiter|lir)\w{1,4}"
    r"|de retour|retour (?:le|au|pr[ée]vu|lundi|mardi|mercredi|jeudi|vendredi)\b|d.[ée]crire|n.est plus (?:utilis|consult|relev|valid|activ|en service)|je reviens|mon retour|la reprise|(?:contacter|joindre|adresser|[ée]crire [àa]|appeler|vous rapprocher|utiliser)\b|veuillez (?:contacter|adresser|utiliser)|(?:sont|est|sera|seront) (?:ferm|ouvert)|fermeture (?:annuelle|estivale|pour)|ne (?:fais|fait) plus partie|a quitt[ée]|ne travaille (?:pas|plus)"
    r"|nouvelle adresse|adresse (?:e-?mail |mail )?a chang[ée]|jours? ouvr[ée]|meilleurs d[ée]lais|plus brefs d[ée]lais|temps partiel|t[ée]l[ée]travail|(?:cong[ée]s?|vacances) jusqu"
    r"|emergenc|thank(?:s| you) for (?:your|contacting|getting|reaching)|will (?:reply|respond|get back|answer|read|be back|be in touch|return)|(?:i.m|i am|be) back|returning|contact (?!me)|office hours|(?:is|are) closed|no longer (?:with|work|employ)|new (?:e-?mail )?address|as soon as"
    r"|dringend|dank f[üu]r ihre?|(?:wieder|bald) (?:erreichbar|zur[üu]ck|f[üu]r sie)|wenden sie sich|kontaktieren sie|geschlossen|nicht mehr (?:f[üu]r|im|t[äa]tig)|neue (?:e-?mail-?)?adresse|schnellstm[öo]glich"
    r"|gracias por (?:su|tu|contact|escrib)|volver[ée]|regres|mi vuelta|contact(?:e|ar) con|dir[ií]jase|cerrad[oa]s?|grazie per|rientr|torner[òo]|contattare|rivolgersi|chius[oi]"
    r"|bedankt voor|weer (?:bereikbaar|aanwezig|terug)|ben (?:ik )?terug|neem (?:dan )?contact|gesloten|obrigad[oa] (?:pel|por)|regress|voltar?ei|contact(?:e|ar)\b|fechad|piln\w{1,4} spraw|dzi[ęe]kuj|wracam|powr[óo]c|prosz[ęe] o kontakt"
    r"|br[åa]dskande|haster|tack f[öo]r|takk? for|(?:[äa]r|er) tillbaka|(?:er )?tilba(?:g|k)e (?:den|p[åa]|igen|igjen)|kontakta )",
    _I,
)
# What a person has to complain of.
_WRONG = re.compile(
    r"\b(?:fuit|fuite|inond|cass[ée]|ab[iî]m|lave-|chaudi[èe]re|chauffage|technicien|livreur|colis|d[ée]bit[ée]|pr[ée]lev|factur[ée]|jamais|toujours|personne|n.est (?:toujours|pas (?:venu|pass|arriv|s[ée]rieu|une|possible|normal|r[ée]gl))|n.ai (?:eu|re[çc]u|toujours|jamais|plus)|(?:deux|trois|quatre|\d|i[èe]me) (?:fois|semaines|mois)|robot|machine|attends?|honte|inadmissible|ne (?:fonctionne|marche|r[ée]sout|r[ée]pond) (?:pas|rien|plus)|faux|fausse|erreur|assez|refuse|ci-joint|pi[èe]ces? jointes?|photos?\b|devis|r[ée]par|vers[ée]e?\b|montant"
    r"|leak|broken|damaged|faulty|technician|courier|parcel|charged|overcharged|never|nobody|no one|\w{1,6} (?:weeks|times)|still|worse|cancel|robot|wrong|waiting|cold|refuse|attached|offer|send me|promis|noise|boiler"
    r"|kaputt|leck|techniker|paket|nie\b|niemand|dreimal|wochen|immer noch|k[üu]ndig|falsch|roto|averiad|nunca|nadie|semanas|m[áa]quina|todav[ií]a|cobrad|basta|rotto|guast|mai\b|nessuno|settimane|macchina|ancora"
    r"|kapot|nooit|weken|nog steeds|lekt|avariad|ningu[ée]m|ainda|nigdy|nikt|tygodni|zepsut|nadal|aldrig|veckor|trasig|fortfarande|stadig|uger|uker)",
    _I,
)


def reason(seen: Seen) -> str | None:
    named = _weight_of_subject(seen)
    by_notes = bool(words.NOTES_SUBJECT.match(seen.title)) and not seen.is_answer
    if not (named or by_notes or seen.asks_for_no_answer):
        return None
    away = words.AWAY.search(seen.said[:600])
    says_away = (away or words.AWAY.search(seen.title)) and not seen.is_broadcast
    if seen.is_marked and (_begins_with_name(seen) or named == _NAMED or says_away):
        return "out-of-office"
    if words.OF_A_CUSTOMER.search(seen.said) or words.ABOUT_AUTOMATIC.search(seen.said):
        return None
    if seen.is_null and away and not seen.is_broadcast and _goes_on(seen):
        return "out-of-office"
    if by_notes and ((away and away.start() <= 80) or words.AUTOMATIC.search(seen.said[:200])):
        return "out-of-office"
    if not named or seen.is_answer:  # whoever answers by hand has Re: before the subject
        return None
    if named + _evidence(seen, is_away=bool(away)) < _ENOUGH:
        return None
    return "auto-responder" if not away and words.RECEIVED.search(seen.said[:400]) else "out-of-office"


def _leaves_word(said: str) -> bool:
    return bool(_LEFT_WORD.search(said) or words.RECEIVED.search(said[:400]))


def _begins_with_name(seen: Seen) -> bool:
    return bool(words.AUTOMATIC_SUBJECT.match(seen.title))


def _weight_of_subject(seen: Seen) -> int:
    """How plainly it announces an automatic answer: a name, and not the beginning of a sentence."""
    named = words.AUTOMATIC_SUBJECT.match(seen.title)
    if named and words.AFTER_NAME.match(seen.title, named.end()):
        return _NAMED
    if _AT_THE_END.search(seen.subject[-_LAST:]):
        return _NAMED
    return _HINTED if _AUTO.match(seen.subject) else 0


def _goes_on(seen: Seen) -> bool:
    """An answer of two words to a date is a person's: a program tells what to do meanwhile, or until when."""
    return not seen.is_answer or bool(_LEFT_WORD.search(seen.said[:600]) or _UNTIL.search(seen.said[:600]))


_UNTIL = re.compile(r"jusqu|inclus|until|through|\bbis\b|hasta|fino a|\btot\b|at[ée] (?:ao?|dia)|\btill\b|\bdo dnia\b", _I)  # fmt: skip


def _evidence(seen: Seen, *, is_away: bool) -> int:
    said = seen.said[:600]
    told = 2 * is_away + 2 * bool(words.AUTOMATIC.search(said[:400])) + _leaves_word(said)
    sent = 2 * seen.is_null + ("x-auto-response-suppress" in seen.headers) + seen.is_no_reply
    # That it answers a mail of ours is true of a person's words as well: it only adds to what the text tells.
    answers = bool(_OURS.search(seen.title)) + seen.answers_without_history if told or not said else 0
    return told + sent + answers - 2 * bool(_WRONG.search(seen.said))
