"""What holds mail back: the mute, the breaker for automatic mail, the cap for each address."""

import socket
from datetime import timedelta

import pytest

from apaise.doors.operate.health import outgoing_mail
from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import HOUSE
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.channels.mail import stops
from apaise.intake.channels.mail.stops import Stop
from apaise.intake.channels.mail.tests.servers import row, tried, words_of
from apaise.intake.channels.tasks import deliver
from apaise.journey import queue
from apaise.journey.models import Job
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent(settings):
    """A port where nobody may call: says whether anybody did, and what they said."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        settings.SMTP_URL = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        yield lambda: _callers(listening)


def _callers(listening):
    try:
        caller, _address = listening.accept()
    except BlockingIOError:
        return 0
    caller.close()
    return 1


@pytest.fixture
def root(staff):
    return staff("administrator")


@pytest.fixture
def acknowledged(complain, work):
    """The queued acknowledgements of so many complaints, from so many people or from one."""

    def make(many, **words):
        cases = [
            complain(**({"email": f"c{n}@courriel.exemple.test", "subject": f"Dossier {n}"} | words))
            for n in range(many)
        ]
        work()
        return [case.messages.get(kind="acknowledgement") for case in cases]

    return make


# --- the mute --------------------------------------------------------------------------------------------


def test_while_muted_no_byte_reaches_the_mail_server(queued, acknowledged, silent, root, noon):
    reply, (acknowledgement,) = queued(), acknowledged(1)
    assert stops.mute(by=root)
    for message in (reply, acknowledgement):
        assert tried(message) == "held back: muted"
        assert (row(message).state, row(message).problem, row(message).attempts) == ("queued", "muted", 0)
    assert silent() == 0  # neither a connection nor a command
    with nothing_changed():
        assert tried(reply) == "held back: muted"
    assert silent() == 0


def test_the_silent_port_does_notice_a_caller(silent, settings):
    host, port = settings.SMTP_URL.removeprefix("smtp://").split(":")
    socket.create_connection((host, int(port)), timeout=5).close()
    assert silent() == 1


def test_what_waited_leaves_once_it_is_let_go(queued, carrier, root, noon):
    server, message = carrier(), queued()
    stops.mute(by=root)
    assert tried(message) == "held back: muted"
    assert stops.let_go(Stop.objects.get(), by=root)
    assert tried(message) == "sent"
    assert (len(server.taken), row(message).problem) == (1, "")
    entries = Entry.objects.of(HOUSE).filter(what__startswith="mail.").values_list("what", "by")
    assert list(entries) == [("mail.stopped", root.actor_code), ("mail.resumed", root.actor_code)]


def test_letting_go_wakes_what_has_waited_long(queued, carrier, root, work, noon):
    server, message = carrier(), queued()
    stops.mute(by=root)
    with clock.at_moment(noon + timedelta(hours=3)):
        queue.run_all()
        jobs = Job.objects.filter(task=deliver.module_path)
        (job,) = [one for one in jobs if one.arguments["args"] == [message.pk]]
        assert (job.state, job.run_after) == ("ready", noon + timedelta(hours=3, minutes=10))
    with clock.at_moment(noon + timedelta(hours=3, minutes=1)):
        stops.let_go(Stop.objects.get(), by=root)
        queue.run_all()
    assert row(message).state == "sent"
    assert len(server.taken) == 2  # and the acknowledgement


def test_the_check_of_health_leaves_the_server_alone_while_muted(desk, silent, settings):
    settings.MUTE = True
    said = dict(reversed(one) for one in outgoing_mail())
    assert silent() == 0
    assert list(said.values()) == ["warning"]


def test_a_setting_mutes_as_well(queued, silent, settings):
    settings.MUTE = True
    assert tried(queued()) == "held back: muted"
    assert silent() == 0


def test_muting_twice_is_muting_once_and_ending_twice_is_harmless(root):
    assert stops.mute(by=root) is True
    assert stops.mute(by=root) is False
    stop = Stop.objects.get()
    assert stops.let_go(stop, by=root) is True
    with nothing_changed():
        assert stops.let_go(stop, by=root) is False


def test_only_an_administrator_stops_mail_or_lets_it_go(root, ana, cleo):
    for person in (ana, cleo):
        with refused(Refused, match="administrator"):
            stops.mute(by=person)
    stops.mute(by=root)
    with refused(Refused, match="administrator"):
        stops.let_go(Stop.objects.get(), by=ana)


def test_peers_24_an_import_mails_nobody(acknowledged, carrier, root):
    server = carrier()
    with stops.muted_for_import():
        waiting = acknowledged(3)
        assert [tried(message) for message in waiting] == ["held back: muted"] * 3
        stops.mute(by=root)  # beside it: the end of the import does not end this one
    assert [tried(message) for message in waiting] == ["held back: muted"] * 3
    assert server.asked == 0
    stops.let_go(Stop.objects.get(why="administrator"), by=root)
    assert [tried(message) for message in waiting] == ["sent"] * 3


def test_an_import_that_dies_leaves_the_mail_muted(queued, silent, root):
    message = queued()
    with pytest.raises(RuntimeError), stops.muted_for_import():
        raise RuntimeError("the import dies")
    assert tried(message) == "held back: muted"
    assert silent() == 0
    stops.let_go(Stop.objects.get(), by=root)
    assert not stops.is_muted()


# --- the breaker -----------------------------------------------------------------------------------------


def test_too_many_automatic_mails_a_minute_open_the_breaker_and_tell_the_administrators_once(
    acknowledged, queued, carrier, settings, root, work, noon
):
    settings.AUTOMATIC_PER_MINUTE = 3
    server, waiting, reply = carrier(), acknowledged(6), queued()
    assert [tried(message) for message in waiting] == ["sent"] * 3 + ["held back: paused"] * 3
    work()
    assert [alert.user for alert in Alert.objects.filter(kind="mail_stopped")] == [root]
    with clock.at_moment(noon + timedelta(hours=2)):  # it does not close by itself
        assert tried(waiting[3]) == "held back: paused"
        assert tried(reply) == "sent"  # what a person wrote leaves
    stop = Stop.objects.get()
    assert (stop.what, stop.why, stop.by) == ("automatic", "too_many", None)
    assert len(server.taken) == 4


def test_after_the_breaker_is_closed_counting_begins_anew(acknowledged, carrier, settings, root, noon):
    settings.AUTOMATIC_PER_MINUTE = 2
    carrier()
    waiting = acknowledged(5)
    assert [tried(message) for message in waiting[:3]] == ["sent", "sent", "held back: paused"]
    with clock.at_moment(noon + timedelta(seconds=5)):
        stops.let_go(Stop.objects.get(), by=root)
    with clock.at_moment(noon + timedelta(seconds=6)):
        assert [tried(message) for message in waiting[2:]] == ["sent", "sent", "held back: paused"]
    assert Stop.objects.filter(ended_at=None).count() == 1


def test_a_quiet_minute_never_opens_the_breaker(acknowledged, carrier, settings, noon):
    settings.AUTOMATIC_PER_MINUTE = 2
    carrier()
    for minute, message in enumerate(acknowledged(6)):
        with clock.at_moment(noon + timedelta(seconds=31 * minute)):
            assert tried(message) == "sent"
    assert not Stop.objects.exists()


def test_mails_that_end_uncertain_count_too(acknowledged, carrier, settings):
    settings.AUTOMATIC_PER_MINUTE = 2
    carrier(cut="DATA")
    ends = [tried(message) for message in acknowledged(3)]
    assert ends == ["uncertain", "uncertain", "held back: paused"]


def test_peers_25_automatic_mails_that_multiply_are_stopped_and_it_is_said_why(
    acknowledged, carrier, settings, root, work
):
    settings.AUTOMATIC_PER_MINUTE, settings.AUTOMATIC_PER_ADDRESS = 10, 5
    server = carrier()
    ends = [tried(message) for message in acknowledged(40)]
    assert (ends.count("sent"), ends.count("held back: paused")) == (10, 30)
    assert len(server.taken) == 10
    waiting = Message.objects.filter(state="queued", kind="acknowledgement")
    assert set(waiting.values_list("problem", flat=True)) == {"paused"}
    assert "administrator" in waiting[0].problem_in_words()


# --- the cap for one address -----------------------------------------------------------------------------


def test_peers_1_one_address_gets_five_automatic_mails_an_hour_and_the_handler_is_told(
    acknowledged, carrier, mara, work, noon
):
    server = carrier()
    waiting = acknowledged(8, email="boucle@courriel.exemple.test")
    assert [tried(message) for message in waiting] == ["sent"] * 5 + ["held back: capped"] * 3
    with nothing_changed():
        assert tried(waiting[5]) == "held back: capped"
    work()
    told = Alert.objects.filter(kind="mail_held").values_list("user", "chain")
    assert set(told) == {(mara.pk, message.case.reference) for message in waiting[5:]}
    assert words_of(waiting[5]) == ["message.queued", "message.held"]
    with clock.at_moment(noon + timedelta(hours=1, seconds=1)):
        assert [tried(message) for message in waiting[5:]] == ["sent"] * 3
    assert len(server.taken) == 8


def test_the_cap_does_not_care_how_the_address_is_written(acknowledged, carrier, settings):
    settings.AUTOMATIC_PER_ADDRESS = 1
    carrier()
    one, other = acknowledged(2, email="boucle@courriel.exemple.test")
    Message.objects.filter(pk=other.pk).update(to_address="Boucle@Courriel.exemple.TEST")
    assert (tried(one), tried(other)) == ("sent", "held back: capped")


def test_others_and_what_people_write_leave_beside_a_capped_address(acknowledged, queued, carrier, settings):
    settings.AUTOMATIC_PER_ADDRESS = 1
    carrier()
    one, other = acknowledged(2, email="claire@courriel.exemple.test")
    assert (tried(one), tried(other)) == ("sent", "held back: capped")
    assert tried(queued()) == "sent"  # to the same address, by Ana
    assert tried(acknowledged(1, email="denis@courriel.exemple.test")[0]) == "sent"


def test_no_limits_where_they_are_set_to_none(acknowledged, carrier, settings):
    settings.AUTOMATIC_PER_ADDRESS = settings.AUTOMATIC_PER_MINUTE = 0
    carrier()
    assert {tried(message) for message in acknowledged(12, email="a@courriel.exemple.test")} == {"sent"}
