"""Which case a mail answers, and who gets into it."""

from datetime import UTC, date, datetime

import pytest

from apaise.ground.parties.models import Person, Representative
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.channels.mail import addresses, threading
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import replay
from apaise.intake.channels.tests.arriving import get
from apaise.intake.channels.tests.letters import mail
from apaise.lib import clock
from apaise.lib.mime import read

pytestmark = pytest.mark.django_db


def test_an_answer_to_our_mail_finds_its_case(written_to):
    case, number = written_to()
    for way in (
        {"in_reply_to": number},
        {"references": f"<other@x.test> {number}"},
        {"subject": f"Re: {case.reference}: votre réclamation"},
    ):
        outcome = get(mail("Le 4711.", **{"subject": "Re", **way}))
        assert (outcome.outcome, outcome.case) == ("threaded", case), way
    assert get(mail("Le 4711 !", to=addresses.reply_address(case))).case == case
    assert get(mail("Encore", to="x@ailleurs.test"), envelope_to=addresses.reply_address(case)).case == case


def test_a_stranger_does_not_get_into_somebody_elses_case(written_to, desk, mara):
    case, number = written_to()
    before = case.messages.count()
    ways = [
        {"in_reply_to": number},
        {"subject": f"Re: {case.reference}"},
        {"to": addresses.reply_address(case)},
    ]
    for nth, way in enumerate(ways):
        outcome = get(mail(f"Laissez-moi entrer {nth}", **{"from": f"x{nth}@ailleurs.test", **way}))
        assert (outcome.outcome, outcome.case, outcome.reason) == ("quarantined", None, "not_a_participant")
    assert case.messages.count() == before
    assert Case.objects.count() == 1
    assert not Person.objects.filter(addresses__value__startswith="x").exists()
    assert {arrival.owner for arrival in Arrival.objects.in_quarantine()} == {mara}


def test_a_person_of_ours_may_let_a_stranger_in_who_is_then_known_here(written_to, ana):
    case, number = written_to()
    get(mail("Je suis sa sœur.", **{"from": "soeur@ailleurs.test", "in_reply_to": number}))
    outcome = replay(Arrival.objects.get(), by=ana, accept=True)
    assert (outcome.outcome, outcome.case) == ("threaded", case)
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.accepted_by) == ("filed", ana)
    assert (
        get(mail("Encore moi.", **{"from": "soeur@ailleurs.test", "in_reply_to": number})).outcome
        == "threaded"
    )
    assert get(mail("Autre dossier", **{"from": "soeur@ailleurs.test"})).case != case


def test_a_replay_without_letting_in_leaves_it_where_it_was(written_to, ana):
    _, number = written_to()
    get(mail("Je suis sa sœur.", **{"from": "soeur@ailleurs.test", "in_reply_to": number}))
    assert replay(Arrival.objects.get(), by=ana).reason == "not_a_participant"
    assert Message.objects.filter(direction="in").count() == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda address: address.replace("+r", "+r1", 1),
        lambda address: address.replace("@", "0@"),
        lambda address: address.partition("-")[0] + "-0000000000000000@exemple.test",
        lambda address: address.partition("+")[0] + "+r@exemple.test",
        lambda address: address.partition("+")[0] + "+rzzzzzzzzzzzz-0000000000000000@exemple.test",
    ],
)
def test_a_forged_reply_address_names_no_case(written_to, forge):
    case, _ = written_to()
    forged = forge(addresses.reply_address(case))
    assert addresses.split_token(forged)[1] is None
    assert not addresses.is_ours(forged)
    assert get(mail("Bonjour", to=forged, **{"from": "x@ailleurs.test"})).case != case


def test_a_reply_address_goes_round(written_to):
    case, _ = written_to()
    address = addresses.reply_address(case)
    assert addresses.split_token(address) == ("reclamations@exemple.test", case.pk)
    assert addresses.split_token(f" <{address.upper()}> ") == ("reclamations@exemple.test", case.pk)
    assert addresses.is_ours(address) and addresses.is_ours("Reclamations@exemple.test")
    assert not addresses.is_ours("relay@ailleurs.test") and not addresses.is_ours("")
    assert addresses.desk_of(address) == case.desk
    assert len(address.partition("@")[0]) <= 64
    for pk in (0, 1, 35, 36, 10**11):
        assert addresses.split_token(addresses.reply_address(Case(pk=pk, desk=case.desk)))[1] == pk


