"""One vocabulary: what code writes, what packs wait for and the closed list agree."""

import ast
import re

import pytest
import yaml

from apaise.ground.packs import DATA
from apaise.ground.packs.vocabulary import EVENTS, FACTS
from apaise.intake.cases import clockwork
from apaise.journey.reactions import REACTIONS
from tests.house.source import below_doors, code, named, parents, tree

# Words that a shipped pack names and no verb writes yet, by who will write them (docs/policy-packs.md, Event words).
# A room that starts to write one takes it off here; the test below insists.
NOT_BUILT_YET = {
    "adr": ["adr.file_received", "adr.notified", "adr.observations_sent"],
    "cases": ["unauthorised_payment.reported"],
    "channels": ["recording.created", "withdrawal.notified"],
    "improvement": ["capa.plan_approved"],
    "journey": ["service_notice.sent"],
    "privacy": ["gdpr.request_answered", "gdpr.request_received", "identity.verified"],
    "resolution": [
        "conformity.claim_accepted", "conformity.claim_made", "dunning.suspended",
        "refund.executed", "remedy.agreed", "remedy.executed", "summary_resolution.sent",
    ],
    "training": ["review.created"],
    "connector or handler": [
        "contract.concluded", "contract.ended", "contract.terminated_for_late_delivery", "fiscal_year.closed",
        "fraud_suspicion.reported_to_authority", "goods.defect_discovered", "goods.delivered", "goods.proof_of_shipping",
        "goods.returned", "invoice.issued", "meter.last_reading", "payment.debited", "withdrawal.period_opened",
    ],
}  # fmt: skip
LATER = {word for words in NOT_BUILT_YET.values() for word in words}
PACKS = sorted((DATA / "packs").glob("*.yaml"))
WAITS = ("trigger", "stop_on", "from", "until_first_of", "open", "close")


def words_in(path):
    """Every literal of a file that is a ledger word, with its place in the code."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in EVENTS:
            yield node


def is_written(path, node):
    """Handed to a call, returned, the value of a table, or put beside its facts: not compared, listed or waited for."""
    above = parents(path)
    if isinstance(above[node], ast.Tuple) and any(isinstance(other, ast.Dict) for other in above[node].elts):
        return True
    while isinstance(above[node], ast.Tuple | ast.List | ast.IfExp):
        node = above[node]
    holder = above[node]
    return isinstance(holder, ast.Call | ast.Return) or (
        isinstance(holder, ast.Dict) and node in holder.values
    )


WRITTEN = {node.value for path in below_doors() for node in words_in(path) if is_written(path, node)}


def named_by(pack):
    def walk(value, key=None):
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from walk(inner, name)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner, key)
        elif isinstance(value, str) and key in WAITS and value in EVENTS:
            yield value

    return set(walk(yaml.safe_load(pack.read_text(encoding="utf-8"))))


def test_code_says_no_word_outside_the_closed_list():
    families = {word.split(".")[0] for word in EVENTS}
    wrong = [
        (named(path), node.value)
        for path in code()
        if path.name != "vocabulary.py" and "bench" not in path.parts  # there a figure is named case.p95
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _looks_like_a_word(node.value, families)
        and not node.value.endswith(".yaml")
    ]
    assert wrong == []


def _looks_like_a_word(text, families):
    return (
        re.fullmatch(r"[a-z_]+\.[a-z_]+", text) is not None
        and text.split(".")[0] in families
        and text not in EVENTS
        and text not in FACTS
        and not text.endswith((".html", ".case", ".message", ".models"))
    )


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
def test_every_word_a_pack_waits_for_is_written_or_its_room_is_not_built_yet(pack):
    assert named_by(pack) - WRITTEN - LATER == set()


def test_no_word_is_called_unbuilt_that_code_writes():
    assert LATER & WRITTEN == set()
    assert LATER <= set(EVENTS)
    assert set().union(*map(named_by, PACKS)) >= LATER


def test_the_clocks_leave_out_only_what_no_room_writes():
    assert clockwork.NOT_WRITTEN_YET <= LATER


def test_the_table_of_reactions_waits_for_words_that_are_written():
    assert set(REACTIONS) - WRITTEN == set()
