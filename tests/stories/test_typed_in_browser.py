"""A handler with somebody on the line, an envelope in hand, a visitor in front: each typed in a browser, as people do it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.browser import Tab, chromium
from tests.stories.house import House, Sink, command, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SAID = {
    "fr": {
        "words": "Troisième appel : le technicien n’est jamais venu, et personne ne rappelle.",
        "mail": "Personne n’est venu le 12, et je n’ai plus internet depuis.",
        "new": "Nouveau dossier",
        "letter": "Lettre",
        "visit": "Visite",
        "taken": "Pris par",
        "told": "Voici ce que vous nous avez dit",
        "posted": "Noter comme postée",
        "gone": "Toutes les lettres sont parties",
        "proof": "preuve de dépôt",
        "receipt": "Récépissé de votre réclamation",
        "public": "Troisième appel",
    },
    "en": {
        "words": "My third call: the engineer never came, and nobody calls back.",
        "mail": "Nobody came on the 12th, and I have had no internet since.",
        "new": "New case",
        "letter": "Letter",
        "visit": "Visit",
        "taken": "Taken by",
        "told": "This is what you told us",
        "posted": "Note it as posted",
        "gone": "Every letter has left",
        "proof": "proof of posting",
        "receipt": "Receipt of your complaint",
        "public": "My third call",
    },
}


class Typist:
    """Somebody at a keyboard; counts what is pressed."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.pressed = 0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.pressed += 1

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.name || document.activeElement.value"))

    def tab_to(self, name: str) -> None:
        for _ in range(40):
            if self.focused() == name:
                return
            self.press("Tab")
        raise AssertionError(f"{name} cannot be reached with the Tab key")


@pytest.fixture
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(params=["fr", "en"])
def language(request: Any) -> str:
    return str(request.param)


@pytest.fixture
def desk(
    language: str, make_house: Callable[..., House], sink: Sink, browser: Any
) -> Iterator[tuple[House, Tab]]:
    """A running house and the browser of a handler who has signed in by the door."""
    house = make_house(smtp_url=sink.url)
    house.start()
    made = command(
        house.data, "staff", "ana@exemple.test", "--name", "Ana Handler", "--signs", "--language", language
    )
    tab = Tab(browser, base=house.url(""), locale=language, viewport={"width": 1440, "height": 900})
    tab.open("/sign-in")
    tab.page.fill("[type=email]", "ana@exemple.test")
    tab.page.fill("[type=password]", made.stdout.strip().rpartition(" ")[2])
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/desk/cases*")
    yield house, tab
    assert tab.troubles() == []
    assert command(house.data, "verify").returncode == 0
    assert house.stop() == 0


def mails(sink: Sink, words: str) -> list[str]:
    plain = [part.get_content() for mail in sink.letters if (part := mail.get_body(("plain",)))]
    return [text for text in plain if words in text]


def opens(browser: Any, house: House, link: str, words: str) -> None:
    """The complainant opens the link of their own."""
    customer = Tab(browser, base=f"http://localhost:{house.port}")
    customer.page.goto(link.replace(re.match(r"https?://[^/]+", link)[0], f"http://localhost:{house.port}"))  # type: ignore[index]
    assert words in customer.page.inner_text("body")
    customer.close()


def test_a_call_takes_few_keys_and_leaves_in_writing(
    desk: tuple[House, Tab], language: str, sink: Sink, browser: Any
) -> None:
    (house, tab), said = desk, SAID[language]
    house.send("Fibre", text=said["mail"])
    wait_for(lambda: house.cases("Fibre"), "the mail opened no case")
    typist = Typist(tab.page)
    typist.press("c")  # from the list of cases
    tab.page.wait_for_url("**/desk/entry/phone")
    assert typist.focused() == "q"
    typist.type("claire@courriel.exemple.test")
    typist.press("Enter")
    tab.page.get_by_text(said["mail"]).wait_for()  # nothing has to be told twice
    assert typist.focused() == "text"
    tab.page.select_option(
        "[name=language]", language
    )  # of a mail that greets in French and goes on in English
    before = typist.pressed
    typist.type(said["words"])
    words = typist.pressed - before
    typist.press("Control+Enter")
    tab.page.wait_for_url("**/desk/cases/R-*")
    assert typist.pressed - words - len("claire@courriel.exemple.test") == 3  # c, Enter, Ctrl Enter
    page = tab.page.inner_text("main")
    assert said["taken"] in page and said["words"] in page
    assert tab.page.inner_text("aside.context").count("Ana Handler") >= 1
    [recap] = wait_for(lambda: mails(sink, said["told"])[:1], "no recap left")
    assert said["words"] in " ".join(recap.split())
    opens(browser, house, re.findall(r"https?://\S+/t/[\w.:-]+", recap)[0], said["public"])
    written = "SELECT count(*) FROM ledger_entry WHERE what IN ('durable_recap.sent', 'complaint.written') AND chain = "
    [[reference]] = house.rows("SELECT reference FROM cases_case WHERE channel = 'phone'")
    wait_for(lambda: house.rows(f"{written}'{reference}'") == [(2,)], "the recap is not written down")


