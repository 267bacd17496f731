"""Who speaks in a conversation: the customer, or somebody of ours. What cannot be told stays unknown."""

import re
from collections.abc import Iterable, Sequence

from apaise.ground.accounts.models import User
from apaise.intake.cases.message import Message
from apaise.intake.channels.particulars import Turn
from apaise.lib.language.folding import folded
from apaise.lib.transcript import Said

AGENT, CUSTOMER, UNKNOWN = Turn.Role.AGENT, Turn.Role.CUSTOMER, Turn.Role.UNKNOWN
_OURS = {
    "agent", "advisor", "adviser", "operator", "handler", "support", "bot", "assistant", "assistante", "conseiller", "conseillere",
    "operateur", "operatrice", "teleconseiller", "teleconseillere", "service", "staff", "us", "nous",
}  # fmt: skip
_THEIRS = {
    "customer", "client", "cliente", "caller", "complainant", "visitor", "user", "appelant", "appelante", "reclamant", "reclamante",
    "visiteur", "visiteuse", "usager", "abonne", "abonnee",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def roles_of(
    turns: Sequence[Said], *, customer: str = "", agents: Iterable[str] = (), told: Sequence[str] = ()
) -> list[str]:
    """The role of each turn.

    customer   the customer's name, if known
    agents     names of ours the source gives; those of our staff are known anyway
    told       what the source says of each turn itself, in whatever word"""
    names = list(dict.fromkeys(turn.speaker for turn in turns))
    ours = {_key(name) for name in agents if name} | {
        _key(name) for name in User.objects.values_list("name", flat=True)
    }
    known = {name: _role(name, customer, ours) for name in names}
    if len(names) == 2:  # of two people, who is not the one is the other
        for name, other in (names, names[::-1]):
            if known[name] == UNKNOWN and known[other] != UNKNOWN and name:
                known[name] = CUSTOMER if known[other] == AGENT else AGENT
    said = [*told, *[""] * (len(turns) - len(told))]
    return [_by_word(word) or known[turn.speaker] for word, turn in zip(said, turns, strict=False)]


def _role(name: str, customer: str, ours: set[str]) -> str:
    if not name:
        return UNKNOWN
    if found := _by_word(name):
        return found
    if _key(name) in ours:
        return AGENT
    words, theirs = set(_WORD.findall(_key(name))), set(_WORD.findall(_key(customer)))
    # “Mme Dupont” for Marie Dupont: the names that are told all fit.
    if (
        theirs
        and words - {"m", "mr", "mme", "mrs", "ms", "mlle", "madame", "monsieur"} <= theirs
        and words & theirs
    ):
        return CUSTOMER
    return UNKNOWN


def _by_word(name: str) -> str:
    words = set(_WORD.findall(_key(name)))
    if words & _OURS:  # “service client” too
        return AGENT
    return CUSTOMER if words & _THEIRS else ""


def _key(name: str) -> str:
    return " ".join(folded(name).split())


def words_of_customer(turns: Sequence[Said], roles: Sequence[str]) -> str:
    """What the customer said, without us; where nobody is known as the customer, what nobody of ours said."""
    wanted = CUSTOMER if CUSTOMER in roles else UNKNOWN
    return "\n\n".join(turn.text for turn, role in zip(turns, roles, strict=True) if role == wanted)


def words_of_all(turns: Iterable[Said | Turn]) -> str:
    """The whole conversation, a line each."""
    return "\n".join(f"{turn.speaker}: {turn.text}" if turn.speaker else turn.text for turn in turns)


def keep_turns(message: Message, turns: Sequence[Said], roles: Sequence[str]) -> None:
    """Store the turns of this message, in their order."""
    Turn.objects.bulk_create(
        (
            Turn(
                message=message,
                number=number,
                speaker=turn.speaker[:80],
                role=role,
                start_ms=turn.start_ms,
                end_ms=turn.end_ms,
                text=turn.text,
            )
            for number, (turn, role) in enumerate(zip(turns, roles, strict=True), start=1)
        ),
        batch_size=500,
    )
