"""Signs of a program, each of one kind and none a proof: signs.py adds them up.

Bounded patterns in the languages we are written to, given a subject or a few hundred letters of a text."""

from __future__ import annotations

import re

_I = re.IGNORECASE

# One of these stands in whatever is weighed: nearly no other mail is looked at any further.
MAY_BE_A_DESK = (
    "automat", "ne pas r", "ndez pas", "not reply", "non rispondere", "nicht auf", "nicht antworten", "antworten sie nicht", "niet te antwoorden", "niet antwoorden", "não responda", "no respond", "nie odpowiada", "svara", "ikke svar", "besvares", "monitored", "reçu", "recu", "réception", "reception", "enregistr", "prise en c", "pris en c", "prise en charge", "transmis", "ticket", "saisine", "requête", "numéro", "incident", "référenc", "receiv", "received", "logged", "got your", "reaching out", "for contacting", "getting in touch", "has been opened", "been created", "acknowledg", "erhalten", "eingegangen", "eingang", "erfasst", "recibid", "registrad", "ricevut", "protocoll", "presa in carico", "ricezione", "ontvang", "geregistreerd", "registad", "registo", "recebid", "receção", "recebemos", "recepção", "otrzym", "zgłoszeni", "wpły", "zarejestr", "przyjęli", "mottag", "tagit emot", "registrer", "modtag", "mottatt", "kvittering", "thank", "merci", "bedankt", "danke", "dank ", "dziękuj", "tack", "takk", "obrigad", "gracias", "grazie", "créé", "confirm", "journalf", "occup", "assigned", "allocated", "angelegt", "erstellt", "nadali", "skapat", "registered", "traitée", "bearbeit", "submitted", "abierto", "bekräft", "kommit in", "oprettet", "opprettet", "entrada",
)  # fmt: skip
MAY_BE_AWAY = (
    "absen", "congé", "conge", "ferm", "vacances", "déplacement", "away", "leave", "out of", "holiday", "closed", "urlaub", "geschlossen", "betriebsferien", "abwesend", "nicht im", "elternzeit", "mutterschutz", "vacaciones", "cerrad", "ausent", "fuera", "ferie", "chius", "assen", "fuori", "vakantie", "gesloten", "afwezig", "niet aanwezig", "verlof", "verhinder", "férias", "fechad", "encerrad", "urlop", "nieobecn", "zamkni", "semester", "föräldraledig", "frånvar", "stängt", "barsel", "ikke på", "stengt", "lukket", "permisjon", "fravær", "rouvr", "relev", "relève", "consulte mes", "ne traite pas", "dienstreise", "nieczynn", "ferier", "tilbage", "desactiv", "désactiv", "deaktiv", "licen", "ute av", "sabbati", "krank", "maternit", "permesso", "congedo", "baja", "back on", "plus utilis", "plus consult", "plus relev", "plus valid", "plus partie", "quitté", "no longer", "has left", "nicht mehr g", "adresse", "address", "dirección", "indirizzo", "adres", "de retour", "automat", "formation", "réponds", "répond", "back ", "check", "reading", "travaille", "on site", "mission", "reise", "erreichbar", "befinde", "ben er", "estou", "estoy", "sono ", "jestem", "przebywam", "weitergeleitet", "réponse aut", "zamkn",
)  # fmt: skip

_THIS_IS = r"(?:ceci est|il s.agit d.?|c.est|voici|this is|dies ist|es handelt sich um|este es|esta es|esto es|questa [èe]|questo [èe]|dit is|esta [ée]|este [ée]|to jest|det(?:ta| her| te)? [äae]r|denne \w{1,12} er)"
_MAIL = r"(?:message|mail|courriel|r[ée]ponse|accus[ée]|notification|avis|reply|response|acknowledg|absence|out.of.office|antwort|nachricht|notiz|best[äa]tigung|mensaje|correo|respuesta|risposta|messaggio|bericht|antwoord|mensagem|resposta|wiadomo[śs][ćc]|odpowied[źz]|svar|meddelande|melding|besked)"
# --- desks ---------------------------------------------------------------------------------------------

