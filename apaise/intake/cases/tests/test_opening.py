"""A case opens: its reference, its frozen pack, the clocks that start at receipt."""

from datetime import UTC, datetime, timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Person
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.reference import next_reference, references_in

pytestmark = pytest.mark.django_db
PARIS_NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


@pytest.fixture
def claire(desk):
    return Person.objects.identify("claire@courriel.exemple.test", "Claire Fontanel", language="fr")


def words_of(case):
    return list(Entry.objects.of(case.reference).values_list("what", flat=True))


def test_a_new_case_is_received_with_its_clocks_running_and_nobody_yet(noon, desk, claire):
    case = open_case(
        claire, desk=desk, channel="email", language="fr", by=claire, title="Fibre jamais installée"
    )
    assert (case.state, case.handler, case.team, case.reference) == (
        "received",
        None,
        desk.team,
        "R-2026-00001",
    )
    assert case.received_at == case.sent_at == case.written_complaint_at == noon
    assert words_of(case) == ["case.received", "complaint.written", *["deadline.started"] * 6]
    assert dict(case.deadlines.values_list("rule", "due_at")) == {
        "ack": datetime(2026, 11, 26, 22, 59, 59, tzinfo=UTC),
        "first_contact": datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC),
        "progress_update": datetime(2026, 12, 2, 22, 59, 59, tzinfo=UTC),
        "reply_target": datetime(2026, 12, 9, 22, 59, 59, tzinfo=UTC),
        "reply_hard_cap": datetime(2027, 1, 25, 22, 59, 59, tzinfo=UTC),
        "mediator_window": datetime(2027, 11, 25, 22, 59, 59, tzinfo=UTC),
    }
    assert (case.next_due_rule, case.next_due_at) == ("ack", datetime(2026, 11, 26, 22, 59, 59, tzinfo=UTC))
    assert case.deadlines.get(rule="mediator_window").customer_right


def test_spoken_words_are_no_written_complaint_yet(noon, desk, claire):
    case = open_case(claire, desk=desk, channel="phone", language="fr", by=claire)
    assert case.written_complaint_at is None
    assert not case.deadlines.filter(rule__in=["reply_hard_cap", "mediator_window"]).exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (None, PARIS_NOON),
        (PARIS_NOON - timedelta(days=2), PARIS_NOON - timedelta(days=2)),
        (PARIS_NOON + timedelta(days=1), PARIS_NOON),
    ],
)
def test_a_complaint_is_never_sent_after_it_was_received(noon, desk, claire, sent, kept):
    case = open_case(claire, desk=desk, channel="email", language="fr", by=claire, sent_at=sent)
    assert (case.sent_at, case.received_at) == (kept, noon)
    # The cap counts from the earliest plausible day, two months on.
    assert case.deadlines.get(rule="reply_hard_cap").start_at == kept


@pytest.mark.parametrize(
    ("given", "kept"), [("fr", "fr"), ("en", "en"), ("de", "fr"), ("", "fr"), ("und", "fr")]
)
def test_a_case_speaks_a_language_we_write(desk, claire, given, kept):
    assert open_case(claire, desk=desk, channel="email", language=given, by=claire).language == kept


def test_a_long_title_is_cut(desk, claire):
    assert (
        len(open_case(claire, desk=desk, channel="email", language="fr", by=claire, title="t" * 900).title)
        == 200
    )


def test_references_count_by_the_local_year(desk, claire):
    new_years_eve = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    assert next_reference(new_years_eve) == "R-2026-00001"
    assert next_reference(new_years_eve) == "R-2026-00002"
    assert next_reference(new_years_eve + timedelta(minutes=1)) == "R-2027-00001"


def test_references_are_found_in_any_text():
    assert references_in("Re: r-2026-00417 et R-2025-00012, (R-2026-00417)") == [
        "R-2026-00417",
        "R-2025-00012",
    ]
    assert references_in("XR-2026-00417, R-26-00417, R-2026-417, R-3026-00417") == []
    assert references_in("R-2026-123456789") == ["R-2026-123456789"]


@pytest.mark.django_db(transaction=True)
def test_complaints_at_the_same_moment_get_different_references(noon, desk):
    from tests.at_once import at_once

    people = [Person.objects.identify(f"p{number}@exemple.test") for number in range(6)]
    made = at_once(
        [
            lambda person=person: (
                open_case(person, desk=desk, channel="email", language="fr", by=person).reference
            )
            for person in people
        ]
    )
    assert sorted(made) == [f"R-2026-0000{number}" for number in range(1, 7)]
    assert Case.objects.count() == 6
