"""What mail servers write when they could not deliver, and did not put it into a report (RFC 3464).

Bounded patterns only, given the subject or the beginning of the text."""

from __future__ import annotations

import re

_I = re.IGNORECASE

# Programs that send nothing but returned mail and delays; and addresses behind which a person may sit as well.
DAEMON = re.compile(r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|mail[-_.]?router|maildelivery|mail-?delivery-?(?:sub)?system|microsoftexchange[0-9a-f]{32})(?:@|$)", _I)  # fmt: skip
POSTMASTER = re.compile(r"(?:postmaster|bounces?|returns?|(?:smtp|mta)(?:-?admin)?|mailadmin|no-?reply|ne-?pas-?repondre)(?:[+=-][^@]{0,200})?(?:@|$)", _I)  # fmt: skip
# The same as a name. A person may be an administrator: it counts like postmaster@.
SYSTEM = re.compile(
    r"\b(?:system ?administrat(?:or|ion)|administrat(?:eur|or|ore|ion) (?:du |de |del )?(?:syst[èe]me|sistema|messagerie)|mail (?:delivery|router|administrator|system)|(?:e-?mail )?delivery (?:sub)?system|postmaster|mailer[- ]daemon|syste?embeheer(?:der)?|mail[- ]?server)\b",
    _I,
)
OUR_SUBJECT = re.compile(
    r"^[ \t]{0,10}(?:objet|subject|betreff|asunto|oggetto|onderwerp|assunto|temat|[äa]mne|emne)[ \t]{0,3}:.{0,500}",
    _I | re.MULTILINE,
)

