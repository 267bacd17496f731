"""1622 labelled mails: no person is taken for a machine, and each machine for what it is."""

import pytest

from apaise.lib.mime.tests.machine_suite import mails_of, misread

SIZES = {
    "tuned_on_people": 82,
    "kept_apart_people": 69,
    "weighed_people": 166,
    "tuned_on_machines": 81,
    "kept_apart_machines": 77,
    "weighed_machines": 128,
    "whole_notes_machines": 185,
    "whole_notes_people": 223,
    "signs_machines": 308,
    "signs_people": 255,
    "declared_machines": 25,
    "declared_people": 23,
}


WORDS_ALONE = "signs_machines"  # nearly all of them without a header that tells


@pytest.mark.parametrize("name", sorted(SIZES.keys() - {WORDS_ALONE}))
def test_each_mail_is_read_as_it_is_labelled(name):
    assert len(mails_of(name)) == SIZES[name]
    assert misread(name) == []


def test_where_words_alone_tell_some_are_left_to_a_person_and_none_is_taken_for_another_kind():
    mails, wrong = mails_of(WORDS_ALONE), misread(WORDS_ALONE)
    assert len(mails) == SIZES[WORDS_ALONE]
    assert [one for one in wrong if not one.startswith("auto taken for person")] == []
    assert len(wrong) <= 0.15 * len(mails)
