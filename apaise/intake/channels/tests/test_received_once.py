"""The same message again, by whatever way, is one message."""

import pytest

from apaise.ground.ledger.verify import verify
from apaise.ground.parties.models import Person
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import fingerprint, keep, receive
from apaise.intake.channels.tests.arriving import get
from apaise.intake.channels.tests.letters import mail
from apaise.lib.mime import read
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


def test_the_same_bytes_twice_are_one_message(desk):
    first, again = get(mail()), get(mail())
    assert (again.outcome, again.case) == ("duplicate", first.case)
    assert Message.objects.count() == 1


def test_the_same_message_by_another_way_is_one_message(desk):
    raw = mail()
    first, again = (
        get(raw),
        get(b"Received: from relay.test by mx.test; Wed, 25 Nov 2026 12:00:00 +0100\r\n" + raw),
    )
    assert (again.outcome, again.case) == ("duplicate", first.case)


def test_a_message_is_known_by_its_words_not_by_its_number(desk):
    number = "<same@courriel.exemple.test>"
    first, second = get(mail("Un", message_id=number)), get(mail("Deux", message_id=number))
    assert (first.outcome, second.outcome) == ("opened", "opened")
    assert first.case != second.case


def test_what_a_fingerprint_sees_and_what_it_does_not():
    same = fingerprint(read(mail("Un  deux\n")))
    assert fingerprint(read(mail("Un deux", message_id=f"<{abs(hash('x'))}@y.test>"))) != same
    for change in (
        {"from": "luc@courriel.exemple.test"},
        {"subject": "Autre"},
        {"date": "Wed, 25 Nov 2026 11:59:00 +0100"},
    ):
        number = "<n@y.test>"
        assert fingerprint(read(mail("Un", message_id=number, **change))) != fingerprint(
            read(mail("Un", message_id=number))
        )
    number = "<n@y.test>"
    assert fingerprint(read(mail("Un", message_id=number, files=[("a", b"1")]))) != fingerprint(
        read(mail("Un", message_id=number, files=[("a", b"2")]))
    )
    assert fingerprint(read(mail("Un  deux", message_id=number, to="autre@exemple.test"))) == fingerprint(
        read(mail("Un deux", message_id=number))
    )


def test_filing_again_what_was_filed_tells_the_same_and_changes_nothing(desk):
    arrival = keep(mail())
    case = receive(arrival).case
    with nothing_changed():
        assert receive(Arrival.objects.get(pk=arrival.pk)) == ("duplicate", case, "received_before")


@pytest.mark.django_db(transaction=True)
def test_the_same_message_by_two_ways_at_once_is_one_message(desk):
    from tests.at_once import at_once

    raw = mail()
    arrivals = [
        keep(raw),
        keep(b"Received: from relay.test by mx.test; Wed, 25 Nov 2026 12:00:00 +0100\r\n" + raw),
    ]
    results = at_once(
        [lambda number=arrival.pk: receive(Arrival.objects.get(pk=number)).outcome for arrival in arrivals]
    )
    assert sorted(map(str, results)) == ["duplicate", "opened"]
    assert Message.objects.count() == Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_strangers_at_once_are_ten_cases(desk):
    from tests.at_once import at_once

    numbers = [keep(mail(f"Dossier {n}", **{"from": f"p{n}@exemple.test"})).pk for n in range(10)]
    results = at_once([lambda n=n: receive(Arrival.objects.get(pk=n)).outcome for n in numbers], threads=4)
    assert results == ["opened"] * 10
    assert Case.objects.count() == Person.objects.count() == 10
    assert list(verify()) == []
