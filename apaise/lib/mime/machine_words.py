"""What programs write, by language: the words the rules of machine.py look for.

Every pattern is bounded and is given a few hundred characters, so that no text can make it slow."""

from __future__ import annotations

import re

_I = re.IGNORECASE

# What filters and gateways put before a subject; it belongs to nobody's words.
TAGS = re.compile(r"(?:\s{0,3}(?:\[[^\]]{1,30}\]|\*{2,5}[^*]{1,30}\*{2,5})){1,4}\s{0,3}(?=\S)")
ANSWER_OR_FORWARD = re.compile(
    r"\s{0,3}(?:re|r[ée]p|tr|fwd?|wg|aw|rv|rif|i|sv|vs|vl|odp|pd|antw|enc|res|vb|ynt)\s{0,2}(?:\[\d{1,2}\])?\s{0,2}[:：]", _I
)  # fmt: skip

# The names programs give to an automatic answer, at the very beginning of a subject.
AUTOMATIC_SUBJECT = re.compile(
    r"\W{0,5}(?:"
    r"auto-?r[ée]ponse|r[ée]ponse (?:automatique|auto\b)(?: d.absence)?|message (?:automatique(?: d.absence)?|d.absence)|(?:notification|avis) d.absence"
    r"|absen(?:ce|te?|t\(e\)) (?:du|de mon) bureau|r[ée]pondeur automatique|accus[ée] (?:de )?r[ée]ception automatique|automat(?:ic|ed) acknowledge?ment|(?:absen(?:ce|te?|t\(e\))|en cong[ée]s?|vacances)(?= re ?:)"
    r"|automat(?:ic|ed)[- ](?:reply|response|e-?mail)|auto[- ]?(?:reply|response|responder|answer)\b"
    r"|out[- ]of[- ](?:the[- ])?office(?:[- ](?:auto[- ]?)?(?:reply|response|notice|message))?|ooo\b|vacation (?:reply|response|message|notice)"
    r"|away from (?:my|the) (?:desk|office|mail|email)|i am (?:currently )?out of (?:the )?office"
    r"|automatische antwort|autom\. antwort|abwesenheits?(?:notiz|nachricht|meldung|benachrichtigung|agent|info)?|abwesend\b|nicht im b[üu]ro"
    r"|(?:respuesta|contestaci[óo]n) autom[áa]tica|fuera de (?:la )?oficina|mensaje de ausencia"
    r"|risposta automatica|fuori (?:sede|ufficio)|messaggio (?:di assenza|automatico)|assenza dall.ufficio|assente\b"
    r"|automatisch (?:antwoord|bericht)|automatische (?:reactie|beantwoording)|afwezigheids?(?:bericht|melding|assistent)?|afwezig\b|niet (?:op|in|aan)? ?(?:het )?(?:kantoor|aanwezig)"
    r"|resposta autom[áa]tica|fora do escrit[óo]rio|aus[êe]ncia (?:tempor[áa]ria|do escrit[óo]rio)|mensagem (?:autom[áa]tica|de aus[êe]ncia)"
    r"|automatyczna odpowied[źz]|odpowied[źz] automatyczna|autoodpowied[źz]|poza biurem|(?:informacja o )?nieobecno[śs][ćc]i?"
    r"|auto(?:matiskt? )?-?svar|fr[åa]nvaro(?:meddelande)?|fr[åa]nvarande|frav[æa]r(?:s(?:besked|melding|varsel|meddelelse))?|ikke (?:til stede|p[åa] kontoret)"
    r"|automaattinen (?:vastaus|poissaolo)|poissaoloilmoitus|poissa toimistolta|automatiskt? svar"
    r"|автоматическ(?:ий|ое) (?:ответ|сообщение)|автоответ\w{0,4}|автоматична відповідь|автоматичен отговор|otomatik (?:yan[ıi]t|cevap)|automatick[áa] odpov[ěe][ďd]"
    r"|r[ăa]spuns automat|automatikus v[áa]lasz|αυτόματη απάντηση|automatski odgovor|samodejni odgovor|automaatvastus|autom[āa]tisk[āa] atbilde|automatinis atsakymas|balasan otomatis|trả lời tự động"
    r"|自動(?:応答|返信|回覆|答覆)|不在通知|自动(?:答复|回复)|자동 ?(?:회신|응답)|رد تلقائي|תשובה אוטומטית|מענה אוטומטי"
    r")",
    _I,
)
# Notes puts the name first: "John Smith is out of the office (returning Monday)."
NOTES_SUBJECT = re.compile(r"\S.{1,60}? (?:is out of the office|est absent\(e\)|ist (?:au(?:ß|ss)er haus|nicht im b[üu]ro)|est[áa] ausente|[èe] fuori ufficio)\b", _I)  # fmt: skip
AFTER_NAME = re.compile(
    r"\s{0,3}(?:[:：\-–—|(\[\]!.]|re\b|$)", _I
)  # a name, and not the beginning of a sentence

