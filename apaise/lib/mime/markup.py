"""HTML of mails: one way to parse it, and its text as a person would read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from lxml import etree

Element = Any  # lxml ships no types

_MOST_CHARS = 1_000_000
_MOST_QUOTES = 10
# huge_tree lifts libxml2's depth limit from 255 to 2,048, deep enough for the longest quoted thread;
# what stands below that is read without its structure.
_PARSER = etree.HTMLParser(
    encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True, recover=True
)
_SILENT = frozenset(
    "head style script title template svg math iframe object meta link base audio video".split()  # noqa: SIM905
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote table pre hr".split())  # noqa: SIM905
_BLOCKS = frozenset(
    "div section article header footer main aside nav tr li dt dd address center form fieldset figure body caption".split()  # noqa: SIM905
)
_HIDDEN = re.compile(r"display:none|visibility:hidden|(?:max-height|opacity):0(?:px|%|em|pt)?(?:;|!|$)")
_DEEPEST = 2_000
_UNREAD = [
    (rf"<{name}\b", re.compile(rf"</{name}\b[^<>]{{0,100}}>", re.IGNORECASE))
    for name in ("script", "style", "title")
]
_BREAKS = re.compile(r"<(?:br|/?(?:p|div|tr|li|h[1-6]|blockquote|table|ul|ol))\b", re.IGNORECASE)
_FRAME = re.compile(r"<(?:!doctype|/?(?:html|body))\b[^<>]{0,2000}>", re.IGNORECASE)
_END = re.compile(r"</(?:body|html)\s{0,100}>", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?[a-zA-Z!?][^<>]{0,5000})>")


def parse(html: str) -> Element | None:
    """The root of the tree, or None if there is nothing in it."""
    # lxml reads NUL as the end of the document, and half letters cannot be encoded.
    source = _open_ended(html[:_MOST_CHARS].replace("\0", ""))
    root = _tree(source)
    if source.count("<") > _DEEPEST and _stopped_short():
        root = _tree(_flat(source))
    return root


def _open_ended(source: str) -> str:
    """The parser drops what stands behind the end: the footer of a list, or the second of two documents."""
    first = _END.search(source)
    if first is None or not _END.sub("", source[first.start() :]).strip():
        return source
    return _END.sub("", source)


def _tree(source: str) -> Element | None:
    if not source.strip():
        return None
    try:
        return etree.fromstring(source.encode("utf-8", "replace"), _PARSER)
    except etree.LxmlError:
        return None


def _stopped_short() -> bool:
    """Did the parser leave off because elements stand too deep in one another?"""
    return any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in _PARSER.error_log)


def _flat(source: str) -> str:
    """The words without their structure, as HTML: better read flat than lost."""
    for start, end in _UNREAD:
        pieces = re.split(start, source, flags=re.IGNORECASE)
        source = pieces[0] + "".join(
            piece[found.end() :] for piece in pieces[1:] if (found := end.search(piece))
        )
    return _TAG.sub(lambda tag: "<br>" if _BREAKS.match(tag[0]) else " ", source)


def as_html(text: str) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<div>" + safe.replace("\n", "<br>\n") + "</div>"


def joined(pieces: list[str]) -> str:
    """Several documents as one: a parser leaves off where the first one ends."""
    return pieces[0] if len(pieces) == 1 else "\n".join(_FRAME.sub("", piece) for piece in pieces)


def is_hidden(element: Element) -> bool:
    """Written to be read by filters, not by people: preheaders, tracking words."""
    style = element.get("style")
    if style and _HIDDEN.search(style[:2_000].replace(" ", "").lower()):
        return True
    return element.get("hidden") is not None


class Extent(Enum):
    """How much an element tells us to leave out of the new words."""

    ITSELF = 1
    ALL_THAT_FOLLOWS = 2


@dataclass(frozen=True, slots=True)
class Rendered:
    text: str  # of the whole tree
    kept: str | None  # without what `judge` left out; None if it left out nothing


def render(root: Element, judge: Callable[[Element], Extent | None] | None = None) -> Rendered:
    """The text of a tree, in one walk; `judge` is asked about each visible element outside what it left out."""
    page = _Page()
    walker = etree.iterwalk(root, events=("start", "end"))
    silent: Element | None = None
    left: Element | None = None  # the element being left out
    cuts: list[int] = []  # where kept text stops, starts again, stops, …
    for event, element in walker:
        if event == "start":
            if silent is not None:
                continue
            if element.tag in _SILENT or is_hidden(element):
                silent = element
                walker.skip_subtree()
                continue
            if judge and left is None and (extent := judge(element)):
                cuts.append(page.length)
                left = element
                judge = None if extent is Extent.ALL_THAT_FOLLOWS else judge
            page.open(element)
            continue
        if element is silent:
            silent = None
        elif silent is None:
            page.close(element)
        if element is left and judge:
            cuts.append(page.length)
            left = None
        if silent is None and element.tail and element is not root:
            page.write(element.tail)
    return Rendered(page.text(), page.text_outside(cuts) if cuts else None)


def stripped(html: str) -> str:
    """The words of an HTML that has no usable structure: the parser stops where nesting is too deep."""
    words = _TAG.sub(" ", html[:_MOST_CHARS])
    return " ".join(words.split())


class _Page:
    """Text under construction: breaks wait until a word follows, so that none are left over at the end."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._breaks = 0  # line breaks owed before the next word; two make an empty line
        self._space = False
        self._quotes = 0
        self._pre = 0
        self._bulleted = False  # the next word stands on the line of its bullet
        self._lists: list[int | None] = []  # next number, or None for bullets
        self._links: list[tuple[str, int]] = []

    def open(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            self._break(self._breaks + 1 if self._breaks or not self._out else 1)
        elif tag in _PARAGRAPHS:
            self._break(1 if tag in ("ul", "ol") and self._lists else 2)
        elif tag in _BLOCKS:
            self._break(1)
        if tag == "a":
            self._links.append((element.get("href") or "", len(self._out)))
        elif tag in ("td", "th"):
            self._cell()
        elif tag == "li":
            self._bullet()
        elif tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "blockquote" and is_citation(element):
            self._quotes += 1
        elif tag == "pre":
            self._pre += 1
        if element.text:
            self.write(element.text)

    def close(self, element: Element) -> None:
        tag = element.tag
        if tag == "li":
            self._bulleted = False
        if tag == "a" and self._links:
            self._link(*self._links.pop())
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "blockquote" and is_citation(element):
            self._quotes -= 1
        elif tag == "pre":
            self._pre -= 1
        if tag in _PARAGRAPHS:
            self._break(1 if tag in ("ul", "ol") and self._lists else 2)
        elif tag in _BLOCKS:
            self._break(1)

    def write(self, text: str) -> None:
        if self._pre:
            self._write_pre(text)
            return
        words = " ".join(text.split())
        if not words:
            self._space = True
            return
        if text[0].isspace():
            self._space = True
        self._put(words)
        self._space = text[-1].isspace()

    @property
    def length(self) -> int:
        return len(self._out)

    def text(self) -> str:
        return "".join(self._out)

    def text_outside(self, cuts: list[int]) -> str:
        edges = [0, *cuts] if len(cuts) % 2 else [0, *cuts, len(self._out)]
        spans = zip(edges[::2], edges[1::2], strict=True)
        return "".join(piece for start, end in spans for piece in self._out[start:end])

    def _put(self, words: str) -> None:
        if self._breaks or not self._out:
            mark = "> " * min(self._quotes, _MOST_QUOTES) if self._quotes else ""
            if self._out:
                self._out.append(f"\n{mark.rstrip()}" * (self._breaks - 1) + "\n")
            self._out.append(mark)
            self._breaks = 0
        elif self._space:
            self._out.append(" ")
        self._space = self._bulleted = False
        self._out.append(words)

    def _write_pre(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self._break(self._breaks + 1)
            if line.strip():
                self._put(line.replace("\xa0", " ").rstrip())

    def _break(self, lines: int) -> None:
        if self._out and not self._bulleted:
            self._breaks = min(max(self._breaks, lines), 2)
        self._space = False

    def _cell(self) -> None:
        if self._out and not self._breaks:
            self._out.append("\t")
            self._space = False

    def _bullet(self) -> None:
        number = self._lists[-1] if self._lists else None
        indent = "  " * max(0, min(len(self._lists), 10) - 1)
        self._put(f"{indent}- " if number is None else f"{indent}{number}. ")
        self._bulleted = True
        if number is not None:
            self._lists[-1] = number + 1

    def _link(self, href: str, start: int) -> None:
        shown = "".join(self._out[start:]).strip()
        href = href.strip()[:500]
        if not shown or not href.lower().startswith(("http://", "https://", "mailto:")):
            return
        if _bare(href) not in _bare(shown) and not shown.endswith(")"):
            self._put(f" ({href})")


def _bare(link: str) -> str:
    link = link.strip().lower()
    for start in ("mailto:", "https://", "http://", "www."):
        link = link.removeprefix(start)
    return link.partition("?")[0].rstrip("/") if "@" in link.partition("?")[0] else link.rstrip("/")


def is_citation(element: Element) -> bool:
    """A quote of earlier mail; a bare blockquote is only an indentation in Gmail and Outlook."""
    return (element.get("type") or "").lower() == "cite" or "quote" in (element.get("class") or "").lower()
