"""Rows about clocks: targets by channel, dates that move only with a notice, and what other systems' users suffered from."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apaise.ground.packs.load import load_pack
from apaise.ground.packs.models import PackVersion
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, deadlines, ending, postponement
from apaise.intake.cases.messages import Refused, add_customer_message
from apaise.intake.cases.models import Case, State
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.promises import make_promise
from apaise.lib import clock
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db
NEWS = {"done_so_far": "Vu le planning.", "remaining": "Voir le prestataire.", "reason": "Il est absent."}


def of(case, rule):
    return case.deadlines.get(rule=rule)


def test_s0_18_a_chat_is_owed_a_first_word_in_five_minutes_and_a_letter_by_its_criticality(complain, noon):
    chat, letter = complain(channel="chat"), complain(channel="letter", email="luc@courriel.exemple.test")
    assert chat.pack_version == letter.pack_version
    assert of(chat, "first_contact").due_at == noon + timedelta(minutes=5)
    assert of(letter, "first_contact").due_at == datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC)


def test_s0_18_nobody_is_late_on_a_chat_of_the_night(desk, complain):
    with clock.at_moment(datetime(2026, 11, 25, 21, 0, tzinfo=UTC)):  # ten in the evening, in Paris
        case = complain(channel="chat")
    assert of(case, "first_contact").due_at == datetime(2026, 11, 26, 8, 5, tzinfo=UTC)  # five past nine


def test_s4_25_every_date_of_the_reply_moves_together_and_the_customer_reads_why(desk, complain, cleo, noon):
    frozen = PackVersion.freeze(load_pack("fr-banque-assurance"))
    person = complain().complainant
    case = open_case(person, desk=desk, channel="email", language="fr", by=person, pack_version=frozen)
    assign(case, cleo, by=cleo)
    assert of(case, "psp_reply").due_at < datetime(2026, 12, 20, tzinfo=UTC)  # 15 working days
    notice = postponement.postpone(
        case, to=date(2026, 12, 22), next_update=date(2026, 12, 4), by=cleo, **NEWS
    )
    for rule in ("reply_target", "psp_reply"):
        assert of(case, rule).due_at == datetime(2026, 12, 22, 22, 59, 59, tzinfo=UTC)
    assert Case.objects.get(pk=case.pk).announced_for == datetime(2026, 12, 22, 22, 59, 59, tzinfo=UTC)
    assert "il est absent" in notice.text.lower() and "22\xa0décembre" in notice.text


def test_s4_25_what_the_law_fixes_is_not_passed(desk, complain, cleo, noon):
    frozen = PackVersion.freeze(load_pack("fr-banque-assurance"))
    person = complain().complainant
    case = open_case(person, desk=desk, channel="email", language="fr", by=person, pack_version=frozen)
    assign(case, cleo, by=cleo)
    with refused(Refused, match="7\xa0janvier 2027"):  # 35 working days for a payment service
        postponement.postpone(case, to=date(2027, 1, 15), next_update=date(2026, 12, 4), by=cleo, **NEWS)


def test_peers_14_the_region_of_a_desk_keeps_its_own_holidays(desk, complain):
    desk.region = "alsace-moselle"
    desk.save()
    with clock.at_moment(datetime(2026, 12, 24, 11, 0, tzinfo=UTC)):  # a Thursday
        here = complain()
        desk.region = ""
        desk.save()
        there = complain(email="luc@courriel.exemple.test")
    # The 25th is off everywhere and the 26th is a Saturday: the Friday after Easter tells the two apart.
    assert (here.region, there.region) == ("alsace-moselle", "")
    easter = datetime(2027, 3, 25, 11, 0, tzinfo=UTC)
    one, other = (case.pack_version.pack.deadline("ack").due(easter, case.calendar) for case in (here, there))
    assert (one.due, other.due) == (date(2027, 3, 30), date(2027, 3, 26))


def test_peers_15_a_changed_policy_loses_no_pause(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 4), by=ana)
    with clock.at_moment(noon + timedelta(days=2)):
        add_customer_message(case, case.complainant, channel="email", text="Le 12.")
    pauses = of(case, "reply_target").pauses
    assert len(pauses) == 1
    PackVersion.objects.exclude(pk=case.pack_version_id).delete()  # whatever is published meanwhile
    deadlines.rebuild(Case.objects.get(pk=case.pk))
    assert of(case, "reply_target").pauses == pauses


def test_peers_16_a_breach_grows_no_more_once_the_clock_has_stopped(answered, noon):
    case = answered()
    late = of(case, "reply_target")
    with clock.at_moment(noon + timedelta(days=300)):
        deadlines.sweep(clock.now())
        deadlines.rebuild(Case.objects.get(pk=case.pk))
    again = of(case, "reply_target")
    assert (again.state, again.stopped_at, again.missed_at) == ("stopped", late.stopped_at, None)


def test_peers_17_thanks_reopen_nothing(answered, ana, noon):
    case = answered()
    ending.accept(case, by=case.complainant, said="email")
    ending.close(case, reason="accepted", followup="done", summary="Réglé.", by=ana)
    add_customer_message(case, case.complainant, channel="email", text="Merci beaucoup, bonne journée !")
    assert Case.objects.get(pk=case.pk).state == State.CLOSED
    assert not case.deadlines.filter(state="running", customer_right=False).exists()


def test_a_promise_keeps_its_own_day_whatever_the_policy(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    make_promise(case, "Un appel", date(2026, 11, 29), by=ana)  # a Sunday: due that Sunday
    assert of(case, "commitment_due").due_at.date() <= date(2026, 11, 29)
