"""What mail programs mark as history or signature in their HTML, and its text with and without."""

from __future__ import annotations

from apaise.lib.mime.history import marks
from apaise.lib.mime.history.blocks import is_forward_mark, is_header_block
from apaise.lib.mime.history.facts import LINE_CHARS, plain
from apaise.lib.mime.markup import Element, Extent, Rendered, parse, render, stripped

_MOST_DOUBTS = 50  # elements of one mail that are looked into before they are judged
_WORTH_STRIPPING = 2_000  # letters
_BLOCK_LINES = 14


def may_mark_history(html: str) -> bool:
    low = html.lower()
    return any(mark in low for mark in marks.HISTORY_IN_SOURCE)


def read_html(html: str, *, answers: bool = True) -> Rendered:
    """The text of an HTML part, and what is kept of it when its marked history is left out.

    answers    of a mail that answers none, a copied header is what its writer pasted"""
    root = parse(html)
    if root is None:
        return Rendered("", None)
    rendered = render(root, _Judge(answers) if may_mark_history(html) else None)
    if not rendered.text and len(html) > _WORTH_STRIPPING:
        return Rendered(stripped(html), None)
    return rendered


class _Judge:
    def __init__(self, answers: bool) -> None:
        self._answers = answers
        self._doubts = 0

    def __call__(self, element: Element) -> Extent | None:
        classes = element.get("class")
        if classes and (extent := self._by_class(element, classes.lower().split()[:50])):
            return extent
        name = (element.get("id") or "").lower().removeprefix("x_")
        marker = (element.get("data-marker") or "").lower()
        if self._answers and (name in marks.HISTORY_IDS or marker in marks.HISTORY_MARKERS):
            return Extent.ALL_THAT_FOLLOWS
        if name in marks.SIGNATURE_IDS or marker in marks.SIGNATURE_MARKERS:
            return Extent.ITSELF
        section = (element.get("name") or "").lower()
        if section in marks.SIGNATURE_NAMES:
            return Extent.ITSELF
        if section in marks.HISTORY_NAMES or name.startswith(marks.YAHOO):
            return None if self._is_left_to_its_lines(element) else Extent.ITSELF
        style = element.get("style") if self._answers else None
        if style and "border-top" in style and self._is_outlook_header(element, style):
            return Extent.ALL_THAT_FOLLOWS
        return None

    def _by_class(self, element: Element, classes: list[str]) -> Extent | None:
        if not marks.SIGNATURE_CLASSES.isdisjoint(classes):
            return Extent.ITSELF
        if any(one.startswith("ydp") and marks.YAHOO_SIGNATURE.fullmatch(one) for one in classes):
            return Extent.ITSELF
        if marks.HISTORY_CLASSES.isdisjoint(classes) and not any(
            one.endswith(marks.YAHOO) for one in classes
        ):
            return None
        return None if self._is_left_to_its_lines(element) else Extent.ITSELF

    def _is_left_to_its_lines(self, element: Element) -> bool:
        """A forwarded mail is wrapped like a quoted one; and between the quotes in it the writer may answer.

        The text of a quote has its ">", so that line by line both are told apart."""
        if element.tag == "blockquote":
            return True
        return self._may_look_inside() and (
            next(element.iter("blockquote"), None) is not None or _forwards(element)
        )

    def _may_look_inside(self) -> bool:
        self._doubts += 1
        return self._doubts <= _MOST_DOUBTS

    def _is_outlook_header(self, element: Element, style: str) -> bool:
        if (
            not marks.OUTLOOK_BORDER.search(style[:500].replace(" ", "").lower())
            or not self._may_look_inside()
        ):
            return False
        lines = render(element).text.split("\n")[:_BLOCK_LINES]
        return is_header_block([plain(line) for line in lines], 0)


def _forwards(element: Element) -> bool:
    texts = (text.strip() for text, _ in zip(element.itertext(), range(20), strict=False))
    first = next((text for text in texts if text), "")
    return is_forward_mark(first[:LINE_CHARS])
