"""What several tests of this room need."""

import pytest

from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation


@pytest.fixture
def written_to(complain, ana, send):
    """A case Ana has written on, and the number of her mail."""

    def make(**words):
        case = complain(**words)
        assign(case, ana, by=ana)
        reply = conversation.reply(case, "Bonjour, quel est le numéro ?", by=ana)
        send()
        return case, reply.message_id

    return make
