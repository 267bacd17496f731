"""What our letters look like as mail: whole in both parts, in the customer's language, nothing fetched from anywhere."""

import re

import pytest

from apaise.intake.cases import tracking
from apaise.intake.channels.mail.compose import HEADINGS, _facts, mail_of

pytestmark = pytest.mark.django_db


def parts(message):
    mail = mail_of(message)
    return mail, mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(("language", "button"), [("fr", None), ("en", "Follow my complaint")])
def test_a_letter_is_in_the_language_of_its_case_and_fetches_nothing(complain, work, noon, language, button):
    case = complain(language=language)
    work()
    _mail, plain, html = parts(case.messages.get(kind="acknowledgement"))
    link = tracking.link_for(case)
    assert f'<html lang="{language}">' in html and (button is None or button in html)
    assert case.reference in html and f'href="{link}"' in html and link in plain
    assert f"/data?lang={language}" in html and "/data" in plain
    assert not re.search(
        r"<(?:img|link|script|iframe|object|video|audio|form|input)\b|\bsrc=|url\(|@import|@font-face", html
    )


def test_the_link_in_a_mail_carries_no_language(complain, work):
    case = complain()
    work()
    _mail, plain, html = parts(case.messages.get(kind="acknowledgement"))
    assert f"{tracking.link_for(case)}?lang" not in plain + html


def test_what_people_typed_cannot_become_markup(answered):
    case = answered()
    message = case.messages.get(kind="final_reply")
    message.text = "Bonjour <b>Claire</b>,\n\n<img src=x>\nvoir https://exemple.test/a?b=1&c=2"
    _mail, plain, html = parts(message)
    assert "&lt;b&gt;Claire&lt;/b&gt;" in html and "<img" not in html
    assert 'href="https://exemple.test/a?b=1&amp;c=2"' in html and "<br>" in html
    assert "<b>Claire</b>" in plain


def test_a_link_the_letter_already_gives_is_not_given_twice(complain, work):
    case = complain(language="en")
    work()
    _mail, plain, _html = parts(case.messages.get(kind="acknowledgement"))
    assert plain.count(tracking.link_for(case)) == 1


def test_every_kind_of_letter_has_a_heading():
    from apaise.intake.cases.outgoing import WHEN_SENT

    assert set(HEADINGS) == set(WHEN_SENT)


def test_only_a_letter_before_the_answer_says_until_when_it_comes(answered):
    case = answered()
    case.keep(final_reply_at=None)  # as it is while the letter is being composed
    case.keep(announced_for=case.received_at)
    said = {kind: len(_facts(case.messages.get(kind=kind))) for kind in ("restatement", "final_reply")}
    assert said == {"restatement": 2, "final_reply": 1}
