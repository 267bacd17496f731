"""How many questions a page asks the database: small exact numbers that do not grow with what the page shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from apaise.ground.accounts.models import Alert, Membership, User
from apaise.ground.parties import duplicates
from apaise.ground.parties.addresses import add_address
from apaise.ground.parties.contracts import add_contract
from apaise.ground.parties.models import Organisation, Person
from apaise.intake.cases import findable, search, tracking
from apaise.intake.cases.grouping import CaseLink, Suggestion
from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.models import Case, Grievance, Note
from apaise.intake.cases.promise import Promise
from apaise.intake.channels import receive
from apaise.intake.channels.by_hand import Told, Who
from apaise.intake.channels.models import OutboxMail, file_store
from apaise.intake.channels.particulars import Details, Post, Turn
from apaise.intake.channels.visits import note_visit
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
    order: str,
    ask: Callable[..., int],
    complain: Callable[..., Case],
    ana: User,
    bo: User,
    noon: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    monkeypatch.setattr(
        search, "WALKED", 1_000_000_000
    )  # all cases are among the newest, whatever ran before
    for handler, many in ((bo, 5), (ana, 60)):
        _many_cases(complain, handler, many)
        assert list(findable.rebuild())
        asked.append(ask(f"/desk/cases?q=fibre&order={order}", most=15))
    _flat(*asked)
    # PostgreSQL asks up to four times more where the newest cases do not fill the page.
    monkeypatch.setattr(search, "WALKED", 1)
    ask(f"/desk/cases?q=fibre&order={order}", most=15 if connection.vendor == "sqlite" else 19)


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
        if not ours:
            Post.objects.create(
                message=message, network="Mastodon", author="@claire", url="https://a.example"
            )
            Details.objects.create(message=message, channel="phone", data={"minutes": number})
            Turn.objects.bulk_create(
                Turn(message=message, number=turn, speaker="Claire", text=f"Tour {turn}") for turn in range(8)
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


def test_a_case_asks_the_same_with_two_cases_beside_it_and_with_twenty(
    ask: Callable[..., int],
    complain: Callable[..., Case],
    answered: Callable[..., Case],
    ana: User,
    noon: Any,
) -> None:
    case = answered()

    def beside(numbers: range) -> None:
        for number in numbers:
            there = [complain(email=f"b{number}{end}@courriel.exemple.test") for end in "ab"]
            CaseLink.objects.create(case=case, other=there[0], kind="related", by=ana)
            Suggestion.objects.create(case=there[1], other=case, score=80, reasons=[["text", "80"]])
            Promise.objects.create(case=case, text="Un appel", due_on=noon.date(), ends_at=noon, made_by=ana)

    beside(range(2))
    few = ask(f"/desk/cases/{case.reference}", most=25)
    beside(range(2, 20))
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


def test_the_letters_to_post_ask_the_same_for_five_and_for_forty(
    ask: Callable[..., int], desk: Any, ana: User, noon: Any
) -> None:
    def write(numbers: range) -> None:
        for number in numbers:
            who = Who(name=f"Client {number}", postal=f"{number} rue des Lilas\n29200 Brest")
            told = Told(f"visit-{number}", who, "Rien ne marche.", "fr", clock.now())
            note_visit(told, place="Nantes", received_by=ana, recap="letter", by=ana)

    write(range(5))
    few = ask("/desk/post", most=10)
    write(range(5, 40))
    _flat(few, ask("/desk/post", most=10))


def test_the_form_for_a_call_asks_the_same_for_a_person_with_one_case_and_with_twelve(
    ask: Callable[..., int], complain: Callable[..., Case], noon: Any
) -> None:
    person = complain().complainant
    few = ask(f"/desk/entry/phone?person={person.pk}", most=15)
    for _number in range(11):
        complain()
    _flat(few, ask(f"/desk/entry/phone?person={person.pk}", most=15))


def test_the_quarantine_asks_the_same_for_five_arrivals_and_for_fifty(
    ask: Callable[..., int], ana: User, noon: Any
) -> None:
    def arrive(numbers: range) -> None:
        for number in numbers:
            receive.receive(receive.keep(b"Subject: %d\r\nFrom: \r\n\r\nSans expediteur" % number))
            receive.receive(receive.keep(b'{"channel": "phone", "minutes": "%d"}' % number, form="line"))

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


# --- customers --------------------------------------------------------------------------------------------------


def test_the_list_of_people_asks_the_same_for_five_and_for_fifty(
    ask: Callable[..., int], complain: Callable[..., Case], ana: User, noon: Any
) -> None:
    for number in range(5):
        complain(email=f"p{number}@courriel.exemple.test", name=f"Personne {number}")
    few = ask("/desk/people", most=13)
    for number in range(5, 30):
        complain(email=f"p{number}@courriel.exemple.test", name=f"Personne {number}")
    _flat(few, ask("/desk/people", most=13))


def test_the_possible_duplicates_ask_the_same_for_two_pairs_and_for_twenty(
    ask: Callable[..., int], complain: Callable[..., Case], ana: User, noon: Any
) -> None:
    def double(numbers: range) -> None:
        for number in numbers:
            for place in ("bureau", "maison"):
                email, name = (
                    f"d{number}@{place}.exemple.test",
                    f"Dora {'abcdefghijklmnopqrstuvwxyz'[number]}nette",
                )
                complain(email=email, name=name)
        duplicates.sweep(500)

    double(range(2))
    few = ask("/desk/duplicates", most=18)
    double(range(2, 20))
    _flat(few, ask("/desk/duplicates", most=18))


def test_the_page_of_a_person_asks_the_same_for_two_contracts_and_for_twenty(
    ask: Callable[..., int], complain: Callable[..., Case], cleo: User, noon: Any
) -> None:
    person = complain().complainant

    def grow(numbers: range) -> None:
        for number in numbers:
            add_contract(person, by=cleo, number=f"K-{number}")
            add_address(person, "phone", f"01 99 00 00 {number:02}", by=cleo)
            complain()

    grow(range(2))
    few = ask(f"/desk/people/{person.pk}", most=26, user=cleo)
    grow(range(2, 20))
    _flat(few, ask(f"/desk/people/{person.pk}", most=26, user=cleo))
