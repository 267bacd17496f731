"""A mail to several people: to all of them or to none, and who was refused is said."""

import pytest

from apaise.intake.cases import outgoing
from apaise.intake.cases.message import Message
from apaise.intake.channels.mail.tests.servers import read, row, tried

pytestmark = pytest.mark.django_db
CLAIRE, SON = "claire@courriel.exemple.test", "paul@famille.exemple.test"


@pytest.fixture
def with_copy(queued):
    def make(*copies):
        message = queued()
        Message.objects.filter(pk=message.pk).update(copies=list(copies))
        return message

    return make


def test_everybody_in_copy_gets_it_and_sees_who_else_did(with_copy, carrier):
    server = carrier()
    assert tried(with_copy(SON)) == "sent"
    ((_sender, recipients, raw),) = server.taken
    assert recipients == [CLAIRE, SON]
    assert [one.addr_spec for one in read(raw)["Cc"].addresses] == [SON]


@pytest.mark.parametrize("refused", [CLAIRE, SON])
def test_one_refused_for_good_keeps_it_from_all_and_is_named(with_copy, carrier, refused, ana):
    server = carrier(refuses={refused: "550 No such person"})
    message = with_copy(SON)
    assert tried(message) == "failed"
    assert server.taken == []
    assert (row(message).problem, row(message).problem_address) == ("refused_to", refused)
    assert refused in row(message).problem_in_words()
    server.answers.clear()
    assert outgoing.send_again(row(message), by=ana)
    assert row(message).problem_address == ""
    assert tried(message) == "sent"


def test_one_busy_keeps_it_from_all_for_a_while(with_copy, carrier):
    server = carrier(refuses={SON: "451 Greylisted"})
    message = with_copy(SON)
    assert tried(message) == "mail server said 451"
    assert (server.taken, row(message).state, row(message).problem) == ([], "queued", "wait")
    server.answers.clear()
    assert tried(message) == "sent"
    assert len(server.taken) == 1


def test_a_copy_that_is_no_address_fails_in_the_open(with_copy, carrier):
    server = carrier()
    message = with_copy("nobody")
    assert tried(message) == "failed"
    assert (server.asked, row(message).problem) == (0, "unfit")


def test_no_copy_starts_a_header(with_copy, carrier):
    server = carrier()
    message = with_copy("paul@famille.exemple.test\r\nBcc: eve@ailleurs.exemple.test")
    assert tried(message) == "failed"
    assert server.taken == []
