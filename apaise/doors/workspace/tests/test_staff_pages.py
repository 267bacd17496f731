"""The staff's own pages beside the cases: door, alerts, quarantine, queue, the demo's outbox, account."""

import re

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import translation

from apaise.doors.origin import is_from_this_machine, origin_of
from apaise.ground.accounts.alerts import alert
from apaise.ground.packs.vocabulary import BREACH_ACTIONS
from apaise.handling.routing.assignment import assign
from apaise.handling.tasks.wording import KINDS
from apaise.intake.channels import receive
from apaise.intake.channels.mail.compose import mail_of
from apaise.intake.channels.models import Arrival, OutboxMail, file_store
from apaise.journey.alert_words import WORDS
from apaise.journey.models import Job
from apaise.lib import clock

pytestmark = pytest.mark.django_db
STRANGER = (
    b"From: Paul Passant <paul@ailleurs.exemple.test>\r\nTo: reclamations@exemple.test\r\nSubject: Re: %s\r\n"
    b"Message-ID: <p1@ailleurs.exemple.test>\r\n\r\nJ'ai vu le technicien repartir sans sonner.\r\n"
)


@pytest.fixture(autouse=True)
def _in_its_own_folder(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def as_(client):
    """Sign in as somebody and read a page: as_(ana, "workspace:alerts")."""

    def read(user, name, *args, **query):
        client.force_login(user)
        answer = client.get(reverse(name, args=args), query)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode().replace("\u00a0", " ")

    return read


# --- the door ----------------------------------------------------------------------------------------------------


def test_the_right_pair_opens_the_page_one_came_for(client, ana):
    answer = client.post(
        reverse("sign-in"),
        {"email": "ana@exemple.test", "password": "correct horse battery", "next": "/desk/alerts"},
    )
    assert answer.url == "/desk/alerts"


def test_a_wrong_pair_keeps_the_address_and_says_how_many_tries_are_left(client, ana):
    tries = [
        client.post(reverse("sign-in"), {"email": "ana@exemple.test", "password": "no", "lang": "en"})
        for _ in range(6)
    ]
    assert [answer.status_code for answer in tries] == [403] * 5 + [429]
    first, last, refused = (tries[number].content.decode() for number in (0, 4, 5))
    assert "4 tries left" in first and 'value="ana@exemple.test"' in first and 'id="password-error"' in first
    assert "No try is left for now" in last
    assert "Wait 5 minutes" in refused


def test_the_door_leads_nowhere_else(client, ana):
    page = client.get(reverse("sign-in"), {"next": "https://elsewhere.example/desk"}).content.decode()
    assert "elsewhere" not in page


def test_the_door_keeps_the_chosen_language_and_the_way_back(client, desk):
    page = client.get(reverse("sign-in"), {"next": "/desk/alerts", "lang": "en"}).content.decode()
    assert '<html lang="en">' in page and '<input type="hidden" name="lang" value="en">' in page
    assert "/sign-in?next=%2Fdesk%2Falerts&amp;lang=fr" in page and 'href="/?lang=en"' in page


def test_signing_out_says_so(client, ana):
    client.force_login(ana)
    answer = client.post(reverse("sign-out"))
    assert "signed out" in client.get(answer.url, headers={"accept-language": "en"}).content.decode()
    assert client.get("/desk/alerts").status_code == 302


@override_settings(DEMO=True)
def test_the_demo_opens_only_from_its_own_machine(client, ana):
    told = {"email": "ana@exemple.test", "password": "correct horse battery", "lang": "en"}
    elsewhere = client.post(reverse("sign-in"), told, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 403 and "only from the machine" in elsewhere.content.decode()
    assert client.post(reverse("sign-in"), told).status_code == 302


# --- alerts --------------------------------------------------------------------------------------------------------


def test_every_breach_action_and_every_kind_has_words():
    assert {action for action in BREACH_ACTIONS if action not in ("alert_team_lead", "log_breach")} <= set(
        KINDS
    )
    for words in WORDS.values():
        facts = {"date": "x", "door": "y", "who": "z", "stage": "s"}
        assert str(words.what) % facts and str(words.then) % facts


def test_an_alert_about_a_silent_way_in_names_it_and_leads_to_the_mailboxes(as_, client, staff):
    administrator = staff("administrator")
    alert([administrator], "mail_silent", detail="smtp", once="1")
    page = as_(administrator, "workspace:alerts")
    assert "No mail has come for long: SMTP on this machine" in page
    assert reverse("workspace:mailboxes") in page


def test_alerts_say_what_happened_and_what_to_do_unseen_first(as_, client, complain, ana):
    case = complain()
    alert([ana], "deadline_missed", chain=case.reference, detail="reply_target", once="1")
    alert([ana], "case_assigned", chain=case.reference, once="2")
    page = as_(ana, "workspace:alerts")
    assert "A date was missed: Reply" in page and "Tell the customer before they ask" in page
    assert case.reference in page and "2 you have not seen yet" in page
    seen = ana.alerts.get(kind="case_assigned")
    client.post(reverse("workspace:alert-seen", args=[seen.pk]))
    page = as_(ana, "workspace:alerts")
    assert "1 you have not seen yet" in page
    assert page.index("A date was missed") < page.index("A case was given to you")


def test_all_that_was_shown_is_seen_with_one_click_and_what_came_since_is_not(as_, client, complain, ana, bo):
    case = complain()
    for number in range(3):
        alert([ana, bo], "customer_wrote", chain=case.reference, once=str(number))
    page = as_(ana, "workspace:alerts")
    assert "Mark all as seen" in page
    newest = max(ana.alerts.values_list("pk", flat=True))
    assert f'name="up_to" value="{newest}"' in page
    alert([ana], "customer_wrote", chain=case.reference, once="since")
    assert client.get(reverse("workspace:alerts-seen")).status_code == 405
    assert client.post(reverse("workspace:alerts-seen"), {"up_to": newest}).status_code == 302
    assert ana.alerts.filter(seen_at=None).count() == 1
    assert bo.alerts.filter(seen_at=None).count() == 3
    assert "Mark all as seen" not in as_(ana, "workspace:alerts")
    for wrong in ("", "x", "-1", "9" * 30):
        assert client.post(reverse("workspace:alerts-seen"), {"up_to": wrong}).status_code == 404
    assert ana.alerts.filter(seen_at=None).count() == 1


def test_an_alert_about_a_case_one_may_not_see_is_not_shown(as_, complain, eve):
    alert([eve], "customer_wrote", chain=complain().reference, once="1")
    assert "The customer wrote" not in as_(eve, "workspace:alerts")


def test_an_alert_of_somebody_else_cannot_be_marked(client, complain, ana, bo):
    alert([bo], "customer_wrote", chain=complain().reference, once="1")
    client.force_login(ana)
    assert client.post(reverse("workspace:alert-seen", args=[bo.alerts.get().pk])).status_code == 404
    assert bo.alerts.get().seen_at is None


# --- quarantine ------------------------------------------------------------------------------------------------------


def stranger(case):
    arrival = receive.keep(STRANGER % case.reference.encode(), desk=case.desk)
    assert receive.receive(arrival).reason == "not_a_participant"
    return arrival


def test_the_quarantine_says_why_whose_until_when_and_shows_the_first_words(as_, complain, ana):
    case = complain()
    stranger(case)
    page = as_(ana, "workspace:quarantine")
    for words in (
        "Its sender is not part of the case it answers.",
        "Mara Lead",
        "in 59 min",
        "paul@ailleurs.exemple.test",
        "sans sonner",
        "Re: ",
    ):
        assert words in page, words
    assert f"Let it into {case.reference}" in page


def test_letting_a_stranger_in_files_the_words(as_, client, complain, ana):
    case = complain()
    arrival = stranger(case)
    client.force_login(ana)
    answer = client.post(reverse("workspace:replay", args=[arrival.pk]), {"accept": "1"})
    assert answer.url.endswith("done=replayed")
    assert case.messages.filter(text__contains="sans sonner").count() == 1
    assert "read again and filed" in client.get(answer.url).content.decode()


def test_reading_again_what_still_cannot_be_filed_says_so(client, complain, ana):
    arrival = stranger(complain())
    client.force_login(ana)
    answer = client.post(reverse("workspace:replay", args=[arrival.pk]))
    assert "still cannot be filed" in client.get(answer.url).content.decode()
    assert Arrival.objects.get(pk=arrival.pk).state == "quarantined"


def test_who_may_only_read_sees_no_button(as_, complain, staff):
    stranger(complain())
    page = as_(staff("auditor"), "workspace:quarantine")
    assert "lets you read this" in page and "/setting-aside" not in page and "sans sonner" in page


# --- queue, outbox, account, components --------------------------------------------------------------------------------


def test_the_queue_shows_what_is_stuck_and_tries_it_again(as_, client, staff):
    job = Job.objects.create(
        task="apaise.intake.channels.tasks.deliver",
        state="dead",
        problem="OSError at gate.py:9",
        finished_at=clock.now(),
    )
    admin = staff("administrator")
    page = as_(admin, "workspace:queue")
    assert "OSError at gate.py:9" in page and f"Try again: deliver #{job.pk}" in page
    assert client.post(reverse("workspace:queue-retry", args=[job.pk])).status_code == 302
    job.refresh_from_db()
    assert job.state == "ready"


def test_the_queue_and_the_components_are_the_administrators(client, ana, staff):
    client.force_login(ana)
    assert (
        client.get(reverse("workspace:queue")).status_code
        == client.get(reverse("workspace:style-guide")).status_code
        == 403
    )
    client.force_login(staff("administrator"))
    page = client.get(reverse("workspace:style-guide"))
    assert page.status_code == 200 and reverse("workspace:queue") in page.content.decode()


@override_settings(DEMO=True)
def test_a_mail_of_the_demo_is_shown_whole_in_a_frame_that_runs_nothing(as_, client, complain, ana, work):
    case = complain()
    assign(case, ana, by=ana)
    work()
    message = case.messages.get(kind="acknowledgement")
    raw = file_store().keep(mail_of(message).as_bytes())[0]
    kept = OutboxMail.objects.create(
        envelope_from="a@b.test",
        envelope_to=message.to_address,
        raw=raw,
        subject=message.subject,
        message=message,
    )
    assert message.subject.replace("\u00a0", " ") in as_(ana, "workspace:outbox")
    page = as_(ana, "workspace:outbox-mail", kept.pk)
    letter = reverse("workspace:outbox-letter", args=[kept.pk])
    assert re.search(rf'<iframe [^>]*\bsandbox src="{letter}"', page)
    assert "Auto-Submitted" in page and "/t/" in page
    answer = client.get(letter)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and policy.endswith("sandbox") and "script" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_outside_the_demo_there_is_no_outbox(client, ana):
    client.force_login(ana)
    assert client.get(reverse("workspace:outbox")).status_code == 404


def test_the_language_changes_at_once(client, ana):
    client.force_login(ana)
    answer = client.post(reverse("workspace:account"), {"language": "fr"})
    assert '<html lang="fr">' in client.get(answer.url).content.decode()
    assert client.post(reverse("workspace:account"), {"language": "de"}).status_code == 409


def test_how_alerts_come_by_mail_is_chosen_on_ones_own_page(client, ana):
    client.force_login(ana)
    page = client.get(reverse("workspace:account")).content.decode()
    assert 'value="summary" checked' in page and "As the house: Paris" in page
    chosen = {"alerts_by_mail": "urgent", "time_zone": "Indian/Reunion"}
    assert client.post(reverse("workspace:account"), chosen).status_code == 302
    ana.refresh_from_db()
    assert (ana.alerts_by_mail, ana.time_zone) == ("urgent", "Indian/Reunion")
    for wrong in ({**chosen, "alerts_by_mail": "hourly"}, {**chosen, "time_zone": "Mars/Base"}):
        assert client.post(reverse("workspace:account"), wrong).status_code == 409
    ana.refresh_from_db()
    assert (ana.alerts_by_mail, ana.time_zone) == ("urgent", "Indian/Reunion")


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"password": "wrong", "new_password": "quiet green river"}, "password", "does not match"),
        (
            {"password": "correct horse battery", "new_password": "short"},
            "new_password",
            "at least 12 characters",
        ),
    ],
)
def test_a_password_that_will_not_do_is_refused_beside_its_field(client, ana, typed, field, words):
    client.force_login(ana)
    page = client.post(reverse("workspace:account"), typed)
    assert (
        page.status_code == 409
        and f'id="{field}-error"' in page.content.decode()
        and words in page.content.decode()
    )
    ana.refresh_from_db()
    assert ana.check_password("correct horse battery")


