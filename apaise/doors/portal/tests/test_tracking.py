"""The complainant's page: what it shows, what one may do there, and for whom it opens."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apaise.ground.parties.models import Organisation, Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import tracking
from apaise.intake.cases.conversation import ask
from apaise.intake.cases.messages import File, add_customer_message, add_note
from apaise.intake.cases.models import State
from apaise.intake.cases.qualification import qualify
from apaise.intake.channels import limits
from apaise.intake.channels.models import file_store
from apaise.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_its_own_folder(settings, tmp_path):
    settings.DATA = tmp_path


def address(case, name="tracking", *more):
    return reverse(name, args=[tracking.link_for(case).rpartition("/")[2], *more])


def read(client, case, **query):
    return client.get(address(case), query).content.decode().replace("\u00a0", " ")


def refreshed(case):
    case.refresh_from_db()
    return case


def test_it_shows_both_sides_words_and_never_a_note(client, answered, ana):
    case = answered()
    add_note(case, "Cliente difficile, à ménager.", by=ana)
    page = read(client, case)
    assert "personne n&#39;est venu le 12 novembre" in page
    assert "Je vous présente nos excuses" in page and "Ana Handler" in page
    assert "Cliente difficile" not in page


def test_it_says_where_the_case_stands_and_who_holds_the_ball(client, complain, noon, work):
    case = complain(language="en")
    work()
    page = read(client, case)
    assert (
        case.reference in page
        and "Wednesday 25 November 2026" in page
        and "Wednesday 9 December 2026" in page
    )
    assert "The next step is ours" in page
    assert 'aria-current="step">' in page


def test_it_speaks_the_language_of_the_case_unless_another_is_chosen(client, complain):
    case = complain(language="en")
    in_french = {"accept-language": "fr"}
    assert '<html lang="en">' in client.get(address(case), headers=in_french).content.decode()
    chosen = client.get(address(case), {"lang": "fr"})
    assert '<html lang="fr">' in chosen.content.decode() and chosen.headers["Content-Language"] == "fr"
    assert '<html lang="en">' in read(client, case, lang="xx")


def test_a_refusal_is_in_the_language_of_the_case_too(client, complain):
    case = complain(language="en")
    answer = client.post(address(case, "tracking-messages"), {"text": " "}, headers={"accept-language": "fr"})
    assert answer.status_code == 400 and "Write something, or choose a file." in answer.content.decode()


def test_the_address_is_the_key_so_it_goes_nowhere_else(client, complain):
    headers = client.get(address(complain())).headers
    assert headers["Referrer-Policy"] == "same-origin" and headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in headers["Cache-Control"]


def test_words_and_files_can_be_added(client, complain):
    case = complain()
    answer = client.post(
        address(case, "tracking-messages"),
        {"text": "J'ajoute une photo.", "files": [SimpleUploadedFile("porte.jpg", b"jpg", "image/jpeg")]},
    )
    assert answer.status_code == 302 and answer.url.endswith("?done=added")
    page = client.get(answer.url).content.decode()
    assert "J&#39;ajoute une photo." in page and "porte.jpg" in page
    added = case.messages.get(text="J'ajoute une photo.")
    file = client.get(address(case, "tracking-file", added.attachments.get().pk), follow=True)
    assert b"".join(file.streaming_content) == b"jpg"
    assert (
        "sandbox" in file.headers["Content-Security-Policy"]
        and "attachment" in file.headers["Content-Disposition"]
    )


def test_a_file_too_large_is_refused_and_the_words_are_kept(client, complain, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "tracking_page", limits.LIMITS["tracking_page"]._replace(file=4))
    case = complain()
    answer = client.post(
        address(case, "tracking-messages"),
        {"text": "Voici.", "files": [SimpleUploadedFile("film.mp4", b"12345")]},
    )
    assert answer.status_code == 413
    assert ">Voici.</textarea>" in answer.content.decode() and case.messages.count() == 1


def test_a_file_of_another_case_is_not_found(client, complain):
    mine, other = complain(), complain(email="paul@courriel.exemple.test")
    digest, size = file_store().keep(b"secret")
    message = add_customer_message(
        other,
        other.complainant,
        channel="web_form",
        text="Voici",
        files=[File("bail.pdf", "application/pdf", size, digest)],
    )
    file = message.attachments.get().pk
    assert client.get(address(mine, "tracking-file", file)).status_code == 404
    assert client.get(address(other, "tracking-file", file), follow=True).status_code == 200


def test_a_link_that_is_forged_or_revoked_opens_nothing(client, complain):
    case = complain()
    link = address(case)
    forged = link[:-4] + ("0000" if not link.endswith("0000") else "1111")
    assert client.get(forged).status_code == 404
    tracking.revoke(case)
    assert client.get(link).status_code == 404
    assert client.post(f"{link}/messages", {"text": "Bonjour"}).status_code == 404
    assert case.messages.count() == 1


def test_a_question_stands_at_the_head_with_its_date_and_the_answer_goes_to_us(
    client, complain, ana, send, noon
):
    case = complain(language="en")
    assign(case, ana, by=ana)
    qualify(
        case,
        grievances=["Nobody came."],
        cause="service.missed_visit",
        criticality="C3",
        restatement="Nobody came?",
        by=ana,
    )
    ask(case, "Which floor do you live on?", date(2026, 12, 2), by=ana)
    send()
    page = read(client, refreshed(case))
    assert "We have a question for you" in page and "Wednesday 2 December" in page
    assert "Which floor do you live on?" in page and "Our question, shown above" in page
    client.post(address(case, "tracking-messages"), {"text": "The third."})
    page = read(client, refreshed(case))
    assert case.state == State.INVESTIGATING
    assert "We have a question for you" not in page and "The next step is ours" in page


def test_a_date_that_has_passed_is_said_first(client, complain, work, noon):
    case = complain(language="en")
    work()
    with clock.at_moment(noon + timedelta(days=20)):
        assert "We are late." in read(client, refreshed(case))


def test_this_settles_it(client, answered):
    case = answered()
    answer = client.post(address(case, "tracking-acceptance"), {"lang": "en"})
    assert answer.url.endswith("?done=accepted&lang=en")
    assert refreshed(case).accepted_at is not None
    page = client.get(answer.url).content.decode()
    assert "You told us that our answer settles it" in page and "Yes, this settles it" not in page


def test_it_cannot_be_accepted_before_there_is_an_answer(client, complain):
    case = complain()
    assert client.post(address(case, "tracking-acceptance")).status_code == 409
    assert refreshed(case).accepted_at is None


def test_an_objection_with_words_reopens_under_the_same_reference(client, answered):
    case = answered()
    refused = client.post(address(case, "tracking-objection"), {"text": " "})
    assert refused.status_code == 400 and 'id="why-error"' in refused.content.decode()
    assert refreshed(case).state == State.ANSWERED
    answer = client.post(
        address(case, "tracking-objection"), {"text": "The engineer did not come again.", "lang": "en"}
    )
    assert answer.status_code == 302
    assert refreshed(case).state == State.INVESTIGATING and case.reopened_count == 1
    page = client.get(answer.url).content.decode()
    assert (
        "The engineer did not come again." in page
        and "Reopened at your request" in page
        and case.reference in page
    )


def test_withdrawing_needs_the_tick(client, complain):
    case = complain(language="en")
    refused = client.post(address(case, "tracking-withdrawal"))
    assert refused.status_code == 400 and "Tick the box" in refused.content.decode()
    assert refreshed(case).state == State.RECEIVED
    answer = client.post(address(case, "tracking-withdrawal"), {"sure": "yes"})
    assert refreshed(case).state == State.WITHDRAWN
    page = client.get(answer.url).content.decode()
    assert (
        "You have withdrawn this complaint" in page and 'name="sure"' not in page and 'id="add"' not in page
    )


def test_nothing_can_be_added_to_a_withdrawn_complaint(client, complain):
    case = complain()
    client.post(address(case, "tracking-withdrawal"), {"sure": "yes"})
    assert client.post(address(case, "tracking-messages"), {"text": "Encore."}).status_code == 409
    assert case.messages.count() == 1


def test_the_mediator_is_named_with_the_last_day(client, complain, noon):
    page = read(client, complain(kind="consumer", language="en"))
    assert "1 rue de la Paix, 75000 Paris" in page and "https://mediateur.exemple.test" in page
    assert "until 25 November 2027" in page


def test_under_a_pack_without_mediator_none_is_named(client, complain):
    person = Person.objects.identify("achats@usine.exemple.test", "Achats")
    person.organisation = Organisation.objects.create(name="Usine", sector="maintenance")
    person.save()
    case = complain(email="achats@usine.exemple.test", kind="business")
    assert case.pack_version.pack_id == "fr-b2b-maintenance"
    assert "1 rue de la Paix" not in read(client, case)