# Somebody says of himself that he is away.
AWAY = re.compile(
    r"je (?:suis|serai) (?:\w{1,14} ){0,3}(?:absente?|absent\(e\)|en (?:cong|vacances|d[ée]placement|formation|arr[êe]t)|indisponible|hors du bureau)"
    r"|^\W{0,3}(?:currently )?out of (?:the )?office\b|^\W{0,3}absent(?:e|\(e\))?\W{1,3}retour\b|(?:actuellement|suis) absente?\b|absent(?:e|\(e\))? (?:du|jusqu|de mon)|je ne fais plus partie|j.ai quitt[ée] (?:la soci[ée]t[ée]|l.entreprise|mes fonctions|le cabinet|mon poste)|i no longer work|i have left (?:the )?(?:company|firm|organi[sz]ation)|(?:en|pendant|durant) mon absence|[àa] mon retour"
    r"|(?:notre|nos) (?:bureaux?|[ée]tablissement|magasin|soci[ée]t[ée]|entreprise) (?:est|sont|sera|seront) ferm"
    r"|(?:i am|i.m|i will be|i.ll be) (?:\w{1,14} ){0,3}(?:out (?:of|until|till|from|through)|away|on (?:annual |maternity |parental |sick |a )?(?:leave|vacation|holiday)|unavailable|travell?ing)"
    r"|away from (?:the|my) (?:office|desk|e-?mail)|limited access to|(?:during|in) my absence|(?:up)?on my return|when i (?:return|get back|am back)"
    r"|(?:w[äa]hrend|in) meiner abwesenheit|(?:bin|wir sind|sind wir) (?:\w{1,12}[.]? ){0,6}(?:nicht (?:im|erreichbar|am)|abwesend|im urlaub|au(?:ß|ss)er haus|verreist)|nicht im (?:b[üu]ro|haus)|ab dem .{1,25} wieder (?:im|erreichbar|da)"
    r"|(?:estoy|estar[ée]|me encuentro) (?:\w{1,14} ){0,3}(?:fuera|ausente|de vacaciones|de baja)|(?:durante|en) mi ausencia|a mi (?:regreso|vuelta)"
    r"|(?:sono|sar[òo]) (?:\w{1,14} ){0,4}(?:assente|in ferie|fuori|in vacanza)|(?:durante|in) (?:la )?mia assenza|al mio (?:rientro|ritorno)"
    r"|(?:ben|zal) (?:\w{1,14} ){0,5}(?:afwezig|niet (?:op|aanwezig|bereikbaar)|met (?:vakantie|verlof)|op vakantie)|tijdens mijn afwezigheid|bij mijn terugkomst"
    r"|(?:estou|estarei|encontro-me) (?:\w{1,14} ){0,3}(?:ausente|fora|de f[ée]rias|em f[ée]rias)|(?:durante|na) (?:a )?minha aus[êe]ncia|no meu regresso"
    r"|(?:jestem|b[ęe]d[ęe]) (?:\w{1,14} ){0,3}(?:nieobecn|na urlopie|poza biurem|niedost[ęe]pn)|przebywam (?:\w{1,14} ){0,3}(?:na urlopie|poza)|w (?:czasie|trakcie) mojej nieobecno|po powrocie"
    r"|jag [äa]r (?:\w{1,14} ){0,4}(?:borta|fr[åa]nvarande|p[åa] semester|ledig|inte p[åa])|jeg er (?:\w{1,14} ){0,4}(?:ikke (?:til|p[åa])|frav[æa]rende|p[åa] ferie|bortreist|ude af|ute av)|(?:under|i) mitt? frav[æa]r|under min fr[åa]nvaro|olen (?:\w{1,14} ){0,3}(?:lomalla|poissa)"
    r"|(?:нет|не буду|отсутству\w{1,4}) (?:\w{1,12} ){0,2}(?:в офисе|на месте|до|с)|(?:в|во время) отпуск\w{0,2}|ofis d[ıi][şs][ıi]nda|y[ıi]ll[ıi]k izin|izindeyim|(?:jsem|budu) (?:\w{1,12} ){0,2}(?:na dovolen|mimo kancel|nep[řr][íi]tom)"
    r"|(?:sunt|voi fi) (?:\w{1,12} ){0,2}(?:[îi]n concediu|plecat|absent)|szabads[áa]gon vagyok|nem vagyok (?:az )?(?:irod[áa]ban|el[ée]rhet)|απουσι[άα]ζω|εκτός γραφείου|不在(?:です|に|の|とな)|休暇|正在休假|不在办公室|부재 ?중|휴가",
    _I,
)
# A program says of itself that it is one, or that its box is not read.
AUTOMATIC = re.compile(
    r"^\W{0,5}(?:(?:message|r[ée]ponse|mail|e-?mail|courriel|notification) automatique|(?:automatic|automated|auto)[- ]?(?:message|reply|response|notification)|automatische (?:antwort|nachricht))(?:\s?[-–.:!,)\]]|$| ne pas| merci)|"
    r"(?:ceci est|il s.agit d.?|c.est|voici) ?(?:un|une) (?:r[ée]ponse|message|mail|e-?mail|courriel|accus[ée] de r[ée]ception|envoi)s? (?:\w{1,10} ){0,2}(?:automatique|g[ée]n[ée]r[ée])(?! (?:que|qui|de plus))"
    r"|\W(?:r[ée]ponse|message) automatique\)|\*{2,5} ?(?:r[ée]ponse|message) automatique|(?:ce|cet|pr[ée]sent) (?:message|mail|e-?mail|courriel) est automatique|\W(?:r[ée]ponse|message|courriel|mail|e-?mail|envoi) automatique\W{0,3}$|\W(?:risposta|messaggio) automatic[ao]\W{0,3}$|\W(?:mensaje|respuesta|mensagem|resposta) autom[áa]tic[ao]\W{0,3}$|(?:wurde|ist) automatisch (?:erstellt|generiert|versa[nm]|verschickt|erzeugt)"
    r"|(?:message|mail|e-?mail|courriel|r[ée]ponse|notification|avis) (?:\w{1,10} ){0,2}(?:g[ée]n[ée]r[ée]e?|envoy[ée]e?|[ée]mise?) (?:automatiquement|par un automate)"
    r"|(?:merci de ne pas|veuillez ne pas|pri[èe]re de ne pas|ne pas) r[ée]pondre (?:directement )?[àa] (?:ce|cet|cette)|ne r[ée]pondez pas [àa] (?:ce|cet) (?:message|mail|e-?mail|courriel)"
    r"|this is an? (?:auto(?:mated|matic|matically|-)[- ]?(?:generated )?(?:reply|response|message|e-?mail|acknowledge?ment|notification)|auto-?(?:reply|response|responder))"
    r"|(?:automatically|auto-?|computer|system)[- ]generated (?:reply|response|message|e-?mail)|(?:please )?do not (?:reply|respond) (?:directly )?to this|this (?:mailbox|inbox|address) is not monitored"
    r"|dies ist eine (?:automatisch\w{0,5}|automatisiert\w{0,3})|automatisch (?:generierte|erzeugte|erstellte)|bitte (?:antworten sie )?nicht (?:auf diese|direkt antworten)"
    r"|(?:este es un|esta es una) (?:mensaje|correo|respuesta) (?:autom[áa]tic|generad)|(?:por favor,? )?no respond[ae]r? a este"
    r"|questa [èe] una (?:risposta|e-?mail|mail) automatica|questo [èe] un messaggio automatico|(?:si prega di )?non rispondere a quest"
    r"|dit is een automati(?:sch|serte)|automatisch (?:gegenereerd|verzonden)|gelieve niet te (?:antwoorden|reageren) op"
    r"|esta [ée] uma (?:mensagem|resposta) autom[áa]tica|(?:por favor,? )?n[ãa]o respond[ae] a este|mensagem gerada automaticamente"
    r"|(?:to jest|wiadomo[śs][ćc]) (?:wiadomo[śs][ćc] )?(?:automatyczn|wygenerowana automatycznie)|prosimy nie odpowiada[ćc] na"
    r"|det(?:ta| her| te)? [äae]r et(?:t)? (?:auto(?:matisk)?t?[- ]?(?:svar|meddelande|generert)|automatisk)|svara inte p[åa] detta|ikke svar p[åa] denne",
    _I,
)
# A sentence that says nothing but that.
DECLARES = re.compile(
    r"[^\w\n]{0,5}(?:(?:(?:ceci est|c.est|il s.agit d.) ?une? |(?:cet?|cette|le pr[ée]sent|la pr[ée]sente) |une? )?(?:message|r[ée]ponse|mail|e-?mail|courriel|avis)s? (?:\w{1,12} ){0,2}(?:automatique|(?:envoy[ée]|g[ée]n[ée]r[ée]|adress[ée]|[ée]mis|exp[ée]di[ée])e? (?:automatiquement|par un automate))"
    r"|this is an? (?:automatic|automated|auto(?:matically)?[- ]generated) (?:reply|response|message|e-?mail|acknowledge?ment|notice)|this (?:message|reply|e-?mail|response|notice) (?:was|is|has been) (?:\w{1,10} )?automatic(?:ally)?(?: \w{1,12})?|automat(?:ic|ed) (?:reply|response|message|e-?mail)"
    r"|(?:dies ist eine )?automatisch(?:e|er)?(?: (?:generierte|erstellte|erzeugte|versandte))? (?:antwort|nachricht|e-?mail)|diese (?:nachricht|e-?mail|antwort|mail) (?:wurde|wird|ist) automatisch(?: \w{1,14})?"
    r"|(?:questo [èe] un |questa [èe] una )?(?:messaggio|risposta|e-?mail) (?:\w{1,12} )?(?:automatic[ao]|(?:generat|inviat)[ao] (?:in automatico|automaticamente))"
    r"|(?:este es un |esta es una |esta [ée] uma )?(?:mensaje|respuesta|correo|mensagem|resposta|e-?mail) (?:\w{1,12} )?(?:autom[áa]tic[ao]|(?:generad|enviad|gerad)[ao] autom[áa]ticamente)"
    r"|dit is een automatisch(?: \w{1,14})? (?:bericht|antwoord|e-?mail|mail)|dit (?:bericht|antwoord) (?:is|wordt) automatisch \w{1,14}"
    r"|(?:det h[äa]r|detta|dette|det) (?:[äe]r|er) et?t? (?:automatisk\w{0,2} ?|auto)(?:svar|meddelande|meddelelse|melding|besked|generer\w{1,4} (?:svar|besked|meddelande))|(?:to jest )?(?:wiadomo[śs][ćc]|odpowied[źz]) (?:wygenerowana |wys[łl]ana )?automatyczn\w{1,4})"
    r"(?:[\s,;:–-]{1,3}(?:[àa] (?:chaque|tou[ts])|(?:merci|veuillez|pri[èe]re|bitte|nicht|please|do not|si prega|non|por favor|no|gelieve|niet|ne pas|inutile)\b.{0,12}(?:pas|not|no|nicht|non|niet|n[ãa]o|r[ée]pond|reply)|(?:par|from|by|von|dal|de) (?:notre|le|un|our|the|a|unser|nostro)\b|(?:to|pour) (?:acknowledge|confirm|vous (?:confirmer|informer))|(?:suite|g[ée]n[ée]r[ée]|sent|envoy[ée]))[^.!?\n:]{0,80})?[.!…)\]* ]{0,5}",
    _I,
)
# The receipt of HCL and Lotus Notes: a form of three lines.
NOTES_RECEIPT = re.compile(r"\W{0,3}(?:return receipt|accus[ée] de r[ée]ception|empfangsbest[äa]tigung)\b[^\n]{0,200}\n(?:your|votre|ihr)\s+\S[^\n]{0,200}\n(?:document|dokument)\s?:[\s]{0,20}(?:was received|a [ée]t[ée] re[çc]u|wurde empfangen)", _I)  # fmt: skip
MOCKS = re.compile(r"\bvous (?:ne |n.)(?:me |nous )?(?:r[ée]pond(?:ez|iez)|lisez|rappelez)|(?:exactement|tout) comme vous\b|comme (?:le fait |les v[ôo]tres|la v[ôo]tre|chez vous)|\b(?:you never (?:reply|answer|read)|just like (?:you|yours)|same as yours)\b", _I)  # fmt: skip
JOKE = re.compile(r"\s[:;]-?[)D](?:\s|$)|😉|😂|🙂|😏|\b(?:just kidding|kidding|je plaisante|je rigole|je d[ée]conne|je blague|joke|war nur spa[sß]|scherzo|es broma|grapje|c.est (?:bien )?moi\b|it.s (?:really )?me\b)", _I)  # fmt: skip
BY_A_FORM = re.compile(r"\b(?:(?:un|une) (?:consommat(?:eur|rice)|client|cliente|usager|usag[èe]re|visiteur|visiteuse|internaute) a (?:signal[ée]|[ée]crit|envoy[ée]|d[ée]pos[ée]|rempli)|(?:nouveau|nouvelle) (?:message|demande|signalement|r[ée]clamation) (?:re[çc]ue? )?(?:via|depuis|du|par|de) (?:le |votre |la )?(?:formulaire|site|page)|new (?:message|enquiry|submission|complaint) (?:from|via|on) (?:the |your )?(?:contact |web ?)?(?:form|site|website)|(?:form|formulaire) (?:submission|soumis|rempli))", _I)  # fmt: skip
FORM_FIELD = re.compile(r"^\W{0,3}(?:nom|pr[ée]nom|name|first name|last name|e-?mail|courriel|t[ée]l[ée]phone|phone|adresse|address|message|num[ée]ro (?:client|de contrat)|souhaite [êe]tre recontact[ée]|objet|sujet)\s{0,3}:\s{0,3}\S", _I | re.MULTILINE)  # fmt: skip
# A ticket of theirs is closed: the subject of a notice.
SETTLED = re.compile(r"(?:demande|ticket|request|case|dossier|anfrage|solicitud)\b.{0,40}\b(?:r[ée]solue?|cl[ôo]tur[ée]e?|ferm[ée]e?|solved|resolved|closed|gel[öo]st|geschlossen|resuelt[ao]|cerrad[ao])\b", _I)  # fmt: skip
COMMENTED = re.compile(r"\bsuivi ajout[ée] par\b|\A\W{0,6}[^\n]{0,90}(?:au-dessus de cette ligne|above this line)[^\n]{0,20}\n+[^\n:]{2,60}(?:\([^()\n]{2,60}\))\n+[^\n]{0,12}\d{1,4}[^\n]{2,30}\d{1,2}[:h]\d\d|\b(?:a (?:ajout[ée] un commentaire|comment[ée])|added a comment|commented|hat (?:einen kommentar|kommentiert)|coment[óo]|ha commentato|reageerde)\b", _I)  # fmt: skip
FED_UP = re.compile(r"ばかり|だけ|しか|\b(?:que|rien que|only|nothing but|just|nur|solo|alleen|marre|encore|toujours)\b", _I)  # fmt: skip
# What AUTOMATIC and ABOUT_AUTOMATIC cannot do without: one of these stands in whatever they match.
OF_AUTOMATIC = (
    "auto", "gener", "géné", "géne", "gené", "ne pas r", "ndez pas ", "not reply", "not respond", "no respond", "ão respond", "ao respond", "monitored",
    "nicht ", "niet te ", "rispondere", "odpowiada", "svara inte", "ikke svar", "of office", "of-office",
)  # fmt: skip
# Another desk says that it has what we wrote.
RECEIVED = re.compile(
    r"merci de nous avoir (?:contact|[ée]crit)|confirmation de r[ée]ception|(?:nous avons|j.ai|avons|\ba|\bont) bien re[çc]u (?:votre|ta|vos)|(?:a|ont) bien [ée]t[ée] (?:re[çc]ue?s?|enregistr[ée]e?s?|prise? en compte)|accus[ée] (?:de )?r[ée]ception|accus(?:ons|e) r[ée]ception de (?:votre|vos)"
    r"|(?:we have|we.ve|has been|have) received (?:your|a)?|thank(?:s| you) for (?:contacting|your (?:e-?mail|message|enquiry|inquiry|request)|reaching)|(?:your )?(?:request|ticket|case|message) (?:\S{1,20} )?(?:has been|was) (?:received|created|opened|logged)"
    r"|(?:votre|vos) (?:message|mail|e-?mail|courriel|demande|courrier|r[ée]clamation)s?(?: (?:n°? ?)?\(?\S{1,20}\)?)? (?:nous )?(?:a|est|ont|sont) (?:bien )?(?:[ée]t[ée] (?:bien )?(?:re[çc]u|enregistr|transmi)|parvenu|arriv[ée])|(?:ticket|case|request) \S{1,20} (?:created|opened|received|registered)"
    r"|(?:haben|wurde) (?:ihre?n? )?.{0,40}(?:erhalten|eingegangen)|(?:ist|sind) .{0,30}eingegangen|eingangsbest[äa]tigung|hemos recibido su|abbiamo ricevuto|(?:wij|we) hebben uw .{1,30} ontvangen|ontvangstbevestiging|recebemos (?:a|o) (?:sua?|seu)|otrzymali[śs]my|vi har (?:mottagit|modtaget|mottatt)",
    _I,
)
# The line above which one writes to a help desk, and a new ticket in it.
DESK_LINE = re.compile(
    r"\W{0,10}(?:(?:veuillez |merci de |please )?(?:taper|saisir|[ée]crire|r[ée]pondre|pour r[ée]pondre|type|reply|write|add)\b.{0,40}(?:au-?dessus de cette|above this) lin?(?:gn)?e)",
    _I,
)
NEW_TICKET = re.compile(
    r"(?:nouve(?:au|lle)|new) (?:ticket|demande|request|case)|(?:ticket|demande|request|case)\b.{0,30} (?:cr[ée][ée]e?|re[çc]ue?|enregistr[ée]e?|ouverte?|created|opened|received|logged|registered)|statut : nouve|status: new",
    _I,
)
TICKET = re.compile(r"\W{0,3}(?:\[[^\]]{0,25}\d{3,}[^\]]{0,5}\]|\(?(?:ticket|case|dossier|demande|request|ref)[ .#n°:-]{1,6}\w{0,5}\d{3,})", _I)  # fmt: skip