_ASKED = r"(?:messages?|mails?|e-?mails?|courriels?|courriers?|demandes?|r[ée]clamations?|requ[êe]tes?|saisines?|signalements?|tickets?|questions?|correspondance|sollicitation|d[ée]marche|d[ée]claration|dossier)"
_OURS = r"(?:request|ticket|case|message|e-?mail|enquiry|inquiry|complaint|correspondence|query|submission|claim|appeal|incident)"
_ANFRAGE = r"(?:nachricht|e-?mail|mail|anfrage|anliegen|beschwerde|reklamation|schreiben|mitteilung|meldung|ticket|vorgang)"
# A subject that says so, in its first words or behind a name and a number.
DESK_SUBJECT = re.compile(
    rf"(?:^|[\]:|–—-]\s{{0,3}})\W{{0,4}}(?:(?:nouve(?:au|lle) )?{_ASKED} (?:bien )?(?:re[çc]ue?|enregistr[ée]e?|cr[ée][ée]e?|prise? en (?:compte|charge)|ouverte?)\b|(?:ticket|demande|incident)\b.{{0,30}} (?:cr[ée][ée]|ouvert|enregistr|re[çc]u)|(?:nous )?avons bien re[çc]u votre|nous traitons votre|votre {_ASKED}\b.{{0,30}}(?:a (?:bien )?[ée]t[ée]|est) (?:bien )?(?:re[çc]u|enregistr|prise? en)|accus[ée] (?:de |d['’])?(?:r[ée]ception|enregistrement|prise en charge)|confirmation (?:de (?:la )?(?:r[ée]ception|prise en (?:charge|compte))|d['’]enregistrement)|prise en (?:compte|charge) de votre|ouverture d(?:u|e votre|.une?) (?:\w{{1,10}} )?(?:ticket|dossier|demande)|nous avons (?:bien )?re[çc]u|r[ée]ception de votre|merci (?:beaucoup )?(?:de|pour) votre (?:message|mail|e-?mail|courriel|demande)"
    rf"|(?:\w{{1,14}} ){{0,2}}(?:ticket|request|case|enquiry|message) (?:received|created|opened|logged)|(?:your |new ){_OURS}\b.{{0,40}}(?:has been|was) (?:received|opened|created|logged|registered)|new case\b|we.{{1,3}}ve (?:received|got)|we(?: have)? (?:received|got) your|thank(?:s| you) for (?:your {_OURS}|contacting|getting in touch|reaching out|writing)|acknowledge?ment of|receipt of your"
    rf"|wir haben ihre {_ANFRAGE}|eingang ihre[rs]|(?:automatische )?eingangsbest[äa]tigung|ihre {_ANFRAGE} (?:ist|wurde)|best[äa]tigung ihrer {_ANFRAGE}|ticket (?:erstellt|er[öo]ffnet)|ticket \S{{1,14}} (?:abiert|cread|apert|creat|aberto|criado|geopend|otwart)|(?:solicitud|consulta|mensaje|reclamaci[óo]n|ticket) (?:recibid|registrad|cread)[oa]|su \w{{1,14}} ha (?:sido|quedado)|a sua \w{{1,14}} foi|hemos recibido|acuse de recibo|confirmaci[óo]n de (?:recepci[óo]n|su)"
    r"|(?:conferma|avviso) (?:di )?(?:ricezione|ricevimento|presa in carico|apertura)|presa in carico|(?:richiesta|segnalazione|ticket|reclamo) (?:ricevut|apert|registrat|creat)[oa]|abbiamo ricevuto|ricevuta di protocollo|(?:uw|je) (?:aanvraag|bericht|vraag|melding|klacht|e-?mail)\b.{0,25} (?:ontvangen|geregistreerd)|ontvangstbevestiging|wij? hebben uw|(?:pedido|mensagem|solicita[çc][ãa]o|reclama[çc][ãa]o) (?:recebid|registad|registrad)[oa]|recebemos (?:o|a) su?e?|(?:confirma[çc][ãa]o|rece[pç]?[çc][ãa]o) d[eao] (?:rece[pç]|recebimento|su[ao])|regist(?:r?o) da sua|otrzymali[śs]my|potwierdzenie (?:otrzymania|wp[łl]ywu|przyj[ęe]cia|rejestracji|zg[łl]oszenia)"
    r"|vi har (?:tagit emot|mottagit|f[åa]tt|mottatt|modtaget)|bekr[äa]ftelse(?: p[åa]|$)|(?:sag|sak|ärende) \S{1,14} (?:oprettet|opprettet|skapat)|dzi[ęe]kujemy za|bevestiging(?: van|$)|bedankt voor|danke f[üu]r ihre?|gracias por|grazie per|registro de (?:entrada|su)|mottaksbekreftelse|kvittering(?: for)?|din henvendelse|bekr[æe]ftelse p[åa])",
    _I,
)
# Its text says that a desk has what we wrote.
BY_ITSELF = re.compile(
    rf"\b(?-i:AR) automatique|autom[\wáé]{{2,14}} (?:\w{{1,14}} )?(?:\w{{1,12}})?{_MAIL}|{_MAIL}\w{{0,3}} (?:\w{{1,10}} )?autom[\wáé]{{2,14}}",
    _I,
)
DESK_TEXT = re.compile(
    rf"(?:votre|vos|la pr[ée]sente|ta) {_ASKED}\b.{{0,90}}?(?:(?:a|ont|est|sont|vient) (?:bien |automatiquement |d.)?(?:[ée]t[ée] |[êe]tre )?(?:bien )?(?:re[çc]ue?s?|enregistr[ée]e?s?|cr[ée][ée]e?s?|prises? en (?:compte|charge)|transmise?s?|parvenue?s?|arriv[ée]e?s?|ouverte?s?|nous parvenir)|porte (?:le num[ée]ro|la r[ée]f[ée]rence))|(?:avons|a|ont) bien re[çc]u votre {_ASKED}|accus(?:e|ons) (?:bonne )?r[ée]ception de (?:votre|vos)|confirm(?:e|ons|er) (?:la )?(?:bonne )?(?:r[ée]ception|prise en (?:charge|compte)|enregistrement) de votre|une? (?:demande d.assistance|ticket|dossier|incident)\b.{{0,60}} (?:a [ée]t[ée] (?:cr[ée][ée]|ouvert)|vient d.[êe]tre)|(?:avons|a|ont) (?:bien )?pris en (?:compte|charge) votre|merci (?:de nous avoir|d.avoir) (?:contact|[ée]crit)|ticket\b.{{0,40}} a [ée]t[ée] cr[ée][ée]"
    rf"|(?:we(?: have|.ve)?|team has|have) (?:now |safely |just )?(?:received|got|logged) your|(?:your|a|the|this) (?:\w{{1,14}} )?{_OURS}\b.{{0,90}}?(?:has been|have been|was|is now) (?:successfully )?(?:received|submitted|opened|created|logged|registered|assigned|passed)|thank(?:s| you) for (?:your {_OURS}|contacting|getting in touch|reaching out|writing)|confirming that we (?:got|received)|acknowledge receipt"
    rf"|wir haben ihre? .{{0,30}}?(?:erhalten|aufgenommen|registriert)|haben ihr anliegen|ihre? {_ANFRAGE}\b.{{0,60}}? (?:erhalten|eingegangen|erfasst|registriert|angelegt|er[öo]ffnet)|best[äa]tigen (?:wir )?(?:ihnen )?den (?:eingang|erhalt)|(?:su|tu) (?:\w{{1,12}} )?(?:solicitud|consulta|mensaje|reclamaci[óo]n|escrito|correo|ticket)\b.{{0,60}}? (?:ha sido|ha quedado|se ha|fue|se) (?:recib|registr|cread)|(?:hemos|se ha) (?:recibido|registrado|abierto) (?:su|tu|el)|gracias por (?:contactar|ponerse|escribir)|(?:su|el) \w{{1,12}} ha tenido entrada"
    r"|abbiamo (?:ricevuto|preso in carico|registrato) (?:la|il|vostr|su|tu)|(?:la|il) (?:sua|suo|tua|tuo|vostra|vostro) (?:richiesta|messaggio|segnalazione|reclamo|comunicazione|e-?mail|ticket)\b.{0,40}? (?:[èe] stat[oa]|[èe]) (?:ricevut|registrat|protocollat|pres|apert)|(?:hebben|bevestigen) (?:wij )?(?:hierbij )?(?:de ontvangst van )?(?:uw|je) .{1,30}?(?:ontvangen|geregistreerd|$|\.)|(?:uw|je) (?:bericht|aanvraag|vraag|melding|klacht|e-?mail)\b.{0,50}? (?:ontvangen|geregistreerd|in behandeling)|ontvangst van (?:uw|je)|(?:bedankt|dank) voor uw (?:bericht|melding|e-?mail|mail|vraag|aanvraag)"
    r"|(?:o|a) (?:seu|sua) (?:pedido|mensagem|solicita[çc][ãa]o|reclama[çc][ãa]o|queixa|e-?mail)\b.{0,40}? (?:foi|est[áa]) (?:recebid|regist|criad)|(?:recebemos|(?:acusamos|confirmamos) a rece[pç]?[çc][ãa]o d|registámos) ?(?:o|a) s|(?:twoje|pa[ńn]stwa|pa[ńn]stwu) (?:zg[łl]oszenie|wiadomo[śs][ćc]|korespondencja|reklamacja|skarga|sprawa)\b.{0,40}? (?:zosta[łl]|wp[łl]yn)|(?:otrzymali[śs]my|przyj[ęe]li[śs]my|potwierdzamy (?:otrzymanie|wp[łl]yw|przyj[ęe]cie)|dzi[ęe]kujemy za (?:kontakt|wiadomo|zg[łl]osz|przes[łl]an)|(?:sprawa|zg[łl]oszenie) otrzyma[łl])"
    r"|(?:vi har|har) (?:nu )?(?:tagit emot|mottagit|f[åa]tt|mottatt|modtaget|registreret) (?:din|ditt|dit|deres)|(?:ditt|din|dit) (?:[äa]rende|mail|e-post|mejl|henvendelse|sak|sag)\b.{0,40}? (?:har|er|[äa]r) (?:registrer|modtag|mottat|mottag|blev)|den er registrert|har kommit in|vi har oprettet en sag|vi har opprettet en sak|(?:obrigad[oa]s? pel)|(?:takk? for|tack f[öo]r) (?:din|ditt) (?:henvendelse|mejl|mail|meddelande|e-post)",
    _I,
)
# What follows on such a desk: by when, by whom, how to add to it.
PROMISE = re.compile(
    r"(?:plus brefs|meilleurs|les) d[ée]lais|sous (?:\d{1,3}|deux|trois|quatre|huit|dix|quinze) ?(?:h\b|heures|jours|semaines)|jours? ouvr|d[ée]lai (?:moyen |maximum |actuel |de traitement |d.enqu[êe]te )|d[ée]lai de (?:\d|deux|trois|un) ?(?:mois|jours|semaines)?|(?:un|une|nos|notre) (?:agent|conseill[eè]re?|[ée]quipes?|repr[ée]sentant|charg[ée]e?|technicien|interlocut\w{3,5}|collaborat\w{3,5})\b.{0,60}?(?:r[ée]pondr|recontact|contact|revien|trait|prendr|examin|[ée]tudi|proc[èe]d)|en cours (?:d.examen|de (?:r[ée]vision|traitement))|sera (?:examin|trait|[ée]tudi)[ée]e?|service concern[ée]|entre les mains de|(?:bureaux|services?|accueil) (?:est|sont) ouverts?|opening hours|office hours|affect[ée]e? (?:au|[àa])|serez inform|y r[ée]pondrons|nous nous en occupons|vous tiendrons inform|ordre d.arriv[ée]e|silence gard[ée]|ne pr[ée]juge pas|nous revenons vers vous|revien(?:drons|dra) vers vous|vous (?:sera|parviendra|recevrez)|n.avez rien [àa] faire"
    r"|within (?:\S{1,6} )?(?:\d{1,3}|one|two|three|five|ten|a few) (?:\w{1,9} )?(?:hours?|days?|working|business|weeks?)|(?:usually|typically) (?:respond|within)|as soon as (?:possible|we can)|in due course|get back to you|will (?:be in touch|respond|contact you|review|be reviewing)|being reviewed|aim to (?:respond|reply)|(?:take|takes?) (?:up to |\d-)?\d.{0,12} days|keep you (?:posted|updated|informed)|in touch shortly|we're on it|for your patience|no (?:further )?action is (?:needed|required)"
    r"|(?:so|sobald|schnellst|baldm|umgehend|reihenfolge)\w{0,9} (?:bald |rasch |schnell )?(?:wie )?(?:m[öo]glich|des eingangs|bearbeit)|schnellstm[öo]glich|melden uns|von r[üu]ckfragen|wochen dauern|k[üu]mmert sich|in verbindung setzen|innerhalb von|wird .{0,30}bearbeitet|werktag|lo antes posible|a la (?:mayor )?brevedad|en un plazo|en el plazo|recibir[áa] respuesta|em breve|d[íi]as h[áa]biles|siendo revisad|equipo .{0,20}(?:revis|contact)|le (?:contestar|responder|contactar|atender)|al pi[ùu] presto|sar[àa] (?:contattat|gestit|esaminat)|le risponderemo|entro \d|giorni lavorativi|binnen (?:\d|twee|drie|vijf|enkele)|zo (?:snel|spoedig) mogelijk|streven|neemt .{0,30}contact|in behandeling"
    r"|prazo de|em \d{1,3} (?:horas|dias)|dias [úu]teis|brevemente|o mais breve|ser analisad|equipa de|(?:w ci[ąa]gu|do) \d|odpowiemy|czas rozpatrzenia|rozpatrz|[åa]terkommer|(?:svarer|svarar|inom|innen|inden) .{0,20}(?:\d|dagar|dage|virkedag|arbetsdag)|hurtigst mulig|inom kort|journalf|sendt til rett|s[åa] (?:snart|fort|hurtig)|behandlet",
    _I,
)
ADD_TO_IT = re.compile(
    r"(?:pour|vous pouvez) (?:ajouter|fournir|compl[ée]ter)\b.{0,60}?(?:r[ée]pond|demande|lien)|suivre l.(?:[ée]tat|avancement)|(?:voir|afficher|consulter) (?:la |le |votre )?(?:demande|ticket|conversation)|(?:to|if you) (?:add|provide)\b.{0,50}? (?:reply|comments|respond)|view (?:the |your )?(?:ticket|request|case)|para a[ñn]adir|para adicionar|per aggiungere|om (?:opmerkingen|reacties) toe te voegen|um (?:weitere )?(?:kommentare|informationen)|ticket-?nummer (?:im betreff|an)|(?:keep|quote|leave|include) (?:this|the|your) (?:reference|number|case|ticket)|conserve[rz] (?:ce|la|le|cette|votre)|rappel(?:er|ez) (?:ce|cette|la|le) (?:num|r[ée]f)|r[ée]f[ée]rence (?:de|for) (?:votre|your) (?:ticket|demande|request)|la referencia de su|reference for your ticket|demandeurs? :|statut ?: ?nouv|status?: ?new|state: ?new|short description|description courte|ref:msg\d|d[ée]sactiver les notifications",
    _I,
)
# A number the text itself gives to what we wrote.
NUMBER = re.compile(
    r"(?:quote|mention\w{0,6}|indiqu\w{1,4}|rappel\w{1,4}|claim|appeal|n[°ºo.]|num[ée]ro|num[ée]ro\s?:|nummer|number|n[úu]mero|numero|nr\.?|r[ée]f[ée]renc\w{1,5}|reference|referencia|riferimento|id|ticket|case|dossier|sak|sag(?:snummer)?|zaak|incident|numer|nr|#|vorgangsnummer|protocollo)(?:\s?(?:is|est|es|[èe]|lautet|de|de suivi|no)?\s?[:#-]?\s?){1,2}\(?#?([A-Z]{0,5}[-/]?[\w/-]{0,12}\d{3,}[\w/-]{0,12})",
    _I,
)
DIGITS = re.compile(r"\d{2,}")
# Addresses of desks, and of nobody.
DESK = re.compile(
    r"(?:[^@]{0,30}[-_.])?(?:support|help(?:desk)?|sav|service\w{0,14}|servicio|servizio|suporte|assist\w{0,8}|info|contact\w{0,3}|care|customer\w{0,8}|kund\w{0,14}|klant\w{0,14}|kunde\w{0,10}|bok|atencion\w{0,8}|clienti|clients?|accueil|mairie|registr[oy]|protocollo|geral|sekretariat|kancelaria|courrier|glpi|jira|itsm|bonjour|hello|hola|hallo|team|reclam\w{0,8}|claims|complaints|grc|hotline|relations?\w{0,8}|usagers|guichet|greffe|saisine|housing|enquir\w{2,3}|apoio|borgerservice|kommune|filtre|vacation|factur\w{0,3}|fattur\w{0,3})(?:[-_.+][^@]{0,30})?@",
    _I,
)
NOBODY = re.compile(
    r"(?:[^@]{0,40}[-_.+])?(?:(?:no|non|ne|nao|nie|do-?not|nicht|keine?|geen|ikke|svara|svar)[-_.]?(?:pas[-_.]?)?(?:reply|r[ée]pon\w{0,5}|antwort\w{0,3}|responder|rispondere|antwoord\w{0,3}|odpowiada\w?|svara?|ej)|(?:auto(?:mat\w{0,5})?|robot|vacation|notif\w{0,12}|leavers))(?:[-_.+][^@]{0,30})?@",
    _I,
)
# It says of itself that a program sends it, or that nobody reads what is sent to it.
ITSELF = re.compile(
    rf"{_THIS_IS} (?:une?|an?|eine?|um|uma|ett?|een)? ?(?:\w{{1,14}} ){{0,2}}?(?:autom\w{{2,16}} (?:\w{{1,14}} )?(?:\w{{1,12}})?{_MAIL}|{_MAIL}\w{{0,3}} (?:\S{{1,14}} ){{0,2}}?autom\w{{2,16}})"
    r"|(?:message|mail|e-?mail|courriel|r[ée]ponse|wiadomo[śs][ćc]|nachricht|e-?mail|bericht|correo|mensaje|mensagem|messaggio|meddelande|melding|besked)\w{0,3} (?:\S{1,14} ){0,4}?(?:automati(?:quement|quement|sch|cally|camente|cznie|skt|sk)|autom[áa]ticamente|par un automate|wygenerowan\w|generowan\w)\b"
    r"|(?:^|[.!*] |\()(?:message|mail|e-?mail|courriel|r[ée]ponse|envoi|mensaje|respuesta|messaggio|risposta|mensagem|resposta|bericht|nachricht|wiadomo[śs][ćc]) autom\w{2,14}(?:[.!)*]|$)|(?:[àa] cet envoi automatique|vous est adress[ée] automatiquement|automatic acknowledge?ment)"
    r"|(?:automatisch\w{0,2}|automatically|auto-?|system-?|computer-?)[- ]?(?:generat\w{1,3}|generiert\w{0,2}|erzeugt\w{0,2}|erstellt\w{0,2}|versandt\w{0,2}|gegenereerd\w{0,2}|verzonden)|generat[oa] automaticamente|generad[oa] autom|gerad[oa] autom|automatycznie wygenerowan|(?:trait[ée]s|envoy[ée]s?) par un (?:automate|robot)"
    r"|(?:ne pas|ne veuillez pas|ne) r[ée]pond(?:re|ez)(?: pas)? (?:directement )?(?:[àa] )?(?:ce|cet|cette)|do not (?:reply|respond) (?:directly )?to this|(?:mailbox|inbox|address) is not monitored|nicht (?:direkt )?(?:auf diese|an diese)|(?:antworten sie|bitte) (?:bitte )?nicht (?:auf|antworten)|no responda? a (?:este|esta)|non rispondere(?: a)?(?: quest|\.|$)|(?:niet|hier niet op) (?:te )?(?:antwoorden|reageren|beantwoorden)|niet op (?:antwoorden|reageren)|n[ãa]o respond(?:a|er)|(?:nie|ni[ąa] nie) odpowiada[ćc]|svara inte p[åa]|(?:kan )?ikke (?:svare? p[åa]|besvares)|aucune r[ée]ponse ne sera apport"
    r"|accus[ée] (?:de )?r[ée]ception,? (?:\S{1,14} ){0,3}automatiquement|en r[ée]ponse automatique [àa]|envoy[ée]e? par (?:notre|mon|un) r[ée]pondeur|notification was issued by the system|(?:avis|message|mail|courriel) g[ée]n[ée]r[ée] par (?:notre|le) serveur|(?:contestador|r[ée]pondeur|risponditore|atendedor) autom[áa]ti\w{1,3} d[ei]\b|adresse (?:qui )?ne sert qu.[àa] l.envoi|adresse d.envoi uniquement|personne ne (?:lit|rel[èe]ve) (?:les (?:mails|e-?mails|courriels|messages) (?:qui|envoy[ée]s|re[çc]us)|cette (?:adresse|bo[îi]te))",
    _I,
)
# ITSELF has one of these in whatever it matches.
OF_ITSELF = ("aut", "gener", "génér", "ne sert", "envoi uniquement", "personne ne", "répondeur", "issued by", "répond", "repond", "reply", "respond", "monitored", "nicht", "antwo", "reager", "rispond", "odpowiada", "svar", "réponse", "reponse")  # fmt: skip
# --- somebody away -------------------------------------------------------------------------------------

