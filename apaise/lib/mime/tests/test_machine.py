"""People and machines told apart; a person is never taken for a machine."""

import pytest

from apaise.lib.mime import read
from apaise.lib.mime.tests.mails import mail, multipart, part

MACHINES = [
    ("auto-submitted", {"auto_submitted": "auto-replied"}),
    ("auto-submitted", {"auto_submitted": "auto-generated"}),
    ("auto-submitted", {"auto_submitted": "Auto-Replied (vacation)"}),
    ("auto-submitted", {"auto_submitted": 'auto-notified; owner-email="a@b.test"'}),
    ("auto-responder", {"x_autoreply": "yes"}),
    ("auto-responder", {"x_autorespond": "Absence"}),
    ("auto-responder", {"x_auto_reply": "1"}),
    ("auto-responder", {"precedence": "auto_reply"}),
    ("mailing-list", {"list_id": "<club.listes.test>"}),
    ("bulk", {"precedence": "bulk"}),
    ("bulk", {"precedence": "junk"}),
    ("bulk", {"precedence": "List"}),
    ("bounce", {"from_": "MAILER-DAEMON@mx.test", "subject": "Undelivered Mail Returned to Sender"}),
    ("bounce", {"from_": "Mail <mailer-daemon@mx.test>", "return_path": "<>"}),
    ("bounce", {"x_failed_recipients": "a@b.test"}),
    ("out-of-office", {"subject": "Réponse automatique : Panne", "return_path": "<>"}),
    ("out-of-office", {"subject": "Automatic reply: x", "x_auto_response_suppress": "All"}),
    ("out-of-office", {"subject": "Abwesenheitsnotiz: x", "x_auto_response_suppress": "All"}),
    ("out-of-office", {"subject": "Out of office: x", "from_": "no-reply@client.test"}),
]


@pytest.mark.parametrize(("reason", "fields"), MACHINES, ids=[f"{r} {f}" for r, f in MACHINES])
def test_a_machine_is_known_by_its_marks(reason, fields):
    assert read(mail("Bonjour", **fields)).auto == reason


def test_an_absence_is_known_by_subject_and_words_together():
    text = "Bonjour, je suis actuellement absente du bureau."
    assert read(mail(text, subject="Absence du bureau : Panne")).auto == "out-of-office"


PEOPLE = [
    {},
    {"auto_submitted": "no"},
    {"auto_submitted": "No (really)"},
    {"x_auto_response_suppress": "All"},
    {"x_auto_response_suppress": "DR, OOF, AutoReply", "subject": "Panne"},
    {"subject": "Réponse automatique : ras le bol"},
    {"subject": "RE: Réponse automatique : Panne", "x_auto_response_suppress": "All"},
    {"subject": "Out of office reply never answered"},
    {"subject": "Absence du bureau de poste"},
    {"precedence": "first-class"},
    {"x_autoreply": "no"},
    {"return_path": "<jeanne@client.test>"},
    {"from_": "Noël Postmaster <noel@client.test>", "subject": "Undelivered parcel"},
    {"from_": "postmaster.petit@client.test"},
    {"subject": "Undelivered: my parcel"},
    {"return_path": "<>"},
    {"return_path": "< >"},
    {"list_unsubscribe": "<mailto:x@listes.test>"},
]


@pytest.mark.parametrize("fields", PEOPLE, ids=[str(fields) for fields in PEOPLE])
def test_a_person_is_no_machine(fields):
    found = read(mail("Je veux une réponse.", **fields))
    assert found.auto is None
    assert not found.is_auto_reply
    assert not found.is_bounce


def report(kind: str, status: str = "", status_type: str = "message/delivery-status") -> bytes:
    parts = (part("Avis."), part(status, status_type))
    return multipart(*parts, kind="report").replace(
        b'boundary="x"', f'boundary="x"; report-type={kind}'.encode()
    )


