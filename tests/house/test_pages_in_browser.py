"""Every page in a real browser: accessible in both themes, on a desk and on a phone, in French and English; nothing runs that is not ours."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.stories.house import environment, wait_for

from .browser import WCAG, Tab, chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TEMPLATES = Path(__file__).resolve().parents[2] / "apaise/doors/templates"
# Between them each language is seen in each theme and at each width.
LOOKS = {"fr": ((1440, "light"), (390, "dark")), "en": ((1440, "dark"), (390, "light"))}
NARROW = (390, 320)


class Page(NamedTuple):
    """One page to look at: its template, its address ({…} from site.py), who looks, what to do there first."""

    template: str
    address: str
    who: str = ""
    status: int = 200
    first: str = ""  # a script: something a person would do before looking


_SEND = "document.querySelector('{}').submit()"
PAGES = {
    "the list": Page("workspace/cases/list.html", "/desk/cases?view=mine", "keeper"),
    "a search": Page("workspace/cases/found.html", "/desk/cases?q=R&order=relevance", "keeper"),
    "a search, nothing found": Page(
        "workspace/cases/found.html", "/desk/cases?view=team&q=nowhere&channel=email", "keeper"
    ),
    "the list, late": Page("workspace/cases/list.html", "/desk/cases?view=late", "auditor"),
    "a new case": Page("workspace/cases/case.html", "/desk/cases/{received}", "keeper"),
    "a case to qualify": Page("workspace/cases/case.html", "/desk/cases/{qualifying}?mode=qualify", "keeper"),
    "a case to redirect": Page(
        "workspace/cases/case.html", "/desk/cases/{qualifying}?mode=redirect", "keeper"
    ),
    "a case to reply to": Page(
        "workspace/cases/case.html", "/desk/cases/{investigating}?mode=reply&done=noted", "keeper"
    ),
    "a case to note on": Page("workspace/cases/case.html", "/desk/cases/{investigating}?mode=note", "keeper"),
    "a case to answer": Page(
        "workspace/cases/case.html", "/desk/cases/{investigating}?mode=answer", "keeper"
    ),
    "a case to postpone": Page(
        "workspace/cases/case.html", "/desk/cases/{investigating}?mode=extend", "complaints_manager"
    ),
    "a refused reply": Page(
        "workspace/cases/case.html",
        "/desk/cases/{investigating}?mode=reply",
        "keeper",
        409,
        _SEND.format("#reply"),
    ),
    "a case with an uncertain mail": Page("workspace/cases/case.html", "/desk/cases/{uncertain}", "keeper"),
    "a case a program wrote to": Page(
        "workspace/cases/case.html",
        "/desk/cases/{absent}",
        "keeper",
    ),
    "a case to merge": Page(
        "workspace/cases/case.html", "/desk/cases/{investigating}?mode=together&other=R-2026-00001", "keeper"
    ),
    "a case to keep somebody apart from": Page(
        "workspace/cases/case.html", "/desk/cases/{investigating}?apart=parties", "complaints_manager"
    ),
    "a case to ask facts for": Page(
        "workspace/cases/case.html", "/desk/cases/{investigating}?apart=notes", "keeper"
    ),
    "the notes asked of me": Page(
        "workspace/contributions/list.html", "/desk/context-notes?done=note_sent", "handler"
    ),
    "a note to write": Page("workspace/contributions/note.html", "/desk/context-notes/{note}", "handler"),
    "a case to split": Page("workspace/cases/case.html", "/desk/cases/{twofold}?mode=split", "keeper"),
    "a case to promise on": Page(
        "workspace/cases/case.html", "/desk/cases/{investigating}?mode=promise", "keeper"
    ),
    "a merged case": Page("workspace/cases/case.html", "/desk/cases/{merged}", "keeper"),
    "a case others were merged into": Page("workspace/cases/case.html", "/desk/cases/{survivor}", "keeper"),
    "a case something was split off": Page("workspace/cases/case.html", "/desk/cases/{origin}", "keeper"),
    "a case's escalation": Page(
        "workspace/cases/ladder.html", "/desk/cases/{investigating}/ladder", "complaints_manager"
    ),
    "an escalation to hand back": Page(
        "workspace/cases/ladder.html", "/desk/cases/{escalated}/ladder?done=passed_up", "complaints_manager"
    ),
    "the register of missed dates": Page(
        "workspace/house/breaches.html", "/desk/breaches", "complaints_manager"
    ),
    "who is told": Page("workspace/house/notifications.html", "/desk/notifications", "complaints_manager"),
    "a mail as it was written": Page(
        "workspace/cases/as_written.html",
        "/desk/cases/{investigating}/messages/{written}/as-written",
        "keeper",
    ),
    "a file that may do harm": Page("error.html", "/desk/cases/{by_mail}/files/{harmful}", "team_lead"),
    "a case that waits": Page("workspace/cases/case.html", "/desk/cases/{waiting}", "keeper"),
    "a case to close": Page("workspace/cases/case.html", "/desk/cases/{answered}?mode=close", "keeper"),
    "a closed case": Page("workspace/cases/case.html", "/desk/cases/{closed}?mode=reopen", "keeper"),
    "a case one only reads": Page("workspace/cases/case.html", "/desk/cases/{investigating}", "auditor"),
    "a call": Page("workspace/entry/phone.html", "/desk/entry/phone", "handler"),
    "a call, people found": Page("workspace/entry/phone.html", "/desk/entry/phone?q=jeanne", "team_lead"),
    "a call, somebody known": Page(
        "workspace/entry/phone.html", "/desk/entry/phone?q=0298001122", "complaints_manager"
    ),
    "a call, refused": Page(
        "workspace/entry/phone.html",
        "/desk/entry/phone",
        "handler",
        409,
        "document.querySelector('[data-primary]').click()",
    ),
    "a letter": Page("workspace/entry/letter.html", "/desk/entry/letter", "handler"),
    "a visit": Page("workspace/entry/counter.html", "/desk/entry/counter", "handler"),
    "a receipt": Page(
        "workspace/entry/receipt.html", "/desk/cases/{on_paper}/messages/{visit}/receipt", "handler"
    ),
    "a receipt, on a strip": Page(
        "workspace/entry/receipt.html", "/desk/cases/{on_paper}/messages/{visit}/receipt?paper=80", "handler"
    ),
    "a case on paper": Page("workspace/cases/case.html", "/desk/cases/{on_paper}", "handler"),
    "letters to post": Page("workspace/post.html", "/desk/post", "handler"),
    "letters to post, only read": Page("workspace/post.html", "/desk/post", "auditor"),
    "who is there": Page("workspace/routing/team.html", "/desk/team", "complaints_manager"),
    "my own presence": Page("workspace/routing/team.html", "/desk/team", "handler"),
    "skills and rules": Page("workspace/routing/rules.html", "/desk/routing-rules", "complaints_manager"),
    "fairness": Page("workspace/routing/fairness.html", "/desk/fairness", "team_lead"),
    "to whom to give a case": Page(
        "workspace/routing/assigning.html", "/desk/cases/{investigating}/assigning", "team_lead"
    ),
    "why these dates": Page("workspace/cases/dates.html", "/desk/cases/{investigating}/dates", "handler"),
    "what a case weighs": Page(
        "workspace/cases/weight.html", "/desk/cases/{investigating}/weight", "handler"
    ),
    "a policy tried": Page(
        "workspace/policies/trial.html", "/desk/policy-trials/{trial}", "complaints_manager"
    ),
    "policies tried": Page("workspace/policies/trials.html", "/desk/policy-trials", "complaints_manager"),
    "today, of all teams": Page("workspace/today/today.html", "/desk/today", "complaints_manager"),
    "today, one's own": Page("workspace/today/today.html", "/desk/today", "keeper"),
    "who holds what": Page("workspace/today/load.html", "/desk/today/load", "complaints_manager"),
    "tasks": Page("workspace/tasks/list.html", "/desk/tasks", "keeper"),
    "no task": Page("workspace/tasks/list.html", "/desk/tasks?of=team&kind=escalate", "complaints_manager"),
    "circuits": Page("workspace/lead/circuits.html", "/desk/circuits?pack=fr-consommation", "auditor"),
    "calendars": Page("workspace/lead/calendars.html", "/desk/calendars", "complaints_manager"),
    "calendars one only reads": Page("workspace/lead/calendars.html", "/desk/calendars", "auditor"),
    "contracts renewed soon": Page("workspace/lead/renewals.html", "/desk/renewals?days=730", "auditor"),
    "broken promises": Page(
        "workspace/lead/broken_promises.html", "/desk/renewals/broken-promises", "auditor"
    ),
    "people": Page("workspace/customers/list.html", "/desk/people", "keeper"),
    "nobody found": Page("workspace/customers/list.html", "/desk/people?q=nowhere", "keeper"),
    "organisations": Page("workspace/customers/list.html", "/desk/organisations", "complaints_manager"),
    "a person": Page("workspace/customers/person.html", "/desk/people/{person}", "keeper"),
    "a person one only reads": Page("workspace/customers/person.html", "/desk/people/{person}", "auditor"),
    "a refused address": Page(
        "workspace/customers/person.html",
        "/desk/people/{person}",
        "keeper",
        409,
        _SEND.format("form[action$=addresses]"),
    ),
    "an organisation": Page(
        "workspace/customers/organisation.html", "/desk/organisations/{company}", "keeper"
    ),
    "a contract": Page("workspace/customers/contract.html", "/desk/contracts/{contract}", "keeper"),
    "a contract one only reads": Page(
        "workspace/customers/contract.html", "/desk/contracts/{contract}", "auditor"
    ),
    "possible duplicates": Page("workspace/customers/duplicates.html", "/desk/duplicates", "keeper"),
    "no possible duplicates": Page(
        "workspace/customers/duplicates.html", "/desk/duplicates", "administrator"
    ),
    "files of customers": Page("workspace/customers/files.html", "/desk/customer-files", "administrator"),
    "no file chosen": Page(
        "workspace/customers/files.html",
        "/desk/customer-files",
        "administrator",
        409,
        _SEND.format("form[enctype]"),
    ),
    "a file to name": Page(
        "workspace/customers/file.html", "/desk/customer-files/{uploaded}", "complaints_manager"
    ),
    "a file that was tried": Page(
        "workspace/customers/file.html", "/desk/customer-files/{checked}", "administrator"
    ),
    "the quarantine": Page("workspace/quarantine.html", "/desk/quarantine", "keeper"),
    "the spam": Page("workspace/sorted_out.html", "/desk/spam", "keeper"),
    "what machines wrote": Page("workspace/sorted_out.html", "/desk/machines", "keeper"),
    "what came twice": Page("workspace/sorted_out.html", "/desk/received-before", "keeper"),
    "the alerts": Page("workspace/alerts.html", "/desk/alerts", "keeper"),
    "no alerts": Page("workspace/alerts.html", "/desk/alerts", "handler"),
    "one's account": Page("workspace/account.html", "/desk/account", "keeper"),
    "a refused password": Page(
        "workspace/account.html",
        "/desk/account",
        "keeper",
        409,
        _SEND.format("form:has([name=new_password])"),
    ),
    "the queue": Page("workspace/queue.html", "/desk/queue", "administrator"),
    "outgoing mail": Page("workspace/sending.html", "/desk/sending", "administrator"),
    "the rules": Page("workspace/packs/list.html", "/desk/rules", "complaints_manager"),
    "a pack": Page("workspace/packs/pack.html", "/desk/rules/fr-consommation", "auditor"),
    "an edition of a pack": Page(
        "workspace/packs/pack.html", "/desk/rules/published/editions/1", "complaints_manager"
    ),
    "a pack to begin": Page("workspace/packs/new.html", "/desk/rules/new", "complaints_manager"),
    "a draft of a pack": Page(
        "workspace/packs/draft.html", "/desk/rules/drafted/draft", "complaints_manager"
    ),
    "a pack that stays in force": Page(
        "workspace/packs/refused.html",
        "/desk/rules/published",
        "complaints_manager",
        409,
        _SEND.format("form[action$=withdrawal]"),
    ),
    "the contacts": Page("workspace/packs/contacts.html", "/desk/contacts", "complaints_manager"),
    "the public page before it is published": Page(
        "workspace/packs/policy.html", "/desk/policy", "complaints_manager"
    ),
    "how we handle complaints": Page("portal/policy.html", "/policy"),
    "the mailboxes": Page("workspace/mailboxes.html", "/desk/mailboxes", "administrator"),
    "a refused mailbox": Page(
        "workspace/mailboxes.html",
        "/desk/mailboxes",
        "administrator",
        409,
        _SEND.format("form:has([name=host])"),
    ),
    "a mailbox": Page("workspace/mailbox.html", "/desk/mailboxes/{mailbox}", "administrator"),
    "the outbox": Page("workspace/outbox.html", "/desk/outbox", "keeper"),
    "a mail of the outbox": Page("workspace/outbox_mail.html", "/desk/outbox/{mail}", "handler"),
    "the style guide": Page("workspace/style_guide.html", "/desk/style-guide", "administrator"),
    "nothing here": Page("error.html", "/desk/cases/none", "keeper", 404),
    "not open to you": Page("error.html", "/desk/queue", "keeper", 403),
    "nothing here, for the public": Page("error.html", "/t/none", "", 404),
    "the door": Page("door/sign_in.html", "/sign-in"),
    "a wrong password": Page(
        "door/sign_in.html", "/sign-in", "", 403, _SEND.format("form:has([name=password])")
    ),
    "how we use data": Page("portal/data.html", "/data"),
    "the form": Page("portal/complaint.html", "/"),
    "the form, incomplete": Page(
        "portal/complaint.html", "/", "", 400, _SEND.format("form:has([name=story])")
    ),
    "the form, kept": Page("portal/complaint.html", "/b/{draft}?kept=1"),
    "the form, for a person to read first": Page(
        "portal/received.html",
        "/",
        "",
        200,
        "const form = document.querySelector('form'); form.elements.story.value = 'Rien ne va'; form.elements.email.value = 'luc@courriel.exemple.test';"
        " form.elements.website.value = 'x'; form.elements.shown.value = ''; form.submit()",
    ),
    "the figures of the form": Page("workspace/form_figures.html", "/desk/public-form", "team_lead"),
    "tracking, new": Page("portal/tracking.html", "/t/{link_received}?received=1"),
    "tracking, under way": Page("portal/tracking.html", "/t/{link_investigating}?done=added"),
    "tracking, a question": Page("portal/tracking.html", "/t/{link_waiting}"),
    "tracking, answered": Page("portal/tracking.html", "/t/{link_answered}"),
    "tracking, an empty message": Page(
        "portal/tracking.html", "/t/{link_investigating}", "", 400, _SEND.format("form[action$=messages]")
    ),
    "tracking, merged": Page("portal/tracking.html", "/t/{link_merged}"),
    "tracking, closed": Page("portal/tracking.html", "/t/{link_closed}"),
}
HOSTILE = {
    "people": ("/desk/people", "handler"),
    "the list": ("/desk/cases?view=team", "handler"),
    "a long case": ("/desk/cases/{battered}", "handler"),
    "a long case, answering": ("/desk/cases/{battered}?mode=answer", "handler"),
    "a case by HTML mail": ("/desk/cases/{by_mail}", "team_lead"),
    "an HTML mail as it was written": (
        "/desk/cases/{by_mail}/messages/{hostile_written}/as-written",
        "team_lead",
    ),
    "the people a call may come from": ("/desk/entry/phone?q=boom", "handler"),
    "a visit": ("/desk/entry/counter", "team_lead"),
    "the quarantine": ("/desk/quarantine", "team_lead"),
    "the outbox": ("/desk/outbox", "handler"),
    "a mail of the outbox": ("/desk/outbox/{hostile_mail}", "handler"),
    "the tracking page": ("/t/{link_battered}", ""),
}


def _shared_out(names: Iterable[str]) -> list[Any]:
    """Half of the pages for each of two workers, each with a site of its own: together they are the longest test there is."""
    halves = [pytest.mark.xdist_group("first half"), pytest.mark.xdist_group("second half")]
    return [pytest.param(name, marks=halves[number % 2]) for number, name in enumerate(names)]


class Site(NamedTuple):
    """The served site and how to get at its pages."""

    base: str
    known: dict[str, Any]
    browser: Any
    seats: dict[tuple[str, str], Tab]

    @contextmanager
    def seat(self, who: str, language: str) -> Iterator[Tab]:
        """The tab of this reader, kept from page to page as a reader keeps it; one in which something failed is given up."""
        tab = self.seats.pop((who, language), None) or self.tab(who, locale=language)
        tab.wrong.clear()
        yield tab
        self.seats[who, language] = tab

    def tab(self, who: str, **options: Any) -> Tab:
        session = (self.known["cookie"], self.known["sessions"][who]) if who else None
        return Tab(self.browser, session=session, base=self.base, **options)

    def address(self, pattern: str) -> str:
        links = {f"link_{stage}": token for stage, token in self.known["links"].items()}
        return pattern.format(
            **self.known["cases"],
            **links,
            mail=self.known["mail"],
            mailbox=self.known["mailbox"],
            trial=self.known["trial"],
            draft=self.known["draft"],
            hostile_mail=self.known["hostile_mail"],
            **{name: self.known[name] for name in ("visit", "written", "hostile_written", "harmful", "note")},
            **self.known["customers"],
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One data folder, one server and one browser for all pages."""
    folder = tmp_path_factory.mktemp("site")
    said, settings = folder / "said", {"APAISE_DEMO": "yes", "SMTP_URL": "smtp://127.0.0.1:9"}
    ours = environment(folder / "data", **settings)
    filled = subprocess.run(
        [sys.executable, "-m", "tests.house.site"], env=ours, capture_output=True, text=True
    )
    assert filled.returncode == 0, filled.stderr[-3000:]
    with (
        said.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", "apaise", "web", "--port", "0"], env=ours, stdout=out, stderr=out
        ) as server,
    ):
        try:
            wait_for(lambda: "pages on" in said.read_text() or server.poll() is not None, "it did not start")
            base = f"http://{said.read_text().split()[-1]}"
            with chromium() as browser:
                yield Site(base, json.loads(filled.stdout.splitlines()[-1]), browser, {})
        finally:
            server.terminate()


