"""The sentences of a note that a mailbox sends to whoever writes, and the words no such note has.

Bounded patterns, given one sentence or a text of a few hundred letters (whole_notes.py asks)."""

from __future__ import annotations

import re

_I = re.IGNORECASE
_MAIL = r"(?:messages?|mails?|e-?mails?|courriels?|demandes?)"
_REACH = (
    r"(?:contact(?:er|ez)|(?:vous )?adress(?:er|ez)|[ée]cri(?:re|vez)|joi(?:ndre|gnez)|appel(?:er|ez)|vous rapprocher|rapprochez-vous|vous tourner|utilis(?:er|ez)|prendre contact|(?:r?envo(?:yer|yez))|compose[rz]"
    r"|contact|call|write to|e-?mail|direct|send your|reach|speak to|use|wenden sie sich|kontaktieren|schreiben sie|contacte|contactar|dir[ií]jase|ll[aá]me|escriba|contattare|scrivere|rivolger\w{1,3}|contact op(?:nemen)?|neem contact|kunt u terecht)"
)

# Somebody is not there, has gone, or has closed.
ABSENT = re.compile(
    r"^\W{0,5}(?:(?:bonjour|hello|hi)\W{1,3})?(?:je suis )?(?:actuellement )?(?:absente?|absent\(e\)|en (?:cong[ée]|vacances|d[ée]placement|formation|arr[êe]t))"
    r"|\b(?:suis|serai) (?:\w{1,14} ){0,3}(?:absente?\b|absent\(e\)|en (?:cong|vacances|d[ée]placement|formation|arr[êe]t)|indisponible|en dehors)|travaille [àa] temps partiel"
    r"|\b(?:quitt[ée] (?:la soci[ée]t[ée]|l.entreprise|l.agence|l.[ée]quipe|l.[ée]tude|la structure|la collectivit[ée]|mes fonctions|ses fonctions|le cabinet|l.[ée]tablissement|l.association|la mairie|le service)|(?:fais|fait) plus partie|(?:travaille|exerce) plus|(?:n.est|suis) plus (?:dans|parmi|salari|employ|en poste)|no longer (?:work|with|employ)|(?:has|have) left (?:the|our)|(?:i have|has) (?:now )?left [A-Z])"
    r"|(?:bureaux?|[ée]tablissements?|magasins?|boutiques?|ateliers?|soci[ée]t[ée]|entreprise|agences?|cabinet|secr[ée]tariat|services?|mairie|accueil|standard|[ée]tude|[ée]cole|coll[èe]ge|lyc[ée]e|centre|clinique|pharmacie|biblioth[èe]que|office|company|practice|shop|b[üu]ro|praxis)\b[^.!]{0,40}? (?:est|sont|sera|seront|is|are|will be|ist|bleibt) (?:\w{1,18} ){0,2}(?:ferm|closed|geschlossen)"
    r"|(?:r[ée]ception|secr[ée]tariat|accueil|bureaux|service|standard|mairie|agence)\b[^.!]{0,30} (?:est|sont) ouverte?s?\b|^\W{0,5}(?:bo[îi]te|adresse|messagerie)(?: mail| de messagerie)? non (?:relev|consult|surveill)|en raison d.une absence|(?:messagerie|bo[îi]te|adresse)\b.{0,40} n.est (?:relev|consult)[ée]e qu|ne suis pas (?:\w{1,14} )?(?:disponible|joignable|en mesure)|(?:entreprise|soci[ée]t[ée]|[ée]quipe|agence|atelier|cabinet) (?:est|sera) en cong|fermeture (?:annuelle|estivale|hivernale|exceptionnelle|pour)|nous (?:sommes|serons) (?:\w{1,18} )?(?:ferm[ée]s|en cong)|j.ai chang[ée] de (?:service|fonction|poste)|\b(?:i have|i.ve) (?:now )?retired|work part[- ]time|mutterschutz|elternzeit|im urlaub|droits [àa] la retraite|partie? (?:en|[àa] la) retraite|(?:ich bin|bin ich) (?:\S{1,14} ){0,6}(?:im urlaub|nicht im|abwesend|verreist)|correspondante? est absente?"
    r"|(?:this|the) (?:mailbox|inbox|e-?mail address|address) is (?:not|no longer) (?:monitored|in use|used|active|read)|(?:mailbox|inbox|address) (?:is )?not monitored|unmonitored (?:mailbox|inbox|address)|(?:sekretariat|b[üu]ro|praxis|empfang|telefon)\b[^.!]{0,30} nicht besetzt|i am on (?:\w{1,12} )?(?:leave|holiday|vacation)|out of (?:the )?office"
    r"|(?:cette |la pr[ée]sente |l')(?:bo[îi]te|adresse|messagerie)\b.{0,80}?(?:n(?:.est|e sera) (?:pas|plus) (?:relev|consult|utilis|surveill|activ|valid|lue|suivi|en service)|n.existe plus|a [ée]t[ée] (?:supprim|d[ée]sactiv|ferm)|est (?:d[ée]sactiv|supprim|ferm)|(?:sert|est utilis[ée]e) (?:uniquement|seulement|exclusivement)|ne (?:permet|re[çc]oit) pas)",
    _I,
)
# What we wrote has come to a desk.
ARRIVED = re.compile(
    rf"\b(?:avons|a|ont) bien re[çc]u votre {_MAIL}|votre {_MAIL} (?:nous )?(?:a|est|ont|sont) bien (?:[ée]t[ée] (?:re[çc]ue?|enregistr[ée]e?|pris(?:e)? en compte|transmise? (?:automatiquement )?(?:[àa]u?x? (?:l.|la |nos )?(?:service|votre|[ée]quipe|direction|gestionnaire|conseill)))|parvenue?|arriv[ée]e?)"
    r"|votre (?:message|courrier|courriel) (?:[ée]lectronique )?(?:nous )?est bien (?:parvenu|arriv[ée])|\b(?:on|nous) l.(?:a|avons) bien re[çc]u\b|votre message,? (?:qui |il )?a (?:bien )?[ée]t[ée] transmis|(?:we.ve|we have) (?:logged|got|registered|received) your (?:message|e-?mail|request)|your (?:message|e-?mail|request) is (?:now |safely )?with us|syst[èe]me a (?:bien )?enregistr[ée]|votre (?:demande|message) a [ée]t[ée] (?:automatiquement )?transmise? (?:automatiquement )?(?:aux?|[àa])\b|merci (?:de nous avoir|d.avoir) (?:contact|[ée]crit)"
    r"|votre (?:demande|ticket) est (?:bien )?enregistr[ée]e?|(?:accus(?:ons|e) (?:bonne )?r[ée]ception|confirm(?:ons|e) (?:la )?(?:bonne )?r[ée]ception) de votre (?:message|mail|courriel|demande|r[ée]clamation)|votre (?:ticket|demande|dossier) \S{1,20} a (?:bien )?[ée]t[ée] (?:cr[ée][ée]|ouvert|enregistr)|(?:we have|we.ve) received your (?:message|e-?mail|request|enquiry|inquiry)|your (?:message|e-?mail|request|enquiry|inquiry) has been (?:safely |successfully )?(?:received|registered|logged)",
    _I,
)

