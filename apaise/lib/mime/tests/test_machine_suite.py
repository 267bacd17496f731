"""1574 labelled mails: no person is taken for a machine, and each machine for what it is."""

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
}


@pytest.mark.parametrize("name", SIZES)
def test_each_mail_is_read_as_it_is_labelled(name):
    assert len(mails_of(name)) == SIZES[name]
    assert misread(name) == []
