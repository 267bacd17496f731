"""A half-filled form is closed on one device, resumed by its link on another, and sent; a file too large costs no word."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.browser import Tab, chromium
from tests.stories.house import House

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
STORY = "Personne n'est venu le 12 novembre, ni le 19."
SAID = {
    "fr": {"keep": "Garder et continuer plus tard", "send": "Envoyer ma réclamation", "large": "20"},
    "en": {"keep": "Keep it and go on later", "send": "Send my complaint", "large": "20 MB"},
}


@pytest.fixture
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_was_begun_on_a_phone_is_sent_from_a_desk(
    language: str, make_house: Callable[..., House], browser: Any, tmp_path: Path
) -> None:
    house, said = make_house(), SAID[language]
    house.start()
    base = f"http://localhost:{house.port}"
    phone = Tab(browser, base=base, locale=language, viewport={"width": 390, "height": 844})
    phone.open("/")
    phone.page.fill("#story", STORY)
    phone.page.set_input_files(
        "#files", {"name": "photo.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 99}
    )
    phone.page.get_by_role("button", name=said["keep"]).click()
    link = phone.page.locator(".kept-link a").get_attribute("href")
    assert link and not phone.sideways()
    assert "photo.png" in phone.page.inner_text("main")

    desk = Tab(browser, base=base, locale=language, viewport={"width": 1440, "height": 900})
    desk.page.goto(link.replace(house.url(""), base))
    assert desk.page.input_value("#story") == STORY
    large = tmp_path / "film.mp4"
    large.write_bytes(b"0" * 21_000_000)
    desk.page.set_input_files("#files", str(large))
    desk.page.fill("#email", "claire@courriel.exemple.test")
    desk.page.get_by_role("button", name=said["send"]).last.click()
    assert "film.mp4" in desk.page.inner_text("[role=alert]")
    assert (desk.page.input_value("#story"), desk.page.input_value("#email")) == (
        STORY,
        "claire@courriel.exemple.test",
    )
    assert "photo.png" in desk.page.inner_text("main")
    desk.page.get_by_role("button", name=said["send"]).last.click()
    desk.page.wait_for_url("**/t/*")
    assert STORY in desk.page.inner_text("main")
    assert house.rows("SELECT count(*) FROM cases_case") == [(1,)]
    assert house.rows("SELECT name FROM cases_attachment") == [("photo.png",)]
    steps = house.rows("SELECT step FROM channels_formvisit")
    assert steps == [(4,)]
    assert (phone.troubles(), desk.troubles()) == ([], [])
    assert house.stop() == 0
