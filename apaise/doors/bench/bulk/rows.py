"""A planned case as rows of the tables: case, person, messages, deadlines, and its chain of the ledger, hashed and sealed."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from apaise.doors.bench.bulk import plan as planning
from apaise.doors.bench.bulk import words
from apaise.doors.bench.bulk.plan import Plan
from apaise.ground.ledger.models import START, canonical, seal_of
from apaise.ground.packs.pack import Pack
from apaise.lib.language.folding import folded

BY = "system:bulk"  # who acts in every entry of these chains: nobody may take them for real ones
RULES = ("ack", "reply_target", "reply_hard_cap")
OWNERS = {"ack": "desk", "reply_target": "handler", "reply_hard_cap": "complaints_manager"}

Row = dict[str, Any]


class Rows:
    """Makes rows, table by table; moments are text in UTC, which both databases read alike."""

    def __init__(self, ids: "Ids", pack: Pack, frozen: Mapping[str, Any], today: date) -> None:
        self.ids, self._pack, self._frozen, self._today = ids, pack, frozen, today
        self._due = lru_cache(maxsize=None)(self._due_at)

    def of(self, plan: Plan) -> Iterator[tuple[str, Row]]:
        """(table, row) for everything one case consists of, in the order of the foreign keys."""
        if plan.is_new_person:
            yield from self._person(plan)
        received = self._received(plan)
        messages = list(self._messages(plan, received))
        deadlines = self._deadlines(plan, received)
        yield "cases_case", self._case(plan, received, messages, deadlines)
        yield from (("cases_message", row) for row in messages)
        yield from (("cases_deadline", row) for row in deadlines)
        yield from self._chain(plan, received, messages, deadlines)

    def _person(self, plan: Plan) -> Iterator[tuple[str, Row]]:
        first, last = words.FIRST[plan.seed % len(words.FIRST)], words.LAST[plan.seed // 31 % len(words.LAST)]
        company = self.ids.organisations[plan.person % len(self.ids.organisations)]
        yield (
            "parties_person",
            {
                "id": self.ids.person(plan.person),
                "name": f"{first} {last}",
                "language": plan.language,
                "kind": "",
                "organisation_id": company if plan.person % 5 == 0 else None,
            },
        )
        mailbox = folded(f"{first}.{last}.{plan.person}")
        yield (
            "parties_address",
            {
                "id": self.ids.person(plan.person),
                "person_id": self.ids.person(plan.person),
                "kind": "email",
                "value": f"{mailbox}@courriel.exemple.test",
            },
        )

    def _received(self, plan: Plan) -> datetime:
        midnight = datetime(plan.day.year, plan.day.month, plan.day.day, tzinfo=UTC)
        return midnight + timedelta(minutes=plan.minute)

    def _messages(self, plan: Plan, received: datetime) -> Iterator[Row]:
        kinds = ["complaint", "acknowledgement"]
        for number in range(2, plan.messages + 1):
            kinds.append("message" if number % 2 else "reply")
        if plan.is_answered:
            kinds.append("final_reply")
        pace = max(timedelta(minutes=1), timedelta(days=6) / len(kinds))
        for place, kind in enumerate(kinds):
            at = received + (timedelta(minutes=place) if place < 2 else pace * (place - 1))
            yield self._message(plan, place, kind, at)

    def _message(self, plan: Plan, place: int, kind: str, at: datetime) -> Row:
        theirs = kind in ("complaint", "message")
        said = (words.CUSTOMER if theirs else words.OURS)[plan.language]
        text = " ".join(said[(plan.seed + place + step) % len(said)] for step in range(3))
        pk = self.ids.next_message()
        return {
            "id": pk,
            "case_id": self.ids.case(plan.number),
            "direction": "in" if theirs else "out",
            "state": "received" if theirs else "sent",
            "kind": kind,
            "channel": plan.channel if theirs else "email",
            "author_person_id": self.ids.person(plan.person) if theirs else None,
            "author_user_id": None if theirs or kind == "acknowledgement" else self._handler(plan),
            "subject": self._title(plan),
            "text": f"{text}\n\n-- \n{words.FIRST[plan.seed % len(words.FIRST)]}",
            "new_text": text,
            "at": _text(at),
            "sent_at": None if theirs else _text(at),
            "message_id": f"<b{pk}@bulk.exemple.test>",
        }

    def _handler(self, plan: Plan) -> int:
        return self.ids.staff[plan.team * planning.PER_TEAM if plan.handler is None else plan.handler]

    def _title(self, plan: Plan) -> str:
        subjects = words.SUBJECTS[plan.language]
        return subjects[plan.subject % len(subjects)]

    def _due_at(self, rule: str, level: str, day: date) -> datetime:
        # By the engine itself. These three are counted in days, so the hour of receipt makes no difference.
        start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        return (
            self._pack.deadlines[rule]
            .due(start, self._pack.calendar, criticality=level)
            .due_at.astimezone(UTC)
        )

    def _deadlines(self, plan: Plan, received: datetime) -> list[Row]:
        ended = received + timedelta(days=6) if plan.is_answered or plan.state in planning.ENDED else None
        rows = []
        for rule in RULES:
            due = self._due(rule, plan.level or "C3", plan.day)
            stopped = received + timedelta(minutes=1) if rule == "ack" else ended
            by = "ack.sent" if rule == "ack" else _ending_word(plan.state)
            rows.append(
                {
                    "id": self.ids.next_deadline(),
                    "case_id": self.ids.case(plan.number),
                    "rule": rule,
                    "owner": OWNERS[rule],
                    "state": "stopped" if stopped else "running",
                    "level": plan.level or "C3",
                    "start_at": _text(received),
                    "due_at": _text(due),
                    "stopped_at": _text(stopped),
                    "stopped_by": by if stopped else "",
                    # Told already, or the first round after the load would tell of each of them.
                    "missed_at": _text(due) if not stopped and due.date() < self._today else None,
                }
            )
        return rows

    def _case(self, plan: Plan, received: datetime, messages: list[Row], deadlines: list[Row]) -> Row:
        at, owed = _text(received), [row for row in deadlines if row["state"] == "running"]
        theirs = [row for row in messages if row["direction"] == "in"]
        replies = [row["at"] for row in messages if row["author_user_id"]]
        final = messages[-1]["at"] if plan.is_answered else None
        first = min(owed, key=lambda row: (row["due_at"], row["rule"]), default=None)
        return {
            "id": self.ids.case(plan.number),
            "reference": reference(plan),
            "title": self._title(plan),
            "channel": plan.channel,
            "language": plan.language,
            "state": plan.state,
            "resume_state": "investigating" if plan.state.startswith("awaiting") else "",
            "desk_id": self.ids.desks[plan.team],
            "team_id": self.ids.teams[plan.team],
            "handler_id": None if plan.handler is None else self.ids.staff[plan.handler],
            "complainant_id": self.ids.person(plan.person),
            "organisation_id": self.ids.organisations[plan.person % len(self.ids.organisations)] if plan.person % 5 == 0 else None,
            "pack_version_id": self._frozen["id"],
            "sent_at": at,
            "received_at": at,
            "written_complaint_at": at,
            "criticality": plan.level,
            "outcome": "accepted" if plan.is_answered else "",
            "final_reply_at": final,
            "closed_at": final if plan.state == "closed" else None,
            "answer_by": str(self._today + timedelta(days=5)) if plan.state == "awaiting_customer" else None,
            "next_due_at": first["due_at"] if first else None,
            "next_due_rule": first["rule"] if first else "",
            "customer_wrote_at": theirs[-1]["at"],
            "we_wrote_at": replies[-1] if replies else None,
            "excerpt": theirs[-1]["new_text"][:159],
        }  # fmt: skip

    # --- the ledger -----------------------------------------------------------------------------------------

    def _chain(
        self, plan: Plan, received: datetime, messages: list[Row], deadlines: list[Row]
    ) -> Iterator[tuple[str, Row]]:
        chain, previous, seq = reference(plan), START, 0
        for what, at, facts in self._said(plan, received, messages, deadlines):
            seq += 1
            place, told = f"{chain}/{seq}", canonical(facts)
            line = canonical([place, chain, seq, what, _iso(at, "000000"), BY, told, previous])
            hash_ = hashlib.sha256(line.encode()).hexdigest()
            yield (
                "ledger_entry",
                {
                    "id": place,
                    "chain": chain,
                    "seq": seq,
                    "what": what,
                    "at": at,
                    "by": BY,
                    "facts": told,
                    "previous": previous,
                    "hash": hash_,
                },
            )
            previous = hash_
        seal = seal_of(chain, seq, previous)
        yield "ledger_head", {"chain": chain, "seq": seq, "hash": previous, "seal": seal}

    def _said(
        self, plan: Plan, received: datetime, messages: list[Row], deadlines: list[Row]
    ) -> Iterator[tuple[str, str, dict[str, Any]]]:
        at = _text(received)
        frozen = {name: self._frozen[name] for name in ("pack", "pack_version", "pack_digest")}
        yield "case.received", at, {"channel": plan.channel, "language": plan.language, **frozen}
        yield "complaint.written", at, {"channel": plan.channel}
        for row in deadlines:
            yield "deadline.started", at, _clock(row)
        first = messages[0]
        yield "message.received", at, {"message": first["id"], "channel": first["channel"]}
        acked = messages[1]["at"]
        yield "ack.sent", acked, {"message": messages[1]["id"]}
        yield "deadline.stopped", acked, _clock(deadlines[0])
        if plan.handler is not None:
            yield "case.assigned", acked, {"to": f"staff:{self._handler(plan)}"}
        word = _ending_word(plan.state)
        if word:
            last = deadlines[-1]["stopped_at"]
            yield word, last, {"state": plan.state}
            for row in deadlines[1:]:
                yield "deadline.stopped", last, _clock(row)
            if plan.state == "closed":
                yield "case.closed", last, {"state": "closed"}


class Ids:
    """Primary keys: those of cases and persons follow from their numbers, the others are counted on."""

    def __init__(
        self, teams: list[int], desks: list[int], staff: list[int], organisations: list[int]
    ) -> None:
        self.teams, self.desks, self.staff, self.organisations = teams, desks, staff, organisations
        self._message = self._deadline = 0

    def case(self, number: int) -> int:
        return number

    def person(self, number: int) -> int:
        return number

    def next_message(self) -> int:
        self._message += 1
        return self._message

    def next_deadline(self) -> int:
        self._deadline += 1
        return self._deadline


def reference(plan: Plan) -> str:
    """Numbered through all years, so that a number alone names a case."""
    return f"R-{plan.day.year}-{plan.number:05d}"


def _ending_word(state: str) -> str:
    if state in planning.ANSWERED:
        return "final_reply.sent"
    return {"withdrawn": "case.withdrawn", "redirected": "case.redirected"}.get(state, "")


def _clock(row: Row) -> dict[str, Any]:
    return {"rule": row["rule"], "due": _iso(row["due_at"]), "owner": row["owner"], "level": row["level"]}


def _text(at: datetime | None) -> Any:
    return at and at.strftime("%Y-%m-%d %H:%M:%S")


def _iso(at: str, micro: str = "") -> str:
    return f"{at.replace(' ', 'T')}{'.' if micro else ''}{micro}+00:00"