# Each proves something: said to whoever may write, and not by one customer to one desk.
STRONG = (
    rf"en cas (?:de |d.)(?:sinistre|panne|urgence|difficult[ée]|perte|vol|opposition)\b.{{0,60}}?\b{_REACH}|(?:urgen\w{{1,6}}|dringend\w{{0,2}}|urgenz\w)\b.{{0,80}}?\b{_REACH}|{_REACH}\b.{{0,90}}(?:pour (?:toute )?(?:urgence|question urgente)|en cas d.urgence|if urgent|for urgent)",
    rf"pour (?:toute|tout autre)s? (?:autre )?(?:question|demande|information|renseignement|correspondance)s?\b.{{0,60}}?\b{_REACH}|for (?:any|all) (?:\w{{1,12}} )?(?:question|enquir|quer|request)\w{{1,4}}\b.{{0,60}}?\b{_REACH}|(?:direct|send|address) your (?:enquir|quer|e-?mail|message|request)|{_REACH}\b.{{0,90}}(?:for (?:any|all) (?:question|enquir|quer)|pour toute (?:question|demande|information))",
    rf"(?:(?:en|pendant|durant) mon absence|(?:durant|pendant|d.ici|jusque)[- ](?:cette p[ée]riode|l[àa]|ce temps))\b.{{0,60}}?\b{_REACH}|{_REACH}\b.{{0,120}} (?:en|pendant|durant) mon absence|(?:in|during) my absence\b.{{0,60}}?\b{_REACH}|{_REACH}\b.{{0,120}} (?:in|during) my absence",
    rf"(?:bo[îi]te|adresse|messagerie)(?: mail| de messagerie)? non (?:relev|consult|surveill)|(?:a|ont) [ée]t[ée] (?:automatiquement )?(?:transf[ée]r|redirig)[ée]e?s? (?:automatiquement )?[àa] |une r[ée]ponse vous sera|if you need (?:\w{{1,12}} )?(?:assistance|help)|will read your (?:e-?mail|message)|\b(?:vos|votre|les) {_MAIL} (?:(?:ne )?ser(?:a|ont)|n.(?:est|a|ont)|ne sont|(?:a|ont) (?=bien [ée]t[ée] transmise? (?:[àa]u?x? (?:l.|la |nos )?(?:service|votre|[ée]quipe|direction)))) ?(?:pas |donc |bien |[ée]t[ée] ){{0,3}}(?:lu|trait|transf[ée]r|relev|transmi|redirig|pris|[ée]tudi|supprim|consult)|your (?:message|e-?mail|request)s? (?:will|has) (?:not )?be(?:en)? (?:read|answered|forwarded|dealt|processed|handled)|\b(?:il|elle|celui-ci|celle-ci) (?:sera|a [ée]t[ée]) (?:transmis|trait|achemin|orient|examin|[ée]tudi)|fera l.objet d.une r[ée]ponse|ihre (?:e-?mails?|mails?|nachricht(?:en)?|anfrage) (?:wird|werden) (?:nicht|nach|ab|erst|am)",
    rf"(?:prendrai|prendrons) connaissance de (?:vos|votre) {_MAIL}|(?:traiterai|traiterons) (?:vos|votre) {_MAIL}|(?:r[ée]pondrons [àa]) (?:vos|votre) {_MAIL} (?:d[èe]s|[àa]) (?:notre retour|la r[ée]ouverture|la rentr[ée]e|la reprise)|\b(?:leave|office)\b.{{0,120}}(?:respond|reply) to your (?:message|e-?mail) (?:when|as soon|on|upon|after)",
    r"acc[èe]s (?:tr[èe]s )?(?:limit[ée]|restreint|r[ée]duit) [àa] (?:ma messagerie|mes (?:e-?)?mails|mes messages|internet)|(?:sans|pas|aucun) acc[èe]s [àa] ma messagerie|ne (?:consulte|lis|consulterai|lirai) pas (?:mes|ma) (?:mails|messages|courriels|messagerie)|limited access to (?:my )?e-?mail|no access to (?:my )?e-?mail",
    rf"(?:adresse[rz]|envoye[rz]|renvoye[rz]|transmettre) (?:d[ée]sormais |dor[ée]navant )?(?:tou(?:te)?s )?(?:vos|votre) (?:futur\w{{0,2}} )?{_MAIL}|(?:cette |l')(?:bo[îi]te|adresse|messagerie)\b.{{0,80}}?(?:n(?:.est|e sera) (?:pas|plus) (?:relev|consult|utilis|surveill|activ|valid|lue|suivi|en service)|n.existe plus|a [ée]t[ée] (?:supprim|d[ée]sactiv)|est d[ée]sactiv|(?:sert|est utilis[ée]e) (?:uniquement|seulement|exclusivement)|ne permet pas)(?! que)|(?:this|the) (?:mailbox|inbox) is (?:not|no longer) (?:monitored|read|in use)",
    r"\b(?:un|une|l.un|votre|notre|nos|le|la|au|a|our) (?:de nos )?(?:conseill[eè]re?s?|membres?|collaborat\w{3,5}|interlocut\w{3,5}|services?|agents?|[ée]quipes?|member|advisers?|agents?|team)\b.{0,60}?(?:r[ée]pondr(?:a|ont)|vous r[ée]pond(?:ent)?\b|revien(?:dra|dront|t vers vous|nent vers vous)|recontactera|recontacteront|contactera|contacteront|prendr(?:a|ont)|will (?:get back|reply|respond|contact|be in touch))",
    r"mettons tout en (?:œ|oe)uvre|conserver ce num[ée]ro|(?:technicien|conseill[eè]re?|agent|[ée]quipe) (?:va|vont) (?:\w{1,6} )?(?:prendre|traiter|r[ée]pondre|examiner|[ée]tudier)|ne pas nous relancer|traitement de vos (?:messages|demandes) peut|(?:elle|il|demande) (?:porte|a re[çc]u) (?:le num[ée]ro|la r[ée]f[ée]rence)|enregistr[ée]e? sous (?:le num[ée]ro|la r[ée]f[ée]rence)",
    r"en attendant,? .{0,40}(?:votre|ta|une) r[ée]ponse (?:ici|sur)|meanwhile,? .{0,60}(?:docs|help cent(?:re|er)|faq)|(?:consultez|consulte|voir) (?:notre|la) (?:faq|foire aux questions|aide en ligne)",
    r"accus[ée] de r[ée]ception ne vaut pas|d[ée]lais? de (?:r[ée]ponse|traitement) (?:est|sont|peut|peuvent|constat)|inutile de (?:nous )?(?:renvoyer|relancer|r[ée][ée]crire)|nombre (?:important|[ée]lev[ée]) de (?:demandes|messages)|(?:grand|important) nombre de (?:demandes|messages)|response times? (?:is|are) (?:currently|longer)|replies may take|due to (?:high|large|the) (?:\w{1,10} )?(?:volumes?|numbers?)",
    r"aucun (?:message|mail|e-?mail|courriel) (?:ne )?sera|(?:messages|mails|courriels) ne seront (?:pas )?(?:lus|trait)",
    r"our (?:humans|team|agents|offices?) (?:are|is) (?:online|available|open)",
    r"assure (?:la suite|l.int[ée]rim|mon remplacement|la continuit[ée])|coll[èe]gue\b.{0,80}@.{0,80}(?:pendant|durant|en) mon absence|contacter s(?:on|a) (?:rempla|success|coll)|absent\(e\)|contact my colleague|contacter (?:mon|ma|mes) coll[èe]gues?",
)
STRONG_EACH = [re.compile(one, _I) for one in STRONG]
# Half a proof: people say it as well.
WEAK_EACH = [
    re.compile(one, _I)
    for one in (
        r"(?:merci|remercie|remercions) (?:de |pour |du |d.)(?:nous avoir|avoir contact|votre|vos|l.int[ée]r[êe]t)|thank(?:s| you) for (?:your (?:message|e-?mail|enquiry)|contacting|getting in touch|reaching)",
        r"(?:sous|d[ée]lai (?:\w{1,9} )?de|d[ée]lai d.) ?(?:\d{1,3}|une|deux|trois) ?(?:h\b|heures?|jours?|semaines?)|within (?:\d{1,3}|one|two|three) (?:hour|day|working|business)",
        rf"r[ée]pondr\w{{1,4}} [àa] (?:vos|votre) {_MAIL}",
        r"vous (?:apporter|donner)ons une r[ée]ponse|revien(?:drons|dra) vers vous|r[ée]pondrons (?:dans|sous|rapidement|au plus)|be in touch",
        r"(?:lirai|consulterai) (?:mes|vos) (?:mails|messages)|(?:est|sont) ouverte?s? (?:de|du|tous)|\breturning\b",
        r"(?:toute urgence|urgences?) ?: ?[+\d]",
        r"(?:on|nous) (?:s.en |nous en )occup\w{1,4} (?:tr[èe]s |au plus )?vite|rappel de votre (?:message|demande)",
        r"just to let you know|(?:we.ll|we will) never ask|a bien enregistr[ée]|serez (?:inform|tenu|averti|pr[ée]venu)",
        r"will (?:reply|respond|answer).{0,40} when we return",
    )
]
# What else stands in a note and proves nothing.
COMPANY = re.compile(
    r"^\W{0,5}(?:bonjour|bonsoir|madame|monsieur|mesdames|messieurs|hello|hi|dear|guten tag|hallo|sehr geehrte\w?|hola|buenos d[ií]as|buongiorno|goedendag|demat)\b[^.!]{0,40}$|^\W{0,5}cher\w{0,3} (?:client|adh[ée]rent|usager|soci[ée]taire|madame|monsieur)|merci (?:de|pour|par avance|d.avance)|remerci|thank|danke|gracias|grazie|bedankt"
    r"|^(?:please )?(?:visit|see|go to) \S{4,80}$|^(?:rendez-vous|consultez|voir) (?:sur )?\S{2,60}\.\S{2,40}$|^pour (?:une?|toute?|vos|les) [^.]{3,40} : ?[+\d]|revenez vers (?:moi|nous)|prions d.agr[ée]er|veuillez agr[ée]er|l.expression de nos salutations|authori[sz]ed (?:and regulated )?by|registered (?:in england|office)|^l\.\s?\d{3}-\d|tiendrons inform|serez (?:inform|tenu|averti|pr[ée]venu)"
    r"|(?:bonnes?|excellentes?|joyeuses?|heureuses?) (?:f[êe]tes|journ[ée]e|soir[ée]e|vacances|ann[ée]e|r[ée]ception|fin)|belle (?:journ[ée]e|ann[ée]e)|meilleurs v[oœ]|de retour|retour (?:le|au|pr[ée]vu|lundi|mardi|mercredi|jeudi|vendredi)|[àa] (?:mon|notre) retour|r[ée]ouv|rouvrir|pour nous (?:[ée]crire|joindre|contacter)|reprise|(?:est|sont|sera) ouverte?s?\b|horaires"
    r"|^qui (?:le|la|les|vous|y) \w{1,20}ra\b|aim to (?:reply|respond)|(?:vous )?r[ée]pond(?:rai|rons|ra|s|ons)\b|reviendr|recontacter|will (?:reply|respond|get back|answer)|(?:i|we) (?:will be )?(?:back|return)|(?:meilleurs|brefs) d[ée]lais|as soon as|wieder (?:f[üu]r|im|erreichbar|da)|regres|volver[ée]|rientr|torner|ben ik terug",
    _I,
)
# Where the words end: a closing formula, and below it a name or a card.
CLOSING = re.compile(
    r"^\W{0,3}(?:(?:bien |tr[èe]s )?cordialement|cdl?t|bien [àa] vous|(?:sinc[èe]res|meilleures) salutations|sinc[èe]rement|respectueusement|l.[ée]quipe\b|le (?:support|service|secr[ée]tariat)\b|les services\b|(?:la|votre) (?:caisse|mairie|agence|banque)\b[^.]{0,40}$|la direction\b|(?:kind|best|warm) regards|regards|sincerely|yours|the \w{1,20} team|mit freundlichen|freundliche|viele gr|saludos|atentamente|cordiali saluti|distinti saluti|met vriendelijke|--)",
    _I,
)
# A closed place or an absence told by what the note calls itself.
HEADING = re.compile(
    r"\W{0,6}(?:r[ée]ponse automatique|message automatique|message d.absence|automatic reply|auto-?reply|automatische antwort|respuesta autom[áa]tica|risposta automatica|automatisch antwoord)\W{0,6}(?:\n|$)",
    _I,
)