# A person speaks about automatic answers.
ABOUT_AUTOMATIC = re.compile(
    r"(?:vos|votre|cette|ces|ce genre de|encore une|toujours (?:la|une)|que des|une simple|m[êe]me|(?:re[çc]u|eu|obtenu) (?:une|que|cette|votre)|re[çc]ois|marre|assez) (?:\w{1,12} ){0,3}(?:r[ée]ponses?|messages?|mails?) automatiques?"
    r"|n.est pas une? (?:message|r[ée]ponse|mail|e-?mail|courriel) auto|(?:is not|isn.t) an? auto"
    r"|(?:merci|c.est gentil) (?:pour|de) (?:votre|cet|cette|l.) ?(?:accus[ée]|r[ée]ponse auto)|(?:votre|vos|un|le) (?:robot|automate|r[ée]pondeur)s?\b|thanks? for (?:the|your|that) (?:auto|acknowledge|canned)|your (?:robot|bot|autoresponder)\b"
    r"|(?:(?:your|another|these|the same|only an?|got an?|received an?|sick of) (?:\w{1,12} ){0,3}|(?<!to )this )(?:automat(?:ic|ed)|auto|out[- ]of[- ]office)[- ]?(?:repl|response|message)"
    r"|(?:ihre|diese|nur eine|wieder eine|eure) (?:\w{1,12} ){0,3}automatische\w{0,2} antwort|(?:su|sus|esta(?! es)|otra) (?:\w{1,12} ){0,2}respuestas? autom|(?:vostra|questa|ennesima) risposta autom|(?:uw|jullie|weer een|dit(?! is een)) (?:\w{1,12} ){0,2}automatisch",
    _I,
)