AWAY_SUBJECT = re.compile(
    r"\W{0,4}(?:(?:ich bin|ik ben|jestem|estoy|sono|estou|je suis|jeg er|jag [äa]r|i am|i.m) )?(?:(?:im|op|na|de|em|en|in|on|p[åa]) )?(?:absen|hors d(?:u|e mon) bureau|wir machen (?:betriebs|urlaub|ferien)|maternit|(?:forschungs|frei)semester|(?:cong[ée] )?sabbati|fortbildung|krank|de baja|licen[çc]a|f[öo]r[äa]ldraledig|ute av|siamo chiusi|(?:en |je suis en )?(?:cong[ée]|vacances|d[ée]placement|formation|arr[êe]t)|ferm|\w{1,20} ferm|service \w{1,16} ferm|i.?.m away|away|on (?:\w{1,10} )?leave|out of|closed|on (?:sabbatical|holiday|parental|jury)|not in|office closed|dienstreise|gesch[äa]ftsreise|praxis|b[üu]ro|[ée]tude ferm|temps partiel|t[ée]l[ée]travail|retraite|r[ée]pondeur|szko[łl]a|sekretariat|segreteria|negozio|studio chius|winkel|kantoor|p[åa] ferie|ferier|bortrest|tj[äa]nsteresa|tilbage|betriebsferien|urlaub|abwesen|nicht (?:im|am|da)|(?:wir haben )?geschlossen|elternzeit|mutterschutz|(?:estoy )?(?:de vacaciones|fuera)|vacaciones|ausen|cerrad|ferie|chius|assen|fuori|(?:sono )?in ferie|vakantie|afwezig|niet aanwezig|gesloten|verlof|f[ée]rias|encerrad|fechad|aus[êe]nc|urlop|nieobecn|zamkni|semester|p[åa] semester|fr[åa]nvar|st[äa]ng|ferie|barsel|frav[æa]r|ikke p[åa]|lukket|stengt|permisjon)"
    r"|.{2,40}(?: / |[-–—|] ?)absent|.{3,50} (?:a quitt[ée]|ne fait plus partie|has left|no longer works|ist nicht mehr)",
    _I,
)
# Our own subject, behind what a program puts before it.
OURS_BEHIND = re.compile(r".{3,60}?[\s/–—-](?:re|aw|sv|r|antw|odp) ?: ?\S", _I)
# "(réponse automatique à : Réclamation 4412)", anywhere.
IN_BRACKETS = re.compile(
    r"\(auto\)\s{0,3}$|[-–—|:] ?(?:r[ée]ponse automatique|automatic reply|automatische antwort|respuesta autom[áa]tica|risposta automatica|resposta autom[áa]tica|automatisch antwoord|autosvar)$|[(\[]\s?(?:auto(?:matic|mated)?[- ]?(?:reply|response|answer)|r[ée]ponse auto(?:matique)?|message automatique|automatische antwort|automatisch antwoord|respuesta autom[áa]tica|risposta automatica|resposta autom[áa]tica|automatyczna odpowied[źz]|autosvar)\b[^)\]]{0,160}(?:[)\]]|$)",
    _I,
)
AWAY_TEXT = re.compile(
    r"\b(?:suis|serai|sommes|serons) (?:\w{1,14} ){0,3}(?:absente?s?\b|en (?:cong|vacances|d[ée]placement|formation|arr[êe]t|mission)|indisponible|hors du bureau)|(?:sommes|serons|est|sont|sera|seront) (?:\w{1,14} ){0,3}ferm[ée]e?s?\b|\babsente?s? (?:du|jusqu|pour)|(?:serai|sera|serons|suis|sommes) de retour|de retour (?:le|lundi|mardi)|rouvr(?:e|ira|irons)|rel[èe]ve (?:cette|la|sa) bo[îi]te|n.est relev[ée]e qu|ne (?:r[ée]pond|traite) pas (?:aux|les)|r[ée]ponds? aux (?:mails|messages)|travaille (?:pas|uniquement)|ne (?:consulte|lis|rel[èe]ve) (?:pas|mes|que)|je consulte mes (?:mails|messages)|je r[ée]ponds (?:le|les|aux)"
    r"|(?:i.m|i am|we.re|we are|office is|shop is) (?:\w{1,14} ){0,3}(?:out|away|off|on (?:\w{1,10} )?(?:leave|vacation|holiday|sabbatical|trip|duty)|not reading|on site|closed|unavailable|travell?ing|not (?:in|at))|(?:we|i) (?:only )?check (?:our |my )?e-?mails?|closed (?:for|until|from)|back (?:on|in the office|at my desk)|only read (?:my )?e-?mails?"
    r"|(?:b[üu]ro|praxis|betrieb|gesch[äa]ft|werkstatt|laden)\b.{0,50} geschlossen|(?:ist|bleibt) .{0,30}geschlossen|haben wir geschlossen|befinde ich mich|(?:bin|befinde mich|sind|ich bin) (?:\S{1,14} ){0,6}(?:nicht (?:im|am|erreichbar)|(?:dienst|gesch[äa]fts)reise|eingeschr[äa]nkt erreichbar|krank|im (?:kundentermin|urlaub)|urlaub|elternzeit|mutterschutz|abwesend|au(?:ß|ss)er haus)"
    r"|(?:estoy|estar[ée]|me encuentro|estamos|estaremos|permanecer[áa]|permanece|est[áa]) (?:\w{1,14} ){0,3}(?:fuera|ausente|de vacaciones|de baja|de licencia|cerrad)|(?:sono|sar[òo]|siamo|saremo|rester[àa]|[èe]|sar[àa]) (?:\w{1,14} ){0,3}(?:assente|ferie|fuori|chius|vacanza|congedo)"
    r"|(?:ben|wij zijn|zijn|is|zal) (?:\S{1,14} ){0,5}(?:vakantie|afwezig|gesloten|verlof|niet (?:aanwezig|bereikbaar|op))|werk niet op|ben er (?:niet|even)|(?:estou|estarei|encontro-me|estamos|estaremos|est[áa]) (?:\w{1,14} ){0,3}(?:ausente|f[ée]rias|licen[çc]a|fora|encerrad|fechad)"
    r"|(?:przebywam|jestem|b[ęe]d[ęe]|biuro jest|jest|jeste[śs]my) (?:\w{1,14} ){0,3}(?:urlopie|nieobecn|zamkni|nieczynn|poza)|(?:jag|jeg|vi|kontoret|butiken|butikken) (?:[äae]r|har|holder) (?:\S{1,14} ){0,4}(?:semester|ferie|f[öo]r[äa]ldraledig|barsel|bort|frav|fr[åa]nvar|ledig|ute av|permisjon|st[äa]ngt|stengt|lukket)",
    _I,
)
# What is to be done meanwhile, said to whoever writes.
MEANWHILE = re.compile(
    r"\b(?:urgen|en cas d|en attendant|vous pouvez (?:joindre|contacter)|pour toute|d[ée]sormais|merci d.?e?.(?:contacter|adresser|envoyer|[ée]crire)|(?:vos|votre) (?:messages?|mails?|courriels?|e-?mails?|demandes?) (?:ser|ne ser|n.est)|ne sont pas (?:lus|relev)|r[ée]ouverture|rouvr|[àa] (?:notre|mon) retour|d[èe]s (?:mon|notre) retour|vous r[ée]pond|r[ée]pond(?:rai|rons|s)|suit mes dossiers|permanence|[àa] la rentr[ée]e"
    r"|if it (?:can.t|cannot) wait|emergenc|please (?:e-?mail|contact|direct|call)|will (?:reply|respond|be (?:read|answered|dealt))|in my absence|saranno lett|alla riapertura|odpowiemy|odpisz|erst (?:wieder|nach)|werden nicht|i (?:will|.ll) reply|limited access|dring|wenden sie sich|vertretung|ihre (?:e-?mail|nachricht) wird|melde mich|beantworten|wird nicht (?:gelesen|weitergeleitet)|urgente?|responder(?:emos|[ée])|a la vuelta|escriba a|urgenz|risponder|non verranno|rivolger|contattare"
    r"|bitte (?:verwenden|nutzen|schreiben)|please use|gebruik|utilizz|utilice|utilize|spoed|wordt daarna|beantwoord|neem (?:dan )?contact|zodra ik|urgentes?|contacte|piln|prosz[ęe] o kontakt|br[åa]dskande|haste|kontakt(?:a)? (?:venligst|min|v[äa]xeln|gerne)|kontakta|ring (?:kontoret|sentral|v[äa]xel)|proszę pisać|haster|besvaras|besvares|leser ikke|l[äa]ser inte|svarer)",
    _I,
)
# A mailbox that is no more, or somebody who has gone.
GONE = re.compile(
    r"(?:cette (?:adresse|bo[îi]te)|celle-ci|l.adresse)\b.{0,60}?(?:n.est plus|ne sera plus|n.existe plus|sera (?:supprim|d[ée]sactiv|ferm))|cesser(?:a|ont) de fonctionner|(?:ne fait|fais) plus partie|a quitt[ée] (?:l|la|notre|nos)|n.a pas [ée]t[ée] transmis|no longer (?:works?|with|in use|valid|monitored|active)|has left|(?:nicht mehr) (?:g[üu]ltig|aktiv|genutzt|im unternehmen|f[üu]r uns)|nicht weitergeleitet|ya no (?:trabaja|est[áa]|se utiliza)|non (?:[èe] pi[ùu]|lavora pi[ùu])|niet (?:meer|langer) (?:werkzaam|in gebruik|actief)|j[áa] n[ãa]o (?:trabalha|est[áa])|nie pracuje|(?:ju[żz] )?nieaktywn|anv[äa]nds inte|ikke l[æe]ngere|ikke lenger",
    _I,
)
# A subject of another address: people write it as well.
MOVED_SUBJECT = re.compile(
    r"\W{0,4}(?:(?:\w{1,10} ){0,2}(?:nouvelle|changement d['’]?|change[oz]?(?:ment|ns)? d['’]?) ?adresse|(?:adresse|bo[îi]te)\b.{0,30}(?:d[ée]sactiv|supprim|ferm[ée]e|non (?:consult|relev)|n.est plus)|new (?:e-?mail )?address|(?:e-?mail )?address (?:change|no longer)|neue (?:e-?mail-?)?adresse|nueva direcci[óo]n|nuovo indirizzo|nieuw (?:e-?mail)?adres|novo endere[çc]o|nowy adres|ny (?:e-?post|mail|e-?mail)?-?adress?e?)",
    _I,
)
# --- servers and filters -------------------------------------------------------------------------------

