"""Headless chromium for the tests that need one: started once, quiet, never on the network."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

AXE = Path(__file__).resolve().parents[1] / "vendor/axe-core/axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BEST = [*WCAG, "best-practice"]
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]
# Said by the browser itself, before any script of the page: what the content policy stopped, and whether a hostile word ran.
_LISTEN = """
  window.boomed = [];
  window.boom = (...what) => window.boomed.push(String(what));
  window.refusals = [];
  addEventListener("securitypolicyviolation", (event) => window.refusals.push(event.violatedDirective + " " + event.blockedURI));
"""


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser. No ORM while it is open: its loop runs in this thread."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=_QUIET)
        try:
            yield browser
        finally:
            browser.close()


class Tab:
    """One page that writes down everything that goes wrong in it."""

    def __init__(
        self, browser: Any, *, session: tuple[str, str] | None = None, base: str = "", **options: Any
    ) -> None:
        self.context = browser.new_context(reduced_motion="reduce", **options)
        self.context.add_init_script(_LISTEN)
        if session:
            self.context.add_cookies([{"name": session[0], "value": session[1], "url": base}])
        self.page = self.context.new_page()
        self.base = base
        self.wrong: list[str] = []
        self.status = 0
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))
        self.page.on(
            "dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss())
        )
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        # The browser itself reports each page whose status is no success; the test looks at the status.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.wrong.append(f"console {message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:", "about:")):
            self.wrong.append(f"asked for {request.url}")

    def open(self, address: str) -> Any:
        answer = self.page.goto(self.base + address)
        self.status = answer.status
        return answer

    def troubles(self) -> list[str]:
        """What went wrong since the last time."""
        refused = [
            f"refused by the content policy: {one}" for one in self.page.evaluate("window.refusals || []")
        ]
        boomed = [f"a hostile word ran: {one}" for one in self.page.evaluate("window.boomed || []")]
        told, self.wrong = [*self.wrong, *refused, *boomed], []
        return told

    def violations(self, rules: list[str] = BEST) -> list[str]:
        """What axe finds, one line a rule with its first places."""
        self.page.evaluate(
            """Promise.all(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < 2000)
                 .map((one) => one.finished.catch(() => 0)))"""
        )  # colours on their way; what turns for ever is not waited for
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            """(tags) => axe.run(document, {runOnly: tags, resultTypes: ["violations"]}).then((all) => all.violations.map((one) =>
                 one.id + ": " + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 140) + " (" + node.any.concat(node.all, node.none).map((why) => why.message).join("; ").slice(0, 160) + ")").join(" | ")))""",
            rules,
        )
        return list(found)

    def sideways(self) -> bool:
        """Does the page scroll sideways?"""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def close(self) -> None:
        self.context.close()