def test_a_reply_address_outlives_a_new_key_that_names_the_old_one(written_to, settings):
    case, _ = written_to()
    address = addresses.reply_address(case)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["a key for tests only"]
    assert addresses.split_token(address)[1] == case.pk
    settings.SECRET_KEY_FALLBACKS = []
    assert addresses.split_token(address)[1] is None


def test_a_mail_that_quotes_another_case_stays_with_its_senders_own(written_to, complain):
    case, number = written_to()
    _other, others_number = written_to(email="luc@courriel.exemple.test")
    outcome = get(mail("Comme Luc.", in_reply_to=others_number, references=f"{others_number} {number}"))
    assert outcome.case == case


def test_a_number_that_two_mails_share_leads_to_the_senders_case(complain):
    number = "<shared@courriel.exemple.test>"
    mine = get(mail("Un", message_id=number)).case
    theirs = get(mail("Deux", message_id=number, **{"from": "luc@courriel.exemple.test"})).case
    assert get(mail("Suite", in_reply_to=number)).case == mine
    assert get(mail("Suite", in_reply_to=number, **{"from": "luc@courriel.exemple.test"})).case == theirs


def test_an_unknown_thread_opens_a_case(desk):
    assert (
        get(mail(in_reply_to="<gone@x.test>", references="<gone@x.test>", subject="Re: R-2019-00001")).outcome
        == "opened"
    )


@pytest.mark.parametrize(
    ("from_day", "to_day", "outcome"),
    [
        (None, None, "threaded"),
        (date(2026, 11, 20), None, "threaded"),
        (date(2026, 11, 28), None, "threaded"),  # given after the complaint, valid on the day of the mail
        (date(2026, 12, 1), None, "quarantined"),
        (None, date(2026, 11, 29), "quarantined"),  # ended since
        (None, date(2026, 11, 30), "threaded"),
    ],
)
def test_a_representative_writes_while_the_mandate_lasts(written_to, noon, from_day, to_day, outcome):
    case, number = written_to()
    lawyer = Person.objects.identify("maitre@avocat.exemple.test")
    Representative.objects.create(
        person=lawyer, represents=case.complainant, quality="lawyer", from_day=from_day, to_day=to_day
    )
    with clock.at_moment(datetime(2026, 11, 30, 10, tzinfo=UTC)):
        assert (
            get(
                mail("Au nom de ma cliente.", in_reply_to=number, **{"from": "maitre@avocat.exemple.test"})
            ).outcome
            == outcome
        )


def test_whoever_speaks_for_the_organisation_of_the_case_writes_too(desk, noon):
    from apaise.ground.parties.models import Organisation
    from apaise.intake.cases.opening import open_case

    firm = Organisation.objects.create(name="Hôtel", kind="business")
    person = Person.objects.identify("direction@hotel.exemple.test")
    person.organisation = firm
    person.save()
    case = open_case(person, desk=desk, channel="email", language="fr", by=person)
    Representative.objects.create(
        person=Person.objects.identify("syndic@hotel.exemple.test"), organisation=firm, quality="manager"
    )
    assert threading.is_participant(case, "syndic@hotel.exemple.test")
    assert not threading.is_participant(case, "autre@hotel.exemple.test")


def test_a_thread_of_two_hundred_numbers_costs_few_questions(written_to, django_assert_max_num_queries):
    case, number = written_to()
    for n in range(30):
        get(mail(f"Suite {n}", in_reply_to=number, message_id=f"<s{n}@x.test>"))
    letter = read(
        mail("x", references=" ".join(f"<s{n}@x.test>" for n in range(30)), **{"from": "x@ailleurs.test"})
    )
    with django_assert_max_num_queries(8):
        assert threading.case_answered_by(letter) == case