def test_every_template_is_looked_at() -> None:
    whole = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    pages = {
        name
        for name in whole
        if not Path(name).name.startswith("_")
        and not name.startswith(("ui/", "layouts/", "mail/", "policy/"))
        and name != "base.html"
    }
    assert sorted(pages - {page.template for page in PAGES.values()}) == [], (
        "add these to PAGES, with an address that shows them"
    )
    assert sorted({page.template for page in PAGES.values()} - pages) == [], (
        "PAGES names templates that are gone"
    )


@pytest.mark.parametrize("name", _shared_out(PAGES))
def test_a_page_can_be_used_by_everybody(name: str, site: Site) -> None:
    page = PAGES[name]
    wrong = []
    for language, looks in _looks_of(name).items():
        with site.seat(page.who, language) as tab:
            tab.page.set_viewport_size({"width": 1440, "height": 900})
            _look(tab, site.address(page.address), page, language)
            for width, theme in looks:
                tab.page.set_viewport_size({"width": width, "height": 900 if width > 1000 else 844})
                tab.page.emulate_media(color_scheme=theme)
                wrong += [f"{language} {theme} {width}: {one}" for one in tab.violations()]
            for width in NARROW:
                tab.page.set_viewport_size({"width": width, "height": 844})
                if tab.sideways():
                    wrong.append(f"{language} {width}: scrolls sideways")
            wrong += [f"{language}: {one}" for one in tab.troubles()]
    assert not wrong, "\n".join([f"{name}:", *wrong])


