"""Tickets elsewhere: linked, followed, taken away; the case goes its own way."""

import pytest

from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.handling.tickets.linking import follow_ticket, link_ticket, unlink_ticket
from apaise.handling.tickets.models import Ticket
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(complain, ana):
    case = complain()
    assign(case, ana, by=ana)
    return case


def words(case):
    return [entry.what for entry in Entry.objects.of(case.reference) if entry.what.startswith("ticket.")]


def test_s4_9_a_case_names_its_ticket_and_closing_the_ticket_does_not_close_the_case(case, ana):
    ticket = link_ticket(
        case, system="Incidents", number="INC-4711", url="https://incidents.exemple.test/4711", by=ana
    )
    other = link_ticket(case, system="Réseau", number="#88", by=ana)
    assert [(one.system, one.number, one.state) for one in case.tickets.all()] == [
        ("Incidents", "INC-4711", "open"),
        ("Réseau", "#88", "open"),
    ]
    assert follow_ticket(ticket, "closed", by=ana)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.is_open, case.handler) == ("qualifying", True, ana)
    assert (Ticket.objects.get(pk=ticket.pk).state, Ticket.objects.get(pk=other.pk).state) == (
        "closed",
        "open",
    )
    assert words(case) == ["ticket.linked", "ticket.linked", "ticket.changed"]


def test_the_same_ticket_is_linked_once_and_the_same_news_is_no_news(case, ana):
    ticket = link_ticket(case, system="Incidents", number="INC-4711", by=ana)
    with nothing_changed():
        assert link_ticket(case, system=" Incidents ", number="INC-4711", by=ana) == ticket
        assert not follow_ticket(ticket, "open", by=ana)


@pytest.mark.parametrize(
    "said",
    [
        {"system": "", "number": "1"},
        {"system": "Incidents", "number": ""},
        {"system": "<b>", "number": "1"},
        {"system": "Incidents", "number": "1", "url": "javascript:alert(1)"},
        {"system": "Incidents", "number": "1", "state": "lost"},
    ],
)
def test_a_ticket_that_makes_no_sense_is_refused(case, ana, said):
    with refused(Refused):
        link_ticket(case, **said, by=ana)


def test_an_address_is_a_link_only_over_https(case, ana):
    plain = link_ticket(case, system="Incidents", number="1", url="http://incidents.exemple.test/1", by=ana)
    safe = link_ticket(case, system="Incidents", number="2", url="https://incidents.exemple.test/2", by=ana)
    assert (plain.is_link, safe.is_link) == (False, True)


def test_a_stranger_links_follows_and_removes_nothing(case, ana, eve):
    ticket = link_ticket(case, system="Incidents", number="INC-4711", by=ana)
    with refused(Refused, match="another team"):
        link_ticket(case, system="Incidents", number="2", by=eve)
    with refused(Refused, match="another team"):
        follow_ticket(ticket, "closed", by=eve)
    with refused(Refused, match="another team"):
        unlink_ticket(ticket, by=eve)


def test_a_ticket_is_taken_off_the_case(case, ana):
    unlink_ticket(link_ticket(case, system="Incidents", number="INC-4711", by=ana), by=ana)
    assert not case.tickets.exists()
    assert words(case) == ["ticket.linked", "ticket.unlinked"]