FILTER = re.compile(
    r"(?:[^@]{0,30}[-_.])?(?:anti-?spam|anti-?virus|virus-?alert|spam-?\w{0,9}|filtr\w{0,6}|quarant\w{0,6}|(?:mail-?|smtp-?)?gate(?:way)?|passerelle|mail-?server|content-?filter|amavisd?|mailsecurity|securemail|protection|posta-certificata|administra(?:teur|tor|dor|tore)|e-?postsystem|systeme?|mta|relay|firewall|mdaemon)(?:[-_.+][^@]{0,30})?@",
    _I,
)
FILTER_NAME = re.compile(
    r"(?:s[ée]curit[ée] (?:de la |des )?(?:messagerie|e-?mails?)|e-?mail ?(?:security|protection|gateway|filter)|filtrage|content-?filter|anti-?spam|anti-?virus|passerelle|mail ?(?:gateway|delivery|security)|kerio|mdaemon|mimecast|proofpoint|barracuda|vade|firewall|\bspam|forcepoint|sophos|symantec|trend ?micro|ironport|hornet|quarantaine|amavis|google ?groups|googlegroups|e-postsystem|serveur de messagerie)",
    _I,
)
REFUSED_SUBJECT = re.compile(
    r"\W{0,5}(?:\[[^\]]{1,20}\]\s?)?(?:(?:votre )?(?:message|e-?mail|courriel|courrier|mail)(?: \S{1,12}){0,3} (?:refus|rejet|bloqu|non (?:remis|distribu|d[ée]livr)|n.a pas|supprim)|virus (?:d[ée]tect|found|detected)|message (?:blocked|rejected|refused|quarantined)|message you sent|rejected:|bericht (?:niet|geweigerd|geblokkeerd)|(?:e-?)?mail (?:blocked|rejected)|banned (?:contents?|file)|considered unsolicited|(?:message|e-?mail) delivery failure|undeliver|echec (?:de (?:la )?|d.)(?:livraison|remise|envoi|distribution)|retour ?: votre message|notification de bounce|nachricht (?:abgelehnt|blockiert|zur[üu]ck)|(?:mensaje|correo) (?:rechazad|bloquead|devuelt)|messaggio (?:rifiutat|bloccat|respint)|avviso di mancata consegna|anomalia messaggio|avviso di non accettazione|bericht (?:geweigerd|geblokkeerd)|mensagem (?:rejeitad|bloquead|devolvid)|wiadomo[śs][ćc] (?:odrzucon|zablokowan))",
    _I,
)
_NOT = r"(?:n.a (?:donc |pas |pu ){1,3}(?:[ée]t[ée]|[êe]tre|pu)?|non (?:remis|distribu|d[ée]livr)|a [ée]t[ée] (?:\S{1,14} )?(?:bloqu|refus|rejet|supprim|retourn|renvoy|identifi|consid[ée]r)|est refus|rest[ée] inaccessible|contenait (?:une? )?(?:pi[èe]ce jointe )?(?:infect|virus)|was (?:\S{1,14} )?(?:blocked|rejected|refused|considered|not delivered|quarantined)|has been (?:blocked|rejected|quarantined)|delivery .{0,60}failed|(?:could|was|has) not be(?:en)? |been stopped|wurde (?:\S{1,14} ){0,4}(?:abgelehnt|blockiert|nicht|zur[üu]ck)|ha sido (?:rechazad|bloquead|devuelt)|no se (?:pudo|ha)|(?:non )?[èe] stato (?:rifiutat|bloccat|consegnat|respint)|rilevato un errore|(?:werd|is) (?:geweigerd|geblokkeerd|niet)|foi (?:rejeitad|bloquead|devolvid)|zosta[łl]a (?:odrzucon|zablokowan|zwr[óo]con))"
REFUSED = re.compile(
    rf"\b(?:message|e-?mail|mail|courriel|courrier|nachricht|wiadomo[śs][ćc]|mensaje|correo|messaggio|bericht|meddelande\w{{0,2}}) (?:to|for|from|[àa]|pour|destin\S{{1,3}} [àa]|adress\S{{1,3}} [àa]|envoy\S{{1,3}} [àa]|an|do|aan|til|till|para)\b.{{0,160}}?{_NOT}|l.adresse \S{{3,100}} (?:n.existe|est (?:d[ée]sactiv|inconnu)|a [ée]t[ée] mise)|(?:votre|le|un|your|the|an?|ihre|su|el|il|nel|uw|het|a sua|twoja|przesy[łl]ka|meddelandet)\b.{{0,3}}(?:message|e-?mail|mail|courriel|courrier|nachricht|mensaje|correo|messaggio|bericht|mensagem|wiadomo[śs][ćc])?\b.{{0,200}}?{_NOT}|(?:message|mail) delivery to .{{0,100}}failed|delivery of the email was stopped|banned contents? alert|may not have permission to post|le serveur de messagerie a renvoy",
    _I,
)
ADDRESSED = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,100}")
TRANSCRIPT = re.compile(r"(?:\bLPN\d{3}_\d|\bOFR_?\d|session transcript|transcription de la session|rcpt to|(?:in reply to|r[ée]ponse (?:smtp|du serveur)|technical details|diagnos\w{2,10}|motif :|remote server|hard bounce|soft bounce))", _I)  # fmt: skip
# It has arrived, and no more is known: no failure.
RELAYED_SUBJECT = re.compile(r"\W{0,4}(?:relay[ée]|relayed|delivered|remis\b|distribu[ée]|d[ée]livr[ée]|zugestellt|weitergeleitet|entregado|retransmitid|consegn|accettazione|bezorgd|entregue|dostarczon|levererat|leveret|levert|presa in carico|ricevuta di (?:avvenuta |accettazione)|(?:accus[ée]|notification) de (?:remise|distribution|livraison)|delivery (?:receipt|report))", _I)  # fmt: skip
RELAYED = re.compile(
    r"(?:remise|livraison|distribution) .{0,60}(?:est termin|a r[ée]ussi|effectu)|delivery .{0,60}is complete|(?:was|has been) (?:successfully )?delivered to|a (?:bien )?[ée]t[ée] (?:remis|distribu|d[ée]livr)|wurde .{0,60}(?:[üu]bermittelt|zugestellt)|(?:se ha entregado|ha sido entregado|entrega .{0,40}complet)|[èe] stato (?:consegnato|accettato dal sistema)|ricevuta di (?:avvenuta consegna|accettazione)|is (?:bezorgd|afgeleverd)|foi entregue|zosta[łl]a dostarczona|har (?:levererats|leveret|levert)",
    _I,
)
# The work somebody has done or will come and do, what it costs, what is wrong with it: no program tells that.
DONE = re.compile(
    r"\d ?(?:€|euros?\b|eur\b|pounds|dollars|z[łl]ot|kron)|[€£$] ?\d|\b(?:sans suite|relance\b|[àa] tort|erron[ée]|refus[ée]|(?:they|we) reject|liabilit|deadline|overdue|no reply|reste due|bleibt bestehen|il (?:nous )?fau(?:t|drait)|looked (?:at|into)|(?<!be )found\b|spoke|fixed|repaired|replaced|refunded|discussed|in stock|will (?:arrive|come|call)|is on (?:its|the) way|a [ée]t[ée] (?:r[ée]par|rembours|retrouv|d[ée]bloqu)|(?:r[ée]par|rembours|d[ée]bloqu|retrouv)[ée]e? (?:ce|hier|lundi|mardi)|(?:passera|viendra|arrivera|part|parti|partie|partira|vient) (?:ce|demain|lundi|mardi|mercredi|jeudi|vendredi|le|chez|mercr)|apr[èe]s (?:examen|[ée]tude|v[ée]rification)|maintenons|irrecevable|incompl[èe]t|il manque|rejet[ée]e? :|(?:liegt|ist) (?:bis|wieder da)|bereit)",
    _I,
)
# What an administrator writes about mail that came back, and no server does.
BY_HAND = re.compile(
    r"\b(?:notre|our|unsere|nuestro|nostro|ons) (?:message|e-?mail|mail|courriel|nachricht|mensaje|messaggio|bericht)|\bnos (?:messages|e-?mails|mails)|(?:pas de|sans) r[ée]ponse|chez vous|de votre c[ôo]t[ée]|[àa] corriger|merci de|pri[èe]re de|d[ée]sol[ée]e?s\b|please (?:check|fix)|on your (?:side|end)|bitte (?:pr[üu]f|korrig)|b[ée]n[ée]vole|cordialement|regards|gr[üu](?:ß|ss)",
    _I,
)
# Whoever waits for goods says when nobody will be in.
GOODS = re.compile(r"livraison|livr[ée]|(?:an)?lieferung|entrega\b|consegna\b|levering|leverans|\bdelivery\b|dostaw|chaises|palette|meuble|litige|r[ée]sili", _I)  # fmt: skip
_SHUT = r"(?:est|sont|sera|seront) (?:\w{1,14} )?(?:ferm|ouvert)\w{0,3}|geschlossen|cerrad[oa]s?|chius[oia]|gesloten|fechad\w|(?:is|are) closed|fermeture"
SHUT = re.compile(_SHUT, _I)
# --- who speaks ----------------------------------------------------------------------------------------

