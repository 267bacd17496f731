"""Which case a mail belongs to: our marks, the numbers it names, a reference; and that nobody gets into another's case."""

import pytest

from apaise.ground.parties.models import Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation
from apaise.intake.cases.merging import merge
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.cases.sealed import case_of_mail, mail_number
from apaise.intake.cases.splitting import split
from apaise.intake.channels.mail import addresses
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import keep, receive, replay
from apaise.intake.channels.tests.letters import mail

pytestmark = pytest.mark.django_db
STRANGER = "Autre <autre@ailleurs.test>"


def get(raw, **envelope):
    return receive(keep(raw, **envelope))


# --- the number of our mail ------------------------------------------------------------------------------


def test_the_number_of_our_mail_names_its_case_and_cannot_be_made_up(written_to, settings):
    case, number = written_to()
    assert case_of_mail(number) == case.pk
    assert case_of_mail(number.upper()) == case.pk
    mark, seal, once = number.removeprefix("<apaise.").replace("-", ".").split("@")[0].split(".")
    for forged in (
        number.replace(f".{mark}-", f".{mark}1-"),
        number.replace(once, "0" * 16),
        number.replace(seal, "0" * 16),
        "<apaise.1-0000000000000000@exemple.test>",
        "<apaise.d41d8cd98f00b204e9800998ecf8427e@exemple.test>",  # as they were numbered before
        "",
    ):
        assert case_of_mail(forged) is None, forged
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["a key for tests only"]
    assert case_of_mail(number) == case.pk
    settings.SECRET_KEY_FALLBACKS = []  # another installation
    assert case_of_mail(number) is None


def test_no_two_mails_have_one_number():
    assert len({mail_number(7, "exemple.test") for _ in range(200)}) == 200


def test_an_answer_to_a_mail_that_a_restored_copy_does_not_know_finds_its_case(written_to):
    case, number = written_to()
    Message.objects.filter(message_id=number).delete()
    outcome = get(mail("Le 4711.", in_reply_to=number, subject="Re"))
    assert (outcome.outcome, outcome.case) == ("threaded", case)


def test_a_number_of_the_old_kind_still_finds_its_case(written_to):
    case, number = written_to()
    old = "<apaise.d41d8cd98f00b204e9800998ecf8427e@exemple.test>"
    Message.objects.filter(message_id=number).update(message_id=old)
    assert get(mail("Le 4711.", in_reply_to=old, subject="Re")).case == case


# --- order -----------------------------------------------------------------------------------------------


def test_peers_6_a_crm_that_writes_in_reply_to_anew_but_keeps_references_does_not_make_a_second_case(
    written_to,
):
    case, number = written_to()
    raw = mail("Le 4711.", in_reply_to="<crm-9@crm.test>", references=f"<a@x.test> {number} <crm-8@crm.test>")
    assert (get(raw).outcome, Case.objects.count()) == ("threaded", 1)
    assert Message.objects.latest("pk").case == case


def test_in_reply_to_written_twice_is_read_twice(written_to):
    case, number = written_to()
    for nth, field in enumerate((f"<gone@x.test> {number}", f"<gone@x.test>\nIn-Reply-To: {number}")):
        raw = f"In-Reply-To: {field}\n".encode() + mail(f"Le 4711, {nth}.")
        assert get(raw).case == case, field


def test_the_newest_number_wins_between_two_cases_of_one_person(complain):
    one, other = (
        get(mail("Un", message_id="<1@x.test>")).case,
        get(mail("Deux", message_id="<2@x.test>")).case,
    )
    assert get(mail("Suite", references="<1@x.test> <2@x.test>")).case == other
    assert get(mail("Suite encore", references="<2@x.test> <1@x.test>")).case == one


def test_our_mark_is_surer_than_a_number_and_a_number_surer_than_the_subject(written_to):
    case, number = written_to()
    second, other_number = written_to()
    token = addresses.reply_address(case)
    Message.objects.filter(message_id=other_number).update(message_id="<old@exemple.test>")
    words = {"subject": f"Re: {second.reference}"}
    assert get(mail("Un", to=token, in_reply_to="<old@exemple.test>", **words)).case == case
    assert get(mail("Deux", references=f"{number} <old@exemple.test>", **words)).case == case
    third = get(mail("Trois", message_id="<3@x.test>")).case
    assert get(mail("Quatre", in_reply_to="<3@x.test>", **words)).case == third


def test_a_mail_that_overtook_the_one_it_answers_keeps_company_with_it(desk):
    late = get(mail("Suite : toujours rien.", message_id="<2@x.test>", in_reply_to="<1@x.test>"))
    early = get(mail("Bonjour, ma ligne est coupée.", message_id="<1@x.test>"))
    assert (late.outcome, early.outcome, early.case) == ("opened", "threaded", late.case)


def test_a_stranger_cannot_pass_for_what_was_overtaken(desk):
    late = get(mail("Suite", message_id="<2@x.test>", in_reply_to="<1@x.test>"))
    raw = mail("Laissez-moi entrer", message_id="<1@x.test>", **{"from": STRANGER})
    assert get(raw).case != late.case


# --- nobody gets into another's case ---------------------------------------------------------------------


