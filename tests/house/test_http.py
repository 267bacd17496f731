"""What every answer of the site carries, and the door: sessions, cookies, forged forms, guessing."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from apaise.doors.portal import complaint
from apaise.ground.accounts.models import User

from . import tables
from .addresses import WAYS, names
from .world import ANYBODY, PASSWORD, World

pytestmark = pytest.mark.django_db
ANSWERS = {
    "a page": (200, lambda world, ask: ask("/")),
    "a page for staff": (200, lambda world, ask: ask("/desk/cases", "handler")),
    "a way on": (302, lambda world, ask: ask("/desk/", "handler")),
    "the way to the door": (302, lambda world, ask: ask("/desk/cases")),
    "the door, for a page that asks in the background": (
        401,
        lambda world, ask: ask("/desk/cases", headers={"HX-Request": "true"}),
    ),
    "nothing there": (404, lambda world, ask: ask("/nothing/here")),
    "not open to you": (403, lambda world, ask: ask("/desk/queue", "handler")),
    "the wrong method": (405, lambda world, ask: ask("/healthz", method="POST")),
    "a strange host": (400, lambda world, ask: ask("/", headers={"host": "evil.example"})),
    "a refusal with its reason": (409, lambda world, ask: ask(_note(world), "auditor", method="POST")),
    "a wrong password": (403, lambda world, ask: ask("/sign-in", method="POST")),
    "a form without its token": (403, lambda world, ask: Client(enforce_csrf_checks=True).post("/sign-in")),
    "a file": (200, lambda world, ask: ask(_file(world), "handler")),
    "a style sheet": (200, lambda world, ask: ask("/static/css/base.css")),
    "no such style sheet": (404, lambda world, ask: ask("/static/css/none.css")),
    "HEAD": (200, lambda world, ask: ask("/", method="HEAD")),
    "a method nobody knows": (405, lambda world, ask: ask("/healthz", method="PATCH")),
}


def _note(world: World) -> str:
    return reverse("workspace:notes", args=[world.cases["investigating"].reference])


def _file(world: World) -> str:
    return reverse("workspace:file", kwargs=WAYS["workspace:file"].arguments(world, ANYBODY))


@pytest.fixture
def ask(world: World) -> Callable[..., Any]:
    """Ask for an address, as anybody or as somebody of this role in the case's team."""

    def once(
        address: str, role: str = "", *, method: str = "GET", headers: dict[str, str] | None = None
    ) -> Any:
        with tables.undone():
            response = world.ask(
                world.actor(role, "team") if role else ANYBODY, method, address, headers=headers or {}
            )
            if response.streaming:
                b"".join(response.streaming_content)
            return response

    return once


# --- headers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_carries_the_security_headers(
    kind: str, world: World, ask: Callable[..., Any]
) -> None:
    status, fetch = ANSWERS[kind]
    response = fetch(world, ask)
    assert response.status_code == status
    _is_armoured(response)


def test_the_page_for_our_own_failure_carries_them_too(
    world: World, ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail 4711")

    monkeypatch.setattr(complaint.Desk.objects, "main", fall)
    response = ask("/")
    assert response.status_code == 500
    assert b"4711" not in response.content
    assert b"Traceback" not in response.content
    _is_armoured(response)


def _is_armoured(response: Any) -> None:
    policy = _policy(response.headers["Content-Security-Policy"])
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in str(policy)
    if "sandbox" not in policy:  # a download: nothing runs there anyway
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert policy["base-uri"] == policy["object-src"] == policy["frame-ancestors"] == "'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "Server" not in response.headers and "X-Powered-By" not in response.headers


def _policy(header: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.strip().partition(" ") for part in header.split(";"))}


def test_pages_are_kept_by_no_cache_and_static_files_are(ask: Callable[..., Any]) -> None:
    for address, role in (
        ("/", ""),
        ("/desk/cases", "handler"),
        ("/desk/cases/none", "handler"),
        ("/sign-in", ""),
    ):
        assert "no-store" in ask(address, role).headers["Cache-Control"], address
    assert "max-age=604800" in ask("/static/css/base.css").headers["Cache-Control"]


def test_the_tracking_page_gives_its_address_to_no_other_site(world: World, ask: Callable[..., Any]) -> None:
    """The address is the key. Not `no-referrer`: browsers then send forms with `Origin: null`, which we would refuse."""
    response = ask(reverse("tracking", args=[world.links["answered"]["holder"]]))
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Robots-Tag"] == "noindex"