# What one leaves behind for whoever writes in the meantime.
LEFT_WORD = re.compile(
    r"\b(?:urgen|d.urgence|(?:merci|remercie) (?:de|pour|du) (?:votre|vos|ton|m.avoir)|votre (?:message|mail|e-?mail|courriel|demande) (?:sera|ne sera|a (?:bien|retenu))|lese (?:meine|ihre|keine)|(?:je|nous|vous) (?:vous |le |les )?(?:r[ée]pondr|reviendr|recontacter|prendr|reprendr|traiter|lir)\w{1,4}"
    r"|de retour|retour (?:le|au|pr[ée]vu|lundi|mardi|mercredi|jeudi|vendredi)\b|d.[ée]crire|n.est plus (?:utilis|consult|relev|valid|activ|en service)|je reviens|mon retour|la reprise|(?:contacter|joindre|adresser|[ée]crire [àa]|appeler|vous rapprocher|utiliser)\b|veuillez (?:contacter|adresser|utiliser)|(?:sont|est|sera|seront) (?:ferm|ouvert)|fermeture (?:annuelle|estivale|pour)|ne (?:fais|fait) plus partie|a quitt[ée]|ne travaille (?:pas|plus)"
    r"|nouvelle adresse|adresse (?:e-?mail |mail )?a chang[ée]|jours? ouvr[ée]|meilleurs d[ée]lais|plus brefs d[ée]lais|temps partiel|t[ée]l[ée]travail|(?:cong[ée]s?|vacances) jusqu"
    r"|emergenc|thank(?:s| you) for (?:your|contacting|getting|reaching)|will (?:reply|respond|get back|answer|read|be back|be in touch|return)|(?:i.m|i am|be) back|returning|contact (?!me)|office hours|(?:is|are) closed|no longer (?:with|work|employ)|new (?:e-?mail )?address|as soon as"
    r"|dringend|dank f[üu]r ihre?|(?:wieder|bald) (?:erreichbar|zur[üu]ck|f[üu]r sie)|wenden sie sich|melde mich (?:ab|wieder|nach|sobald)|kontaktieren sie|geschlossen|nicht mehr (?:f[üu]r|im|t[äa]tig)|neue (?:e-?mail-?)?adresse|schnellstm[öo]glich"
    r"|gracias por (?:su|tu|contact|escrib)|volver[ée]|regres|mi vuelta|contact(?:e|ar) con|dir[ií]jase|cerrad[oa]s?|grazie per|rientr|torner[òo]|contattare|rivolgersi|chius[oi]"
    r"|bedankt voor|weer (?:bereikbaar|aanwezig|terug)|ben (?:ik )?terug|neem (?:dan )?contact|gesloten|obrigad[oa] (?:pel|por)|regress|voltar?ei|contact(?:e|ar)\b|fechad|piln\w{1,4} spraw|dzi[ęe]kuj|wracam|powr[óo]c|prosz[ęe] o kontakt"
    r"|br[åa]dskande|haster|tack f[öo]r|takk? for|(?:[äa]r|er) tillbaka|(?:er )?tilba(?:g|k)e (?:den|p[åa]|igen|igjen)|kontakta )",
    _I,
)
# What a person has to complain of.
WRONG = re.compile(
    r"\b(?:fuit|fuite|inond|cass[ée]|ab[iî]m|lave-|chaudi[èe]re|chauffage|technicien|livreur|colis|d[ée]bit[ée]|pr[ée]lev|factur[ée]|jamais|toujours|personne|n.est (?:toujours|pas (?:venu|pass|arriv|s[ée]rieu|une|possible|normal|r[ée]gl))|n.ai (?:eu|re[çc]u|toujours|jamais|plus)|(?:deux|trois|quatre|\d|i[èe]me) (?:fois|semaines|mois)|robot|machine|attends?|honte|inadmissible|ne (?:fonctionne|marche|r[ée]sout|r[ée]pond) (?:pas|rien|plus)|faux|fausse|erreur|assez|refuse|ci-joint|pi[èe]ces? jointes?|photos?\b|devis|r[ée]par|vers[ée]e?\b|montant"
    r"|leak|broken|damaged|faulty|technician|courier|parcel|charged|overcharged|never|nobody|no one|\w{1,6} (?:weeks|times)|still|worse|cancel|robot|wrong|waiting|cold|refuse|attached|offer|send me|promis|noise|boiler"
    r"|kaputt|leck|techniker|paket|nie\b|niemand|dreimal|wochen|immer noch|k[üu]ndig|falsch|roto|averiad|nunca|nadie|semanas|m[áa]quina|todav[ií]a|cobrad|basta|rotto|guast|mai (?:pi[ùu]|stat|ricevut|arrivat|avut|rispost|vist)|non (?:\S{1,14} ){1,3}mai\b|nessuno|settimane|macchina|ancora"
    r"|kapot|nooit|weken|nog steeds|lekt|avariad|ningu[ée]m|ainda|nigdy|nikt|tygodni|zepsut|nadal|aldrig|veckor|trasig|fortfarande|stadig|uger|uker)",
    _I,
)