def _looks_of(name: str) -> dict[str, Any]:
    """The first page of a template is looked at in both languages, its variants in one, by turns."""
    template = PAGES[name].template
    variants = [other for other, page in PAGES.items() if page.template == template]
    language = ("fr", "en")[variants.index(name) % 2]
    return LOOKS if variants[0] == name else {language: LOOKS[language]}


def _look(tab: Tab, address: str, page: Page, language: str) -> None:
    tab.open(f"{address}{'&' if '?' in address else '?'}lang={language}")
    status = tab.status
    if page.first:
        with tab.page.expect_navigation() as came:
            tab.page.evaluate(page.first)
        status = came.value.status
    assert status == page.status, f"{address}: {status}"
    if not page.first:  # after a form, staff read in the language of their account
        assert tab.page.evaluate("document.documentElement.lang") == language


def test_our_letters_can_be_read_by_everybody(site: Site) -> None:
    tab = site.tab("", viewport={"width": 390, "height": 844})
    tab.page.set_content(site.known["letter"])
    assert tab.violations(WCAG) == []  # best practice asks a page for landmarks; a letter has none
    assert not tab.sideways()
    tab.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_run_nowhere(name: str, site: Site) -> None:
    """Forty-two vectors on each page: no dialog, no script, nothing the content policy had to stop, no request to others."""
    address, who = HOSTILE[name]
    tab = site.tab(who, viewport={"width": 390, "height": 844})
    tab.open(site.address(address))
    assert tab.status == 200
    tab.page.mouse.move(200, 300)
    tab.page.keyboard.press("Tab")
    tab.page.wait_for_timeout(60)
    assert tab.troubles() == []
    assert not tab.sideways(), "long words without a space push the page sideways"
    tab.close()