# --- the door ---------------------------------------------------------------------------------------------------

EVIL = [
    "//evil.example", "///evil.example", "////evil.example/desk", "https://evil.example", "http://evil.example/desk", "https:evil.example",
    "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "\t//evil.example", " //evil.example", "\x00//evil.example",
    "javascript:alert(1)", "data:text/html,x", "//evil.example/desk", "/%2F/evil.example", "evil.example/desk", "@evil.example",
    "https://testserver@evil.example/desk", "/desk\r\nSet-Cookie: a=b", "/desk\r\nLocation: //evil.example", "/desk@evil.example", "", "/",
]  # fmt: skip


@pytest.mark.parametrize("wanted", EVIL)
def test_signing_in_never_leads_out_of_the_house(wanted: str, world: World) -> None:
    for sent in ({"next": wanted}, {}):
        with tables.undone():
            address = "/sign-in" if sent else "/sign-in?" + "&".join([f"next={_quoted(wanted)}"])
            response = Client().post(address, {"email": "keeper@exemple.test", "password": PASSWORD, **sent})
        assert response.status_code in (302, 400)
        assert re.match(r"/desk(?![\w])", response.headers.get("Location", "/desk/")), response.headers[
            "Location"
        ]
        assert "a" not in response.cookies


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def test_after_the_door_one_stands_where_one_wanted_to_go(world: World) -> None:
    visitor = Client()
    door = visitor.get("/desk/cases?view=late&q=a+b%26c").headers["Location"]
    with tables.undone():
        response = visitor.post(door, {"email": "keeper@exemple.test", "password": PASSWORD})
    assert response.headers["Location"] == "/desk/cases?view=late&q=a+b%26c"


def test_a_session_planted_before_signing_in_is_worth_nothing_after(world: World) -> None:
    with tables.undone():
        visitor = Client()
        session = visitor.session
        session["planted"] = "yes"
        session.save()
        planted = visitor.cookies[django_settings.SESSION_COOKIE_NAME].value
        visitor.get("/sign-in")
        forms_token = (
            visitor.cookies[django_settings.CSRF_COOKIE_NAME].value
            if django_settings.CSRF_COOKIE_NAME in visitor.cookies
            else ""
        )
        visitor.post("/sign-in", {"email": "keeper@exemple.test", "password": PASSWORD})
        assert visitor.cookies[django_settings.SESSION_COOKIE_NAME].value != planted
        assert visitor.cookies[django_settings.CSRF_COOKIE_NAME].value != forms_token
        other = Client()
        other.cookies[django_settings.SESSION_COOKIE_NAME] = planted
        assert other.get("/desk/cases").status_code == 302


def test_signing_out_ends_the_session_on_our_side(world: World) -> None:
    with tables.undone():
        visitor = Client()
        visitor.post("/sign-in", {"email": "keeper@exemple.test", "password": PASSWORD})
        kept = visitor.cookies[django_settings.SESSION_COOKIE_NAME].value
        assert visitor.get("/desk/cases").status_code == 200
        assert visitor.post("/sign-out").headers["Location"].startswith("/sign-in")
        visitor.cookies[django_settings.SESSION_COOKIE_NAME] = kept
        assert visitor.get("/desk/cases").status_code == 302


def test_another_password_ends_every_other_session(world: World) -> None:
    with tables.undone():
        mine, stolen = Client(), Client()
        for visitor in (mine, stolen):
            visitor.post("/sign-in", {"email": "keeper@exemple.test", "password": PASSWORD})
        changed = mine.post(
            "/desk/account", {"password": PASSWORD, "new_password": "a new and long sentence"}
        )
        assert changed.status_code == 302
        assert mine.get("/desk/cases").status_code == 200
        assert stolen.get("/desk/cases").status_code == 302


def test_rights_taken_away_are_gone_at_the_next_click(world: World) -> None:
    actor, address = (
        world.actor("handler", "team"),
        reverse("workspace:case", args=[world.cases["investigating"].reference]),
    )
    with tables.undone():
        assert world.ask(actor, "GET", address).status_code == 200
        User.objects.get(pk=actor.user.pk).give_roles(["contributor"])
        assert world.ask(actor, "GET", address).status_code == 404
        User.objects.filter(pk=actor.user.pk).update(is_active=False)
        assert world.ask(actor, "GET", address).headers["Location"].startswith("/sign-in")
        assert Client().post("/sign-in", {"email": actor.user.email, "password": PASSWORD}).status_code == 403


# --- cookies ------------------------------------------------------------------------------------------------------


