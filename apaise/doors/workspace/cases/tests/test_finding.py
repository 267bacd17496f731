"""The search page: what it shows, what it keeps, and where a reference leads."""

import re

import pytest

from apaise.handling.routing.assignment import assign
from apaise.intake.cases.messages import add_note
from apaise.intake.cases.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client, ana):
    client.force_login(ana)

    def page(query, **more):
        return client.get("/desk/cases", {"q": query, **more})

    return page


def titles(page):
    return re.findall(r'<a class="cut" href="[^"]+">([^<]*)</a>', page.content.decode())


def marks(page):
    return re.findall(r"<mark>([^<]*)</mark>", page.content.decode())


def test_the_words_are_marked_where_they_were_found(look, complain, ana, noon):
    case = complain(subject="Cuisine", text="Bonjour, le <b>dégât</b> des eaux n’est pas réparé.")
    page = look("degats reparer")
    assert titles(page) == ["Cuisine"]
    assert marks(page) == ["dégât", "réparé"]
    assert "&lt;b&gt;<mark>" in page.content.decode()
    assert "Complaint" in page.content.decode()
    assign(case, ana, by=ana)
    add_note(case, "Un dégât semblable en 2024.", by=ana)
    page = look("degat 2024")
    assert marks(page) == ["dégât", "2024"]
    assert "Internal note" in page.content.decode()


def test_a_name_a_subject_and_a_company_are_named_as_the_place(look, complain, noon):
    complain(subject="Cuisine", name="Claire Fontanel")
    for words, where in (("fontanel", "Name"), ("cuisines", "Subject")):
        page = look(words)
        assert [mark.lower() for mark in marks(page)] == [words.removesuffix("s")]
        assert f"<span>{where}</span>" in page.content.decode()


def test_a_reference_leads_to_its_case_if_one_may_read_it(look, complain, client, eve, noon):
    case = complain()
    assert look(f" {case.reference.lower()} ").headers["Location"] == f"/desk/cases/{case.reference}"
    client.force_login(eve)
    page = look(case.reference)
    assert page.status_code == 200
    assert titles(page) == []


def test_a_name_finds_one_persons_case_and_not_anothers(look, complain, noon):
    wanted, other = complain(), complain(email="b@x.test", name="Bruno Autre")
    page = look("fontanel", view="team").content.decode()
    assert wanted.reference in page
    assert other.reference not in page


def test_ended_cases_are_found_everywhere_and_views_and_filters_narrow(look, complain, noon):
    case = complain(subject="Ancien", text="Colis perdu.")
    complain(subject="Récent", text="Colis perdu.", channel="web_form")
    Case.objects.filter(pk=case.pk).update(state="withdrawn")
    assert titles(look("colis")) == ["Récent", "Ancien"]
    assert titles(look("colis", view="team")) == ["Récent"]
    assert titles(look("colis", view="ended")) == ["Ancien"]
    assert titles(look("colis", channel="email")) == ["Ancien"]
    assert titles(look("colis", channel="phone")) == []
    kept = look("colis", channel="email", view="ended", order="relevance").content.decode()
    for name, value in (("channel", "email"), ("view", "ended"), ("order", "relevance")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in kept


@pytest.mark.parametrize("order", ["newest", "relevance"])
def test_the_pages_show_every_case_once(order, look, complain, client, noon):
    case = complain(subject="Colis 0", text="Colis perdu.")
    for number in range(1, 60):
        complain(subject=f"Colis {number}", text="Colis perdu.", email=f"n{number}@x.test")
    page, seen = look("colis", order=order), []
    while True:
        seen += titles(page)
        following = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        if not following:
            break
        page = client.get("/desk/cases" + following[1].replace("&amp;", "&"))
    assert seen == [f"Colis {number}" for number in range(59, -1, -1)]
    assert case.reference in page.content.decode()


@pytest.mark.parametrize("after", ["x", "-1", "99999999999999999999999", "²", "1e3"])
def test_an_unreadable_page_starts_anew_or_is_empty(after, look, complain, noon):
    complain(subject="Colis", text="Colis perdu.")
    for order in ("newest", "relevance", "nonsense"):
        assert look("colis", after=after, order=order).status_code == 200
        assert titles(look("colis", after=after, order=order)) == ["Colis"]


def test_the_box_of_the_list_searches_and_keeps_its_filters(client, ana, complain, noon):
    client.force_login(ana)
    page = client.get("/desk/cases", {"view": "team", "channel": "email"}).content.decode()
    assert '<input type="hidden" name="channel" value="email">' in page
    assert 'name="view"' not in page
