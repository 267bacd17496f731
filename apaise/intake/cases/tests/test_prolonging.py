"""Moving a date that is not our reply's: the customer who must be told is told in the same act, or nothing moves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from apaise.ground.accounts.models import Function
from apaise.ground.ledger.models import Entry
from apaise.intake.cases import deadlines, happenings, outgoing, postponement
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
WHY = "Vos contrats de 2019 sont archivés hors ligne. "


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def asked(complain, cleo, noon):
    """A French customer asked for their data on 2 November; Cleo is the data protection officer."""
    Function.objects.update_or_create(code="dpo", defaults={"person": cleo, "team": None})

    def make(**words):
        case = complain(kind="consumer", **words)
        happenings.tell(case, "gdpr.request_received", on=date(2026, 11, 2), by=cleo)
        return Case.objects.get(pk=case.pk)

    return make


def request_of(case):
    return case.deadlines.get(rule="gdpr_request")


def plain(text):
    return text.replace("\u202f", " ").replace("\xa0", " ")


def evening(year, month, day):
    return datetime(year, month, day, 22, 59, 59, tzinfo=UTC)


def test_the_date_moves_and_the_customer_reads_why_until_when_and_whom_to_ask(asked, cleo, send):
    case = asked()
    before = request_of(case).due_at
    notice = postponement.prolong(case, request_of(case), by=cleo, reason=WHY)
    assert (before, request_of(case).due_at) == (evening(2026, 12, 2), evening(2027, 2, 2))
    assert (notice.kind, notice.state, notice.author_user) == ("prolongation", "queued", cleo)
    text = plain(notice.text)
    assert "Réponse à une demande de droits" in text
    assert "mercredi 2 décembre 2026" in text and "mardi 2 février 2027" in text
    assert "Vos contrats de 2019 sont archivés hors ligne." in text and "dpo@exemple.test" in text
    assert "Cleo Manager" in text
    assert send() == 1
    moved = Entry.objects.of(case.reference).get(what="deadline.changed", by=cleo.actor_code)
    assert (moved.facts["rule"], moved.facts["why"]) == ("gdpr_request", "extension")
    # The record holds dates and codes, never the reason.
    assert not any("archiv" in str(entry.facts) for entry in Entry.objects.of(case.reference))


def test_the_notice_is_in_the_customers_language(asked, cleo):
    case = asked(language="en")
    notice = postponement.prolong(case, request_of(case), by=cleo, reason="Your contracts are archived.")
    assert "“Data-subject request”, due by Wednesday 2 December 2026 until now" in plain(notice.text)
    assert "is now due by Tuesday 2 February 2027" in plain(notice.text)


def test_without_an_address_for_mail_the_notice_is_a_letter(asked, cleo):
    case = asked()
    case.complainant.addresses.all().delete()
    case.complainant.addresses.create(kind="postal", value="14 rue des Lilas\n29200 Brest")
    case = Case.objects.get(pk=case.pk)
    notice = postponement.prolong(case, request_of(case), by=cleo, reason=WHY)
    assert (notice.channel, notice.state) == ("letter", "to_post")
    assert notice.to_address == "Claire Fontanel\n14 rue des Lilas\n29200 Brest"


def test_without_a_reason_nothing_moves_and_nobody_is_told(asked, cleo):
    case = asked()
    with refused(Refused, match="Say why the date moves"):
        postponement.prolong(case, request_of(case), by=cleo, reason=" \n")


def test_a_notice_that_cannot_be_queued_moves_no_date(asked, cleo, monkeypatch):
    case = asked()

    def broken(*_words, **_more):
        raise OSError("no room left")

    monkeypatch.setattr(outgoing, "queue_message", broken)
    with nothing_changed(), pytest.raises(OSError, match="no room left"):
        postponement.prolong(case, request_of(case), by=cleo, reason=WHY)


def test_after_the_first_month_it_is_too_late_to_tell(asked, cleo, noon):
    case = asked()
    with (
        clock.at_moment(evening(2026, 12, 2) + timedelta(seconds=1)),
        refused(Refused, match="within the first month"),
    ):
        postponement.prolong(case, request_of(case), by=cleo, reason=WHY)


def test_it_is_prolonged_once(asked, cleo):
    case = asked()
    postponement.prolong(case, request_of(case), by=cleo, reason=WHY)
    with refused(Refused, match="as often as the policy allows"):
        postponement.prolong(case, request_of(case), by=cleo, reason=WHY)


def test_the_same_dates_after_rebuilding(asked, cleo):
    case = asked()
    postponement.prolong(case, request_of(case), by=cleo, reason=WHY)
    deadlines.rebuild(Case.objects.get(pk=case.pk))
    assert request_of(case).due_at == evening(2027, 2, 2)


def test_a_date_moved_by_the_mediator_is_passed_on_as_theirs(complain, ana, noon):
    case = complain(kind="consumer")
    happenings.tell(case, "adr.notified", on=date(2026, 11, 20), by=ana)
    one = case.deadlines.get(rule="mediator_outcome")
    notice = postponement.prolong(case, one, by=ana, to=date(2027, 4, 30), reason="Litige complexe")
    text = plain(notice.text)
    assert "Issue de la médiation" in text and "vendredi 30 avril 2027" in text
    assert "C'est le médiateur qui a fixé" in text.replace("’", "'") and "excuses" not in text


def test_a_date_whose_policy_asks_for_no_notice_moves_without_one(complain, ana, noon):
    case = complain(kind="consumer")
    happenings.tell(case, "withdrawal.period_opened", on=date(2026, 11, 20), by=ana)
    one = case.deadlines.get(rule="withdrawal_window")
    assert postponement.prolong(case, one, by=ana) is None
    assert case.deadlines.get(rule="withdrawal_window").due_at > one.due_at
    assert not case.messages.filter(kind="prolongation").exists()
