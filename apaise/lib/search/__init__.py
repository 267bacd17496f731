"""Search: one tokeniser for both databases and for the index in memory. Knows no case, loads no Django."""

from apaise.lib.search.marks import Passage, passage
from apaise.lib.search.query import Term, parse
from apaise.lib.search.tokens import tokens

__all__ = ["Passage", "Term", "parse", "passage", "tokens"]
