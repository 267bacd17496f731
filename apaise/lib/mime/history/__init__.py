"""The words this writer added: quoted mail, copied headers, signatures and disclaimers left out.

    about       what is known before: does it answer, who writes to whom
    tables      what mail programs write, language by language
    facts       dates, times and addresses as they stand in such lines
    heads       "Le 3 mars 2025 à 10:12, Jeanne <j@exemple.test> a écrit :", over one to five lines
    blocks      copied headers ("De : … Envoyé : … À : …") and the lines that announce them
    endings     signatures and disclaimers; mobile: what phones and applications add; cards: visiting cards
    subjects    whether a mail says that it answers one or passes one on
    trimming    the walk through a text that asks all of these
    within      whether the answers stand in the mail that is answered, where no line tells them
    marked      the same for HTML, by what programs mark; marks has their names

A line is tried against patterns whose repeats are bounded, on at most LINE_CHARS letters and a bounded number of
times, so that no crafted line is slow."""

from apaise.lib.mime.history.about import About
from apaise.lib.mime.history.marked import may_mark_history, read_html
from apaise.lib.mime.history.trimming import trim
from apaise.lib.mime.history.within import are_answers_within

__all__ = ["About", "are_answers_within", "may_mark_history", "read_html", "trim"]
