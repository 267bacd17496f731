"""A VIP's case and a technician who is judge and party: a note asked of him, up to the executive and back, each in a browser."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.house.browser import Tab, chromium
from tests.stories.house import House, Sink, command, environment, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SUBJECT = "Trois visites, la box ne tient pas"
SAID = {
    "fr": {
        "written": "Bonjour, votre technicien est venu trois fois et la box redémarre toujours. Je n’ai plus confiance en lui.",
        "take": "Prendre le dossier",
        "vip": "VIP : ses dossiers passent d’abord par la direction",
        "keep": "Enregistrer les modifications",
        "apart": "Mettre à l’écart",
        "found": "Rien trouvé",
        "ask": "Demander cette note",
        "question": "Qu’avez-vous remplacé le 12, et dans quel état était la prise ?",
        "asked": "Notes de contexte",
        "write": "Écrire la note",
        "read": "Relire et envoyer",
        "send": "Envoyer cette note",
        "fact": "Le 12, alimentation remplacée ; la prise optique était fendue, signalé par le ticket 4471.",
        "up": "Faire monter avec cette note",
        "done": "Alimentation remplacée le 12, prise fendue connue.",
        "left": "Décider du remplacement de l’installation.",
        "introduced": r"Je vous mets en relation avec Hélène Direction.*, qui vous contactera (avant|au plus tard) le ",
        "note": "Noter",
        "decided": "Installation à remplacer entièrement, sans frais.",
        "back": "Rendre avec ce motif",
        "reason": "Remplacement accordé : fixez le rendez-vous et écrivez à la cliente.",
    },
    "en": {
        "written": "Hello, your engineer came three times and the router still restarts. I no longer trust him.",
        "take": "Take the case",
        "vip": "VIP: their cases go to management first",
        "keep": "Save the changes",
        "apart": "Keep apart",
        "found": "Nothing found",
        "ask": "Ask for this note",
        "question": "What did you replace on the 12th, and in what state was the socket?",
        "asked": "Context notes",
        "write": "Write the note",
        "read": "Read again and send",
        "send": "Send this note",
        "fact": "On the 12th, power supply replaced; the optical socket was cracked, reported in ticket 4471.",
        "up": "Pass up with this note",
        "done": "Power supply replaced on the 12th, cracked socket known.",
        "left": "Decide whether the installation is replaced.",
        "introduced": r"I am putting you in touch with Hélène Direction.*, who will contact you (before|by) ",
        "note": "Save note",
        "decided": "Replace the whole installation, free of charge.",
        "back": "Hand back with this reason",
        "reason": "Replacement granted: set the appointment and write to the customer.",
    },
}
STAFF = {
    "ana": ("Ana Conseil", "handler", "--signs"),
    "mara": ("Mara Équipe", "team_lead"),
    "tom": ("Tom Technique", "handler"),
    "helene": ("Hélène Direction", "executive"),
}


class Desk(NamedTuple):
    """A running house, and each of its people at a browser of their own."""

    house: House
    tabs: dict[str, Tab]
    said: dict[str, str]

    def at(self, who: str, address: str) -> Any:
        """The page of this address, as this person sees it."""
        self.tabs[who].open(address)
        assert self.tabs[who].status == 200, f"{who} at {address}: {self.tabs[who].status}"
        return self.tabs[who].page

    def refused(self, who: str, *addresses: str) -> None:
        for address in addresses:
            self.tabs[who].open(address)
            assert self.tabs[who].status == 404, f"{who} may open {address}"


@pytest.fixture
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(params=["fr", "en"])
def desk(
    request: Any, make_house: Callable[..., House], sink: Sink, browser: Any
) -> Iterator[tuple[Desk, Tab, str]]:
    """Four colleagues of one team who have signed in by the door, a customer, and her case."""
    language, house = str(request.param), make_house(smtp_url=sink.url)
    house.start()
    passwords = _hired(house, language)
    tabs = {who: _signed_in(house, browser, language, who, passwords[who]) for who in STAFF}
    desk = Desk(house, tabs, SAID[language])
    house.send(SUBJECT, text=desk.said["written"])
    wait_for(lambda: house.settled(SUBJECT), "the case did not come in")
    customer = Tab(browser, base=f"http://localhost:{house.port}", locale=language)
    yield desk, customer, house.cases(SUBJECT)[0][1]
    assert [tab.troubles() for tab in (*desk.tabs.values(), customer)] == [[]] * 5
    assert command(house.data, "verify").returncode == 0
    assert house.stop() == 0


def _hired(house: House, language: str) -> dict[str, str]:
    """The password of each: `apaise staff`, four times in one process, which starts slowly."""
    asked = [
        ["staff", f"{who}@exemple.test", "--name", name, "--role", role, "--language", language, *more]
        for who, (name, role, *more) in STAFF.items()
    ]
    script = f"from apaise.__main__ import main\nfor asked in {asked!r}: main(asked)"
    made = subprocess.run(
        [sys.executable, "-c", script], env=environment(house.data), capture_output=True, text=True
    )
    lines = made.stdout.strip().splitlines()
    assert len(lines) == len(STAFF), made.stderr
    return {who: line.rpartition(" ")[2] for who, line in zip(STAFF, lines, strict=True)}


def _signed_in(house: House, browser: Any, language: str, who: str, password: str) -> Tab:
    email = f"{who}@exemple.test"
    tab = Tab(browser, base=house.url(""), locale=language, viewport={"width": 1440, "height": 900})
    tab.open("/sign-in")
    tab.page.fill("[type=email]", email)
    tab.page.fill("[type=password]", password)
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/desk/**")
    return tab


def test_judge_and_party_are_kept_apart_all_the_way_up_and_down(
    desk: tuple[Desk, Tab, str], sink: Sink
) -> None:
    (house, customer, reference), case = desk, f"/desk/cases/{desk[2]}"
    _a_handler_takes_the_case_of_a_vip(house, case)
    _a_lead_keeps_the_technician_apart(house, case)
    _he_finds_nothing(house, case, reference)
    _his_facts_are_asked_for_and_read(house, case, reference)
    _the_lead_passes_it_up(house, case)
    _the_customer_reads_who_calls_her(house, customer, sink)
    _the_executive_decides_and_hands_it_back(house, case)
    house.refused("tom", case, f"{case}/ladder")
    assert house.house.rows("SELECT count(*) FROM cases_promise") == [(1,)]


def _a_handler_takes_the_case_of_a_vip(desk: Desk, case: str) -> None:
    page = desk.at("ana", case)
    page.get_by_role("button", name=desk.said["take"]).click()
    page.locator("aside.context a[href*='/desk/people/']").first.click()
    page.locator("details:has([name=vip]) > summary").click()
    page.get_by_label(desk.said["vip"]).check()
    page.get_by_role("button", name=desk.said["keep"]).click()
    assert page.locator("main .chip", has_text="VIP").count() == 1
    assert desk.house.rows("SELECT count(*) FROM parties_person WHERE vip") == [(1,)]


def _a_lead_keeps_the_technician_apart(desk: Desk, case: str) -> None:
    assert SUBJECT in desk.at("tom", "/desk/cases?view=team").inner_text("main")
    page = desk.at("mara", f"{case}?apart=parties")
    page.select_option("#party", label=STAFF["tom"][0])
    page.select_option("#party-because", "onsite_technician")
    page.get_by_role("button", name=desk.said["apart"], exact=True).click()
    assert STAFF["tom"][0] in page.inner_text("#apart")


def _he_finds_nothing(desk: Desk, case: str, reference: str) -> None:
    for view in ("team", "late"):
        assert SUBJECT not in desk.at("tom", f"/desk/cases?view={view}").content()
    page = desk.at("tom", "/desk/cases")
    page.fill("[type=search]", SUBJECT)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    assert desk.said["found"] in page.inner_text("main")
    assert reference not in page.content()
    desk.refused("tom", case, f"{case}/ladder", f"{case}/dates", f"{case}/weight")


def _his_facts_are_asked_for_and_read(desk: Desk, case: str, reference: str) -> None:
    page = desk.at("ana", f"{case}?apart=notes")
    page.select_option("#asked-person", label=STAFF["tom"][0])
    page.fill("#asked-question", desk.said["question"])
    page.get_by_role("button", name=desk.said["ask"]).click()
    page = desk.at("tom", "/desk/tasks")
    page.get_by_role("navigation").get_by_role("link", name=desk.said["asked"]).first.click()
    page.get_by_role("link", name=desk.said["write"]).click()
    assert desk.said["question"] in page.inner_text("main")
    for hidden in (reference, SUBJECT, desk.said["written"]):
        assert hidden not in page.content()
    page.fill("[name=text]", desk.said["fact"])
    page.get_by_role("button", name=desk.said["read"]).click()
    page.get_by_role("button", name=desk.said["send"]).click()
    assert desk.said["fact"] in page.inner_text("main")
    assert desk.said["fact"] in desk.at("ana", case).inner_text("main")


def _the_lead_passes_it_up(desk: Desk, case: str) -> None:
    page = desk.at("mara", f"{case}/ladder")
    for field in ("done", "left"):
        page.fill(f"[name={field}]", desk.said[field])
    page.select_option("[name=level]", page.locator("[name=level] option").last.get_attribute("value"))
    page.get_by_role("button", name=desk.said["up"]).click()
    page.wait_for_url("**done=**")


def _the_customer_reads_who_calls_her(desk: Desk, customer: Tab, sink: Sink) -> None:
    sent = "SELECT count(*) FROM cases_message WHERE kind = 'update' AND state = 'sent'"
    wait_for(lambda: desk.house.rows(sent) == [(1,)], "the customer was not told")
    [told] = _letters(sink, STAFF["helene"][0])
    customer.page.goto(re.findall(r"https?://\S+/t/[\w.:-]+", told)[0].replace("127.0.0.1", "localhost"))
    assert re.search(desk.said["introduced"], _plain(customer.page.inner_text("main")))
    for inside in (desk.said["fact"], desk.said["done"], STAFF["tom"][0]):
        assert inside not in customer.page.content()


def _plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def _letters(sink: Sink, words: str) -> list[str]:
    plain = [part.get_content() for mail in sink.letters if (part := mail.get_body(("plain",)))]
    return [text for text in plain if words in text]


def _the_executive_decides_and_hands_it_back(desk: Desk, case: str) -> None:
    page, said = desk.at("helene", "/desk/cases"), desk.said
    page.get_by_role("link", name=SUBJECT).first.click()
    page.wait_for_url(f"**{case}*")
    page.goto(desk.house.url(f"{case}?mode=note"))
    page.fill("#note-text", said["decided"])
    page.get_by_role("button", name=said["note"], exact=True).click()
    page = desk.at("helene", f"{case}/ladder")
    assert said["done"] in page.inner_text("main") and said["left"] in page.inner_text("main")
    page.fill("[name=reason]", said["reason"])
    page.get_by_role("button", name=said["back"]).click()
    page.wait_for_url("**/desk/cases*")
    desk.refused("helene", case)
    assert said["decided"] in desk.at("ana", case).inner_text("main")
    assert said["reason"] in desk.at("ana", f"{case}/ladder").inner_text("main")
    moves = "SELECT what FROM ledger_entry WHERE what IN ('case.escalated', 'case.returned') ORDER BY id"
    assert desk.house.rows(moves) == [("case.escalated",), ("case.returned",)]
    [[handler]] = desk.house.rows(
        "SELECT u.name FROM cases_case c JOIN accounts_user u ON u.id = c.handler_id"
    )
    assert handler == STAFF["ana"][0]
