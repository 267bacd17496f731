"""A colleague forwards a customer's mail: whose complaint it becomes, and what stays among us."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from apaise.ground.accounts.setup import add_desk
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.ground.parties.models import Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, tracking
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, Exclusion, Note
from apaise.intake.channels import forwarding
from apaise.intake.channels.forwards import Forward
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import keep, receive, replay
from apaise.intake.channels.tests.letters import mail
from apaise.lib import clock
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db
CLAIRE = "claire@courriel.exemple.test"
HEAD = "De : Claire Fontanel <{0}>\nEnvoyé : {1}\nÀ : Karim Ouali\nObjet : Ma fibre\n\n"
TOLD = "Bonjour,\n\nPersonne n'est venu le 12 novembre.\n\nClaire"
WORDS = "Attention, elle menace de partir."


@pytest.fixture
def karim(staff):
    user = staff("handler", team=True)
    user.name, user.email = "Karim Ouali", "karim.ouali@exemple.test"
    user.save()
    return user


def forwarded(address=CLAIRE, sent="lundi 23 novembre 2026 10:12", words=WORDS, **headers):
    usual = {"from": "Karim Ouali <karim.ouali@exemple.test>", "subject": "TR: Ma fibre"}
    return mail(f"{words}\n\n{HEAD.format(address, sent)}{TOLD}", **{**usual, **headers})


def get(raw, **envelope):
    return receive(keep(raw, **envelope))


# --- whose it is -----------------------------------------------------------------------------------------


def test_peers_13_a_forwarded_mail_is_the_customers_complaint_and_not_the_colleagues(karim, noon, work):
    outcome = get(forwarded(files=[("facture.pdf", b"PDF")]))
    case, message = outcome.case, outcome.case.messages.get()
    assert (outcome.outcome, case.title, case.language) == ("opened", "Ma fibre", "fr")
    assert (case.complainant.email, case.complainant.name) == (CLAIRE, "Claire Fontanel")
    assert (message.author_person, message.text) == (case.complainant, TOLD)
    assert [file.name for file in message.attachments.all()] == ["facture.pdf"]
    monday = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
    assert (case.received_at, case.sent_at, message.at) == (monday, monday, monday)
    work()
    assert case.messages.get(kind="acknowledgement").to_address == CLAIRE
    assert not Person.objects.at("karim.ouali@exemple.test")
    assert list(verify()) == []


def test_the_colleagues_words_are_a_note_that_no_customer_ever_sees(client, karim, noon, work):
    case = get(forwarded()).case
    note = case.notes.get()
    assert (note.text, note.author, note.at) == (WORDS, karim, noon)
    work()
    assert not [
        words for words in case.messages.values_list("text", "new_text") if "menace" in " ".join(words)
    ]
    page = client.get(f"/t/{tracking.link_for(case).partition('/t/')[2]}")
    assert page.status_code == 200 and "venu le 12 novembre" in page.content.decode()
    assert "menace" not in page.content.decode() and "Karim" not in page.content.decode()


def test_the_ledger_says_who_forwarded_it_and_lets_no_colleague_act(karim, noon):
    case = get(forwarded()).case
    entry = Entry.objects.of(case.reference).get(what="message.forwarded")
    assert (entry.by, entry.at) == ("system:forwarded-mail", noon)
    assert entry.facts == {"message": case.messages.get().pk, "of": f"staff:{karim.pk}"}
    assert karim.actor_code not in Entry.objects.of(case.reference).values_list("by", flat=True)


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ("lundi 23 novembre 2026 10:12", datetime(2026, 11, 23, 9, 12, tzinfo=UTC)),
        ("26 septembre 2026 13:00", datetime(2026, 9, 26, 11, 0, tzinfo=UTC)),
        ("26 septembre 2026 12:00", None),
        ("mercredi 25 novembre 2026 12:01", None),
        ("hier soir", None),
    ],
)
def test_a_copied_date_is_believed_for_sixty_days_and_never_in_the_future(karim, noon, sent, received):
    assert get(forwarded(sent=sent)).case.received_at == (received or noon)


def test_a_desk_of_ours_forwards_as_well(desk, noon):
    add_desk("sav@exemple.test")
    case = get(forwarded(**{"from": "SAV <sav@exemple.test>"})).case
    assert case.complainant.email == CLAIRE
    forward = Forward.objects.get()
    assert (forward.forwarder, forward.words, case.notes.count()) == ("sav@exemple.test", WORDS, 0)


def test_an_attached_mail_is_filed_with_its_own_files(karim, noon):
    outer, inner = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"], inner["Message-ID"] = (
        f"Claire <{CLAIRE}>",
        "Ma fibre",
        "<c1@courriel.test>",
    )
    inner["Date"] = "Mon, 23 Nov 2026 10:12:00 +0100"
    inner.set_content(TOLD)
    inner.add_attachment(b"PDF", maintype="application", subtype="pdf", filename="facture.pdf")
    outer["From"], outer["To"], outer["Subject"] = karim.email, "reclamations@exemple.test", "Cliente"
    outer.set_content(WORDS)
    outer.add_attachment(inner)
    case = get(outer.as_bytes()).case
    message = case.messages.get()
    assert (case.complainant.email, case.notes.get().text, message.message_id) == (
        CLAIRE,
        WORDS,
        "<c1@courriel.test>",
    )
    assert [file.name for file in message.attachments.all()] == ["facture.pdf"]
    assert case.received_at == datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize("who", ["boutique@franchise.test", "Sa fille <lea@courriel.exemple.test>"])
def test_a_stranger_who_forwards_speaks_for_himself(karim, who):
    case = get(forwarded(**{"from": who})).case
    assert case.complainant.email == who.split("<")[-1].strip(">")
    assert WORDS in case.messages.get().text and not Forward.objects.exists() and not case.notes.exists()


def test_a_colleague_who_has_left_is_a_stranger(karim):
    karim.is_active = False
    karim.save()
    assert get(forwarded()).case.complainant.email == karim.email


def test_a_colleague_may_complain_himself(karim):
    case = get(mail("Ma box ne marche pas.", **{"from": karim.email})).case
    assert (case.complainant.email, Forward.objects.count()) == (karim.email, 0)


# --- what is not guessed ---------------------------------------------------------------------------------


def test_without_the_customers_address_no_case_is_opened_in_the_colleagues_name(karim, ana):
    raw = mail("Voir.\n\nDe : Claire Fontanel\nEnvoyé : lundi 23 novembre 2026 10:12\nÀ : Karim\nObjet : X\n\nRien.", subject="TR: X", **{"from": karim.email})  # fmt: skip
    assert get(raw) == ("quarantined", None, "forward_no_address")
    assert not Case.objects.exists() and not Person.objects.at(karim.email)
    assert replay(Arrival.objects.get(), by=ana).reason == "forward_no_address"
    assert replay(Arrival.objects.get(), by=ana, accept=True).case.complainant.email == karim.email


def test_what_another_desk_writes_of_itself_waits_for_a_person(desk):
    add_desk("sav@exemple.test")
    assert get(mail("Pouvez-vous regarder ?", **{"from": "sav@exemple.test"})).reason == "from_ourselves"
    assert not Case.objects.exists()


def test_our_own_mail_come_back_opens_nothing(complain, ana, send):
    case = complain()
    assign(case, ana, by=ana)
    reply = conversation.reply(case, "Bonjour, quel est le numéro ?", by=ana)
    send()
    back = mail("Bonjour, quel est le numéro ?", message_id=reply.message_id, **{"from": case.desk.address})
    before = Message.objects.count()
    assert (get(back).outcome, Arrival.objects.get().reason) == ("machine", "loop")
    assert (Case.objects.count(), Message.objects.count()) == (1, before)


# --- into the case it belongs to -------------------------------------------------------------------------


def test_a_forwarded_answer_goes_where_the_customers_own_would(complain, karim, noon):
    case = complain()
    outcome = get(forwarded(subject=f"TR: {case.reference}"))
    message = case.messages.get(kind="message")
    assert (outcome.outcome, outcome.case, message.author_person) == ("threaded", case, case.complainant)
    assert (message.at, case.notes.get().text) == (datetime(2026, 11, 23, 9, 12, tzinfo=UTC), WORDS)
    case.refresh_from_db()
    assert case.received_at == noon


def test_nobody_gets_into_anothers_case_by_writing_as_a_colleague(complain, karim):
    case = complain()
    outcome = get(forwarded(address="pirate@ailleurs.test", subject=f"TR: {case.reference}"))
    assert (outcome.outcome, outcome.reason) == ("quarantined", "not_a_participant")
    assert (case.messages.count(), Note.objects.count(), Case.objects.count()) == (1, 0, 1)
    assert not Person.objects.at("pirate@ailleurs.test")


def test_what_the_customer_sent_us_as_well_is_here_once(karim):
    case = get(mail(TOLD, message_id="<c1@courriel.test>")).case
    outcome = get(forwarded(x_forwarded_message_id="<c1@courriel.test>"))
    assert (outcome.outcome, outcome.case) == ("duplicate", case)
    assert (case.messages.count(), case.notes.get().text, Case.objects.count()) == (1, WORDS, 1)


def test_who_is_kept_apart_from_a_case_puts_no_words_into_it_by_forwarding(complain, karim, ana):
    case = complain()
    Exclusion.objects.create(case=case, user=karim, because="onsite_technician")
    outcome = get(forwarded(subject=f"TR: {case.reference}"))
    assert (outcome.outcome, outcome.reason) == ("quarantined", "not_a_participant")
    assert (case.messages.filter(direction="in").count(), case.notes.count()) == (1, 0)


def test_a_forward_read_twice_is_filed_once(karim):
    get(forwarded())
    assert get(forwarded()).outcome == "duplicate"
    assert (Case.objects.count(), Note.objects.count(), Forward.objects.count()) == (1, 1, 1)


# --- one click -------------------------------------------------------------------------------------------


def flipped(case):
    case.refresh_from_db()
    return case.complainant.email, case.messages.get(direction="in").author_person.email


def test_one_click_says_it_is_the_colleagues_own_and_one_click_takes_it_back(karim, ana, work, send):
    case = get(forwarded()).case
    work()
    send()
    message, link = case.messages.get(direction="in"), tracking.known_link(case)
    forwarding.say_own(message, by=ana)
    assert flipped(case) == (karim.email, karim.email)
    assert tracking.open_link(tracking.token_of(link)) is None
    forwarding.say_own(message, by=ana)
    message.refresh_from_db()
    forwarding.say_forwarded(message, by=ana)
    assert flipped(case) == (CLAIRE, CLAIRE)
    said = Entry.objects.of(case.reference).filter(what__in=["message.forwarded", "message.not_forwarded"])
    assert [(entry.what, entry.by) for entry in said] == [
        ("message.forwarded", "system:forwarded-mail"),
        ("message.not_forwarded", ana.actor_code),
        ("message.forwarded", ana.actor_code),
    ]
    assert list(verify()) == []


def test_a_colleagues_own_mail_can_be_filed_on_behalf_of_a_customer_somebody_names(karim, ana):
    case = get(mail("Cliente en colère, voir la pièce.", **{"from": karim.email})).case
    message = case.messages.get()
    for wrong in ("", "claire", "a b@c.test", "@c.test", case.desk.address, ana.email):
        with refused(Refused):
            forwarding.say_forwarded(message, by=ana, email=wrong)
    forwarding.say_forwarded(message, by=ana, email=f" {CLAIRE} ", name="Claire Fontanel")
    assert flipped(case) == (CLAIRE, CLAIRE)
    message.refresh_from_db()
    forwarding.say_own(message, by=ana)
    assert flipped(case) == (karim.email, karim.email)


def test_a_customers_mail_cannot_be_given_to_somebody_else(complain, ana):
    message = complain().messages.get()
    with refused(Refused, match="Only a colleague's mail"):
        forwarding.say_forwarded(message, by=ana, email="autre@ailleurs.test")
    with refused(Refused, match="No colleague forwarded"):
        forwarding.say_own(message, by=ana)


def test_once_the_customer_was_answered_it_cannot_be_turned_round(karim, ana, send):
    case = get(forwarded()).case
    assign(case, ana, by=ana)
    conversation.reply(case, "Bonjour, je m'en occupe.", by=ana)
    with refused(Refused, match="was written to already"):
        forwarding.say_own(case.messages.get(direction="in"), by=ana)


def test_while_the_acknowledgement_leaves_it_cannot_be_turned_round(karim, ana, work):
    case = get(forwarded()).case
    work()
    with refused(Refused, match="just leaving"):
        forwarding.say_own(case.messages.get(direction="in"), by=ana)


def test_with_other_words_of_the_customer_it_cannot_be_turned_round(karim, ana):
    case = get(forwarded()).case
    get(mail("Encore moi.", subject=f"Re: {case.reference}"))
    with refused(Refused, match="Split this one off"):
        forwarding.say_own(case.messages.get(kind="complaint"), by=ana)


@pytest.mark.parametrize("role", ["auditor", "quality", "administrator"])
def test_readers_turn_nothing_round(karim, staff, role):
    message, reader = get(forwarded()).case.messages.get(), staff(role)
    with refused(Refused):
        forwarding.say_own(message, by=reader)


# --- too late for the case it answers --------------------------------------------------------------------


def test_a_late_answer_to_a_closed_case_opens_one_that_follows_it(answered, ana, noon):
    case = answered()
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=noon)
    words = {"subject": f"Re: {case.reference}"}
    with clock.at_moment(noon + timedelta(days=365)):
        assert get(mail("Merci.", date=None, **words)).case == case
    with clock.at_moment(noon + timedelta(days=366)):
        outcome = get(mail("Cela recommence.", date=None, **words))
    assert (outcome.outcome, outcome.case.complainant) == ("opened", case.complainant)
    assert outcome.case != case
    link = outcome.case.links_out.get()
    assert (link.other, link.kind, link.by) == (case, "follows", None)
    for one in (case, outcome.case):
        assert Entry.objects.of(one.reference).get(what="case.linked").by == "system:late-answer"
    case.refresh_from_db()
    assert case.state == "closed"
    with clock.at_moment(noon + timedelta(days=366)):
        stranger = get(mail("Et moi.", **{"from": "x@ailleurs.test", **words}))
    assert stranger.reason == "not_a_participant"
