"""What people do with what waits at the door."""

from datetime import timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Exclusion
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import overdue, receive, replay, set_aside
from apaise.intake.channels.tests.arriving import get
from apaise.intake.channels.tests.letters import mail
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


def test_setting_aside_is_kept_with_who_decided(desk, ana):
    get(b"")
    arrival = Arrival.objects.get()
    assert set_aside(arrival, by=ana) is True
    assert set_aside(arrival, by=ana) is False
    arrival.refresh_from_db()
    assert (arrival.state, arrival.accepted_by) == ("set_aside", ana)
    assert receive(arrival).outcome == "quarantined"
    assert Arrival.objects.get().state == "set_aside"


def test_what_another_has_settled_is_told_and_not_done_again(written_to, ana, bo):
    _, number = written_to()
    get(mail("Sœur", in_reply_to=number, **{"from": "soeur@ailleurs.test"}))
    mine, theirs = Arrival.objects.get(), Arrival.objects.get()
    replay(mine, by=ana, accept=True)
    with nothing_changed():
        assert replay(theirs, by=bo, accept=True).outcome == "duplicate"
        assert set_aside(theirs, by=bo) is False


@pytest.mark.parametrize("role", ["auditor", "quality", "administrator", "contributor", "executive"])
def test_readers_decide_nothing_about_the_quarantine(written_to, staff, role, eve):
    _case, number = written_to()
    get(mail("Sœur", in_reply_to=number, **{"from": "soeur@ailleurs.test"}))
    arrival, reader = Arrival.objects.get(), staff(role)
    for act in (lambda by: replay(arrival, by=by, accept=True), lambda by: set_aside(arrival, by=by)):
        with refused(Refused):
            act(reader)
        with refused(Refused, match="another desk"):
            act(eve)


def test_an_excluded_person_sees_nothing_of_a_stranger_at_the_door_of_the_case(written_to, bo):
    case, number = written_to()
    get(mail("Sœur", in_reply_to=number, **{"from": "soeur@ailleurs.test"}))
    assert Arrival.objects.visible_to(bo).count() == 1
    Exclusion.objects.create(case=case, user=bo, because="onsite_technician")
    assert not Arrival.objects.visible_to(bo).exists()
    arrival = Arrival.objects.get()
    with refused(Refused):
        replay(arrival, by=bo, accept=True)


@pytest.mark.parametrize(
    ("role", "team", "seen"),
    [
        ("handler", True, 1),
        ("handler", False, 0),
        ("team_lead", True, 1),
        ("complaints_manager", False, 1),
        ("auditor", False, 1),
        ("quality", True, 0),
        ("administrator", False, 0),
    ],
)
def test_the_desks_people_see_what_their_desk_received(desk, staff, role, team, seen):
    get(mail())
    assert Arrival.objects.visible_to(staff(role, team=team)).count() == seen


def test_after_an_hour_without_anybody_the_leads_are_told_once(desk, mara, cleo, noon):
    from apaise.ground.accounts.models import Alert
    from apaise.journey.rounds import sweep_quarantine

    get(b"")
    with clock.at_moment(noon + timedelta(minutes=60)):
        assert not list(overdue())
    with clock.at_moment(noon + timedelta(minutes=61)):
        sweep_quarantine()
        sweep_quarantine()
    assert sorted(Alert.objects.filter(kind="quarantine_overdue").values_list("user__name", flat=True)) == [
        "Cleo Manager",
        "Mara Lead",
    ]


def test_receiving_writes_the_ledger_in_one_go_with_the_case(desk, noon):
    case = get(mail()).case
    assert list(Entry.objects.of(case.reference).values_list("what", flat=True)) == [
        "case.received",
        "complaint.written",
        *["deadline.started"] * 6,
        "message.received",
    ]


def test_a_hostile_mail_is_filed_or_quarantined_but_never_lost(desk):
    hostile = [
        mail("x", subject="S" * 5000, message_id="<" + "m" * 3000 + "@x.test>"),
        mail("x", **{"from": '"' + "N" * 900 + '" <' + "l" * 400 + "@" + "d" * 100 + ".test>"}),
        mail("x", files=[("n" * 600 + ".pdf", b"1")]),
        b"From: a@b.test\r\nTo: reclamations@exemple.test\r\nSubject: x\r\nContent-Type: "
        + b"a" * 300
        + b"/"
        + b"b" * 300
        + b"\r\n\r\nx",
        b"From: a@b.test\r\nSubject: =?utf-8?q?=00=01=ED=A0=80?=\r\n\r\n\x00\xed\xa0\x80 words",
        b"From: <>\r\nTo: reclamations@exemple.test\r\nSubject: x\r\n\r\nx",
        b"From: Nobody\r\nSubject: y\r\n\r\nx",
        b"From: a@b.test, c@d.test\r\nSubject: z\r\n\r\nx",
        b"From: a@b.test\r\nReferences: " + b"<r@x.test> " * 5000 + b"\r\n\r\nx",
        b'From: "a\r\n b" <a@b.test>\r\nSubject: a\r\n b\r\nDate: Fri, 31 Feb 2026 25:61:00 +9999\r\n\r\nx',
    ]
    for raw in hostile:
        outcome = get(raw)
        assert outcome.outcome in ("opened", "quarantined"), raw[:60]
        assert outcome.reason != "failed", raw[:60]
