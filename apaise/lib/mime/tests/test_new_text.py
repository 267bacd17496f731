"""What counts as new in a reply, by the marks of the programs people use."""

import pytest

from apaise.lib.mime import read
from apaise.lib.mime.history import About, trim
from apaise.lib.mime.tests.mails import html, mail, multipart, part

NEW = "Toujours en panne.\n\nQue faites-vous ?"

HEADS = [
    "Le lun. 3 mars 2025 à 10:12, Service <desk@exemple.test> a écrit :\n> Bonjour",
    "Le lun. 3 mars 2025 à 10:12, Service réclamations <desk@exemple.test>\na écrit :\n\n> Bonjour",
    "Le lun. 3 mars 2025 à 10:12, Service réclamations <\ndesk@exemple.test> a écrit :\n> Bonjour",
    "Le 03/03/2025 à 10:12, Service a écrit :\n> Bonjour",
    "Le 3 mars 2025 à 10:12, Service <desk@exemple.test> a écrit :\n\nBonjour",
    "Le 3 mars 2025, Service a écrit :\n> Bonjour",
    "Le lundi 3 mars 2025 à 10:12:44 UTC+1, Service <desk@exemple.test> a écrit :\n\n\nBonjour",
    "> Le 3 mars 2025 à 10:12, Service <desk@exemple.test> a écrit :\n> \n> Bonjour",
    "Service <desk@exemple.test> a écrit le lundi 3 mars 2025 10:12 :\n> Bonjour",
    "Message du 03/03/25 10:12\n> De : desk@exemple.test\n> A : jeanne@client.test\n> Objet : Panne\n>\n> Bonjour",
    "On Mon, Mar 3, 2025 at 10:12 AM Desk <desk@exemple.test> wrote:\n> Hello",
    "On Mon, Mar 3, 2025 at 10:12 AM Complaints Desk of the company <\ndesk@exemple.test> wrote:\n\n> Hello",
    "On 3 Mar 2025, at 10:12, Desk <desk@exemple.test> wrote:\n\nHello",
    "On 03/03/2025 10:12, Desk wrote:\n> Hello",
    "Am 03.03.2025 um 10:12 schrieb Desk <desk@exemple.test>:\n> Hallo",
    "2025-03-03 10:12 GMT+01:00 Desk <desk@exemple.test>:\n> Bonjour",
    "-----Message d'origine-----\nDe : Service\nEnvoyé : lundi 3 mars 2025 10:12\nÀ : Jeanne\nObjet : Panne\n\nBonjour",
    "-----Message d’origine-----\nBonjour",
    "-----Original Message-----\nFrom: Desk\nSent: Monday\nTo: Jeanne\nSubject: x\n\nHello",
    "De : Service <desk@exemple.test>\nEnvoyé : lundi 3 mars 2025 10:12\nÀ : Jeanne\nObjet : Panne\n\nBonjour",
    "De : Service <desk@exemple.test> \nDate : lundi, 3 mars 2025 à 10:12\nÀ : Jeanne\nObjet : Panne\n\nBonjour",
    "*De :* Service\n*Envoyé :* lundi 3 mars 2025\n*À :* Jeanne\n*Objet :* Panne\n\nBonjour",
    "________________________________\nDe : Service\nEnvoyé : lundi 3 mars 2025 10:12\nÀ : Jeanne\nObjet : x\n\nBonjour",
    "________________________________\nFrom: Desk\nSent: Monday, March 3, 2025\nTo: Jeanne\nSubject: x\n\nHello",
    "Envoyé: lundi 3 mars 2025 à 10:12\nDe: Service <desk@exemple.test>\nÀ: Jeanne\nObjet: Panne\n\nBonjour",
    "Von: Desk\nGesendet: Montag, 3. März 2025\nAn: Jeanne\nBetreff: x\n\nHallo",
    "> Bonjour\n>> Au revoir",
]


@pytest.mark.parametrize("history", HEADS, ids=[head[:45].replace("\n", " ") for head in HEADS])
def test_history_is_left_out_and_kept_in_the_whole_text(history):
    text = f"{NEW}\n\n{history}\nfin"
    if history.startswith("> ") or "\n> " in history:
        text = f"{NEW}\n\n{history}\n> fin"
    found = read(mail(text, subject="Re: Panne"))
    assert found.new_text == NEW
    assert found.text == text


