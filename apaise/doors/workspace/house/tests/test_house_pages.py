"""The register of missed dates and the table of who is told, as people use them."""

from datetime import timedelta

import pytest

from apaise.handling.lateness.models import Breach
from apaise.handling.routing.assignment import assign
from apaise.handling.routing.notifications import Notification
from apaise.intake.cases.exclusion import keep_apart
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def breach(complain, ana, mara, noon):
    case = complain(subject="=cmd|' /C calc'!A0")
    assign(case, ana, by=ana)
    return Breach.objects.create(
        case=case,
        rule="reply_target",
        force="internal",
        owner="handler",
        due_at=noon - timedelta(days=3),
        once="b",
    )


def test_the_register_says_which_date_how_late_and_asks_why(client, breach, mara):
    client.force_login(mara)
    page = client.get("/desk/breaches").content.decode()
    for words in (breach.case.reference, "Reply", "our own rule", "Handler"):
        assert words in page
    done = client.post(f"/desk/breaches/{breach.pk}/reason", {"reason": "=1+1, le technicien était absent"})
    assert done["Location"] == "/desk/breaches?done=breach_explained"
    assert "=1+1, le technicien était absent" in client.get("/desk/breaches").content.decode()


def test_an_empty_reason_is_refused_beside_its_row(client, breach, mara):
    client.force_login(mara)
    with nothing_changed():
        page = client.post(f"/desk/breaches/{breach.pk}/reason", {"reason": " "})
    assert page.status_code == 409
    assert "one sentence is enough" in page.content.decode()


def test_the_table_to_take_away_has_exact_figures_and_no_formula(client, breach, mara):
    client.force_login(mara)
    client.post(f"/desk/breaches/{breach.pk}/reason", {"reason": "=1+1"})
    answer = client.get("/desk/breaches/table")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="missed-dates.csv"'
    assert lines[0] == "\ufeffCase;Date;Force;Owner;Due;Days late;Done on;Reason;By"
    assert lines[1:] == [f"{breach.case.reference};Reply;our own rule;Handler;2026-11-22;3;;'=1+1;Mara Lead"]


def test_missed_dates_of_a_case_one_is_kept_apart_from_are_not_there(client, breach, mara, cleo):
    keep_apart(breach.case, mara, because="onsite_technician", by=cleo)
    client.force_login(mara)
    assert breach.case.reference not in client.get("/desk/breaches").content.decode()
    assert (
        breach.case.reference not in b"".join(client.get("/desk/breaches/table").streaming_content).decode()
    )
    assert client.post(f"/desk/breaches/{breach.pk}/reason", {"reason": "Moi"}).status_code == 404


def test_a_handler_explains_from_the_case_and_does_not_read_the_register(client, breach, ana):
    client.force_login(ana)
    assert client.get("/desk/breaches").status_code == 403
    done = client.post(f"/desk/breaches/{breach.pk}/reason", {"reason": "Une pièce manquait."})
    assert done["Location"] == f"/desk/cases/{breach.case.reference}?done=breach_explained"


def test_the_register_asks_the_same_for_one_row_and_for_many(
    client, breach, mara, complain, noon, django_assert_max_num_queries
):
    client.force_login(mara)
    client.get("/desk/breaches")
    with django_assert_max_num_queries(14) as few:
        client.get("/desk/breaches")
    for number in range(8):
        case = complain(email=f"c{number}@courriel.exemple.test")
        Breach.objects.create(
            case=case, rule="ack", force="internal", owner="desk", due_at=noon, once=f"b{number}"
        )
    with django_assert_max_num_queries(14) as many:
        client.get("/desk/breaches")
    assert len(many) == len(few)


def test_the_complaints_manager_says_who_is_told_and_takes_it_back(client, cleo):
    client.force_login(cleo)
    said = {"occasion": "decision", "code": "quality"}
    assert client.post("/desk/notifications", said)["Location"] == "/desk/notifications?done=notified"
    assert [(one.occasion, one.code) for one in Notification.objects.all()] == [("decision", "quality")]
    assert "Quality manager" in client.get("/desk/notifications").content.decode()
    client.post("/desk/notifications", {**said, "do": "stop"})
    assert not Notification.objects.exists()


def test_a_choice_outside_the_lists_is_refused(client, cleo):
    client.force_login(cleo)
    with nothing_changed():
        page = client.post("/desk/notifications", {"occasion": "decision", "code": "regulator"})
    assert page.status_code == 409
    assert "from the lists" in page.content.decode()
