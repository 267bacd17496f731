"""Why these dates: the account of each clock, and the dated facts people bring."""

from datetime import date

import pytest

from apaise.ground.accounts.models import Function
from apaise.intake.cases import happenings
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.knowing import know
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(complain, ana, client, noon):
    client.force_login(ana)
    return complain(kind="consumer")


def page(client, case):
    return client.get(f"/desk/cases/{case.reference}/dates").content.decode()


def test_each_clock_is_accounted_for_with_its_rule(case, client):
    said = page(client, case)
    assert "Why these dates?" in said
    assert "We received the complaint" in said
    assert "Weekend" in said
    assert "Right of the customer" in said
    assert (
        f'href="/desk/cases/{case.reference}/dates#date-'
        in client.get(f"/desk/cases/{case.reference}").content.decode()
    )


def test_a_fact_told_on_the_page_moves_its_date_and_can_be_taken_back(case, client, ana):
    where = f"/desk/cases/{case.reference}/dated-facts"
    done = client.post(where, {"word": "withdrawal.notified", "on": "2026-11-02", "amount": "1 049,90"})
    assert done["Location"] == f"/desk/cases/{case.reference}/dates?done=told"
    said = page(client, case)
    # Due on 16 November, so nine days late on the 25th: only interest until the tenth.
    assert "9 days late: interest at the legal rate is owed on €1,049.90." in said
    told = happenings.told_of(case)[0]
    client.post(f"{where}/{told.pk}/undoing")
    assert happenings.told_of(case) == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"word": "withdrawal.notified", "on": ""}, "Give the day it happened."),
        ({"word": "withdrawal.notified", "on": "2026-11-02", "hour": "25h"}, "Give the hour as 14:30"),
        ({"word": "withdrawal.notified", "on": "2026-11-02", "amount": "dix"}, "Give the sum as a positive"),
        ({"word": "withdrawal.notified", "on": "2026-11-02", "amount": "NaN"}, "Give the sum as a positive"),
        ({"word": "withdrawal.notified", "on": "2027-01-02"}, "still to come"),
        ({"word": "house.opened", "on": "2026-11-02"}, "waits for no such fact"),
    ],
)
def test_a_refused_fact_says_why_and_keeps_what_was_typed(case, client, typed, why):
    with nothing_changed():
        back = client.post(f"/desk/cases/{case.reference}/dated-facts", typed)
    assert back.status_code == 409
    said = back.content.decode()
    assert why in said
    assert typed.get("amount", "") in said


def test_a_right_is_shortened_only_with_a_tick(case, client, ana):
    happenings.tell(case, "goods.delivered", on=date(2026, 11, 10), by=ana)
    where, typed = (
        f"/desk/cases/{case.reference}/dated-facts",
        {"word": "goods.delivered", "on": "2026-10-10"},
    )
    back = client.post(where, typed)
    assert back.status_code == 409
    assert 'name="shortens"' in back.content.decode()
    assert client.post(where, {**typed, "shortens": "on"}).status_code == 302


def test_who_is_kept_apart_finds_no_such_page(case, client, ana, mara):
    keep_apart(case, ana, because="onsite_technician", by=mara)
    assert client.get(f"/desk/cases/{case.reference}/dates").status_code == 404


def test_a_date_is_moved_on_the_page_with_the_reason_the_customer_reads(complain, client, cleo, noon):
    Function.objects.update_or_create(code="dpo", defaults={"person": cleo, "team": None})
    case = complain(kind="consumer")
    happenings.tell(case, "gdpr.request_received", on=date(2026, 11, 2), by=cleo)
    one = case.deadlines.get(rule="gdpr_request")
    client.force_login(cleo)
    assert f'id="reason-{one.pk}" name="reason"' in page(client, case)
    where = f"/desk/cases/{case.reference}/dates/{one.pk}/extension"
    with nothing_changed():
        back = client.post(where, {"reason": ""})
    assert (back.status_code, "Say why the date moves" in back.content.decode()) == (409, True)
    assert client.post(where, {}).status_code == 409  # a form of yesterday, without the field
    done = client.post(where, {"reason": "Vos contrats sont archivés."})
    assert done["Location"] == f"/desk/cases/{case.reference}/dates?done=prolonged_told"
    assert "Vos contrats sont archivés." in case.messages.get(kind="prolongation").text
    assert "the customer was told, with the reason" in page(client, case)


def test_the_page_counts_on_the_same_sum_as_the_record_and_says_whose_word_it_is(case, client, ana):
    where = f"/desk/cases/{case.reference}/dated-facts"
    ended = {"word": "contract.terminated_for_late_delivery", "on": "2026-10-22"}
    client.post(where, ended)
    assert "Tell the sum with the fact below" in page(client, case)
    know(case, "case.claim_amount", "100", by=ana)
    said = page(client, case)
    assert "20 days late: the law adds €20 to €100; €120 is owed." in said
    assert "Counted on the sum the customer asks for" in said
    client.post(where, {**ended, "amount": "49.90"})
    said = page(client, case)
    assert "20 days late: the law adds €9.98 to €49.90; €59.88 is owed." in said
    assert "Counted on the sum the customer asks for" not in said