SIGNATURES = [
    "-- \nJeanne Petit\n06 99 00 11 22",
    "--\nJeanne Petit",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon téléphone Orange",
    "Envoyé à partir de mon Samsung Galaxy",
    "Envoyé de mon appareil mobile",
    "Envoyé à partir d’Outlook pour Android",
    "Envoyé depuis l'application Mail Orange",
    "Télécharger Outlook pour iOS",
    "Téléchargez Outlook pour iOS (https://aka.test/o0ukef)",
    "Obtenez Outlook pour Android<https://aka.test/AAb9ysg>",
    "Get Outlook for iOS<https://aka.test/o0ukef>",
    "Sent from my iPhone",
    "Sent from Yahoo Mail for iPhone",
    "Provenance : Courrier pour Windows",
    "Gesendet von meinem iPad",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_left_out(signature):
    assert read(mail(f"{NEW}\n\n{signature}\n")).new_text == NEW
    quoted = f"{NEW}\n\n{signature}\n\nLe 3 mars 2025 à 10:12, Service <d@exemple.test> a écrit :\n\nBonjour"
    assert read(mail(quoted, subject="Re: Panne")).new_text == NEW


OWN_WORDS = [
    "Le technicien a écrit :\n« rien à signaler », alors que tout fuit.",
    "Le 3 mars 2025 votre conseiller m'a écrit :\nvous serez remboursé.",
    "On Monday I wrote:\nplease call me back.",
    "Le 12 mars 2025 votre technicien a écrit\nsur le rapport que tout allait bien.",
    "De : Jeanne Petit\nÀ : Service\nObjet : mise en demeure\n\nMadame, je vous mets en demeure.",
    "Je reçois toujours le même message original.\nEt rien d'autre.",
    "Points :\n-----\nUn\n-----\nDeux",
    "Envoyé par la poste en recommandé le 3 mars, reçu le 5.",
    "Date : 3 mars\nLieu : Lyon\nMontant : 45 €",
    "Première question\n--\n" + "\n".join(f"point {n}" for n in range(20)),
]


@pytest.mark.parametrize("text", OWN_WORDS, ids=[text[:30].replace("\n", " ") for text in OWN_WORDS])
def test_words_that_only_look_like_history_stay(text):
    assert read(mail(text)).new_text == text


def test_answers_between_quotes_are_all_kept():
    text = "Le 3 mars 2025 à 10:12, S a écrit :\n> Quand ?\nHier.\n\n> Où ?\n>\nChez moi.\n-- \nJ"
    assert trim(text, About(answers=True)) == "Hier.\n\nChez moi."


def test_a_forwarded_mail_is_what_the_customer_wants_read():
    text = "Voir dessous.\n\n---------- Forwarded message ---------\nDe : a@b.test\nDate: x\nObjet : y\nÀ : z\n\nPromis."
    assert trim(text, About()) == text
    block = "De : Service\nEnvoyé : lundi 3 mars\nÀ : Jeanne\nObjet : avoir\n\nVous aurez un avoir."
    assert trim(block, About("TR: avoir")) == block


def test_a_mail_that_would_be_left_empty_is_kept():
    for text in (
        "De : S\nEnvoyé : lundi 3 mars 2025 10:12\nÀ : J\nObjet : avoir\n\nAvoir.",
        "> Avoir.",
        "--\nJeanne",
    ):
        assert trim(text, About("RE: avoir")) == text


def test_gmail_marks_its_quote():
    body = '<div>Toujours rien.</div><br><div class="gmail_quote"><div class="gmail_attr">Bla 3 :</div>Bonjour</div>'
    assert read(html(body)).new_text == "Toujours rien."


def test_a_mail_forwarded_by_gmail_is_kept():
    body = '<div>Voici.</div><div class="gmail_quote">---------- Forwarded message ---------<br>Promis.</div>'
    assert read(html(body)).new_text == "Voici.\n---------- Forwarded message ---------\nPromis."


@pytest.mark.parametrize(
    "mark",
    [
        '<div id="appendonsend"></div><hr><div>Ancien</div>',
        '<hr><div id="divRplyFwdMsg"><b>De :</b> S</div><div>Ancien</div>',
        '<hr><div id="x_divRplyFwdMsg"><b>De :</b> S</div><div>Ancien</div>',
        '<div class="yahoo_quoted">Ancien</div>',
        '<div class="moz-cite-prefix">Le 3 mars 2025 à 10:12, S a écrit :<br></div><blockquote type="cite">A</blockquote>',
        '<blockquote type="cite"><div>Le 3 mars 2025 à 10:12, S a écrit :</div>Ancien</blockquote>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>De :</b> S<br>'
        "<b>Envoyé :</b> lundi 3 mars 2025 10:12<br><b>À :</b> J<br><b>Objet :</b> x</p></div><p>Ancien</p>",
        '<div class="protonmail_quote">Ancien</div>',
        '<div class="gmail_signature">Jeanne</div>',
        '<div id="Signature">Jeanne</div>',
        '<div id="ms-outlook-mobile-signature">Outlook</div>',
    ],
)
def test_history_marked_in_html_is_left_out(mark):
    assert read(html(f"<div>Toujours rien.</div>{mark}", subject="Re: x")).new_text == "Toujours rien."


def test_html_marks_help_where_the_text_has_none():
    plain = "Rien.\n\nService wrote something\n\nBonjour"
    marked = '<div>Rien.</div><div class="gmail_quote">Bonjour</div>'
    raw = multipart(part(plain), part(marked, "text/html; charset=utf-8"), kind="alternative")
    assert read(raw).new_text == "Rien."


def test_an_indented_passage_in_html_is_no_history():
    body = '<div>Je cite le contrat :</div><blockquote style="margin:0 0 0 40px">sous 4 heures</blockquote>'
    assert "sous 4 heures" in read(html(body)).new_text


@pytest.mark.parametrize(
    "below",
    [
        "Le vendredi 7 novembre 2025 à\n14:32, Assistance technique Velo\n<aide@velo.test> a écrit :\n\n> Combien ?",
        "AVERTISSEMENT : ce courriel peut contenir des informations protégées par le secret professionnel. S'il ne "
        "vous est pas destiné, merci de le supprimer.\n\nLe 07/11/2025 à 14:32, Aide a écrit :\n> Combien ?",
        "---\nL'absence de virus dans ce courrier électronique a été vérifiée par le logiciel antivirus Avast.\n\n"
        "Le 07/11/2025 à 14:32, Aide a écrit :\n> Combien ?",
        "Afin de contribuer au respect de l'environnement, merci de n'imprimer ce courriel qu'en cas de nécessité.\n\n"
        "De : Aide\nEnvoyé : vendredi 7 novembre 2025 14:32\nÀ : Paul\nObjet : RE: Vote\n\nCombien ?",
    ],
    ids=[
        "a head wrapped at its hour",
        "professional secrecy",
        "a scanner below three dashes",
        "a wish not to print",
    ],
)
def test_what_stands_between_the_words_and_the_history_goes_with_it(below):
    assert trim(f"Vingt minutes.\n\n{below}", About("Re: Vote", answers=True)) == "Vingt minutes."


@pytest.mark.parametrize(
    "text",
    [
        "Voici où on en est :\n\n> 2 mars, chaudière éteinte\n\n> 5 mars, personne\n\n> 9 mars, toujours rien\n\nVenez.",
        "Bonjour,\n\n> deux appels\n\n> un courrier\n\nJ'attends.",
        "Brest > Quimper\nQuimper > Brest\n> retour au point de départ\nC'est ridicule.",
        "L'étiquette disait :\n\nDe : Atelier sud\nEnvoyé : lundi 3 mars 2025 06:40\nÀ : Jeanne\nObjet : caisse de 8 kg\n\nCe n'est pas mon colis.",
    ],
    ids=["a list", "a list below a greeting", "an arrow", "a label copied out"],
)
def test_what_only_looks_like_history_is_kept(text):
    assert read(mail(text, subject="Re: Panne")).new_text == text


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Toujours en panne.\n\n> Bonjour,\n>\n> Avez-vous redémarré ?", "Toujours en panne."),
        ("> Avez-vous redémarré ?\nOui.", "Oui."),
        ("Bonjour,\n> Avez-vous redémarré ?\nOui.", "Bonjour,\n\nOui."),
        (
            "Ma réponse :\n\nDe : Service\nEnvoyé : lundi 3 mars 2025 06:40\nÀ : Jeanne\nObjet : RE: Panne\n\nBonjour",
            "Ma réponse :",
        ),
    ],
    ids=["a quote", "a question", "a question below a greeting", "the same subject"],
)
def test_what_looks_like_it_and_is_history_is_left_out(text, new):
    assert read(mail(text, subject="Re: Panne")).new_text == new