def test_a_letter_is_answered_by_a_letter_that_somebody_posts(
    desk: tuple[House, Tab], language: str, browser: Any, tmp_path: Path
) -> None:
    (house, tab), said = desk, SAID[language]
    page = tab.page
    page.get_by_role("link", name=said["new"]).first.click()
    page.get_by_role("navigation").get_by_role("link", name=said["letter"], exact=True).click()
    typist = Typist(page)
    typist.tab_to("name")
    typist.type("Paul Papier")
    typist.tab_to("postal")
    typist.type("14 rue des Lilas\n29200 Brest")
    typist.tab_to("text")
    typist.type(said["words"])
    scan, proof = tmp_path / "lettre.pdf", tmp_path / "depot.pdf"
    for file in (scan, proof):
        file.write_bytes(b"%PDF-1.4\n")
    page.set_input_files("[name=files]", str(scan))
    page.fill("[name=registered_number]", "1A 234 567 8901 2")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/desk/cases/R-*")
    main = page.inner_text("main")
    assert "1A 234 567 8901 2" in main and "lettre.pdf" in main
    waiting = "SELECT count(*) FROM cases_message WHERE kind = 'acknowledgement' AND state = 'to_post'"
    wait_for(lambda: house.rows(waiting) == [(1,)], "no acknowledgement waits to be posted")
    page.goto(house.url("/desk/post"))
    pdf = page.request.get(house.url(str(page.get_by_role("link", name="PDF").get_attribute("href"))))
    assert pdf.headers["content-type"] == "application/pdf" and pdf.body().startswith(b"%PDF-")
    page.set_input_files("[name=proof]", str(proof))
    page.get_by_role("button", name=said["posted"]).click()
    assert said["gone"] in page.inner_text("main")
    assert house.rows("SELECT count(*) FROM ledger_entry WHERE what = 'ack.sent'") == [(1,)]
    [[reference]] = house.rows("SELECT reference FROM cases_case")
    page.goto(house.url(f"/desk/cases/{reference}"))
    assert said["proof"] in page.inner_text("main")
    [[text]] = house.rows("SELECT text FROM cases_message WHERE kind = 'acknowledgement'")
    opens(browser, house, re.findall(r"https?://\S+/t/[\w.:-]+", text)[0], said["public"])


def test_a_visitor_leaves_with_a_receipt(desk: tuple[House, Tab], language: str, browser: Any) -> None:
    (house, tab), said = desk, SAID[language]
    page = tab.page
    page.goto(house.url("/desk/entry/phone"))
    page.get_by_role("navigation").get_by_role("link", name=said["visit"], exact=True).click()
    typist = Typist(page)
    typist.tab_to("name")
    typist.type("Jeanne Duval")
    typist.tab_to("text")
    typist.type(said["words"])
    typist.tab_to("wish")
    typist.type("Un geste")
    # A slip, first: nothing typed is lost.
    typist.press("Control+Enter")
    page.locator("[role=alert]").wait_for()
    assert page.input_value("[name=text]") == said["words"]
    assert page.input_value("[name=wish]") == "Un geste"
    page.fill("[name=place]", "Guichet de Nantes")
    page.select_option("[name=language]", language)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/receipt*")
    receipt = page.inner_text("article.receipt")
    for words in (said["receipt"], "Jeanne Duval", "Guichet de Nantes", "Un geste", said["words"]):
        assert words in receipt
    assert page.locator("article.receipt svg").count() == 1
    for paper, size in (("", "594"), ("?paper=80", "227")):
        page.goto(page.url.partition("?")[0] + paper)
        printed = page.pdf(prefer_css_page_size=True)
        [width] = set(re.findall(rb"/MediaBox \[0 0 (\d+)", printed))
        assert width.decode() == size
        assert len(re.findall(rb"/Type /Page\b", printed)) == 1
    opens(browser, house, str(page.locator("article.receipt a").get_attribute("href")), said["public"])
    recap = "SELECT count(*) FROM ledger_entry WHERE what = 'durable_recap.sent'"
    assert house.rows(recap) == [(1,)]


def test_the_words_typed_for_one_caller_do_not_come_back_for_the_next(
    desk: tuple[House, Tab], language: str
) -> None:
    (house, tab), said = desk, SAID[language]
    page = tab.page
    page.goto(house.url("/desk/entry/phone"))
    page.fill("[name=name]", "Jeanne Duval")
    page.fill("[name=email]", "jeanne@courriel.exemple.test")
    page.fill("[name=text]", said["words"])
    page.reload()  # the tab was closed by mistake
    assert page.input_value("[name=text]") == said["words"]
    page.keyboard.press("Tab")
    page.locator("[data-primary]").click()
    page.wait_for_url("**/desk/cases/R-*")
    page.goto(house.url("/desk/entry/phone"))
    assert page.input_value("[name=text]") == "" and page.input_value("[name=name]") == ""
    kept = json.loads(page.evaluate("JSON.stringify(Object.keys(localStorage))"))
    assert [name for name in kept if "entry" in name] == []
