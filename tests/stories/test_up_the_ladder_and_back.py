"""A very important customer's case, a technician kept apart: up to the executive and back, in both languages."""

from datetime import timedelta

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.handling.routing import levels, telling
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.models import Case
from apaise.intake.cases.promise import Promise
from apaise.journey import rounds
from apaise.lib import clock

pytestmark = pytest.mark.django_db
SAID = {
    "fr": {
        "box": "Direction",
        "back": "Rendre le dossier",
        "note": "Motif lu par la direction",
        "introduced": "Je vous mets en relation avec {name}, conseillère, qui vous contactera au plus tard le vendredi 27 novembre 2026.",
    },
    "en": {
        "box": "Executive management",
        "back": "Hand the case back",
        "note": "Read by the executive",
        "introduced": "I am putting you in touch with {name}, case handler, who will contact you by Friday 27 November 2026 at the latest.",
    },
}


def plain(text):
    return text.replace("\xa0", " ").replace("\u202f", " ")


def _received(complain, technician, cleo, language):
    """A very important customer complains; the technician of the site is kept apart before anybody works on it."""
    case = complain(language=language)
    case.complainant.vip = True
    case.complainant.save()
    keep_apart(case, technician, because="onsite_technician", by=cleo)
    return case


def _the_technician_sees_none_of_it(client, case, technician):
    client.force_login(technician)
    for address in ("", "/ladder"):
        assert client.get(f"/desk/cases/{case.reference}{address}").status_code == 404
    assert (
        client.post(f"/desk/cases/{case.reference}/escalation", {"done": "x", "left": "y"}).status_code == 404
    )
    assert not Alert.objects.filter(user=technician).exists()


def _handed_back_it_is_a_handlers_again(client, case, boss, mara, ana, said):
    # The executive says what is to be done and hands it back; a lead has it, and gives it to a handler.
    client.force_login(boss)
    client.post(f"/desk/cases/{case.reference}/escalation/return", {"reason": said["note"]})
    case = Case.objects.get(pk=case.pk)
    assert (case.handler, levels.standing(case)) == (mara, 1)
    assert client.get(f"/desk/cases/{case.reference}").status_code == 404
    assign(case, ana, by=mara)
    client.force_login(ana)
    assert said["note"] in plain(client.get(f"/desk/cases/{case.reference}/ladder").content.decode())
    assert [
        entry.what
        for entry in Entry.objects.of(case.reference)
        if entry.what in ("case.escalated", "case.returned")
    ] == [
        "case.escalated",
        "case.returned",
    ]
    assert list(verify([case.reference])) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_up_to_the_executive_and_back_with_nobody_judge_and_party(
    language, client, complain, mara, ana, cleo, staff, work, send, noon
):
    said, boss, technician = SAID[language], staff("executive"), staff("handler", team=True)
    for person in (boss, ana, technician):
        person.language = language
        person.save()
    telling.tell_them("case.escalated", "handler", by=cleo)

    case = _received(complain, technician, cleo, language)
    work()

    # The pack says: straight to the executive, who is named, told, and sees it.
    case = Case.objects.get(pk=case.pk)
    assert (case.handler, levels.standing(case)) == (boss, 5)
    assert Alert.objects.filter(user=boss, kind="case_escalated").count() == 1
    client.force_login(boss)
    page = plain(client.get(f"/desk/cases/{case.reference}/ladder").content.decode())
    assert said["box"] in page and said["back"] in page

    # Nobody looked: after four working hours the customer learns who answers for the complaint, and until when.
    with clock.at_moment(noon + timedelta(hours=4)):
        rounds.sweep_ladder()
        send()
    message = case.messages.get(kind="auto_update")
    assert said["introduced"].format(name=boss.name) in plain(message.text)
    assert Promise.objects.get(case=case).made_by == boss

    _the_technician_sees_none_of_it(client, case, technician)

    _handed_back_it_is_a_handlers_again(client, case, boss, mara, ana, said)