def test_a_new_password_opens_and_the_session_goes_on(client, ana):
    client.force_login(ana)
    client.post(
        reverse("workspace:account"),
        {"password": "correct horse battery", "new_password": "quiet green river"},
    )
    ana.refresh_from_db()
    assert ana.check_password("quiet green river")
    assert client.get(reverse("workspace:account")).status_code == 200


def test_the_pages_speak_french_too(as_, client, complain, ana):
    ana.language = "fr"
    ana.save()
    for name in ("workspace:alerts", "workspace:quarantine", "workspace:account"):
        assert '<html lang="fr">' in as_(ana, name)
    assert translation.get_language() == "fr"  # the default, untouched by the request


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "origin"),
    [
        (
            ["127.0.0.1"],
            "203.0.113.9",
            "198.51.100.1",
            "203.0.113.9",
        ),  # a stranger says nothing about himself
        (["127.0.0.1"], "127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # what our own proxy saw
        ([], "127.0.0.1", "198.51.100.1", "127.0.0.1"),  # nobody is believed unless named
        ([], "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),  # a household has many
    ],
)
def test_where_a_request_comes_from_is_what_our_own_proxy_saw(rf, settings, proxies, peer, forwarded, origin):
    settings.PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert origin_of(rf.get("/", REMOTE_ADDR=peer, **headers)) == origin


def test_somebody_passed_on_by_a_proxy_is_not_on_this_machine(rf):
    assert is_from_this_machine(rf.get("/", REMOTE_ADDR="127.0.0.1"))
    assert not is_from_this_machine(rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="127.0.0.1"))