# A customer, who speaks of what is theirs, or asks for something.
OF_ONE_READER = re.compile(
    r"[?«“\"]|\b(?:mon|ma|mes) (?!(?:absence|retour|bureau|fonctions|poste|coll[èe]gues?|assistante?s?|rempla[çc]ante?s?|successeure?|associ[ée]e?s?|confr[èe]res?|cons[oœ]?\w{0,6}|responsable|sup[ée]rieure?|[ée]quipe|secr[ée]tariat|secr[ée]taire|cong[ée]s?|retour|service)\b)|\bme\b|\bm['’](?!avoir|absente)|\bmoi\b|\bn.est pas une? (?:message|r[ée]ponse|mail)|\bchez vous\b|\bce soir\b|\bhier\b|\bpour la suite\b|\bcomme convenu\b|\bferm[ée]e?s? depuis\b|\b(?:dit|disiez|disait)\b|\bvous (?:demande|prie de|signale|rappelle|envoie|confirme|appelle)\b|\b(?:ce|cette|cet|du|le|la|les|l['’]) ?(?:litige|sinistre|dossier|r[ée]clamation|plainte|commande|facture|contrat|chantier|travaux|devis|panne|fuite|badges?|visite|intervention|paiement|remboursement|r[ée]paration|compteur)\b|\b(?:vos|votre) (?!(?:messages?|mails?|e-?mails?|courriels?|demandes?|courriers?|compr[ée]hension|patience|correspondante?|attention|confiance|int[ée]r[êe]t|interlocut\w{3,5}|conseill[eè]re?s?|gestionnaire|espace|r[ée]clamation|visite|contact|ticket|disposition|question|service|banque|caisse|mairie|prise|requ[êe]te|correspondance|propos)\b)|\b(?:notre (?:avocat|conseil|assur\w{1,5})\b|voisine?|gardienne?|concierge|cl[ée]s)\b"
    r"|\bj(?:e |['’])(?:ne |n['’]|vous |y |les |l['’]|en |le )*+(?!(?:suis|serai|reviens|reviendrai|r[ée]pondrai|r[ée]ponds|traiterai|prendrai|reprendrai|reprends|recontacterai|consulte|consulterai|lis|lirai|aurai|ai (?:pas acc|quitt[ée]|chang[ée] de|fait valoir)|travaille|exerce|fais|remercie|souhaite|manquerai|rentre|rentrerai)\b)\w"
    r"|(?<![-\w])(?!(?:contactez|adressez|veuillez|pouvez|[ée]crivez|composez|connectez|portez|accordez|appelez|joignez|utilisez|trouverez|avez|aurez|recevrez|serez|souhaitez|voudrez|d[ée]sirez|envoyez|renvoyez|consultez|rapprochez|tournez|notez|excusez|chez|assez|nez|soyez|przez)\b)\w{2,20}ez\b"
    r"|(?:merci|veuillez|pri[èe]re|pouvez|prie|invite|demande)(?: bien)?(?: vouloir)? (?:(?:de|[àa]) |d['’])?+(?:ne pas |vous |nous )*+(?!(?:bien|votre|notre|leur|contacter|adresser|[ée]crire|joindre|appeler|utiliser|envoyer|renvoyer|transmettre|r[ée]pondre|y r[ée]pondre|rapprocher|tourner|noter|conserver|prendre|composer|consulter|excuser|laisser|avoir)\b)[\w]{2,20}(?:er|ir|re|oir)\b"
    r"|\bmy (?!(?:absence|return|colleagues?|assistant|office|desk|e-?mails?|messages|mailbox|team|manager|replacement|accounts|clients|cases|inbox|voicemail|annual|maternity|holiday|leave|behalf|deputy|line)\b)|\bme\b|\bmine\b"
    r"|\b(?-i:I)(?: will|'ll|'m|'ve)? (?!(?:am|will|be|have|reply|respond|get back|return|answer|do not have|don't have|no longer|shall|currently|out|on|away|back|limited|left|not|work|read|respond)\b)[a-z]"
    r"|\bmein(?:e[rnm]?)? (?!(?:abwesenheit|r[üu]ckkehr|kolleg\w{1,4}|vertretung|b[üu]ro|postfach)\b)|\bich (?!(?:bin|befinde|melde|antworte|beantworte|mich|im|in|ab|bis|erst|wieder|derzeit|werde|kehre|habe keinen|lese)\b)|\bmi (?!(?:ausencia|compa[ñn]er|regreso|vuelta|correo))|\bmi[ao] (?!(?:assenza|rientro|ritorno|colleg))|\bmijn (?!(?:afwezigheid|terugkomst|colleg|mail))"
    r"|\b(?:bitte liefern|entreguen|consegnate|bezorg|hold|deliver|close the|stop)\b",
    _I,
)
OF_A_HAND = re.compile(r"\n\W{0,3}(?:envoy[ée] (?:de|depuis|[àa] partir)|sent from|t[ée]l[ée]charge[rz] outlook|get outlook|von meinem)\b", _I)  # fmt: skip
FORWARDED = re.compile(r"\s{0,3}(?:tr|fwd?|wg|rv|transf\w{0,8}|i|enc|vb)\s{0,2}[:：]", _I)
OF_PEOPLE = re.compile(r"@(?:gmail|googlemail|orange|wanadoo|free|laposte|hotmail|outlook|live|yahoo|sfr|neuf|icloud|bbox|gmx|proton|protonmail)\.", _I)  # fmt: skip
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}")
MOBILE = re.compile(r"(?:\b0|\+33 ?|0033 ?)[67](?:[ .-]?\d\d){4}")
FIXED = re.compile(r"(?:\b0|\+33 ?|0033 ?)[1-589](?:[ .-]?\d\d){4}|\b1[578]\b|\b112\b")
DESK = re.compile(
    r"coll[èe]gue|assistante?\b|rempla[çc]ante?|associ[ée]|confr[èe]re|secr[ée]tariat|accueil|standard|service|cabinet|agence|support|permanence|\bm\. |\bmme |\bmonsieur |\bmadame |colleague|team|reception|kolleg|vertretung",
    _I,
)
# Of all that is the writer's, a note speaks of these: what a colleague does meanwhile, and the mail that is not read.
OF_THE_NOTE = re.compile(
    r"(?-i:\bMe [A-Z])|en attendant|revenez vers (?:moi|nous) (?:en|[àa]|d[èe]s|apr[èe]s|le|lundi)|(?:sous|d.ici|dans les|dans un d[ée]lai d[e']) ?(?:deux|trois|\d{1,2}) (?:mois|semaines)|(?:we.ll|we will) never ask|votre dossier,? (?:est |a [ée]t[ée] )?enregistr[ée]|(?:dans|au) (?:le |votre )?dossier \w{0,6}[-/ ]?\d|ne r[ée]pond(?:ra)? pas aux (?:mails|courriels|messages|e-?mails)|encontro-me|me encuentro|(?:suit|suivra|g[èe]re|reprend|traite) (?:tous )?mes dossiers|(?:la suite|le suivi|la gestion) de mes dossiers|mes dossiers (?:sont|seront) suivis|mes droits|mon adresse (?:e-?mail |mail )?a chang[ée]|d[ée]lai (?:\w{1,9} )?(?:de |d.)(?:\w{1,6}) (?:mois|semaines?)|un technicien (?:va|vous|prendra)|mes r[ée]ponses (?:pourront|seront|peuvent)|(?:acc[èe]s (?:\w{1,12} ){0,3}[àa]|consult\w{1,4}(?: pas| que \w{1,14})?|li[st](?: pas)?|lirai(?: pas)?|rel[èe]ve(?: pas)?) (?:pas )?(?:mes (?:e-?mails|mails|messages|courriels)|ma (?:messagerie|bo[îi]te(?: mail)?))",
    _I,
)
# Gone for good: whoever has left names an address of the house, and nothing else.
GONE = re.compile(
    r"quitt[ée] (?:la soci[ée]t[ée]|l.entreprise|l.agence|l.[ée]quipe|l.[ée]tude|la structure|la collectivit[ée]|(?:mes|ses) fonctions|le cabinet|l.[ée]tablissement|le service)|(?:fais|fait) plus partie|(?:travaille|exerce) plus|(?:n.est|suis) plus (?:dans|parmi|salari|employ|en poste)|\bleft\b|no longer (?:work|with|employ)|retraite|retired|chang[ée] de (?:service|fonction|poste)",
    _I,
)
OF_A_HOUSE = re.compile(r"\b(?:contact|info|accueil|secretariat|direction|compta\w{0,8}|achats?|rh|service\w{0,8}|support|sav|bonjour|hello|office|admin\w{0,10}|mairie|agence|reception|enquiries|sales|help|care)@", _I)  # fmt: skip
