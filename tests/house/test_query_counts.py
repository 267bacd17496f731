"""How many questions a page asks the database: small exact numbers that do not grow with what the page shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apaise.ground.accounts.models import Alert, Membership, User
from apaise.ground.parties.models import Organisation, Person
from apaise.intake.cases import findable, tracking
from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.models import Case, Grievance, Note
from apaise.intake.channels import receive
from apaise.intake.channels.models import OutboxMail, file_store
from apaise.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client: Client, ana: User, django_assert_max_num_queries: Any) -> Callable[..., int]:
    """Open a page and return how many queries it took: ask(address, most=12, user=ana)."""

    def count(address: str, *, most: int, user: User | None = ana) -> int:
        if user:
            client.force_login(user)
        client.get(address)  # what is loaded once for all pages
        with django_assert_max_num_queries(most) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    return count


def _flat(few: int, many: int) -> None:
    assert many == few, f"{few} queries for a few, {many} for many: one more for each row somewhere"


# --- the list -------------------------------------------------------------------------------------------------


def _many_cases(complain: Callable[..., Case], handler: User, how_many: int) -> None:
    """Copies of one real case, each with its own person and company."""
    first = complain(email=f"n{how_many}@courriel.exemple.test")
    for number in range(how_many - 1):
        company = Organisation.objects.create(name=f"Société {number}") if number % 2 else None
        person = Person.objects.create(name=f"Client {number}", organisation=company)
        case = Case.objects.get(pk=first.pk)
        case.pk, case.reference, case.complainant, case.organisation = (
            None,
            f"{first.reference}-{number}",
            person,
            company,
        )
        case.next_due_at = clock.now() + timedelta(hours=number - 3)
        case.handler = [handler, None][number % 2]
        case.save(force_insert=True)


@pytest.mark.parametrize("view", ["team", "mine", "late", "unassigned"])
def test_the_list_asks_the_same_for_five_rows_and_for_fifty(
    view: str, ask: Callable[..., int], complain: Callable[..., Case], ana: User, bo: User, noon: Any
) -> None:
    _many_cases(complain, bo, 5)
    few = ask(f"/desk/cases?view={view}", most=12)
    _many_cases(complain, ana, 60)
    _flat(few, ask(f"/desk/cases?view={view}", most=12))


@pytest.mark.parametrize("order", ["newest", "relevance"])
def test_a_search_asks_the_same_for_five_cases_and_for_a_full_page(
    order: str, ask: Callable[..., int], complain: Callable[..., Case], ana: User, bo: User, noon: Any
) -> None:
    asked = []
    for handler, many in ((bo, 5), (ana, 60)):
        _many_cases(complain, handler, many)
        assert list(findable.rebuild())
        asked.append(ask(f"/desk/cases?q=fibre&order={order}", most=14))
    _flat(*asked)


# --- one case ---------------------------------------------------------------------------------------------------


def _many_messages(case: Case, author: User, how_many: int) -> None:
    for number in range(how_many):
        ours = number % 2 == 0
        message = Message.objects.create(
            case=case,
            direction="out" if ours else "in",
            kind="reply" if ours else "message",
            state="sent" if ours else "received",
            channel="email",
            author_user=author if ours else None,
            author_person=None if ours else case.complainant,
            text=f"Message {number}\n\n> cité",
            new_text=f"Message {number}",
            at=clock.now() + timedelta(minutes=number),
        )
        Attachment.objects.create(
            message=message, name="photo.jpg", content_type="image/jpeg", size=9, sha256="0" * 64
        )
        Note.objects.create(case=case, author=author, text=f"Note {number}")
        Grievance.objects.create(
            case=case, number=case.grievances.count() + 1, text=f"Grief {number}"
        ) if number % 10 == 0 else None


def _many_colleagues(case: Case, how_many: int) -> None:
    for number in range(how_many):
        user = User.objects.create_user(
            f"c{number}-{how_many}@exemple.test", f"Colleague {number}", roles=["handler"]
        )
        Membership.objects.create(team=case.team, user=user)


def test_a_case_asks_the_same_for_five_messages_and_for_a_hundred(
    ask: Callable[..., int], answered: Callable[..., Case], ana: User, bo: User, noon: Any
) -> None:
    case = answered()
    _many_messages(case, bo, 5)
    few = ask(f"/desk/cases/{case.reference}", most=25)
    _many_messages(case, bo, 95)
    _flat(few, ask(f"/desk/cases/{case.reference}", most=25))


@pytest.mark.parametrize("stage", ["received", "qualifying", "answered"])
def test_a_case_asks_the_same_in_a_small_team_and_in_a_large_one(
    stage: str,
    ask: Callable[..., int],
    complain: Callable[..., Case],
    answered: Callable[..., Case],
    ana: User,
    mara: User,
    noon: Any,
) -> None:
    case = answered() if stage == "answered" else complain()
    if stage == "qualifying":
        from apaise.handling.routing.assignment import assign

        assign(case, ana, by=ana)
    _many_colleagues(case, 3)
    few = ask(f"/desk/cases/{case.reference}", most=25, user=mara)
    _many_colleagues(case, 30)
    _flat(few, ask(f"/desk/cases/{case.reference}", most=25, user=mara))


# --- the other pages --------------------------------------------------------------------------------------------


def test_the_tracking_page_asks_the_same_for_five_messages_and_for_a_hundred(
    ask: Callable[..., int], answered: Callable[..., Case], bo: User, noon: Any
) -> None:
    case = answered()
    address = tracking.link_for(case).partition("testserver")[2]
    _many_messages(case, bo, 5)
    few = ask(address, most=12, user=None)
    _many_messages(case, bo, 95)
    _flat(few, ask(address, most=12, user=None))


def test_the_quarantine_asks_the_same_for_five_arrivals_and_for_fifty(
    ask: Callable[..., int], ana: User, noon: Any
) -> None:
    def arrive(numbers: range) -> None:
        for number in numbers:
            receive.receive(receive.keep(b"Subject: %d\r\nFrom: \r\n\r\nSans expediteur" % number))

    arrive(range(5))
    few = ask("/desk/quarantine", most=10)
    arrive(range(5, 50))
    _flat(few, ask("/desk/quarantine", most=10))


def test_the_alerts_ask_the_same_for_five_and_for_fifty(
    ask: Callable[..., int], complain: Callable[..., Case], ana: User, noon: Any
) -> None:
    def tell(numbers: range) -> None:
        for number in numbers:
            case = complain(email=f"a{number}@courriel.exemple.test")
            Alert.objects.create(
                user=ana, kind="deadline.near", chain=case.reference, at=clock.now(), once=f"q{number}"
            )

    tell(range(5))
    few = ask("/desk/alerts", most=12)
    tell(range(5, 20))
    _flat(few, ask("/desk/alerts", most=12))


def test_the_outbox_asks_the_same_for_five_mails_and_for_fifty(
    ask: Callable[..., int], complain: Callable[..., Case], ana: User, settings: Any, noon: Any
) -> None:
    settings.DEMO = True
    raw = file_store().keep(b"Subject: x\r\n\r\nx")[0]

    def leave(numbers: range) -> None:
        for number in numbers:
            case = complain(email=f"o{number}@courriel.exemple.test")
            OutboxMail.objects.create(
                envelope_from="a@b.test",
                envelope_to="c@d.test",
                raw=raw,
                subject="S",
                message=case.messages.first(),
            )

    leave(range(5))
    few = ask("/desk/outbox", most=10)
    leave(range(5, 20))
    _flat(few, ask("/desk/outbox", most=10))


def test_the_public_form_asks_next_to_nothing(ask: Callable[..., int], desk: Any) -> None:
    assert ask("/", most=2, user=None) <= 2