# Subjects that tell of a mailbox: anybody writes them, so a server must have sent them.
OF_A_BOX = re.compile(
    r"\W{0,5}(?:utilisateur|destinataire|adresse(?: \S{1,12}){0,2}|compte(?: \S{1,12}){0,2}|(?:bo[îi]te|messagerie)(?: \S{1,12}){0,3}) (?:inconnue?|introuvable|inexistante?|supprim[ée]e?|d[ée]sactiv[ée]e?|ferm[ée]e?|pleine?|satur[ée]e?|invalide)\b"
    r"|(?:d[ée]passement de )?quota\b|(?:mail)?box (?:is )?(?:full|disabled|unavailable|not found)|mail(?:box)? (?:quota|full|disabled|unavailable)|(?:user|recipient|account|address) (?:is )?(?:unknown|disabled|not found)|unknown (?:user|recipient)|(?:notification|message|rapport) d.erreur|erreur (?:de |d.)(?:messagerie|envoi|remise)|postfach voll|empf[äa]nger unbekannt",
    _I,
)
UNDELIVERED = re.compile(
    r"\W{0,5}(?:"
    r"undeliver(?:ed|able)|message status - undeliver|un-?delivered mail|(?:e-?mail|mail|message) (?:delivery )?(?:failed|failure|undeliverable|not delivered|could not be delivered|system error)"
    r"|(?:e-?)?mail delivery (?:failed|failure|system|subsystem|error)|(?:the )?message you sent (?:was )?blocked|uncaught bounce|permanent (?:mail )?delivery (?:failure|error)|mail system error|your (?:message|e-?mail) (?:was|has been) (?:rejected|blocked|returned)|delivery (?:status notification|failure|failed|has failed|error|report|notification|problem|unsuccessful)"
    r"|return(?:ed|ing) (?:mail|message|to sender)|failure notice|failed (?:mail )?delivery|(?:address|recipient) not found|nondeliverable|non-?delivery|rejected (?:mail|message)|your message (?:could not|couldn.t|was not|wasn.t) (?:be )?delivered|warning: (?:message|could not)|delayed"
    r"|non[- ](?:remis|distribu|d[ée]livr)\w{0,6}|[ée]chec (?:de (?:la )?)?(?:remise|distribution|livraison|d.envoi|de l.envoi|d[ée]livrance|transmission)\b|(?:votre )?(?:message|mail|courriel|e-?mail|courrier) (?:non (?:remis|distribu|d[ée]livr)|n.a (?:pas (?:pu|[ée]t[ée])|pu)|impossible)\w{0,4}|(?:avis|notification|rapport) (?:de|d.[ée]tat de)(?: la)? (?:non[- ])?(?:remise|distribution|d[ée]livrance|livraison)|(?:ne peut pas|n.a pas pu) [êe]tre (?:remis|distribu|d[ée]livr)|adresse (?:e-?mail )?introuvable|(?:votre )?(?:message|mail|courriel|e-?mail) (?:a [ée]t[ée] )?(?:retourn|rejet|refus)[ée]|retour (?:de courrier|[àa] l.exp[ée]diteur)|remise (?:impossible|retard[ée]e|diff[ée]r[ée]e)|remis avec retard"
    r"|unzustellbar|nicht zu(?:ge)?stell(?:t|bar)|zustell(?:ung)?(?:s)?[ -]?(?:fehlgeschlagen|fehler|status|problem)|zur[üu]ckgesandte|adresse nicht gefunden|fehler bei der zustellung"
    r"|no (?:se puede|se pudo|se ha podido) entregar|no (?:entregad|entregable)|error (?:de|en la) entrega|correo devuelto|(?:notificaci[óo]n|informe) de(?:l estado de)?(?: la)? entrega|direcci[óo]n no encontrada"
    r"|non recapitabile|mancat[ao] (?:recapito|consegna)|(?:recapito|consegna) (?:non riuscit|fallit)|impossibile (?:recapitare|consegnare)|indirizzo non trovato|messaggio non consegnato|notifica (?:relativa )?(?:allo stato del |di mancato )recapito"
    r"|onbestelbaar|niet (?:bezorgd|afgeleverd|bestelbaar)|bezorging mislukt|kan niet (?:worden )?(?:bezorg|aflever)|adres niet gevonden|onbezorgbaar|retour afzender"
    r"|n[ãa]o (?:[ée] poss[íi]vel entregar|entregue|foi poss[íi]vel entregar)|falha (?:na|de) entrega|n[ãa]o entreg|endere[çc]o n[ãa]o encontrado|devolvid[ao]"
    r"|niedostarcz\w{1,6}|nedoru[čc]iteln\w{0,3}|ei voi(?:tu|da)? toimittaa|nie (?:mo[żz]na|uda[łl]o si[ęe]) dostarczy[ćc]|niepowodzenie dor[ęe]czenia|zwrot (?:poczty|wiadomo[śs]ci)|nie znaleziono adresu|wiadomo[śs][ćc] niedostarczona"
    r"|(?:det g[åa]r inte att|kunde inte|gick inte att) leverera|olevererbar|olevererat|kan ikke leveres|ikke leveret|ikke levert|leveransen (?:\S{1,60} ){0,6}misslyck|kunne ikke leveres|leveringsfejl|leveringsfeil|uleveret|adressen blev ikke fundet|adressen ble ikke funnet|adressen hittades inte|ei voitu toimittaa|toimittaminen ep[äa]onnistui"
    r"|(?:ditt?|din) (?:meddelande|meddelelse|melding|besked|mail|e-post|mejl)\w{0,3} (?:kunde inte|kunne ikke|blev ikke|ble ikke|har inte|har ikke|[äa]r inte|er ikke)|(?:ihre|deine) (?:nachricht|e-?mail) (?:konnte|wurde) nicht|uw (?:bericht|e-?mail) (?:kon|is|kan) niet|(?:su|tu) (?:mensaje|correo) no (?:se|ha|fue|pudo)|(?:il )?(?:suo|tuo) messaggio non|a sua mensagem n[ãa]o (?:foi|p[ôo]de)|(?:twoja|pa[ńn]stwa) wiadomo[śs][ćc] nie (?:zosta[łl]a|mog[łl]a)"
    r")",
    _I,
)
LATE = re.compile(
    r"\bdelay(?:ed)?\b|\(delay\)|could not send message for past|has not yet been delivered|still (?:being retried|in the queue)|will (?:continue to|keep) (?:try|be retried)|no action is required on your part|you do not need to (?:re)?send"
    r"|(?:remise|livraison|distribution) (?:est )?(?:retard|diff[ée]r)|remis avec retard|avis de retard|message en attente|(?:a|ont) [ée]t[ée] (?:retard|diff[ée]r)|retard de (?:remise|distribution|livraison)|pas encore (?:[ée]t[ée] )?(?:pu [êe]tre )?(?:remis|d[ée]livr|distribu)|nouvelles? tentatives?|inutile de (?:le )?renvoyer"
    r"|(?:delivery (?:attempts? )?will (?:continue|be)|delivery incomplete)|n.a pas encore (?:pu [êe]tre|[ée]t[ée])|ancora (?:stato )?(?:consegnat|recapitat)|continuer[àa] a|todav[ií]a no (?:se )?|seguir[áa] intent|ainda n[ãa]o|jeszcze nie|verz[öo]ger(?:t|ung)|noch nicht zugestellt|entrega (?:retrasada|atrasada)|retras(?:o|ado)|ritard(?:o|ata)|vertraag|vertraging|op[óo][źz]nion|f[öo]rsenad|forsinket",
    _I,
)
ARRIVED_SUBJECT = re.compile(r"\W{0,5}(?:success(?:ful)?|successful mail delivery|delivery (?:receipt|confirmation)|(?:relayed|delivered|expanded)\b)", _I)  # fmt: skip
# How such a mail begins. Each is a sentence of a program, found in its first lines.
# A server that says its name in the first words.
INTRODUCED = re.compile(
    r"(?:hi|hello|bonjour)?[.!,]?\s{0,3}this is (?:the )?(?:\S{1,40} ){1,3}(?:mail server|mail system|program|smtp server|email server) at \S{3,120}|the (?:local )?mail (?:transport|delivery) system has reported (?:the following )?(?:problems|errors)|with reference to your message with the subject:\s{1,20}\S.{1,200}\s{1,20}the local mail transport system has reported",
    _I,
)
OPENING = re.compile(
    r"^\W{0,5}[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b|(?:your|the) (?:message|e-?mail) .{0,200}?was (?:blocked|rejected|refused) by|this is the (?:qmail-send|mail system at|mail delivery|postfix|mailer-daemon|courier|exim|email)|i.m afraid i wasn.t able to deliver|i.m sorry to have to inform you that your message"
    r"|this message was created automatically by (?:the )?mail|a message that you (?:have )?sent (?:could not be|has not|was)|(?:the )?following (?:address|recipient|message|e-?mail|user|mailbox)\S{0,5} (?:\S{1,14} ){0,4}(?:failed|not|could|had|cannot|have)"
    r"|the original message was received at|delivery to the following recipients?|delivery has failed to|(?:your|the) (?:message|e-?mail|mail)(?: \S{1,60}){0,8}? (?:wasn.t|was not|couldn.t be|could not be|cannot be|can.t be|hasn.t been|has not been) (?:\S{1,12} )?(?:deliver|sent|reach)|was received as a bounce|your message did not reach|(?:the message that you sent|your message) was undeliverable|(?:your|the) message .{0,300}?(?:did not reach (?:some|the|all)|was not delivered to)|this is a delivery (?:failure|status)|this message was undeliverable|error occurred while (?:trying to deliver|sending)|e?mail (?:was )?rejected (?:due to|by|because)|(?:permanent|fatal) (?:fatal )?(?:delivery )?errors?"
    r"|sorry,? (?:we were|i was|we are|your (?:mail|message)|i couldn.t|no mailbox)|we were unable to deliver|unable to deliver (?:your |the )?message|message not delivered|address not found|could not (?:be )?deliver(?:ed)? (?:to|your|the)|permanent (?:fatal )?errors?|remote (?:host|server) said|host .{1,80} said|there was (?:a problem|an error|a temporary problem) delivering|reporting-mta|returned mail|mailbox (?:unavailable|full|not found)|(?:user unknown|unknown (?:user|recipient|address)|no such (?:user|recipient|mailbox))|couldn.t be found"
    r"|(?:votre|ce|le|son) (?:message|mail|courriel|e-?mail|courrier)(?: \S{1,60}){0,8}? (?:n.a (?:pas|pu)|n.ont|n.est|ne peut|ne pourra)(?: \S{1,12}){0,5} (?:remis|distribu|d[ée]livr|transmis|achemin|envoy|parven|d[ée]pos|[êe]tre)\w{0,4}|[ée]chec (?:de (?:la )?)?(?:remise|distribution|livraison|d[ée]livrance)|adresse introuvable|(?:votre|le|l.) ?(?:message|e-?mail|courriel) .{0,300}?n.a (?:pas (?:[ée]t[ée]|pu [êe]tre)|pu [êe]tre) (?:d[ée]livr|livr|remis|distribu|transmis|achemin)|a [ée]t[ée] (?:rejet|refus)[ée]e? par|impossible de joindre le(?:\(s\)|s)? destinataire|nous (?:n.avons pas (?:pu|r[ée]ussi)|ne (?:pouvons|parvenons) pas)(?: \S{1,14}){0,4} (?:remettre|distribuer|d[ée]livrer|acheminer|livrer|transmettre)|(?:la remise|la distribution|l.envoi)(?: \S{1,40}){0,8}? (?:a [ée]chou|impossible|est impossible|n.a pas)|message (?:non remis|non distribu|non d[ée]livr)|(?:destinataire|adresse|bo[îi]te|utilisateur|compte)s?(?: \S{1,40}){0,6} (?:inconnue?|introuvable|inexistante?|pleine|satur[ée]e|invalide|supprim[ée]e?|d[ée]sactiv[ée]e?|n.existe (?:pas|plus))s?|ce message a [ée]t[ée] (?:cr[ée][ée]|g[ée]n[ée]r[ée]) automatiquement par (?:le|un) (?:serveur|syst[èe]me|logiciel)|est (?:retourn[ée]|revenu\b)"
    r"|(?:ihre|die|folgende) (?:nachricht|e-?mail)(?: \S{1,60}){0,8}? (?:konnte|wurde|kann) (?:\S{1,30} ){0,5}?nicht|ihre nachricht .{0,300}?nicht erreicht|empf[äa]nger k(?:ann|[öo]nnen)\S{0,10} nicht erreicht|konnte nicht (?:zugestellt|gefunden|[üu]bermittelt)|zustellung (?:\S{1,60} ){0,9}fehlgeschlagen|fehler bei der (?:nachrichten)?zustellung|nicht zugestellt|adresse nicht gefunden|unzustellbar"
    r"|(?:no se (?:pudo|puede|ha podido|ha entregado)|error al) (?:\S{1,14} ){0,3}(?:entreg|env)\w{0,6}|no se ha entregado|error de entrega|direcci[óo]n no encontrada|(?:su|el|tu) mensaje (?:\S{1,60} ){0,6}no (?:\S{1,12} ){0,3}(?:entreg|env)"
    r"|(?:non [èe] stato possibile|impossibile) (?:recapitare|consegnare|inviare)|(?:il|tuo|suo) messaggio (?:\S{1,60} ){0,6}non [èe] stato|recapito (?:\S{1,60} ){0,9}non riuscito|indirizzo non trovato"
    r"|(?:uw|het|je) bericht(?: \S{1,60}){0,6}? (?:kon|is|kan|werd) (?:\S{1,60} ){0,5}?niet|niet (?:worden )?(?:bezorgd|afgeleverd)|adres niet gevonden|bezorging (?:\S{1,60} ){0,9}mislukt"
    r"|(?:n[ãa]o foi poss[íi]vel|falha ao) (?:entregar|enviar)|a sua mensagem(?: \S{1,60}){0,6}? n[ãa]o|endere[çc]o n[ãa]o encontrado|falha na entrega|n[ãa]o p[ôo]de ser entregue"
    r"|nie (?:mo[żz]na|uda[łl]o si[ęe]|zosta[łl]a?) (?:\S{1,14} ){0,3}dostarcz\w{0,6}|nie znaleziono adresu|niedostarczona"
    r"|(?:meddelandet|meddelelsen|meldingen|beskeden|e-postmeddelandet)(?: \S{1,60}){0,8}? (?:kunde inte|kunne ikke|gick inte|ble ikke|blev ikke|har ikke|har inte)|(?:det gick inte att|det g[åa]r inte att) leverera|kunne ikke leveres|lever(?:ing|ans)\w{0,2} (?:\S{1,60} ){0,9}mis(?:lyk|slyck)|adressen (?:ble|blev) ikke fun",
    _I,
)
# A code of the protocol beside words: what only a server writes.
PROTOCOL = re.compile(r"\b[245]\d\d[ -](?:#?\d\.\d{1,3}\.\d{1,3}|[A-Za-z<#])|\b#?[45]\.\d{1,3}\.\d{1,3}\b|\bSMTP error\b|\berreur (?:permanente |smtp )?[45]\d\d\b|\bRCPT TO\b|\bdata format error\b|diagnostic-code|reporting-mta|#< ?#?\d\.", _I)  # fmt: skip
# How a person begins, or speaks: no server does.
# No person says it so of a mail he has not got.
YOU_SENT = re.compile(
    r"que vous avez (?:envoy|adress|exp[ée]di|transmis)|(?:that )?you (?:have )?sent|die sie .{0,40}gesendet|che (?:hai|ha) inviato|que (?:usted )?envi[óo]",
    _I,
)
GREETING = re.compile(
    r"\W{0,3}(?:bonjour|bonsoir|madame|monsieur|hello|hi,|dear|guten tag|hallo|hola|buenos|buongiorno|dzie[ńn] dobry|hej|beste|bom dia)\b",
    _I,
)
SPEAKS = re.compile(
    r"\b(?:vos|nous [ée]cri\w{1,6}|notre service|nos|mes|mon|ma|je|j.ai|my|our|we (?:get|have|cannot|can.t|receive)|i (?:get|have|cannot|can.t|receive)|unsere|meine|ich|wir)\b",
    _I,
)
ASKS = re.compile(r"[?]|\b(?:merci|pouvez|pourriez|veuillez|svp|please|could you|bitte)\b", _I)
