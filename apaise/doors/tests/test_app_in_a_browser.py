"""What app.js adds, tried in Chromium under the product's own content policy; any refusal by the policy fails the test."""

import functools
import http.server
import json
import shutil
import threading
from pathlib import Path

import pytest
from django.utils import translation

from apaise.doors.middleware import POLICY
from apaise.doors.workspace.style_guide import style_guide_page

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]
STATIC = Path(__file__).parent.parent / "static"


class Served(http.server.SimpleHTTPRequestHandler):
    page = b""
    sent: list[str] = []

    def do_POST(self):
        self.sent.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.do_GET()

    def do_GET(self):
        if self.path.startswith("/static/"):
            self.path = self.path.removeprefix("/static")
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(jinja):
    with translation.override("en"):
        Served.page = jinja.get_template("workspace/style_guide.html").render(style_guide_page("en")).encode()
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Served, directory=str(STATIC))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, address):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page, troubles = context.new_page(), []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto(address)
    yield page
    context.close()
    assert troubles == []


def focused(page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.slice(0, 20)")


def leave_field(page) -> None:
    page.evaluate("document.activeElement.blur()")


def test_letters_go_where_they_say_and_never_while_typing(page):
    page.keyboard.press("/")
    assert focused(page) == "search-q"
    page.keyboard.type("jnr?/")
    assert page.input_value("#search-q") == "jnr?/"
    leave_field(page)
    page.keyboard.press("n")
    assert focused(page) == "note-text"
    assert page.is_hidden("#reply")
    leave_field(page)
    page.keyboard.press("r")
    assert focused(page) == "reply-text"
    assert page.is_hidden("#note")


def test_j_and_k_walk_the_list(page):
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.closest('[data-item]').querySelector('input').value")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert (
        page.evaluate("document.activeElement.closest('[data-item]').querySelector('input').value") == first
    )


def test_letters_can_be_switched_off_and_stay_off(page):
    page.keyboard.press("?")
    assert page.evaluate("document.getElementById('shortcuts').open")
    page.uncheck("#shortcuts [data-setting=keys]")
    page.keyboard.press("Escape")
    page.reload()
    leave_field(page)
    page.keyboard.press("/")
    assert focused(page) != "search-q"


def test_the_theme_is_kept_and_set_before_the_page_is_drawn(page):
    page.click(".rail-me > summary")
    page.click(".rail-me label:has([value=dark])")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.route("**/app.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_draft_is_kept_to_the_letter_within_a_second_until_the_server_says_it_has_it(page):
    words = 'Été 👩‍🔬 « oui »\n𝒳 l\'heure <b> "x"'
    page.fill("#why", words)
    page.wait_for_timeout(900)
    assert json.loads(page.evaluate("localStorage['apaise.draft.style-guide']"))["values"]["why"] == words
    assert "amount" in page.evaluate("localStorage['apaise.draft.style-guide']")
    assert "password" not in page.evaluate("localStorage['apaise.draft.style-guide']")
    page.reload()
    assert page.input_value("#why") == words
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<p id=new><i data-draft-done=style-guide></i></p>'); htmx.process(document.getElementById('new')); document.getElementById('new').dispatchEvent(new CustomEvent('htmx:load', {bubbles: true, detail: {elt: document.getElementById('new')}}))"
    )
    assert page.evaluate("localStorage['apaise.draft.style-guide'] ?? null") is None


def test_a_rewrite_replaces_exactly_the_words_it_is_about(page):
    before = page.input_value("#reply-text")
    page.click("#reply [data-rewrite] >> nth=0")
    assert page.input_value("#reply-text") == before.replace(
        "that is the procedure", "here is what I can do in your situation:"
    )


def test_reasons_close_with_escape_and_give_the_focus_back(page):
    page.click("details.why:not([open]) > summary >> nth=0")
    assert page.evaluate("document.querySelectorAll('details.why[open]').length") == 1
    page.keyboard.press("Escape")
    assert page.evaluate("document.querySelectorAll('details.why[open]').length") == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_guarded_form_is_sent_only_after_a_yes(page):
    Served.sent.clear()
    page.evaluate("document.querySelector('form.rows').dataset.confirm = 'real'")
    page.click("form.rows button[value=assign]")
    assert page.is_visible("#real")
    page.click("#real button[value=cancel]")
    page.wait_for_timeout(100)
    assert Served.sent == []
    page.click("form.rows button[value=assign]")
    with page.expect_navigation():
        page.click("#real button[value=confirm]")
    assert Served.sent == ["pick=R-2026-04791&bulk=assign"]


def test_the_bulk_bar_counts_and_goes(page):
    assert page.inner_text("[data-count]") == "1 case chosen"
    page.check("form.rows input[value='R-2026-04812']")
    assert page.inner_text("[data-count]") == "2 cases chosen"
    page.click("form.rows [type=reset]")
    page.uncheck("form.rows input[value='R-2026-04791']")
    assert page.is_hidden("[data-bulk]")


def test_everything_can_be_read_without_script(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address)
    assert plain.is_visible("#reply") and plain.is_visible("#note")
    assert plain.is_visible("[data-bulk]")
    assert plain.is_hidden(".rail-me [data-needs-script] >> nth=0")
    context.close()