# A subject under which a program may tell of an absence, and a person as well.
ABSENCE_SUBJECT = re.compile(
    r"\W{0,3}(?:absen[ct]|hors d(?:u|e mon) bureau|(?:en )?(?:cong[ée]|vacances|d[ée]placement|formation)|fermeture|abwesen|urlaub|nicht im b|ich bin nicht|ausen[ct]|vacaciones|fuera de|ferie|assen|fuori|afwezig|vakantie|aus[êe]nc|f[ée]rias|urlop|nieobecn|semester|fr[åa]nvar|frav[æa]r|ferie|(?:on |annual |maternity |parental )?leave|away|out of|not in the office|je suis (?:absent|en cong))",
    _I,
)
# What is said to everybody who may write, never to one reader.
TO_WHOM_IT_CONCERNS = re.compile(
    r"(?:vos|votre) (?:message|mail|e-?mail|courriel|demande)s? (?:ne )?(?:ser(?:a|ont)|n.(?:est|a) pas [ée]t[ée] lu|n.est pas (?:lu|transf[ée]r))|(?:un )?acc[èe]s (?:tr[èe]s )?(?:limit[ée]|restreint|r[ée]duit) [àa] (?:ma messagerie|mes (?:e-?)?mails|mes messages|internet)|(?:mes|les) dossiers sont suivis|r[ée]pondrai (?:d[èe]s )?(?:[àa] )?mon retour|r[ée]pondrons [àa] (?:votre|vos) (?:message|mail|e-?mail|courriel)s? (?:d[èe]s|[àa]) (?:la|notre)|(?:lirai|traiterai|r[ée]pondrai [àa]|prendrai connaissance de) (?:votre|vos) (?:message|mail|e-?mail|courriel)s? (?:d[èe]s|[àa]) mon retour"
    r"|(?:le|les|die|de|the|your|e-?)? ?(?:e-?mails?|mails?|courriels|messages|wiadomo[śs]ci) (?:non |ne |werden |worden |will |zostan[ąa] )?(?:seront|saranno|verranno|not be|be|nicht|erst|pas|niet) (?:lu|lett|read|gelesen|gelezen|answered|beantw)|limited access to (?:my )?(?:e-?mail|messages)|(?:respond|reply|answer)(?: to (?:you|your (?:e-?mail|message)))? (?:on|upon|after|when) (?:my|i) return|your (?:e-?mail|message) will (?:not )?be"
    r"|ihre (?:e-?mail|nachricht) wird|(?:su|sus) (?:mensaje|correo)s? ser[áa]|(?:il suo|i vostri) messagg\w ser|uw (?:bericht|e-?mail) wordt|a sua mensagem ser",
    _I,
)

