"""The whole way as people go it: a mail by SMTP, the desk and the complainant each in a browser of their own, closed at the end."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.house.browser import Tab, chromium
from tests.stories.house import House, Sink, command, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SUBJECT = "Deux rendez-vous, aucun technicien"
WRITTEN = {
    "fr": "Personne n’est venu le 12, ni le 19. Je n’ai plus internet et personne ne me répond.",
    "en": "Nobody came on the 12th, nor on the 19th. I have no internet and nobody answers me.",
}
NOTE = "Le prestataire a menti sur ses horaires."
SAID = {
    "fr": {
        "take": "Prendre le dossier",
        "qualify": "Qualifier et envoyer la reformulation",
        "note": "Noter",
        "answer": "Signer et envoyer la réponse finale",
        "settled": "Oui, c’est réglé",
        "accepted": "Acceptée par le client",
        "close": "Clore et prévenir le client",
        "ended": "Terminés",
        "closed": "Dossier clos",
    },
    "en": {
        "take": "Take the case",
        "qualify": "Qualify and send the restatement",
        "note": "Save note",
        "answer": "Sign and send the final reply",
        "settled": "Yes, this settles it",
        "accepted": "Accepted by the customer",
        "close": "Close and tell the customer",
        "ended": "Ended",
        "closed": "Case closed",
    },
}
LETTERS = {
    "fr": """Bonjour Madame Fontanel,

Merci de nous avoir écrit. Vous avez attendu deux matinées un technicien qui n’est pas venu : c’est notre faute, et je vous présente nos excuses.
Votre bâtiment avait été mal transmis. Le nouveau rendez-vous est fixé au 9 décembre à 10 h, avec Paul Mercier, et deux semaines vous sont remboursées.

Ana Handler""",
    "en": """Dear Ms Fontanel,

Thank you for writing to us. You waited two mornings for an engineer who did not come: that is our fault, and I am sorry for it.
Your building had been passed on wrongly. The new appointment is on 9 December at 10 am, with Paul Mercier, and two weeks are refunded to you.

Ana Handler""",
}


@pytest.fixture
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_from_the_mail_to_the_close(
    language: str, make_house: Callable[..., House], sink: Sink, browser: Any
) -> None:
    house, said = make_house(smtp_url=sink.url), SAID[language]
    house.start()
    house.send(SUBJECT, text=WRITTEN[language])
    desk, customer = (
        _desk(house, browser, language),
        Tab(browser, base=f"http://localhost:{house.port}", locale=language),
    )
    reference = _qualified(house, desk, said)

    link = _link_in(sink, reference)
    customer.page.goto(link)
    assert SUBJECT in customer.page.inner_text("body")
    assert NOTE not in customer.page.content()

    _answered(desk, said, LETTERS[language])
    sent = "SELECT count(*) FROM cases_message WHERE kind = 'final_reply' AND state = 'sent'"
    wait_for(lambda: house.rows(sent) == [(1,)], "the final reply did not leave")
    assert len(_letters(sink, "Paul Mercier")) == 1
    customer.page.goto(link)
    assert "Paul Mercier" in customer.page.inner_text("body")
    customer.page.get_by_role("button", name=said["settled"]).click()
    assert NOTE not in customer.page.content()

    desk.page.reload()
    assert said["accepted"] in desk.page.inner_text("main")
    desk.page.goto(desk.page.url.partition("?")[0] + "?mode=close#forms")
    desk.page.select_option("[name=followup]", "done")
    desk.page.fill("[name=summary]", "Nouveau rendez-vous et deux semaines remboursées")
    desk.page.get_by_role("button", name=said["close"]).click()
    assert said["closed"] in desk.page.inner_text("main")
    desk.page.goto(house.url("/desk/cases?view=ended"))
    assert reference in desk.page.inner_text("main")

    assert house.rows("SELECT state FROM cases_case") == [("closed",)]
    assert command(house.data, "verify").returncode == 0
    assert (desk.troubles(), customer.troubles()) == ([], [])
    assert house.stop() == 0


def _desk(house: House, browser: Any, language: str) -> Tab:
    """A handler who has signed in by the door."""
    made = command(
        house.data, "staff", "ana@exemple.test", "--name", "Ana Handler", "--signs", "--language", language
    )
    password = made.stdout.strip().rpartition(" ")[2]
    tab = Tab(browser, base=house.url(""), locale=language, viewport={"width": 1440, "height": 900})
    tab.open("/sign-in")
    tab.page.fill("[type=email]", "ana@exemple.test")
    tab.page.fill("[type=password]", password)
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/desk/cases*")
    return tab


def _qualified(house: House, desk: Tab, said: dict[str, str]) -> str:
    wait_for(lambda: house.cases(SUBJECT), "the mail opened no case")
    desk.open("/desk/cases?view=unassigned")
    desk.page.get_by_role("link", name=SUBJECT).first.click()
    desk.page.get_by_role("button", name=said["take"]).click()
    desk.page.fill("[name=grievances]", "Deux rendez-vous manqués")
    desk.page.select_option("[name=cause]", "service.missed_visit")
    desk.page.get_by_role("button", name=said["qualify"]).click()
    desk.page.goto(desk.page.url.partition("?")[0] + "?mode=note")
    desk.page.fill("#note-text", NOTE)
    desk.page.get_by_role("button", name=said["note"]).click()
    assert NOTE in desk.page.inner_text("main")
    return str(house.cases(SUBJECT)[0][1])


def _answered(desk: Tab, said: dict[str, str], letter: str) -> None:
    desk.page.goto(desk.page.url.partition("?")[0] + "?mode=answer")
    desk.page.select_option("[name=verdict_1]", "upheld")
    desk.page.select_option("[name=outcome]", "accepted")
    desk.page.select_option("[name=scope]", "isolated")
    desk.page.fill("textarea[name=text]", letter)
    desk.page.get_by_role("button", name=said["answer"]).click()
    assert "Paul Mercier" in desk.page.inner_text("main")


def _letters(sink: Sink, words: str) -> list[str]:
    """The plain text of what left with these words in it."""
    plain = [part.get_content() for mail in sink.letters if (part := mail.get_body(("plain",)))]
    return [text for text in plain if words in text]


def _link_in(sink: Sink, reference: str) -> str:
    """The tracking link of the acknowledgement, as its reader would find it."""
    [acknowledgement] = wait_for(lambda: _letters(sink, SUBJECT)[:1], "no acknowledgement left")
    assert reference in acknowledgement
    return re.findall(r"https?://\S+/t/[\w.:-]+", acknowledgement)[0]
