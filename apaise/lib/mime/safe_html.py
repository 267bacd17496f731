"""The HTML of a stranger, safe to show: an allow-list, nothing fetched, no style of theirs."""

from __future__ import annotations

import nh3
from lxml import etree

from apaise.lib.mime.markup import Element, as_html, is_hidden, parse, render

_TAGS = set(
    "a abbr b bdi blockquote br caption center cite code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i"  # noqa: SIM905
    " img ins kbd li ol p pre q s small span strike strong sub sup table tbody td tfoot th thead tr tt u ul".split()
)
# No style, class or id: they could cover our buttons, borrow our looks or answer to our scripts.
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "col": {"span"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"start", "type"},
    "td": {"align", "colspan", "rowspan", "valign"},
    "th": {"align", "colspan", "rowspan", "scope", "valign"},
}
_DROPPED_WHOLE = {
    "script",
    "style",
    "title",
    "template",
    "svg",
    "math",
    "iframe",
    "object",
    "noscript",
    "textarea",
    "button",
    "select",
}
_LINKS = {"http", "https", "mailto", "tel", "cid"}

_MOST_ENTITIES = 50_000  # the sanitiser's time grows with their square; no real mail comes near

_cleaner: nh3.Cleaner | None = None


def sanitise(html: str) -> str:
    """Safe HTML. A picture keeps its `cid:` address, which names an attachment; every other address of a
    picture is left out, so that reading tells the sender nothing."""
    root = parse(html)
    if root is None:
        return ""
    # Through lxml first: the sanitiser alone needs seconds for a mail of deeply nested tags, and here
    # what the tree cannot hold is gone already.
    for element in list(root.iter()):
        if element.tag == "img":
            _without_address(element)
        elif element.tag in ("script", "style") or is_hidden(element):
            element.clear(keep_tail=True)
    body = root.find("body")
    source = etree.tostring(root if body is None else body, encoding="unicode", method="html")
    if source.count("&") > _MOST_ENTITIES:
        return as_html(render(root).text)
    return _the_cleaner().clean(source).strip()


def _the_cleaner() -> nh3.Cleaner:
    global _cleaner
    if _cleaner is None:
        _cleaner = nh3.Cleaner(
            tags=_TAGS,
            clean_content_tags=_DROPPED_WHOLE,
            attributes=_ATTRIBUTES,
            url_schemes=_LINKS,
            url_relative="deny",
            link_rel="noopener noreferrer nofollow",
            set_tag_attribute_values={"a": {"target": "_blank"}},
        )
    return _cleaner


def _without_address(image: Element) -> None:
    if not (image.get("src") or "").strip().lower().startswith("cid:"):
        image.attrib.pop("src", None)