# Words of somebody who wants something of us: no absence note has them.
OF_A_CUSTOMER = re.compile(
    r"[?]|\b(?:contest[ée]e?s?|nous (?:contestons|maintenons|attendons|r[ée]clamons)|je (?:veux|voudrais|souhaite|demande|conteste|n.en peux|vous (?:ai|avais|demande|rappelle|signale|[ée]cris))|rembours\w{0,8}|r[ée]siliation|(?:ma|mes) (?:commande|facture|r[ée]clamation|box|demande)s?|(?:mon|mes) (?:dossier|colis|contrat|compte|probl[èe]me)s?|personne ne|ras le bol|marre|scandal\w{0,5}|arr[êe]te[rz]|toujours (?:rien|la m[êe]me|en panne|pas)|en panne|r[ée]par(?:er|ez)|rappelez-moi|(?:que )?vous [êe]tes absente?"
    r"|i (?:want|need|would like|have been|demand)|my (?:order|invoice|refund|complaint|account|parcel|case|meter|money)|refund|nobody|every mail|deliver the|second time|third time|still (?:broken|waiting|nothing)|immer noch|defekt|kaputt|ich (?:m[öo]chte|will|warte)|mein\w{0,2} (?:rechnung|beschwerde|bestellung|paket|geld)|quiero|mi (?:pedido|dinero|factura)|voglio|rimborso|ik wil|mijn (?:geld|klacht|bestelling)|quero|meu dinheiro|zwrot|mina? pengar|pengarna|pengene)\b",
    _I,
)

