"""Find cases by words: accents, inflections and the beginning of the last word, and only those a person may read."""

from collections.abc import Sequence
from typing import cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max
from django.db.models.expressions import RawSQL

from apaise.ground.accounts.models import User
from apaise.intake.cases.models import Case, CaseQuerySet
from apaise.lib.search import Term, parse

NEWEST, RELEVANCE = "newest", "relevance"
MOST_RANKED = 20_000  # relevance looks at the newest of all hits
MOST_COUNTED = 999
# On PostgreSQL: newest cases looked at one by one; a word of so many of them is frequent; so many readable ones are few.
WALKED, FREQUENT, FEW = 2_000, 50, 40_000


def cases(
    query: str,
    *,
    user: User,
    order: str = NEWEST,
    limit: int = 50,
    before: int | None = None,
    among: CaseQuerySet | None = None,
) -> list[int]:
    """The ids of the cases that meet every word of the query and that `user` may read.

    order    newest: opened last first. relevance: those that use the very words first, of the newest 20,000
    before   for the next page by newest: only cases with a lower id
    among    narrows the cases further; who may read them is asked all the same"""
    terms = parse(query)
    if not terms:
        return []
    readable = (Case.objects.all() if among is None else among).visible_to(user)
    if order == RELEVANCE:
        return _ranked(terms, readable, narrowed=among is not None)[:limit]
    return _ids(_expression(terms), limit, readable, before, narrowed=among is not None)


def count(query: str, *, user: User, among: CaseQuerySet | None = None) -> int:
    """How many cases there are, up to 1,000, which means more than 999."""
    return len(cases(query, user=user, limit=MOST_COUNTED + 1, among=among))


def _ranked(terms: Sequence[Term], readable: CaseQuerySet, *, narrowed: bool) -> list[int]:
    asked = _expression(terms)
    hits = _ids(asked, MOST_RANKED, readable, narrowed=narrowed)
    score = dict.fromkeys(hits, 0)
    for term in terms if len(hits) > 1 else ():  # the word as it was typed counts more than one of its family
        for case_id in _ids(_both(asked, _any_of([term.plain])), MOST_RANKED, after=hits[-1]):
            if case_id in score:
                score[case_id] += 1
    return sorted(hits, key=lambda case_id: (-score[case_id], -case_id))


def _ids(
    expression: str,
    limit: int,
    readable: CaseQuerySet | None = None,
    before: int | None = None,
    after: int | None = None,
    *,
    narrowed: bool = False,
) -> list[int]:
    """Case ids that match, newest first. Who may read them is part of the question, so no page comes out short."""
    if connection.vendor != "postgresql" or after is not None:
        return _asked(expression, limit, readable, before, after)
    # PostgreSQL cannot tell a rare word from a frequent one, and may walk a million cases for the one that has it. So we
    # walk the newest few; they fill a page, or tell how frequent the words are, and so how to go on.
    start = before if before is not None else _newest() + 1
    behind = start - WALKED
    found = _asked(expression, limit, readable, start, behind)
    if len(found) < limit and behind > 0:
        if narrowed and readable is not None and _are_few(readable):
            return _of_few(expression, limit, readable, before)
        rare = len(_asked(expression, FREQUENT, None, start, behind)) < FREQUENT
        found += _asked(expression, limit - len(found), readable, behind, by_index=rare)
    return found


def _are_few(readable: CaseQuerySet) -> bool:
    """Whether it is quicker to look at each of them than at all that hold the words: the open ones of a large past."""
    return readable.order_by()[: FEW + 1].count() <= FEW


def _of_few(expression: str, limit: int, readable: CaseQuerySet, before: int | None = None) -> list[int]:
    """The same of few readable cases: they first, then whether each holds the words."""
    table, key, match = _index()
    bounded = readable if before is None else readable.filter(pk__lt=before)
    try:
        asked, given = bounded.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    sql = (
        f"WITH few(id) AS MATERIALIZED ({asked}), hits AS MATERIALIZED"  # noqa: S608  (columns of ours)
        f" (SELECT few.id FROM few JOIN {table} ON {key} = few.id WHERE {match})"
        f" SELECT id FROM hits ORDER BY id DESC LIMIT {int(limit)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*given, expression])
        return [row[0] for row in cursor.fetchall()]


def _newest() -> int:
    return Case.objects.aggregate(last=Max("pk"))["last"] or 0


def _asked(
    expression: str,
    limit: int,
    readable: CaseQuerySet | None = None,
    before: int | None = None,
    after: int | None = None,
    *,
    by_index: bool = False,
) -> list[int]:
    table, key, match = _index()
    wheres, values = [match], cast(list[str | int], [expression])
    for bound, sign in ((before, "<"), (after, ">=")):
        if bound is not None:
            wheres.append(f"{key} {sign} %s")
            values.append(bound)
    if by_index:  # all that match, found first and apart: only the index does that well
        inner = f"SELECT case_id FROM {table} WHERE {' AND '.join(wheres)}"  # noqa: S608  (columns of ours)
        table, key, wheres = f"({inner} OFFSET 0) AS hits", "hits.case_id", []
    if readable is not None:
        same = readable.filter(pk=RawSQL(key, []))  # noqa: S611  (key is a column of ours)
        try:
            asked, given = same.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:  # may read none at all
            return []
        wheres.append(f"EXISTS ({asked})")
        values.extend(cast(tuple[str | int, ...], given))
    where = f" WHERE {' AND '.join(wheres)}" if wheres else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table}{where} ORDER BY {key} DESC LIMIT {int(limit)}", values)  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def _index() -> tuple[str, str, str]:
    """Table, key and condition of the index on this database."""
    if connection.vendor == "postgresql":
        return "cases_findable", "cases_findable.case_id", "cases_findable.words @@ %s::tsquery"
    return "cases_words", "cases_words.rowid", "cases_words MATCH %s"


def _expression(terms: Sequence[Term]) -> str:
    """All of the terms, each in any of its forms, in the words of this database's index."""
    return _both(*(_any_of(term.tokens, term.prefixes) for term in terms))


def _both(*conditions: str) -> str:
    sign = " & " if connection.vendor == "postgresql" else " AND "
    return sign.join(f"({condition})" for condition in conditions)


def _any_of(tokens: Sequence[str], prefixes: Sequence[str] = ()) -> str:
    # Tokens are letters, digits and our own three signs: quoted, nothing of what a person typed is read as syntax.
    if connection.vendor == "postgresql":
        return " | ".join(
            [*(f"'{token}'" for token in dict.fromkeys(tokens)), *(f"'{one}':*" for one in prefixes)]
        )
    return " OR ".join(
        [*(f'"{token}"' for token in dict.fromkeys(tokens)), *(f'"{one}" *' for one in prefixes)]
    )
