"""The tracking link: opens its own case for two years, and nothing of it is stored."""

from datetime import timedelta

import pytest

from apaise.intake.cases import tracking
from apaise.lib import clock

pytestmark = pytest.mark.django_db


def token_of(case):
    return tracking.link_for(case).rpartition("/")[2]


def test_a_link_opens_its_case_and_is_the_same_each_time(complain, noon):
    case = complain()
    link = tracking.link_for(case)
    assert link.startswith("http://testserver/t/")
    assert tracking.link_for(case) == link
    opened = tracking.open_link(token_of(case))
    assert (opened.case, opened.person) == (case, case.complainant)


def test_a_link_of_one_case_opens_no_other(complain):
    case, other = complain(), complain(email="luc@courriel.exemple.test")
    number, seal = token_of(case).split("-")
    other_number, _ = token_of(other).split("-")
    assert tracking.open_link(f"{other_number}-{seal}") is None
    assert tracking.open_link(f"{number}-{seal}").case == case


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: "",
        lambda token: "-",
        lambda token: token[:-1],
        lambda token: token + "0",
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token.upper() + "!",
        lambda token: token.partition("-")[0] + "-",
        lambda token: token.partition("-")[0] + "-é",
        lambda token: token.partition("-")[0] + "-\udcff",
        lambda token: "f" * 40 + "-" + token.partition("-")[2],
        lambda token: "-1-" + token.partition("-")[2],
        lambda token: "\x00" + token,
    ],
)
def test_a_forged_link_opens_nothing(complain, forge):
    assert tracking.open_link(forge(token_of(complain()))) is None


def test_a_link_ends_after_two_years_and_a_new_one_is_made(complain, noon):
    case = complain()
    token = token_of(case)
    with clock.at_moment(noon + timedelta(days=729)):
        assert tracking.open_link(token) is not None
    with clock.at_moment(noon + timedelta(days=730, seconds=1)):
        assert tracking.open_link(token) is None
        assert tracking.open_link(token_of(case)).case == case


def test_a_revoked_link_is_dead_and_another_takes_its_place(complain):
    case, other = complain(), complain(email="luc@courriel.exemple.test")
    token, others = token_of(case), token_of(other)
    assert tracking.revoke(case) == 1
    assert tracking.revoke(case) == 0
    assert tracking.open_link(token) is None
    assert tracking.open_link(others).case == other
    assert token_of(case) != token


def test_links_outlive_a_change_of_the_secret_key_that_names_the_old_one(complain, settings):
    case = complain()
    token = token_of(case)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", ["a key for tests only"]
    assert tracking.open_link(token).case == case
    settings.SECRET_KEY_FALLBACKS = []
    assert tracking.open_link(token) is None


def test_nothing_of_the_token_is_stored(complain):
    case = complain()
    seal = token_of(case).partition("-")[2]
    assert seal not in str(list(case.links.values_list()))