# Somebody has the letter, and does not agree with it.
OBJECTS = re.compile(
    r"\b(?:mais|cependant|toutefois|pourtant|d.accord|but|however|disagree|aber|jedoch|pero|sin embargo|tuttavia|maar|echter|por[ée]m)\b",
    _I,
)

# What lawyers put below a mail: it asks not to be answered, and no program has written it.
DISCLAIMER = re.compile(
    r"intended (?:recipient|for)|received (?:it|this \S{1,12}) (?:in error|by mistake)|par erreur|destinataire (?:pr[ée]vu|d[ée]sign|vis[ée])|irrt[üu]mlich|por error|per errore",
    _I,
)

CHALLENGE = re.compile(
    r"(?:vous devez|merci de|veuillez|je vous (?:prie|demande|invite) [àa]?) ?(?:de )?vous authentifier|authentification (?:requise|n[ée]cessaire|de l.exp[ée]diteur)|vous authentifier (?:une|en|aupr[èe]s)"
    r"|(?:votre|ce) (?:message|mail|e-?mail|courriel) (?:(?:pour|destin[ée] [àa]|adress[ée] [àa]|[àa]) \S{3,80} )?(?:est |a [ée]t[ée] )?(?:bloqu[ée]|mis en attente|stopp[ée]|retenu|en attente)|pour que (?:votre|ce|vos) (?:\w{1,10} ){0,3}(?:me |nous |lui )?(?:parvien|soi(?:t|en)t (?:remis|d[ée]livr|distribu))"
    r"|a [ée]t[ée] (?:plac|mis)[ée]e? en (?:attente|quarantaine)|confirmez votre adresse|en r[ée]pondant (?:ok|oui)\b"
    r"|liste (?:blanche|d.exp[ée]diteurs|des exp[ée]diteurs|de contacts) (?:autoris|approuv|de conf)|r[ée]pond(?:ez|re) (?:ok|oui|simplement) [àa] ce (?:message|mail|courriel)|pour que votre (?:message|mail|courriel|e-?mail) soit d[ée]livr"
    r"|prot[ée]g[ée]e?s? (?:mes|par|sa|ma|contre)|premi[èe]re fois que vous (?:m.|nous )[ée]crivez|cliquez (?:ici|sur (?:ce|le) (?:lien|bouton))|first time you (?:have )?(?:written|e-?mailed)|prouver que vous|que vous (?:[êe]tes (?:bien )?(?:un )?humain|n.[êe]tes pas un (?:robot|spammeur))"
    r"|confirm (?:that )?you(?:.re| are) (?:a )?(?:human|real|not a)|verify (?:that )?you(?:.re| are)|(?:add|adds) (?:yourself|you) to (?:my|the|his|her|their)|(?:guest|approved|allowed|safe|accepted)[- ]?(?:senders? )?list"
    r"|(?:your )?(?:message|e-?mail) (?:\w{1,12} ){0,6}(?:waitlisted|is being held|has been held|held (?:until|pending)|was quarantined until|is waiting for)|one[- ]time (?:confirmation|verification)|click (?:on )?(?:the |this )?(?:link|button) (?:below )?to (?:confirm|verify|deliver|complete)|just this once|senders? (?:to )?verify (?:themselves|himself|herself)|so (?:that )?i can receive your (?:e-?)?mails?|unsolicited (?:e-?)?mail"
    r"|best[äa]tigen sie,? dass sie|ihre nachricht wurde zur[üu]ckgehalten|confirm(?:e|ar) que (?:usted )?es (?:una persona|humano)|cliqu(?:ez|er) (?:sur le lien |ici |sur le bouton )?(?:\S{1,20} )?pour (?:vous authentifier|valider|confirmer|d[ée]bloquer|vous identifier)|confirmar que (?:o senhor|voc[êe])|bevestig dat u",
    _I,
)
CHALLENGERS = re.compile(r"(?:^|[@.])(?:mailinblack|boxbe|spamarrest|spamenmoins|altospam|bluebottle|choicemail|digiportal|sendio|zerospam|cleanmail|qurb|vanquish|tmda)\b", _I)  # fmt: skip
CHALLENGE_SUBJECT = re.compile(r"\(?(?:verification(?: required)?|action required|authentification|confirmation)\)?\s{0,3}$|authentification|please confirm your (?:message|e-?mail)|verify your (?:e-?mail|message)|(?:valid(?:ez|er)|confirme[rz]) votre (?:envoi|message|e-?mail|mail|courriel)|sender verification|vous [êe]tes humain|you are (?:a )?human|pas un robot$|best[äa]tigen sie ihre (?:nachricht|e-?mail)|confirm(?:e|a|ar) (?:su|o) (?:mensaje|correo|envio)|conferma(?:re)? (?:il )?(?:tuo|suo) messaggio|message (?:mis )?(?:en (?:attente|quarantaine)|bloqu[ée])|challenge", _I)  # fmt: skip

