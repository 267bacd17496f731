"""What somebody passes on: whose words they are, when they were written, and what stands above them."""

from datetime import UTC, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from apaise.lib.mime import Address, read
from apaise.lib.mime.forward import unwrap
from apaise.lib.mime.forward_dates import read_date
from apaise.lib.mime.tests.forwarded import LATER, SHOWN, TUNED

PARIS = ZoneInfo("Europe/Paris")
JEANNE = Address("Jeanne Petit", "jeanne.petit@courriel.test")
ABOVE = "Pour info, cliente très en colère.\nKarim"
TOLD = "Bonjour,\n\nMa box ne marche plus depuis mardi.\nÀ : c'est la troisième fois.\n\nJeanne Petit"


def is_ours(address):
    return address.address.endswith("@exemple.test") or (
        not address.address and address.name == "Karim Ouali"
    )


def mail(text, subject="TR: Box", attached=(), **headers):
    message = EmailMessage()
    message["From"] = "Karim Ouali <karim.ouali@exemple.test>"
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for raw in attached:
        inner = EmailMessage()
        inner["From"], inner["Subject"], inner["Message-ID"] = raw[0], raw[1], "<inner@courriel.test>"
        inner.set_content(raw[2])
        message.add_attachment(inner)
    return read(message.as_bytes())


def opened(text, **words):
    return unwrap(mail(text, **words), is_ours, PARIS)


def cases(table):
    return [
        pytest.param(subject, head, shown, id=f"{name} {nth}")
        for name, (subject, head) in table.items()
        for nth, shown in enumerate(SHOWN)
    ]


@pytest.mark.parametrize(("subject", "head", "shown"), [*cases(TUNED), *cases(LATER)])
def test_a_forward_of_any_program_is_taken_apart(subject, head, shown):
    quoted = head.startswith(">")
    told = "\n".join(f"> {line}".rstrip() for line in TOLD.split("\n")) if quoted else TOLD
    found = opened(f"{ABOVE}\n\n{head.format(who=shown)}\n{'>' if quoted else ''}\n{told}\n", subject=subject)
    assert found and found.original
    assert found.original.from_ == [JEANNE]
    assert found.original.subject == "Box"
    assert found.sent_at == datetime(2025, 11, 3, 9, 12, tzinfo=UTC)
    assert found.original.text == TOLD
    assert "troisième fois" in found.original.new_text
    assert found.words.startswith(ABOVE)
    assert "Box" not in found.words and "Bonjour" not in found.words


HEAD = "De : Jeanne Petit <jeanne.petit@courriel.test>\nEnvoyé : lundi 3 novembre 2025 10:12\nÀ : Karim\nObjet : Box\n\n"


def test_without_a_word_above_there_is_none():
    found = opened(f"\n{HEAD}{TOLD}")
    assert (found.words, found.original.text) == ("", TOLD)


def test_the_words_below_a_quoted_forward_are_the_colleagues_too():
    quoted = "".join(f"> {line}\n" for line in (HEAD + TOLD).split("\n"))
    found = opened(f"Voir ci-dessous.\n\n{quoted}\nÀ traiter vite, elle part à la concurrence.\n")
    assert found.words == "Voir ci-dessous.\n\nÀ traiter vite, elle part à la concurrence."
    assert found.original.text == TOLD


def test_the_colleagues_signature_below_everything_is_not_the_customers():
    found = opened(f"Voir.\n\n{HEAD}{TOLD}\n\n-- \nKarim Ouali\nBoutique de Nantes, poste 4711")
    assert found.original.text == TOLD
    assert "poste 4711" in found.words


def test_a_forward_of_a_forward_goes_on_to_the_first_who_is_none_of_us():
    ours = "De : Karim Ouali\nEnvoyé : mardi 4 novembre 2025 08:00\nÀ : Anne\nObjet : TR: Box\n\nAnne, tu t'en occupes ?\n\n"
    luc = "De : Luc Roy <luc@ailleurs.test>\nEnvoyé : dimanche 2 novembre 2025 07:00\nÀ : Jeanne\nObjet : Box\n\nVois avec eux."
    found = opened(f"À ouvrir.\n\n{ours}{HEAD}{TOLD}\n\n{luc}")
    assert found.original.from_ == [JEANNE]
    assert "Vois avec eux." in found.original.text
    assert "Anne, tu t'en occupes ?" in found.words and "À ouvrir." in found.words


def test_of_our_own_answer_in_between_the_customer_quoted_below_is_found():
    ours = "De : Karim Ouali <karim.ouali@exemple.test>\nEnvoyé : mardi 4 novembre 2025 08:00\nÀ : Jeanne\nObjet : RE: Box\n\nNon.\n\n"
    below = "Le lun. 3 nov. 2025 à 10:12, Jeanne Petit <jeanne.petit@courriel.test> a écrit :\n> Ma box ne marche plus."
    found = opened(f"Que faire ?\n\n{ours}{below}")
    assert (found.original.from_, found.original.text) == ([JEANNE], "Ma box ne marche plus.")
    assert found.sent_at == datetime(2025, 11, 3, 9, 12, tzinfo=UTC)


