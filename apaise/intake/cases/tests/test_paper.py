"""How our words reach somebody: by mail, by letter, or on the tracking page."""

import pytest
from django.utils import translation

from apaise.ground.ledger.models import Entry
from apaise.intake.cases.acknowledgement import acknowledge
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.paper import carrier_for, prefer
from apaise.intake.cases.tracking import link_for
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def lives_somewhere(case):
    case.complainant.addresses.create(kind="postal", value="14 rue des Lilas\n29200 Brest")
    return Case.objects.get(pk=case.pk)


def test_a_customer_with_an_address_for_mail_gets_mail_until_they_ask_for_paper(complain, ana, noon):
    case = lives_somewhere(complain())
    assert carrier_for(case) == ("email", "claire@courriel.exemple.test")
    prefer(case, "letter", by=ana)
    assert carrier_for(case) == ("letter", "Claire Fontanel\n14 rue des Lilas\n29200 Brest")
    with nothing_changed():
        prefer(case, "letter", by=ana)
    assert acknowledge(case).state == "to_post"
    prefer(case, "email", by=ana)
    said = Entry.objects.of(case.reference).filter(what="contact.preferred")
    assert [entry.facts["channel"] for entry in said] == ["letter", "email"]


def test_nobody_can_be_promised_what_cannot_reach_them(complain, ana, eve, noon):
    case = complain()
    with refused(Refused, match="No postal address"):
        prefer(case, "letter", by=ana)
    with refused(Refused, match="another team"):
        prefer(case, "email", by=eve)
    with refused(Refused, match="letters or e-mails"):
        prefer(case, "pigeon", by=ana)


def test_without_any_address_words_stand_on_the_tracking_page(complain, noon):
    case = complain()
    case.complainant.addresses.all().delete()
    case = Case.objects.get(pk=case.pk)
    with nothing_changed():
        assert acknowledge(case) is None  # of a page they were never told of
    link_for(case)
    message = acknowledge(case)
    message.refresh_from_db()
    assert (message.channel, message.state) == ("web_form", "shown")
