"""Mails to our own people: what waits for them, when they want it, in their language, and nothing of any customer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from apaise.ground.accounts.alerts import alert, see, unseen
from apaise.ground.accounts.mail_choice import TIME_ZONES, ChoiceRefused, choose_mail, zone_of
from apaise.ground.accounts.models import Alert, User
from apaise.ground.accounts.regions import choose_region
from apaise.handling.contributions import asking, writing
from apaise.handling.routing.absences import announce
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.channels.mail.to_staff import StaffMail
from apaise.journey import rounds, staff_mail
from apaise.journey.models import Job
from apaise.journey.staff_mail import ALERTS, NOTE, mail_summaries, mail_urgent
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
EIGHT = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)  # eight in Paris, on the Thursday after `noon`


@pytest.fixture(autouse=True)
def _server(settings):
    settings.SMTP_URL = "smtp://127.0.0.1:1"


@pytest.fixture
def case(complain, ana, noon):
    case = complain(text="Votre technicien est un voleur.", subject="Fibre jamais installée")
    assign(case, ana, by=ana)
    return case


def at(moment):
    return clock.at_moment(moment)


def mails(user):
    return list(StaffMail.objects.filter(user=user).order_by("pk"))


def tell(user, case, kind="customer_wrote", once="1", **more):
    alert([user], kind, chain=case.reference if case else "", once=once, **more)


# --- the summary -------------------------------------------------------------------------------------------------


def test_by_default_one_summary_leaves_at_eight_of_a_working_morning(ana, case):
    tell(ana, case)
    tell(ana, case, "deadline_missed", once="2", detail="reply_target")
    with at(EIGHT - timedelta(minutes=1)):
        mail_summaries()
    assert mails(ana) == []
    with at(EIGHT + timedelta(minutes=3)):
        mail_summaries()
        mail_summaries()
    (mail,) = mails(ana)
    assert (mail.kind, mail.subject, mail.link) == ("summary", "2 things to look at", "/desk/alerts")
    assert mail.text.count(case.reference) == 2 and "“" not in mail.text
    assert Job.objects.filter(task__endswith="deliver_to_staff", arguments__args=[mail.pk]).count() == 1


def test_no_customer_word_is_in_it(ana, case):
    tell(ana, case)
    with at(EIGHT):
        mail_summaries()
    (mail,) = mails(ana)
    for theirs in ("voleur", "Fibre", "Claire", "Fontanel", "courriel.exemple.test"):
        assert theirs not in mail.text + mail.subject


def test_it_speaks_its_readers_language(ana, case):
    User.objects.filter(pk=ana.pk).update(language="fr")
    tell(ana, case)
    with at(EIGHT):
        mail_summaries()
    (mail,) = mails(ana)
    assert (mail.subject.replace("\xa0", " "), mail.link_says) == ("1 point à regarder", "Voir mes alertes")


def test_nothing_is_sent_when_nothing_waits_or_all_was_looked_at(ana, bo, case):
    tell(ana, case)
    see(ana, unseen(ana).get().pk)
    with at(EIGHT), nothing_changed():
        mail_summaries()


def test_what_comes_after_eight_waits_for_the_next_morning_and_nothing_is_said_twice(ana, case):
    tell(ana, case)
    with at(EIGHT):
        mail_summaries()
    with at(EIGHT + timedelta(hours=1)):
        tell(ana, case, once="late")
        mail_summaries()
    assert len(mails(ana)) == 1
    with at(EIGHT + timedelta(days=1)):
        mail_summaries()
    assert [mail.text.count(case.reference) for mail in mails(ana)] == [1, 1]
    with at(EIGHT + timedelta(days=4)), nothing_changed():
        mail_summaries()


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 11, 29), date(2026, 12, 25)])
def test_no_summary_leaves_on_a_closed_day(ana, case, day):
    tell(ana, case)
    with at(datetime.combine(day, EIGHT.timetz())), nothing_changed():
        mail_summaries()


def test_the_holidays_of_ones_desk_count(ana, case, desk, cleo):
    choose_region(desk, "alsace-moselle", by=cleo)
    tell(ana, case)
    with at(datetime(2028, 12, 26, 7, 0, tzinfo=UTC)), nothing_changed():  # a Tuesday
        mail_summaries()


def test_a_worker_that_was_down_at_eight_sends_it_until_noon_and_no_later(ana, case):
    tell(ana, case)
    with at(EIGHT + timedelta(hours=4)), nothing_changed():
        mail_summaries()
    with at(EIGHT + timedelta(hours=3, minutes=59)):
        mail_summaries()
    assert len(mails(ana)) == 1


def test_eight_is_by_the_clock_of_the_reader(ana, case):
    choose_mail(ana, "summary", "Indian/Reunion")  # three hours before Paris
    tell(ana, case)
    with at(EIGHT - timedelta(hours=3)):
        mail_summaries()
    assert len(mails(ana)) == 1


def test_whoever_is_away_gets_none(ana, case):
    announce(ana, date(2026, 11, 26), date(2026, 11, 26), None, by=ana)
    tell(ana, case)
    with at(EIGHT), nothing_changed():
        mail_summaries()


def test_what_one_may_not_read_is_not_told_of(ana, mara, case):
    tell(ana, case)
    keep_apart(case, ana, because="onsite_technician", by=mara)
    with at(EIGHT), nothing_changed():
        mail_summaries()


def test_without_a_mail_server_nothing_piles_up(ana, case, settings):
    settings.SMTP_URL = ""
    tell(ana, case)
    with at(EIGHT), nothing_changed():
        mail_summaries()


def test_a_long_list_ends_with_how_many_more(ana, case):
    for number in range(23):
        tell(ana, case, once=f"n{number}")
    with at(EIGHT):
        mail_summaries()
    (mail,) = mails(ana)
    assert len(mail.text.splitlines()) == 21
    assert mail.text.splitlines()[-1] == "– and 3 more"


# --- at once, or never ----------------------------------------------------------------------------------------------


def test_at_once_tells_the_urgent_only_and_each_once(ana, case):
    choose_mail(ana, "urgent", "")
    tell(ana, case)
    mail_urgent()
    assert mails(ana) == []
    tell(ana, case, "deadline_missed", once="2", detail="reply_target")
    mail_urgent()
    mail_urgent()
    (mail,) = mails(ana)
    assert (mail.kind, mail.text.count(case.reference)) == ("urgent", 1)
    tell(ana, case, "promise_broken", once="3")
    mail_urgent()
    assert len(mails(ana)) == 2
    with at(EIGHT), nothing_changed():
        mail_summaries()


def test_whoever_begins_with_it_is_not_sent_what_is_old(ana, case, noon):
    tell(ana, case, "promise_broken")
    choose_mail(ana, "urgent", "")
    with at(noon + timedelta(days=1, minutes=1)), nothing_changed():
        mail_urgent()


def test_whoever_wants_none_gets_none(ana, case):
    choose_mail(ana, "never", "")
    tell(ana, case, "promise_broken")
    with at(EIGHT), nothing_changed():
        mail_summaries()
        mail_urgent()


def test_somebody_who_has_left_gets_none(ana, case):
    tell(ana, case)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    with at(EIGHT), nothing_changed():
        mail_summaries()


def test_of_two_workers_the_second_leaves_what_the_first_has_told(ana, case, monkeypatch):
    choose_mail(ana, "urgent", "")
    tell(ana, case, "promise_broken")
    both = list(Alert.objects.filter(user=ana))
    mail_urgent()
    monkeypatch.setattr(staff_mail, "_to_tell", lambda _user, _alerts: both)
    tell(ana, case, "deadline_missed", once="2", detail="reply_target")
    both += Alert.objects.filter(once__startswith="2:")
    with nothing_changed():
        mail_urgent()


def test_a_choice_that_is_none_is_refused(ana):
    for when, zone in (("hourly", ""), ("summary", "Mars/Base")):
        with refused(ChoiceRefused):
            choose_mail(ana, when, zone)


def test_every_zone_of_the_list_exists(ana):
    for zone in TIME_ZONES:
        ana.time_zone = zone
        assert zone_of(ana).key == zone


# --- asked for facts --------------------------------------------------------------------------------------------


@pytest.fixture
def asked(case, ana, mara, staff, work):
    """Somebody who only contributes is asked for what they know."""
    person = staff("contributor")
    work()
    note = asking.ask(case, person, "Le technicien est-il un voleur ?", by=ana)
    work()
    return note


def test_a_contributor_is_told_by_mail_who_asks_and_by_when_and_nothing_of_the_case(asked, case, ana):
    (mail,) = mails(asked.person)
    assert mail.subject == f"You are asked for facts you know (question {asked.pk})"
    assert "Ana Handler asks you for a short, dated note" in mail.text
    assert "Friday 27 November 2026" in mail.text.replace("\xa0", " ")
    assert mail.link == reverse("workspace:asked-note", args=[asked.pk])
    for theirs in (case.reference, "voleur", "Claire", "Fontanel", "Fibre", case.title):
        assert theirs not in mail.text + mail.subject


def test_the_page_the_mail_leads_to_still_asks_for_a_sign_in(asked, client):
    (mail,) = mails(asked.person)
    assert client.get(mail.link)["Location"].startswith(reverse("sign-in"))
    client.force_login(asked.person)
    assert client.get(mail.link).status_code == 200


def test_the_mornings_summary_does_not_say_it_again(asked):
    with at(EIGHT):
        mail_summaries()
    assert [mail.kind for mail in mails(asked.person)] == ["request"]


def test_whoever_wants_no_alerts_by_mail_is_asked_all_the_same(case, ana, staff, work):
    person = staff("contributor")
    choose_mail(person, "never", "")
    asking.ask(case, person, "Une question ?", by=ana)
    work()
    assert [mail.kind for mail in mails(person)] == ["request"]


def test_a_late_note_is_asked_for_again_by_mail_once(asked, work):
    with at(asked.due_at + timedelta(hours=1)):
        asking.remind_late()
        asking.remind_late()
        work()
    assert [mail.subject for mail in mails(asked.person)][1:] == [
        f"Reminder: your facts are awaited (question {asked.pk})"
    ]


def test_a_question_withdrawn_before_the_worker_came_sends_no_mail(case, ana, staff, work):
    person = staff("contributor")
    note = asking.ask(case, person, "Une question ?", by=ana)
    asking.withdraw(note, by=ana)
    work()
    assert mails(person) == []


def test_a_note_already_written_is_not_reminded(asked, work):
    writing.send(asked, "Le 12, personne n'était au planning.", by=asked.person)
    with at(asked.due_at + timedelta(hours=1)):
        asking.remind_late()
        work()
    assert len(mails(asked.person)) == 1


def test_the_paths_are_those_of_the_pages():
    assert reverse("workspace:alerts") == ALERTS
    assert NOTE % 7 == reverse("workspace:asked-note", args=[7])


def test_a_mail_whose_bell_was_lost_is_rung_for_again_and_old_ones_go(asked, noon):
    Job.objects.filter(task__endswith="deliver_to_staff").delete()
    with at(noon + timedelta(minutes=11)):
        rounds.sweep_unsent()
        rounds.sweep_unsent()
    assert Job.objects.filter(task__endswith="deliver_to_staff").count() == 1
    with at(noon + timedelta(days=31)):
        rounds.tidy()
    assert mails(asked.person) == []