@pytest.mark.parametrize("field", ["to", "cc", "delivered_to", "x_original_to", "envelope_to", "envelope"])
def test_peers_5_a_mark_opens_no_case_to_a_stranger_wherever_it_stands(written_to, ana, field):
    case, _ = written_to()
    token = addresses.reply_address(case)
    words = {"from": STRANGER} | ({} if field == "envelope" else {field: token})
    raw = mail("Laissez-moi entrer", **words)
    outcome = get(raw, envelope_to=token if field == "envelope" else "")
    assert (outcome.outcome, outcome.reason) == ("quarantined", "not_a_participant")
    assert (case.messages.filter(direction="in").count(), Case.objects.count()) == (1, 1)
    own = {} if field == "envelope" else {field: token}
    mine = get(mail("C'est moi", **own), envelope_to=token if field == "envelope" else "")
    assert (mine.outcome, mine.case) == ("threaded", case)
    assert replay(Arrival.objects.get(state="quarantined"), by=ana, accept=True).case == case


def test_a_number_used_again_by_a_stranger_does_not_lead_into_the_case(written_to):
    case, number = written_to()
    outcome = get(mail("Pirate", message_id=number, references=number, **{"from": STRANGER}))
    assert (outcome.outcome, outcome.reason) == ("quarantined", "not_a_participant")
    assert case.messages.filter(direction="in").count() == 1


def test_a_stranger_gets_into_neither_of_two_merged_cases(written_to, ana):
    one, number = written_to()
    into, _ = written_to(subject="Suite")
    merge(one, into, reason="same_matter", by=ana)
    assert get(mail("Laissez-moi", in_reply_to=number, **{"from": STRANGER})).reason == "not_a_participant"
    mine = get(mail("C'est moi", to=addresses.reply_address(one)))
    assert (mine.outcome, mine.case) == ("threaded", into)


def test_of_a_split_case_each_part_is_answered_where_its_mails_came_from(written_to, ana, send):
    case, _ = written_to()
    get(mail("Et la facture est fausse.", message_id="<f@x.test>", subject=f"Re: {case.reference}"))
    new = split(case, [Message.objects.get(message_id="<f@x.test>").pk], by=ana)
    assign(new, ana, by=ana)
    reply = conversation.reply(new, "Bonjour, laquelle ?", by=ana)
    send()
    assert get(mail("Celle de mai.", in_reply_to=reply.message_id)).case == new
    assert get(mail("La facture, encore.", in_reply_to="<f@x.test>")).case == new
    assert (
        get(mail("Intrus", in_reply_to=reply.message_id, **{"from": STRANGER})).reason == "not_a_participant"
    )


# --- the requester never changes by mail -----------------------------------------------------------------


def requester(case):
    case.refresh_from_db()
    return case.complainant.email, case.language, case.title


def test_peers_8_a_blind_copys_answer_does_not_become_the_customer(written_to, ana):
    case, number = written_to()
    before = requester(case)
    raw = mail(
        "Ne m'écrivez plus.", in_reply_to=number, to=addresses.reply_address(case), **{"from": STRANGER}
    )
    assert get(raw).outcome == "quarantined"
    replay(Arrival.objects.get(), by=ana, accept=True)
    assert requester(case) == before
    assert conversation.reply(case, "Bonjour.", by=ana).to_address == "claire@courriel.exemple.test"


@pytest.mark.parametrize("field", ["reply_to", "sender", "cc", "resent_from", "x_forwarded_for"])
def test_no_field_of_a_mail_changes_the_customer(written_to, ana, field):
    case, number = written_to()
    before = requester(case)
    assert get(mail("Le 4711.", in_reply_to=number, **{field: "autre@ailleurs.test"})).outcome == "threaded"
    assert requester(case) == before
    assert conversation.reply(case, "Bonjour.", by=ana).to_address == "claire@courriel.exemple.test"
    assert not Person.objects.at("autre@ailleurs.test")


def test_peers_6_everybody_answering_all_makes_no_second_case(written_to):
    case, number = written_to()
    copies = {"to": addresses.reply_address(case), "cc": "mari@ailleurs.test, desk@concurrent.test"}
    assert get(mail("Le 4711.", in_reply_to=number, **copies)).case == case
    answer = mail(
        "Je confirme.", references=f"<x@y.test> {number}", **{"from": "mari@ailleurs.test", **copies}
    )
    assert get(answer).reason == "not_a_participant"
    assert Case.objects.count() == 1


def test_a_second_desk_in_copy_leaves_the_case_where_it_is(written_to):
    from apaise.ground.accounts.setup import add_desk

    case, number = written_to()
    add_desk("sav@exemple.test")
    assert get(mail("Le 4711.", in_reply_to=number, to="sav@exemple.test", cc=case.desk.address)).case == case
    once = mail("Nouvelle affaire", message_id="<n@x.test>", cc="sav@exemple.test", subject="Autre")
    first = get(once, envelope_to=case.desk.address)
    second = get(b"Received: from a by b\n" + once, envelope_to="sav@exemple.test")
    assert (first.outcome, second.outcome, second.case) == ("opened", "duplicate", first.case)
