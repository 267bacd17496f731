"""The case page and what one does on it, through the addresses a browser uses."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.models import Case


@pytest.fixture
def browser(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def taken(complain: Callable[..., Any], ana: User) -> Any:
    case = complain()
    assign(case, ana, by=ana)
    return case


def _post(browser: Client, case: Any, what: str, **typed: str) -> Any:
    return browser.post(f"/desk/cases/{case.reference}/{what}", typed)


def test_a_handler_takes_a_case_from_its_page(
    browser: Client, complain: Callable[..., Any], ana: User
) -> None:
    case = complain()
    assert "Take the case" in browser.get(f"/desk/cases/{case.reference}").content.decode()
    done = _post(browser, case, "assignment")
    assert done.status_code == 302
    assert done["Location"] == f"/desk/cases/{case.reference}?done=assigned"
    case.refresh_from_db()
    assert (case.handler, case.state) == (ana, "qualifying")
    assert "The case has a new handler." in browser.get(done["Location"]).content.decode()


def test_qualifying_sends_the_restatement_and_lists_the_grievances(browser: Client, taken: Any) -> None:
    done = _post(
        browser,
        taken,
        "qualification",
        grievances="Personne n'est venu\n\nAucun appel",
        cause="service.missed_visit",
        criticality="C2",
        restatement="Si je comprends bien, personne n'est venu ni n'a appelé ?",
    )
    assert done.status_code == 302
    taken.refresh_from_db()
    assert (taken.state, taken.criticality) == ("investigating", "C2")
    assert list(taken.grievances.values_list("number", "text")) == [
        (1, "Personne n'est venu"),
        (2, "Aucun appel"),
    ]
    assert taken.messages.get(kind="restatement").text.startswith("Si je comprends bien")


def test_what_was_typed_survives_a_refusal(browser: Client, taken: Any) -> None:
    refused = _post(
        browser,
        taken,
        "qualification",
        grievances="",
        cause="",
        criticality="C3",
        restatement="Mes mots à moi",
    )
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "List at least one grievance" in page
    assert "Mes mots à moi" in page
    taken.refresh_from_db()
    assert taken.state == "qualifying"
    assert not taken.messages.filter(direction="out").exclude(kind="acknowledgement").exists()


def test_a_reply_goes_to_the_customer_and_a_note_does_not(browser: Client, taken: Any) -> None:
    assert _post(browser, taken, "replies", text="Je regarde cela aujourd'hui.").status_code == 302
    assert _post(browser, taken, "notes", text="Le prestataire ment.").status_code == 302
    assert taken.messages.get(kind="reply").text == "Je regarde cela aujourd'hui."
    assert taken.notes.get().text == "Le prestataire ment."
    assert not taken.messages.filter(text__contains="prestataire").exists()
    page = browser.get(f"/desk/cases/{taken.reference}").content.decode()
    assert "Le prestataire ment." in page
    assert "internal note, never sent" in page


def test_a_reply_with_a_date_is_a_question_and_the_case_waits(browser: Client, taken: Any, noon: Any) -> None:
    assert (
        _post(browser, taken, "replies", text="Avez-vous une photo ?", answer_by="2026-12-01").status_code
        == 302
    )
    taken.refresh_from_db()
    assert (taken.state, str(taken.answer_by)) == ("awaiting_customer", "2026-12-01")


def test_closing_without_an_answer_is_refused_and_says_why(browser: Client, taken: Any) -> None:
    refused = _post(browser, taken, "closure", reason="accepted", followup="done", summary="Réglé")
    assert refused.status_code == 409
    assert "Closing needs a written, reasoned answer" in refused.content.decode()
    taken.refresh_from_db()
    assert taken.state == "qualifying"
    assert not Entry.objects.filter(what="case.closed").exists()


def test_an_answered_case_is_accepted_and_closed_from_its_page(
    browser: Client, answered: Callable[..., Any]
) -> None:
    case = answered()
    assert _post(browser, case, "acceptance", said="phone").status_code == 302
    assert (
        _post(
            browser, case, "closure", reason="accepted", followup="done", summary="Rendez-vous refixé"
        ).status_code
        == 302
    )
    case.refresh_from_db()
    assert case.state == "closed"
    assert "Rendez-vous refixé" in case.messages.get(kind="closing_notice").text


def test_a_stranger_to_the_case_finds_nothing(client: Client, eve: User, taken: Any) -> None:
    client.force_login(eve)
    assert client.get(f"/desk/cases/{taken.reference}").status_code == 404
    assert _post(client, taken, "notes", text="Bonjour").status_code == 404
    assert not taken.notes.exists()


def test_an_excluded_person_finds_nothing_even_as_manager(client: Client, cleo: User, taken: Any) -> None:
    taken.exclusions.create(user=cleo, because="account_manager")
    client.force_login(cleo)
    assert client.get(f"/desk/cases/{taken.reference}").status_code == 404
    assert taken.reference not in client.get("/desk/cases?view=team").content.decode()


def test_an_auditor_reads_and_cannot_write(client: Client, staff: Callable[..., User], taken: Any) -> None:
    client.force_login(staff("auditor"))
    assert client.get(f"/desk/cases/{taken.reference}").status_code == 200
    refused = _post(client, taken, "notes", text="Vu")
    assert refused.status_code == 409
    assert not taken.notes.exists()


def test_the_list_shows_the_nearest_deadline_first(
    browser: Client, complain: Callable[..., Any], noon: Any
) -> None:
    first, second = complain(subject="Plus tard"), complain(email="b@x.test", subject="Plus tôt")
    Case.objects.filter(pk=second.pk).update(next_due_at=noon)
    page = browser.get("/desk/cases?view=team").content.decode()
    assert page.index(second.reference) < page.index(first.reference)


def test_pages_of_the_list_follow_each_other_without_gap_or_repeat(
    browser: Client, complain: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apaise.doors.workspace.cases.listing.PAGE", 3)
    references = {complain(email=f"c{number}@x.test").reference for number in range(8)}
    seen: list[str] = []
    address = "/desk/cases?view=team"
    while address:
        page = browser.get(address).content.decode()
        seen += re.findall(r"</span> (R-\d{4}-\d{5})</small>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/desk/cases{html.unescape(following[1])}" if following else ""
    assert seen == sorted(references)
