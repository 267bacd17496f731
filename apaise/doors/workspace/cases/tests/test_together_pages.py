"""Merge, split, link and promise on the case page: found by reference, refused with everything typed."""

import re

import pytest

from apaise.ground.parties.merging import merge as merge_people
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.grouping import CaseLink, Suggestion
from apaise.intake.cases.messages import add_customer_message
from apaise.intake.cases.models import Case, Exclusion, State
from apaise.intake.cases.promise import Promise
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(complain, ana, client, noon):
    one, other = complain(), complain(text="Je réclame encore.")
    assign(one, ana, by=ana)
    client.force_login(ana)
    return one, other


def address(case, what=""):
    return f"/desk/cases/{case.reference}{what}"


def test_merging_by_reference_and_undoing_it(two, client):
    one, other = two
    done = client.post(address(one, "/merger"), {"other": other.reference.lower(), "reason": "sent_twice"})
    assert done["Location"] == f"{address(one)}?done=merged"
    page = client.get(address(one)).content.decode()
    assert f"Merged: followed under {other.reference}" in page
    assert "Runs on in the other case" in page
    assert f"{one.reference} was merged into this case" in client.get(address(other)).content.decode()
    assert client.post(address(one, "/merger/undoing"))["Location"] == f"{address(one)}?done=merge_undone"
    assert Case.objects.get(pk=one.pk).state == State.QUALIFYING


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Give the reference of the other case"),
        ("R-2026-99999", "There is no case R-2026-99999 that you may read."),
        ("itself", "A case cannot be merged with itself."),
    ],
)
def test_a_refused_merge_says_why_and_keeps_what_was_typed(typed, why, two, client):
    one, _other = two
    typed = one.reference if typed == "itself" else typed
    with nothing_changed():
        page = client.post(
            address(one, "/merger"), {"other": typed, "reason": "same_matter", "mode": "together"}
        )
    assert page.status_code == 409
    said = page.content.decode()
    assert why in said
    assert f'value="{typed}"' in said
    assert '<option value="same_matter" selected>' in said


def test_a_case_of_another_team_is_as_if_it_did_not_exist(two, eve, client):
    one, other = two
    Case.objects.filter(pk=other.pk).update(team=eve.memberships.get().team)
    page = client.post(address(one, "/links"), {"other": other.reference, "kind": "related"})
    assert page.status_code == 409
    assert f"There is no case {other.reference} that you may read." in page.content.decode()
    assert not CaseLink.objects.exists()


def test_a_suggestion_is_shown_with_its_reasons_and_leads_to_the_form(two, ana, client):
    one, other = two
    reasons = [["contract", "4711"], ["text", "83"]]
    suggestion = Suggestion.objects.create(case=other, other=one, score=90, reasons=reasons)
    assert "same contract number 4711, texts 83 % alike" in client.get(address(one)).content.decode()
    ana.language = "fr"
    ana.save()
    assert (
        "même numéro de contrat 4711, texte à 83\xa0% semblable" in client.get(address(one)).content.decode()
    )
    form = client.get(address(one), {"mode": "together", "other": other.reference}).content.decode()
    assert f'value="{other.reference}"' in form
    client.post(address(one, f"/suggestions/{suggestion.pk}/dismissal"))
    assert not re.search(r"\b4711\b", client.get(address(one)).content.decode())


def test_splitting_the_chosen_message_and_undoing_it(two, client):
    one, _other = two
    second = add_customer_message(one, one.complainant, channel="email", text="Et la facture est fausse.")
    done = client.post(address(one, "/split"), {"messages": [second.pk], "title": "Facture"})
    assert done["Location"] == f"{address(one)}?done=split"
    new = Case.objects.get(title="Facture")
    assert f"Split: {new.reference} is a case of its own" in client.get(address(one)).content.decode()
    client.post(address(new, "/split/undoing"))
    second.refresh_from_db()
    assert second.case == one


def test_a_refused_split_keeps_what_was_chosen(two, client):
    one, _other = two
    first = one.messages.get(kind="complaint")
    with nothing_changed():
        page = client.post(
            address(one, "/split"), {"messages": [first.pk], "title": "Facture", "mode": "split"}
        )
    assert page.status_code == 409
    assert f'value="{first.pk}" checked' in page.content.decode()
    assert 'value="Facture"' in page.content.decode()


def test_linking_and_removing_the_link(two, client):
    one, other = two
    client.post(address(one, "/links"), {"other": other.reference, "kind": "follows"})
    link = CaseLink.objects.get()
    assert f"{other.reference}, this case follows it" in client.get(address(one)).content.decode()
    assert f"{one.reference}, it follows this case" in client.get(address(other)).content.decode()
    client.post(address(other, f"/links/{link.pk}/removal"))
    assert not CaseLink.objects.exists()


def test_a_promise_is_entered_shown_on_both_sides_and_kept(two, client):
    from apaise.intake.cases import tracking

    one, _other = two
    client.post(address(one, "/promises"), {"promise": "Un appel", "due_on": "2026-11-27", "hour": "16:00"})
    promise = Promise.objects.get()
    assert (
        "by Friday 27\xa0November, 4\xa0pm, promised by Ana Handler"
        in client.get(address(one)).content.decode()
    )
    link = tracking.link_for(one).removeprefix("http://testserver")
    assert (
        "By Friday 27\xa0November, 4\xa0pm, promised by Ana Handler."
        in client.get(f"{link}?lang=en").content.decode()
    )
    client.post(address(one, f"/promises/{promise.pk}/keeping"))
    assert "kept on 25\xa0November" in client.get(address(one)).content.decode()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"promise": "Un appel", "due_on": ""}, "Choose a date."),
        ({"promise": "Un appel", "due_on": "2026-11-27", "hour": "half past"}, "Write the hour as 16:00"),
        ({"promise": "", "due_on": "2026-11-27"}, "Say what was promised."),
    ],
)
def test_a_refused_promise_says_why(typed, why, two, client):
    one, _other = two
    with nothing_changed():
        page = client.post(address(one, "/promises"), {**typed, "mode": "promise"})
    assert page.status_code == 409
    assert why in page.content.decode()
    assert f'value="{typed["due_on"]}"' in page.content.decode()


def test_the_history_names_no_case_the_reader_may_not_see(two, ana, client):
    one, other = two
    client.post(address(one, "/links"), {"other": other.reference, "kind": "related"})
    assert f"Linked with {other.reference}" in client.get(address(one)).content.decode()
    Exclusion.objects.create(case=other, user=ana, because="onsite_technician")
    page = client.get(address(one)).content.decode()
    assert other.reference not in page and "Case opened" in page


def test_earlier_cases_are_those_of_merged_people_too(two, complain, mara, client):
    one, _other = two
    theirs = complain(email="claire@autre.exemple.test", text="Autre chose.")
    merge_people(theirs.complainant, one.complainant, by=mara, sure=True)
    assert theirs.reference in client.get(address(one)).content.decode()