def test_a_head_that_shows_a_name_alone_is_not_guessed():
    found = opened(
        "Voir.\n\nDe : Jeanne Petit\nEnvoyé : lundi 3 novembre 2025 10:12\nÀ : Karim\nObjet : Box\n\nMa box."
    )
    assert (found.original, found.problem) == (None, "no_address")


@pytest.mark.parametrize("subject", ["TR: Box", "Fwd: Box", "[EXTERNE] TR : Box"])
def test_a_forward_without_any_head_is_not_guessed(subject):
    assert opened("Ma box, mail à jeanne.petit@courriel.test", subject=subject).problem == "no_address"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Ma box", "Bonjour,\nDe : Nantes\nÀ : Paris\nDate : 3 novembre\nmon colis est perdu."),
        ("RE: Box", f"Voir mes réponses.\n\n{HEAD}{TOLD}"),
        ("RE: Box", f"Bonjour.\n\n{HEAD}---------- Forwarded message ---------\n{HEAD}{TOLD}"),
        ("Re: Box", "Oui.\n\n> ---------- Forwarded message ---------\n> De : x@y.test\n> Date: lun. 3 nov. 2025\n> Subject: x"),
        ("Travaux", "TR: je ne sais pas ce que cela veut dire."),
        ("Transfert de ligne", "Le transfert de ma ligne a échoué."),
        ("Intervention : retard", "Personne n'est venu."),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_forward_is_none(subject, text):
    assert opened(text, subject=subject) is None


def test_a_mark_says_so_whatever_the_subject():
    found = opened(
        f"Voir.\n\n---------- Forwarded message ---------\n{HEAD}{TOLD}", subject="Cliente mécontente"
    )
    assert (found.original.from_, found.words) == ([JEANNE], "Voir.")


def test_an_attached_mail_is_read_as_it_was_sent():
    found = opened(
        "En pièce jointe.",
        subject="Box",
        attached=[("Jeanne Petit <jeanne.petit@courriel.test>", "Box", TOLD)],
    )
    assert (found.original.from_, found.original.subject, found.words) == (
        [JEANNE],
        "Box",
        "En pièce jointe.",
    )
    assert found.original.text == TOLD and found.original.message_id == "<inner@courriel.test>"


def test_attached_mails_of_two_customers_are_for_a_person_to_part():
    two = [("a@courriel.test", "Un", "Un"), ("b@courriel.test", "Deux", "Deux")]
    assert opened("Deux cas", attached=two).problem == "several"
    assert opened("Deux fois", attached=[two[0], two[0]]).original.text == "Un"


def test_an_attached_mail_of_ours_is_opened_in_turn():
    found = opened(
        "Voir.", subject="Box", attached=[("Anne <anne@exemple.test>", "TR: Box", f"Urgent.\n\n{HEAD}{TOLD}")]
    )
    assert (found.original.from_, found.words) == ([JEANNE], "Voir.\n\nUrgent.")


def test_the_number_of_the_original_is_kept_where_the_program_tells_it():
    assert opened(f"{HEAD}{TOLD}", x_forwarded_message_id="<o@c.test>").original.message_id == "<o@c.test>"
    assert opened(f"{HEAD}{TOLD}", references="<a@c.test> <o@c.test>").original.message_id == "<o@c.test>"
    assert opened(f"{HEAD}{TOLD}").original.message_id is None


@pytest.mark.parametrize(
    ("said", "day_first", "moment"),
    [
        ("1er décembre 2025 à 8 h 05", True, "2025-12-01T08:05:00+01:00"),
        ("Mittwoch, 5. März 2025 um 23:59:59 MEZ", True, "2025-03-05T23:59:59+01:00"),
        ("12 août 2025 à 12:00:00 UTC+2", True, "2025-08-12T12:00:00+02:00"),
        ("Mon, 3 Nov 2025 10:12:00 -0500", None, "2025-11-03T10:12:00-05:00"),
        ("Saturday, November 1, 2025 12:30 AM", None, "2025-11-01T00:30:00+01:00"),
        ("Saturday, November 1, 2025 12:30 PM", None, "2025-11-01T12:30:00+01:00"),
        ("03/11/2025 10:12", True, "2025-11-03T10:12:00+01:00"),
        ("03.11.25 10:12", True, "2025-11-03T10:12:00+01:00"),
        ("13/11/2025", None, "2025-11-13T12:00:00+01:00"),
        ("11/13/2025 3:05 PM", None, "2025-11-13T15:05:00+01:00"),
        ("03/11/2025 10:12", None, None),
        ("2025-11-03T10:12:00Z", None, "2025-11-03T10:12:00+00:00"),
        ("31 février 2025 10:12", True, None),
        ("45/45/2025", True, None),
        ("hier à 10:12", True, None),
        ("", True, None),
    ],
)
def test_a_date_is_read_as_people_of_that_language_mean_it(said, day_first, moment):
    found = read_date(said, PARIS, day_first=day_first)
    assert found == (datetime.fromisoformat(moment) if moment else None)


@pytest.mark.parametrize(
    "line", ["De : ", "Le Le Le ", "-----", "> > > ", "On 1, <a@b> ", "À : x, ", "_" * 50]
)
def test_crafted_bodies_are_read_to_their_end(line):
    assert opened("\n".join([line * 200] * 4000)).problem == "no_address"