@pytest.mark.parametrize(
    ("raw", "reason", "bounce", "auto_reply"),
    [
        (report("delivery-status", "Action: failed\r\nStatus: 5.1.1"), "bounce", True, False),
        (report("delivery-status", "Action: delayed\r\nStatus: 4.4.1"), "delivery-report", False, True),
        (report("delivery-status", "Action: delivered"), "delivery-report", False, True),
        (report("delivery-status", "Action: delivered\r\n\r\nAction: Failed"), "bounce", True, False),
        (report("delivery-status"), "bounce", True, False),
        (report("disposition-notification"), "read-receipt", False, True),
        (report("feedback-report"), "feedback-report", False, True),
    ],
)
def test_reports_are_told_apart(raw, reason, bounce, auto_reply):
    found = read(raw)
    assert (found.auto, found.is_bounce, found.is_auto_reply) == (reason, bounce, auto_reply)


def test_a_mail_that_goes_round_is_a_loop():
    assert read(b"Received: from a by b\r\n" * 51 + mail("x")).auto == "loop"
    assert read(b"Received: from a by b\r\n" * 20 + mail("x")).auto is None


def test_lists_are_machines_but_no_auto_replies():
    found = read(mail("x", list_id="<a.b>"))
    assert (found.is_auto_reply, found.is_bounce) == (False, False)


TONGUES = [
    ("fr", "Bonjour, ma box ne marche plus depuis lundi et personne ne répond."),
    ("fr", "slt ma box marche pas jpp repondez svp"),
    ("fr", "REMBOURSEZ MOI TOUT DE SUITE, VOUS ÊTES DES VOLEURS"),
    ("fr", "Toujours rien."),
    ("en", "Hello, my router stopped working and nobody is answering the phone."),
    ("en", "still no refund"),
    ("de", "Der Router funktioniert nicht mehr und ich habe keine Antwort bekommen."),
    ("es", "Buenos días, no funciona la línea desde ayer y nadie me responde, gracias."),
    ("it", "Buongiorno, il modem non funziona più e non ho ricevuto nessuna risposta."),
    ("nl", "Mijn router doet het niet meer en ik heb geen antwoord van u gekregen."),
    ("und", "F-88213"),
    ("und", ""),
    ("ja", "こんにちは"),
]


@pytest.mark.parametrize(("code", "text"), TONGUES)
def test_the_language_is_guessed_from_the_small_words(code, text):
    assert read(mail(text, subject="?", content_type="text/plain; charset=utf-8")).language == code


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("Vos factures nous reviennent « non remis ». Merci de vérifier l'adresse.", {"subject": "Undeliverable: vos factures", "from": "postmaster@mairie.test"}),
        ("Le colis n'est jamais arrivé. Merci de le renvoyer.", {"subject": "Non remis : colis 8812", "from": "postmaster@mairie.test"}),
        ("Le four n'a pas été livré. Rappelez-moi.", {"subject": "Non remis : four"}),
    ],
)  # fmt: skip
def test_who_complains_of_what_did_not_arrive_is_no_mail_server(words, fields):
    assert read(mail(words, return_path="<>", **fields)).auto is None


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("Cela fait un mois que vous êtes absent. Le four est toujours en panne.", {"subject": "Absence du bureau : Panne four", "in_reply_to": "<1@x.test>"}),
        ("Je suis en vacances du 10 au 20 mars. Merci de réparer le four avant.", {"subject": "Réponse automatique : Panne four"}),
        ("Je suis absent demain, rappelez-moi vendredi. Le four est en panne.", {"subject": "Réponse automatique : Panne four"}),
        ("I am away until Friday, so deliver the new dryer on Saturday. This is the second time I ask.", {"subject": "Automatic reply: dryer"}),
        ("Sie sind seit Wochen im Urlaub. Die Lampe ist immer noch defekt.", {"subject": "Abwesenheitsnotiz: Lampe"}),
    ],
)  # fmt: skip
def test_who_answers_an_absence_and_leaves_its_subject_is_heard(words, fields):
    assert read(mail(words, **fields)).auto is None