def test_cookies_are_for_us_alone(world: World) -> None:
    with tables.undone():
        visitor = Client()
        visitor.get("/sign-in")
        visitor.post("/sign-in", {"email": "keeper@exemple.test", "password": PASSWORD})
    assert {django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME} == set(visitor.cookies)
    for cookie in visitor.cookies.values():
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""
    assert visitor.cookies[django_settings.SESSION_COOKIE_NAME]["max-age"] == ""  # gone with the browser


def test_behind_https_cookies_are_secure_and_bound_to_the_host(tmp_path: Any) -> None:
    ask = "from apaise.config import settings as s; import json; print(json.dumps({n: getattr(s, n) for n in dir(s) if 'COOKIE' in n or 'HSTS' in n or n in ('ALLOWED_HOSTS', 'DEBUG')}))"
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    said = subprocess.run(
        [sys.executable, "-c", ask],
        capture_output=True,
        text=True,
        check=True,
        env={**kept, "APAISE_URL": "https://plaintes.exemple.test", "APAISE_DATA": str(tmp_path)},
    )
    found = json.loads(said.stdout)
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-") and found["CSRF_COOKIE_NAME"].startswith(
        "__Host-"
    )
    assert found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] >= 31536000
    assert found["ALLOWED_HOSTS"] == ["plaintes.exemple.test", "localhost", "127.0.0.1"]
    assert found["DEBUG"] is False


# --- forged forms -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_a_form_of_another_site_changes_nothing(name: str, world: World, settings: Any) -> None:
    way = WAYS[name]
    settings.DEMO = way.demo
    actor = (
        world.actor("complaints_manager", "team")
        if not name.startswith("tracking")
        else ANYBODY._replace(relation="holder")
    )
    victim = Client(enforce_csrf_checks=True)
    if actor.session:
        victim.cookies[settings.SESSION_COOKIE_NAME] = actor.session
    victim.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    with tables.undone():
        for forged in ({}, {"csrfmiddlewaretoken": "y" * 32}):
            for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
                with tables.watched() as watch:
                    answer = victim.post(
                        reverse(name, kwargs=way.arguments(world, actor)),
                        {**way.form(world, actor), **forged},
                        headers=headers,
                    )
                assert answer.status_code == 403, name
                assert watch.writes == []


def test_our_own_form_with_its_token_is_taken(world: World) -> None:
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get("/sign-in").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token, "the sign-in form has no token"
    sent = {"email": "keeper@exemple.test", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    with tables.undone():
        assert visitor.post("/sign-in", sent, headers={"Origin": "http://testserver"}).status_code == 302
        sent["csrfmiddlewaretoken"] = visitor.cookies[django_settings.CSRF_COOKIE_NAME].value
        assert visitor.post("/sign-in", sent, headers={"Origin": "https://evil.example"}).status_code == 403


# --- guessing -----------------------------------------------------------------------------------------------------


def _try(email: str, password: str, origin: str) -> Any:
    return Client(REMOTE_ADDR=origin).post("/sign-in", {"email": email, "password": password})


def test_the_sixth_try_on_an_account_waits_even_with_the_right_password(world: World) -> None:
    with tables.undone():
        for number in range(5):
            assert _try("keeper@exemple.test", "wrong", f"192.0.2.{number}").status_code == 403
        waiting = _try("keeper@exemple.test", PASSWORD, "192.0.2.99")
        assert waiting.status_code == 429
        _is_armoured(waiting)
        assert "correct horse" not in waiting.content.decode()
        assert _try("signatory@exemple.test", PASSWORD, "192.0.2.99").status_code == 302  # others go on


def test_the_eleventh_try_from_an_address_waits(world: World) -> None:
    with tables.undone():
        said = [
            _try(f"nobody{number}@exemple.test", "wrong", "198.51.100.7").status_code for number in range(11)
        ]
        assert said == [403] * 10 + [429]
        assert _try("keeper@exemple.test", PASSWORD, "198.51.100.8").status_code == 302


def test_the_door_never_tells_whether_an_account_exists(world: World) -> None:
    with tables.undone():
        known, unknown = (
            [_page(_try(email, "wrong", f"203.0.113.{number}"), email) for number in range(7)]
            for email in ("keeper@exemple.test", "nobody@exemple.test")
        )
    assert known == unknown
    assert [status for status, _ in known] == [403] * 5 + [429] * 2


def _page(response: Any, email: str) -> tuple[int, str]:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return response.status_code, text.replace(email, "…")