# Read receipts that came as plain text.
READ_SUBJECT = re.compile(r"\W{0,3}(?:lu|non lu|read|not read|read receipt|gelesen|ungelesen|le[íi]do|letto|gelezen|lido|lida|przeczytano|l[äa]st|l[æe]st|confirmation de lecture|accus[ée] de (?:lecture|r[ée]ception)|return receipt|empfangsbest[äa]tigung|lesebest[äa]tigung|conferma di lettura|confirmaci[óo]n de lectura|leesbevestiging|recibo de leitura)\b[^:]{0,12}(?::|$|\(| [-–] )", _I)  # fmt: skip
READ_WORDS = re.compile(
    r"(?:(?:votre|le) message|your message|the (?:mail|message) that you|ihre nachricht|die (?:e-?mail|nachricht)|el mensaje|il (?:tuo |suo )?messaggio|uw bericht|a sua mensagem|twoja wiadomo|ditt meddelande)[\s\S]{0,300}?"
    r"(?:a [ée]t[ée] (?:lu|affich|supprim)|was (?:read|displayed|deleted)|wurde (?:\S{1,30} ){0,6}gelesen|se ley[óo]|fue le[íi]do|[èe] stato letto|is gelezen|foi lida|zosta[łl]a przeczytana|l[äa]stes)"
    r"|(?:ceci est un|this is a|dies ist eine) (?:accus[ée] de (?:r[ée]ception|lecture)|confirmation de lecture|return receipt|read receipt|empfangsbest)",
    _I,
)
CALENDAR_WORDS = re.compile(r"calendar\.google\.com|google (?:agenda|calendar|kalender)|(?:a (?:accept|refus|d[ée]clin)|has (?:accepted|declined|tentatively)|(?:hat|haben) .{0,40}(?:zugesagt|abgelehnt|angenommen)|accepted your invitation|ha (?:accettato|rifiutato|aceptado|rechazado) (?:provvisoriamente )?(?:questo |l.|la |esta )?invit|heeft (?:deze |de )?uitnodiging)", _I)  # fmt: skip

# The server answers for a room; no person writes this line.
BY_A_CALENDAR = re.compile(r"(?:sent by|envoy[ée] par|gesendet (?:von|durch)|enviado por|inviato da|verzonden door|wys[łl]an[eoa] przez|skickat av|sendt (?:af|av)) microsoft exchange server\W{0,10}$", _I)  # fmt: skip

MONITOR_SUBJECT = re.compile(r"\W{0,5}(?:cron <|(?:\*{2} )?(?:problem|recovery|acknowledgement) (?:service|host) alert|anacron job|logwatch for|\[?(?:nagios|zabbix|icinga|uptimerobot|prometheus|alertmanager|grafana|fail2ban|munin|monit)\]? ?[\]:\-!#]|\[?(?:firing|resolved)(?::\d+)?\]|monitor is (?:down|up)\b)", _I)  # fmt: skip
MONITOR_SENDER = re.compile(r"(?:root|cron|nagios|zabbix|icinga|monit(?:oring)?|logwatch|alert(?:s|manager|es)?|grafana|munin|fail2ban|uptime\w{0,8}|www-data)@", _I)  # fmt: skip
# Reports on our own domain, for whoever runs the mail server.
DOMAIN_REPORT = re.compile(r"\W{0,3}report domain: ?\S{1,253} submitter: ?\S", _I)
UNSUBSCRIBE = re.compile(r"unsubscribe|d[ée]sinscri|d[ée]sabonn|abmelden|abbestellen|darse de baja|cancella(?:ti|re) (?:l.)?iscrizione|uitschrijven|afmelden|wypisa[ćc]", _I)  # fmt: skip
# Programs that keep mailing lists, and what they answer to those who may not write there.
LIST_MANAGER = re.compile(
    r"(?:sympa|mailman|listserv|majordomo|ezmlm|[\w.+-]{1,60}-(?:owner|bounces|request|help))@", _I
)
LIST_REFUSAL = re.compile(
    r"awaits? moderat|(?:en )?attente de (?:mod[ée]ration|validation|approbation)|non-?members?|not (?:a member|allowed|authori[sz]ed|subscribed)|only (?:members|subscribers)|seuls? les (?:abonn|membres)|(?:n.[êe]tes|n.est) pas (?:abonn|autoris|membre|inscri)|r[ée]serv[ée]e? aux (?:abonn|membres)"
    r"|(?:pour|[àa]|to) la liste \S{1,60} (?:a [ée]t[ée] (?:rejet|refus)|n.a p(?:as|u))|nicht (?:berechtigt|abonniert)|no (?:est[áa] )?autorizad",
    _I,
)
# What a fax machine tells of the fax it has sent.
FAX_SUBJECT = re.compile(r"\W{0,3}(?:(?:rapport|confirmation|accus[ée]) (?:d.[ée]mission|de (?:la )?transmission|d.envoi)(?: (?:de|du|d.un))?(?: votre)? (?:fax|t[ée]l[ée]copie)|(?:fax|t[ée]l[ée]copie) ?:? (?:transmission|send|status|delivery|confirmation|transmise?|envoy[ée]e?)|fax ?sendebericht)", _I)  # fmt: skip
FAX_FACTS = re.compile(r"\b(?:r[ée]sultat|result|statut|status|pages?|dur[ée]e|duration|ergebnis)\s?:", _I)
