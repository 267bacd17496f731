"""Posts and conversations on both sides: what is shown, folded, and where a link may lead."""

import json
import re

import pytest

from apaise.intake.cases import tracking
from apaise.intake.channels import receive
from apaise.intake.channels.models import Arrival

pytestmark = pytest.mark.django_db
POST = {
    "channel": "social_media", "network": "Mastodon", "author": "@claire_f", "reach": 12_400, "rating": 1,
    "url": "https://social.example/@claire_f/1?a=1&b=2", "text": "Trois semaines sans fibre.",
}  # fmt: skip
CHAT = {
    "channel": "chat",
    "from": {"name": "Léa", "email": "lea@courriel.exemple.test"},
    "text": "Résumé de l'agent.",
    "turns": [{"who": "agent" if n % 2 else "Léa", "at": f"2026-11-25T09:{n:02}:00+01:00", "text": f"Tour {n}."} for n in range(9)],
}  # fmt: skip
PHONE = {
    "channel": "phone", "id": 7, "from": {"name": "Paul"}, "minutes": 12, "agent": "Nadia", "tried": ["email", "chat"], "text": "Colis.",
}  # fmt: skip


def get(line):
    return receive.receive(receive.keep(json.dumps(line).encode(), form="line")).case


@pytest.fixture
def pages(client, ana):
    """Both pages of a case, in English."""

    def both(case):
        client.force_login(ana)
        desk = client.get(f"/desk/cases/{case.reference}").content.decode()
        link = tracking.link_for(case).partition("testserver")[2]
        return desk, client.get(f"{link}?lang=en").content.decode()

    return both


def test_a_post_shows_its_network_author_reach_and_a_link_that_gives_nothing_away(desk, pages, noon):
    for page in pages(get(POST)):
        for said in ("Mastodon", "@claire_f", "12,400 people", "Trois semaines sans fibre."):
            assert said in page
        [link] = re.findall(r'<a class="file" href="(https:[^"]+)" rel="([^"]+)">', page)
        assert link == ("https://social.example/@claire_f/1?a=1&amp;b=2", "noopener nofollow noreferrer")
        assert not re.findall(r'(?:src|action|srcset)="https?://social', page)


def test_the_page_of_an_exposed_case_says_so_to_staff_alone(desk, pages, noon):
    staff, own = pages(get(POST))
    assert re.search(r'<span class="chip" data-tone="soon">.*?Public</span>', staff)
    assert "Public: others can read this complaint" in staff
    assert "Criticality" not in own


def test_a_conversation_shows_six_turns_and_folds_the_rest(desk, pages, noon):
    for page in pages(get(CHAT)):
        shown, folded = page.split("Show 3 more turns")
        assert [f"Tour {n}." in shown for n in range(6)] == [True] * 6
        assert [f"Tour {n}." in folded for n in (6, 7, 8)] == [True] * 3
        assert (
            page.count("Tour 0.") == 1 or "Tour 0. Tour" in page
        )  # once in the turns; a list may quote the start
        assert "Résumé de l&#39;agent." in shown
        assert re.search(r"<dt>agent<br><small class=\"num\">us, 1:00</small></dt>", shown)


def test_what_staff_took_down_of_a_call_is_for_staff(desk, pages, noon):
    staff, own = pages(get(PHONE))
    for said in ("Nadia", "email, chat"):
        assert said in staff
        assert said not in own


def test_the_original_line_is_handed_out_as_it_came(desk, client, ana, noon):
    case = get(PHONE)
    client.force_login(ana)
    answer = client.get(
        f"/desk/cases/{case.reference}/messages/{case.messages.first().pk}/original", follow=True
    )
    assert b"".join(answer.streaming_content) == json.dumps(PHONE).encode()
    assert 'filename="message-' in answer["Content-Disposition"] and '.json"' in answer["Content-Disposition"]


def test_the_quarantine_says_what_is_wrong_with_a_line_and_hands_it_out(desk, client, ana, noon):
    raw = b'{"channel":"phone","minutes":"<b>x</b>"}'
    receive.receive(receive.keep(raw, form="line"))
    client.force_login(ana)
    page = client.get("/desk/quarantine").content.decode()
    assert "It is no line of JSON we can read." in page
    assert "“minutes” must be a number of minutes from 0 to 1440." in page
    assert "<b>x</b>" not in page
    answer = client.get(f"/desk/quarantine/{Arrival.objects.get().pk}/original", follow=True)
    assert b"".join(answer.streaming_content) == raw