# One person, of what they did, want or think; and a desk where somebody sits and makes an offer.
SPEAKER = re.compile(
    r"(?<!voor )(?<!dat )(?<!met )(?<!heb )\bje\b(?! (?:e-?mail|mail|bericht|aanvraag|vraag|melding|kunt|krijgt|ontvangt|hoort))|(?<!\bun )(?<!\bel )(?<!\bal )(?<!\bum )\bmes\b|\b(?:j['’]\w{1,12}|moi|me|m['’]\w{2,12}|mon|ma)\b|\bnous (?:vous )?(?:proposons|constatons|contestons|attendons|maintenons|refusons|souhaitons|serions|demandons|voulons|n.avons (?:rien|pas (?:re[çc]u|eu))|avons (?:\w{1,8} )?(?:appel|parl|vu|essay|annul|lanc))|\b(?:cons[ée]quence|faites|envoyez|dites|laissez|appelez|renvoyez|remboursez|rappelez|tenez)[- ](?:nous|moi|le|la|les)?\b"
    r"|\b(?:(?-i:I)|i['’](?:m|ve|d|ll)|i (?:am|have|want|did|was|need|don|can|got|still|would|will)|my|mine)\b|\bwe (?:propose|offer|suggest|spoke|called|disagree|demand|expect|need|want|would)\b|\b(?:ich|mir|mich|mein\w{0,2})\b|\bwir (?:schlagen|bieten|erwarten|fordern|warten|m[öo]chten)\b"
    r"|\b(?:quiero|necesito|espero|exijo|mi|mis|les? escribo|contest[oé]|he (?:recibido|llamado|intentado)|podemos|le proponemos|nadie)\b|\b(?:voglio|chiedo|attendo|contesto|ho|mio|mia|miei|le proponiamo|vorrei|non accetto|nessuno)\b|\b(?:ik|mijn|mij|wij stellen|graag)\b|\b(?:quero|recebi|minha|meu|exijo|gostaria|propomos)\b|\b(?:chc[ęe]|otrzyma[łl](?:em|am)|prosz[ęe] o (?!kontakt)|m[óo]j|moja|moje|moj[ąa]|[żz][ąa]dam|nikt)\b|\b(?:jag|min|mitt|mina|jeg|mine)\b",
    _I,
)
# Of whoever is away: whose, and what is wanted from one reader.
ONE_READER = re.compile(
    r"\b(?:ne (?:livrez|passez|venez|classez|closez)|livre[rz]|votre (?:technicien|livreur|agence|offre|facture|produit)|ma femme|mon mari|mon (?:fils|avocat|associ[ée]|mobile|portable)|ma fille|my (?:wife|husband|daughter|son|neighbour|mobile|lawyer|parcel|phone)|deliver|bitte (?:liefern|schicken|kommen)|neuer termin|die rate|mein (?:mann|sohn)|meine (?:frau|tochter)|mi (?:mujer|marido|socio|hermano|hijo|hija)|no (?:env[íi]en|vengan|manden)|llamen|sigue sin|non (?:mandate|venite|consegnate)|voglio|mia (?:moglie)|mio (?:marito|figlio)|mijn (?:man|vrouw|zoon|dochter)|n[ãa]o (?:venham|enviem|mandem)|minha (?:mulher|esposa)|meu (?:marido|filho)|min (?:man|fru|s[øo]n|mand|kone)|mitt (?:paket)|mi nueva|mio nuovo|mijn nieuwe|min nye?|minha nova|m[óo]j (?:nowy|m[ąa][żz])|moja [żz]ona)\b",
    _I,
)
