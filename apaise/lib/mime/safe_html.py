"""The HTML of a stranger, safe to show: an allow-list, nothing fetched, no style of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import unquote

import nh3
from lxml import etree

from apaise.lib.mime.markup import as_html, is_hidden, parse, render

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
}
_LINKS = {"http", "https", "mailto", "tel", "cid"}

_PICTURE = re.compile(r'(<img [^<>]{0,3000}?)src="cid:([^"<>]{1,500})"', re.IGNORECASE)
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
        if element.tag in ("script", "style") or is_hidden(element):
            element.clear(keep_tail=True)
    body = root.find("body")
    source = etree.tostring(root if body is None else body, encoding="unicode", method="html")
    if source.count("&") > _MOST_ENTITIES:
        return as_html(render(root).text)
    return _the_cleaner().clean(source).strip()


def with_pictures(safe: str, address_of: Callable[[str], str | None]) -> str:
    """Sanitised HTML with the pictures that came along: the page gives the signed address of each content id,
    or None if it has no such picture."""

    def put(found: re.Match[str]) -> str:
        address = address_of(unquote(unescape(found[2])).strip("<> "))
        return f'{found[1]}src="{escape(address)}"' if address else found[1].rstrip()

    return _PICTURE.sub(put, safe)


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
            attribute_filter=_kept,
        )
    return _cleaner


def _kept(tag: str, name: str, value: str) -> str | None:
    """Asked by the sanitiser, whose tree is the one that is shown: `<image src=…>` is a picture only there."""
    if name == "src" and not value.strip().lower().startswith("cid:"):
        return None
    return value
