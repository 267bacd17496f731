"""What mail programs write around history, language by language; parts of regular expressions, lower case.

A mail in one language is often sent by a program that speaks another, so every language is tried on every mail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    opens: str  # before the date of a head: "Le 3 mars …"
    wrote: str  # the verb of a head, wherever it stands
    days: str
    months: str
    own: str  # words of a sentence, never of a sender's name: "votre technicien m'a écrit :"
    sender: str  # labels of a copied header
    sent: str  # of Outlook, Zimbra …: no letter has a heading with these
    date: str
    to: str
    subject: str
    original: str  # "-----Message d'origine-----"
    forwarded: str
    also: str = ""  # further labels
    quoting: str = ""  # "Selon Jeanne <j@exemple.test> :", with no verb


LANGUAGES = {
    "fr": Language(
        opens="le|en date d[eu](?: :)?",
        wrote=r"a\s{1,2}[ée]crit(?: ce qui suit)?|[ée]crivait",
        days="lun|lundi|mar|mardi|mer|mercredi|jeu|jeudi|ven|vendredi|sam|samedi|dim|dimanche",
        months="janv|janvier|f[ée]vr?|f[ée]vrier|mars|avr|avril|mai|juin|juil|juillet|ao[ûu]t|sept|septembre"
        "|oct|octobre|nov|novembre|d[ée]c|d[ée]cembre",
        own=r"je|tu|elle|nous|vous|ils|elles|votre|notre|mon|ma|mes|vos|nos|ses|ce|cet|cette|ces|que|qui|dont|mais|quand"
        r"|lorsque|voici|voil[àa]|comme|j['’]\w+|m['’]\w+|qu['’]\w+|c['’]\w+|n['’]\w+",
        sender="de|exp[ée]diteur|envoy[ée] par",
        sent="envoy[ée]|envoy[ée] le|date d['’]envoi",
        date="date",
        to="[àa]|pour|destinataires?",
        subject="objet|sujet",
        also="cc|cci|copie|copie [àa]|importance|pi[èe]ces? jointes?|r[ée]pondre [àa]",
        original="message d['’]origine|message original|message initial|courriel original|courriel d['’]origine|mail original"
        "|e-?mail original|e-?mail d['’]origine|r[ée]ponse au message",
        forwarded="message transf[ée]r[ée]|message r[ée]exp[ée]di[ée]|courriel transf[ée]r[ée]|e?-?mail transf[ée]r[ée]"
        "|d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])",
        quoting="selon",
    ),
    "en": Language(
        opens="on|at",
        wrote="wrote(?: the following)?|writes",
        days="mon|monday|tues?|tuesday|wed|wednesday|thur?s?|thursday|fri|friday|sat|saturday|sun|sunday",
        months="jan|january|feb|february|march|apr|april|may|june?|july?|aug|august|sept?|september|october"
        "|november|december",
        own=r"i|he|she|we|they|you|your|our|my|his|her|their|who|which|that|what|when|as|but|to|i['’]\w+",
        sender="from",
        sent="sent",
        date="date",
        to="to",
        subject="subject|re",
        also="bcc|reply-to|attachments?",
        original="original message|original e-?mail|original appointment|reply message",
        forwarded="forwarded message|begin forwarded message|forwarded e-?mail",
        quoting="quoting",
    ),
    "de": Language(
        opens="am",
        wrote="schrieb|geschrieben|hat folgendes geschrieben",
        days="mo|montag|di|dienstag|mi|mittwoch|do|donnerstag|fr|freitag|sa|samstag|so|sonntag",
        months="januar|j[äa]n|februar|m[äa]rz|mrz|juni|juli|oktober|okt|dezember|dez",
        own="ich|er|sie|wir|ihr|ihre|ihren?|unsere?|meine?|mir|uns|ihnen|dass|was|wie|aber",
        sender="von",
        sent="gesendet|gesendet am",
        date="datum",
        to="an",
        subject="betreff|betr",
        also="kopie|antwort an|wichtigkeit|priorit[äa]t",
        original="urspr[üu]ngliche nachricht|originalnachricht|original-nachricht",
        forwarded="weitergeleitete nachricht|anfang der weitergeleiteten (?:nachricht|e-?mail)",
        quoting="zitat von",
    ),
    "es": Language(
        opens="el|el d[ií]a",
        wrote="escribi[óo]|ha escrito",
        days="lunes|martes|mi[ée]|mi[ée]rcoles|jueves|vie|viernes|s[áa]b|s[áa]bado|domingo",
        months="enero|ene|febrero|marzo|abril|abr|mayo|junio|julio|agosto|ago|septiembre|octubre|noviembre|diciembre|dic",
        own="yo|ella|nosotros|ustedes?|me|le|les|su|sus|mi|mis|nuestr[oa]|que|quien|cuando|pero",
        sender="de|remitente",
        sent="enviado|enviado el",
        date="fecha",
        to="para",
        subject="asunto",
        also="importancia|datos adjuntos",
        original="mensaje original|correo original",
        forwarded="mensaje reenviado|inicio del mensaje reenviado|mensaje reenviado por",
        quoting="citando a",
    ),
    "it": Language(
        opens="il|il giorno|in data",
        wrote="ha scritto",
        days="luned[ìi]|marted[ìi]|mercoled[ìi]|gio|gioved[ìi]|venerd[ìi]|sabato|domenica",
        months="gennaio|gen|febbraio|marzo|aprile|maggio|mag|giugno|giu|luglio|lug|agosto|settembre|set|ottobre|ott"
        "|novembre|dicembre|dic",
        own="io|lei|noi|voi|mi|ci|vi|mio|mia|suo|sua|vostr[oa]|nostr[oa]|che|chi|quando|ma",
        sender="da|mittente",
        sent="inviato|inviato il",
        date="data",
        to="a",
        subject="oggetto",
        also="priorit[àa]|allegati",
        original="messaggio originale|messaggio di origine",
        forwarded="messaggio inoltrato|inizio messaggio inoltrato|messaggio inoltrato da",
        quoting="citando",
    ),
    "nl": Language(
        opens="op",
        wrote="schreef(?: het volgende)?|(?:het volgende )?geschreven",
        days="ma|maandag|di|dinsdag|wo|woensdag|do|donderdag|vr|vrijdag|za|zaterdag|zo|zondag",
        months="januari|februari|mrt|maart|mei|augustus|okt|oktober",
        own="ik|hij|zij|wij|jullie|u|uw|mijn|onze?|dat|wat|maar",
        sender="van|afzender",
        sent="verzonden|verstuurd",
        date="datum",
        to="aan",
        subject="onderwerp",
        also="bijlagen?|urgentie",
        original="oorspronkelijk bericht|origineel bericht",
        forwarded="doorgestuurd bericht|begin doorgestuurd bericht",
    ),
    "pt": Language(
        opens="em|no dia|a|[àa]s",
        wrote="escreveu",
        days="seg|segunda|segunda-feira|ter|ter[çc]a|ter[çc]a-feira|qua|quarta|quarta-feira|qui|quinta|quinta-feira"
        "|sex|sexta|sexta-feira|s[áa]bado|dom|domingo",
        months="janeiro|fevereiro|fev|mar[çc]o|abril|maio|junho|julho|agosto|setembro|outubro|out|novembro|dezembro|dez",
        own="eu|ele|ela|n[óo]s|voc[êe]s?|me|meu|minha|seu|sua|nosso|nossa|que|quem|quando|mas",
        sender="de|remetente",
        sent="enviado|enviada|enviad[oa] em",
        date="data",
        to="para",
        subject="assunto",
        also="anexos?|prioridade",
        original="mensagem original",
        forwarded="mensagem encaminhada|mensagem reencaminhada|in[íi]cio da mensagem (?:re)?encaminhada",
        quoting="citando",
    ),
    "pl": Language(
        opens="w dniu|dnia|wiadomo[śs][ćc] napisana przez|u[żz]ytkownik",
        wrote=r"napisa[łl](?:\(a\)|a)?|pisze|napisana przez",
        days="pon|poniedzia[łl]ek|wt|wtorek|[śs]r|[śs]roda|czw|czwartek|pt|pi[ąa]tek|sob|sobota|niedz|nd|niedziela",
        months="sty|stycznia|lut|lutego|marca|kwi|kwietnia|maja|cze|czerwca|lip|lipca|sie|sierpnia|wrz|wrze[śs]nia"
        "|pa[źz]|pa[źz]dziernika|lis|listopada|gru|grudnia",
        own="ja|ona|my|wy|mi|nam|mnie|m[óo]j|moja|wasz|pa[ńn]ski|[żz]e|kt[óo]ry|gdy|ale",
        sender="od|nadawca",
        sent="wys[łl]ano|wys[łl]ane|data wys[łl]ania",
        date="data",
        to="do|odbiorca",
        subject="temat",
        also="dw|udw|za[łl][ąa]czniki?",
        original="oryginalna wiadomo[śs][ćc]|wiadomo[śs][ćc] oryginalna|wiadomo[śs][ćc] pierwotna",
        forwarded="(?:dalej )?przekazana wiadomo[śs][ćc]|wiadomo[śs][ćc] przekazana(?: dalej)?"
        "|pocz[ąa]tek przekazywanej wiadomo[śs]ci|przes[łl]ana wiadomo[śs][ćc]",
    ),
    "sv": Language(
        opens="den",
        wrote="skrev(?: f[öo]ljande)?|har skrivit",
        days="m[åa]n|m[åa]ndag|tis|tisdag|ons|onsdag|tors|torsdag|fre|fredag|l[öo]r|l[öo]rdag|s[öo]n|s[öo]ndag",
        months="januari|februari|maj|juni|juli|augusti|okt|oktober",
        own="jag|han|hon|vi|ni|mig|er|din|min|v[åa]r|som|att|n[äa]r|men|till",
        sender="fr[åa]n|avs[äa]ndare",
        sent="skickat|skickades",
        date="datum",
        to="till",
        subject="[äa]mne",
        also="kopia|bilagor|prioritet",
        original="ursprungligt meddelande|originalmeddelande",
        forwarded="vidarebefordrat meddelande|vidarebefordrat brev|b[öo]rjan p[åa] vidarebefordrat meddelande",
    ),
    "da": Language(
        opens="den",
        wrote="skrev(?: f[øo]lgende)?|har skrevet",
        days="mandag|tirs?|tirsdag|onsdag|torsdag|fredag|l[øo]r|l[øo]rdag|s[øo]n|s[øo]ndag",
        months="januar|februar|marts|maj|juni|juli|okt|oktober|dec|december",
        own="jeg|han|hun|vi|mig|jeres|deres|din|min|vores|som|at|n[åa]r|men|til",
        sender="fra|afsender",
        sent="sendt",
        date="dato",
        to="til",
        subject="emne",
        also="vedh[æa]ftede filer|prioritet",
        original="oprindelig meddelelse|oprindelig besked|original meddelelse",
        forwarded="videresendt (?:meddelelse|besked|e-?mail)|start p[åa] videresendt besked",
    ),
    "no": Language(
        opens="den|p[åa]",
        wrote="skrev(?: f[øo]lgende)?|har skrevet",
        days="mandag|tir|tirsdag|onsdag|tor|torsdag|fredag|l[øo]rdag|s[øo]ndag",
        months="januar|februar|mars|mai|juni|juli|okt|oktober|des|desember",
        own="jeg|han|hun|vi|dere|meg|deres|din|min|v[åa]r|som|at|n[åa]r|men|til",
        sender="fra|avsender",
        sent="sendt",
        date="dato",
        to="til",
        subject="emne",
        also="vedlegg|prioritet",
        original="opprinnelig melding|original melding|opprinnelig e-?post",
        forwarded="videresendt (?:melding|e-?post)|start p[åa] videresendt melding",
    ),
    "fi": Language(
        opens="",
        wrote="kirjoitti(?: seuraavaa)?",
        days="ma|maanantai|maanantaina|ti|tiistai|ke|keskiviikko|to|torstai|pe|perjantai|la|lauantai|su|sunnuntai",
        months=r"tammi\w{0,8}|helmi\w{0,8}|maalis\w{0,8}|huhti\w{0,8}|touko\w{0,8}|kes[äa]\w{0,8}|hein[äa]\w{0,8}"
        r"|elo\w{0,8}|syys\w{0,8}|loka\w{0,8}|marras\w{0,8}|joulu\w{0,8}",
        own="min[äa]|h[äa]n|me|te|he|minulle|meille|teid[äa]n|ett[äa]|joka|kun|mutta",
        sender="l[äa]hett[äa]j[äa]",
        sent="l[äa]hetetty",
        date="p[äa]iv[äa]m[äa][äa]r[äa]|p[äa]iv[äa]ys|p[äa]iv[äa]",
        to="vastaanottaja",
        subject="aihe",
        also="kopio|liitteet",
        original="alkuper[äa]inen viesti",
        forwarded="v[äa]litetty viesti|edelleenl[äa]hetetty viesti|v[äa]litetty viesti alkaa",
    ),
}  # fmt: skip


def any_of(field: str) -> str:
    """The words of all languages for one thing, as alternatives of a regular expression."""
    words = (getattr(language, field) for language in LANGUAGES.values())
    return "|".join(dict.fromkeys(word for word in words if word))
