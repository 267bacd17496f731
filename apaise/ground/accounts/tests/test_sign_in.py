"""Sign-in: limited tries, the same answer for accounts that exist and those that do not."""

from datetime import timedelta

import pytest

from apaise.ground.accounts.models import Attempt, User
from apaise.ground.accounts.sign_in import FROM_ONE_ADDRESS as ADDRESS
from apaise.ground.accounts.sign_in import Refused, TooManyAttempts, check, count_attempt, forget_old_attempts
from apaise.ground.ledger.models import Entry
from apaise.lib import clock

pytestmark = pytest.mark.django_db
RIGHT = "correct horse battery"


def told(email, password="wrong", origin="192.0.2.1"):
    """How the door answers: who, or the refusal and its number."""
    try:
        return check(email, password, origin=origin)
    except Refused as refusal:
        return ("refused", refusal.tries_left)
    except TooManyAttempts as refusal:
        return ("wait", refusal.minutes)


def test_the_right_pair_opens_and_is_recorded(ana, noon):
    assert told(" ANA@exemple.test ", RIGHT) == ana
    entry = Entry.objects.get(chain="house", what="staff.signed_in")
    assert (entry.by, entry.facts) == (ana.actor_code, {})


def test_five_tries_in_five_minutes_on_one_account(ana, noon):
    assert [told("ana@exemple.test", origin=f"192.0.2.{n}") for n in range(6)] == [
        ("refused", 4),
        ("refused", 3),
        ("refused", 2),
        ("refused", 1),
        ("refused", 0),
        ("wait", 5),
    ]
    assert told("ana@exemple.test", RIGHT, origin="192.0.2.9") == ("wait", 5)
    assert not Entry.objects.filter(what="staff.signed_in").exists()
    with clock.at_moment(noon + timedelta(minutes=4, seconds=59)):
        assert told("ana@exemple.test", RIGHT, origin="192.0.2.9") == ("wait", 1)
    with clock.at_moment(noon + timedelta(minutes=5, seconds=1)):
        assert told("ana@exemple.test", RIGHT, origin="192.0.2.9") == ana


def test_ten_failures_a_minute_from_one_address(ana, noon):
    tries = [told(f"nobody{n}@exemple.test") for n in range(11)]
    assert [kind for kind, _ in tries] == ["refused"] * 10 + ["wait"]
    assert told("ana@exemple.test", RIGHT) == ("wait", 1)
    assert told("ana@exemple.test", RIGHT, origin="192.0.2.2") == ana
    with clock.at_moment(noon + timedelta(seconds=61)):
        assert told("ana@exemple.test", RIGHT) == ana


def test_unknown_left_and_known_accounts_are_answered_alike(ana, bo, noon):
    User.objects.filter(pk=bo.pk).update(is_active=False)
    answers = {
        email: [told(email, origin=f"{email}{n}") for n in range(7)]
        for email in ("ana@exemple.test", "bo@exemple.test", "nobody@exemple.test")
    }
    assert answers["ana@exemple.test"] == answers["bo@exemple.test"] == answers["nobody@exemple.test"]


def test_who_has_left_does_not_get_in_with_the_right_password(bo, noon):
    User.objects.filter(pk=bo.pk).update(is_active=False)
    assert told("bo@exemple.test", RIGHT) == ("refused", 4)


def test_success_clears_the_account_and_does_not_count_against_the_address(ana, noon):
    for _ in range(4):
        told("ana@exemple.test")
    assert told("ana@exemple.test", RIGHT) == ana
    assert told("ana@exemple.test") == ("refused", 4)
    for _ in range(20):
        assert told("ana@exemple.test", RIGHT) == ana
    address = Attempt.objects.get(key__startswith="ip:")
    assert address.failures == 5


def test_capitals_and_spaces_do_not_give_more_tries(ana, noon):
    spellings = [
        "ana@exemple.test",
        "ANA@exemple.test",
        " ana@EXEMPLE.test",
        "Ana@exemple.test ",
        "aNa@exemple.test",
        "anA@exemple.test",
    ]
    assert [told(spelling, origin=spelling)[0] for spelling in spellings] == ["refused"] * 5 + ["wait"]


def test_the_window_begins_with_the_first_try_and_is_not_prolonged(ana, noon):
    for minute in (0, 1, 2, 3, 4):
        with clock.at_moment(noon + timedelta(minutes=minute)):
            told("ana@exemple.test", origin=str(minute))
    with clock.at_moment(noon + timedelta(minutes=5, seconds=1)):
        assert told("ana@exemple.test", origin="later") == ("refused", 4)


def test_old_windows_are_forgotten(ana, noon):
    told("ana@exemple.test")
    assert forget_old_attempts() == 0
    with clock.at_moment(noon + timedelta(minutes=2)):
        assert forget_old_attempts() == 1
    with clock.at_moment(noon + timedelta(minutes=6)):
        assert forget_old_attempts() == 1
    assert not Attempt.objects.exists()


def test_nothing_of_what_was_typed_is_kept(ana, noon):
    told("ana@exemple.test", "my secret words", origin="192.0.2.77")
    kept = "".join(Attempt.objects.values_list("key", flat=True))
    assert "ana" not in kept.replace("account:", "")
    assert "192.0.2.77" not in kept


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_cannot_exceed_the_limit(noon):
    from tests.at_once import at_once

    def attempt():
        with clock.at_moment(noon):
            try:
                return count_attempt("ip:someone", ADDRESS)
            except TooManyAttempts:
                return "wait"

    results = at_once([attempt] * 16, threads=4)
    assert sorted(str(result) for result in results) == sorted(
        [*(str(left) for left in range(10)), *["wait"] * 6]
    )
