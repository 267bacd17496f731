"""Mail to our own people leaves by the same gate: muted with all mail, at most once, and saying that a machine wrote it."""

from datetime import timedelta

import pytest

from apaise.intake.cases.message import Message
from apaise.intake.channels.mail import gate, stops
from apaise.intake.channels.mail.tests.servers import read
from apaise.intake.channels.mail.to_staff import StaffMail, write_to_staff
from apaise.lib import clock
from apaise.lib.later import NotNow
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(ana, settings, noon):
    def make(once="1", **more):
        said = {
            "subject": "2 things to look at",
            "text": "– A date was missed (R-2026-00001)",
            "link": "/desk/alerts",
            "link_says": "See my alerts",
            "until": clock.now() + timedelta(hours=4),
        }
        return write_to_staff(ana, StaffMail.Kind.SUMMARY, **{**said, **more}, once=once)

    return make


def state(mail):
    return StaffMail.objects.values_list("state", flat=True).get(pk=mail.pk)


def tried(mail):
    """How it stands after a try, and why it waits."""
    try:
        gate.deliver_to_staff(mail.pk)
    except NotNow as later:
        return state(mail), str(later)
    return state(mail)


def test_it_leaves_once_from_the_desk_and_an_answer_comes_back_to_its_writer(carrier, written, settings):
    server = carrier()
    mail = written()
    assert tried(mail) == "sent"
    with nothing_changed():
        assert tried(mail) == "sent"
    ((sender, recipients, raw),) = server.taken
    assert (sender, recipients) == ("reclamations@exemple.test", ["ana@exemple.test"])
    left = read(raw)
    assert left["Reply-To"].addresses[0].addr_spec == "ana@exemple.test"
    assert (left["Auto-Submitted"], left["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert left["Message-ID"] == mail.message_id
    for part in ("plain", "html"):
        said = left.get_body((part,)).get_content()
        assert f"{settings.URL}/desk/alerts" in said and "R-2026-00001" in said
        assert "You need to sign in" in said


def test_the_same_occasion_is_written_of_once(carrier, written):
    carrier()
    assert written() is not None
    with nothing_changed():
        assert written() is None


def test_while_all_mail_is_stopped_it_waits(carrier, written, staff):
    server, boss = carrier(), staff("administrator")
    mail = written()
    stops.mute(by=boss)
    assert tried(mail) == ("queued", "held back: muted")
    stops.let_go(stops.Stop.objects.get(ended_at=None), by=boss)
    assert tried(mail) == "sent"
    assert len(server.taken) == 1


def test_the_mute_of_the_settings_holds_it_too(carrier, written, settings):
    server = carrier()
    settings.MUTE = True
    assert tried(written()) == ("queued", "held back: muted")
    assert server.taken == []


def test_while_automatic_mail_is_stopped_it_waits(carrier, written):
    carrier()
    mail = written()
    stops.Stop.objects.create(what="automatic", why="too_many")
    assert tried(mail) == ("queued", "held back: paused")


def test_it_counts_towards_no_cap_of_the_customers_mail(carrier, written, settings):
    carrier()
    settings.AUTOMATIC_PER_MINUTE = 1
    assert [tried(written(once=str(number))) for number in range(3)] == ["sent"] * 3
    assert not stops.Stop.objects.exists() and not Message.objects.exists()


def test_when_its_hour_has_passed_it_is_dropped(carrier, written, noon):
    server, mail = carrier(), written()
    with clock.at_moment(noon + timedelta(hours=5)):
        assert tried(mail) == "dropped"
    assert server.taken == []


def test_to_somebody_who_has_left_meanwhile_it_is_dropped(carrier, written, ana):
    server, mail = carrier(), written()
    type(ana).objects.filter(pk=ana.pk).update(is_active=False)
    assert (tried(mail), server.taken) == ("dropped", [])


@pytest.mark.parametrize(
    ("answers", "ends"),
    [
        ({"RCPT": "550 No such person"}, "failed"),
        ({"RCPT": "451 Later"}, ("queued", "mail server: code 451")),
        ({"MAIL": "530 Who are you"}, ("queued", "mail server: code 530 for our own address")),
        ({"DATA": "452 Full"}, ("queued", "mail server: code 452")),
        ({"cut": "RCPT"}, ("queued", "mail server: SMTPServerDisconnected")),
        ({"cut": "DATA"}, "uncertain"),
        ({"cut": "QUIT"}, "sent"),
    ],
)
def test_what_a_server_answers_decides(carrier, written, answers, ends):
    server = carrier(**answers)
    assert tried(written()) == ends
    assert len(server.taken) <= 1


def test_cut_off_in_the_middle_it_is_never_sent_again(carrier, written):
    server, mail = carrier(), written()
    StaffMail.objects.filter(pk=mail.pk).update(state="sending")
    assert tried(mail) == "uncertain"
    assert tried(mail) == "uncertain"
    assert server.taken == []
