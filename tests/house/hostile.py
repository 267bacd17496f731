"""Words that try to become markup, and how to tell that they did."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

# Each does `boom` in some browser or other when it is not escaped where it stands.
VECTORS = [
    "<script>boom(1)</script>", "<img src=x onerror=boom(2)>", "\"><script>boom(3)</script>", "'><img src=x onerror=boom(4)>",
    "<svg/onload=boom(5)>", "<svg><script>boom(6)</script></svg>", "</title><script>boom(7)</script>", "</textarea><script>boom(8)</script>",
    "</style><script>boom(9)</script>", "--><script>boom(10)</script>", "<iframe src=javascript:boom(11)>", "<iframe srcdoc='<script>boom(12)</script>'>",
    "<object data=javascript:boom(13)>", "<embed src=javascript:boom(14)>", "<a href=javascript:boom(15)>x</a>", "<a href=' &#106;avascript:boom(16)'>x</a>",
    "<form action=//boom.example><button>x</button></form>", "<base href=//boom.example>", "<meta http-equiv=refresh content='0;url=//boom.example'>",
    "<link rel=stylesheet href=//boom.example>", "<style>@import '//boom.example'</style>", "<p style=background:url(//boom.example)>",
    "<div hx-get=/sign-out hx-trigger=load class=boom>", "<div data-hx-post=/sign-out data-hx-trigger=load class=boom>", "<div x-data=boom(25) x-init=boom(25)>",
    "\" onmouseover=\"boom(26)", "' onfocus='boom(27)' autofocus='", "` onload=boom(28)", "<details open ontoggle=boom(29)>", "<input autofocus onfocus=boom(30)>",
    "<math><mtext></mtext><mglyph><svg><mtext><style><img src=x onerror=boom(31)>", "<noscript><p title='</noscript><img src=x onerror=boom(32)>'>",
    "{{ boom(33) }}", "{% include 'boom' %}", "${boom(35)}", "&lt;script&gt;boom(36)&lt;/script&gt;", "\\u003cscript\\u003eboom(37)\\u003c/script\\u003e",
    "<scr<script>ipt>boom(38)</scr</script>ipt>", "<<script>boom(39);//<</script>", "<x onclick=boom(40) tabindex=1 id=x>#x", "javascript:boom(41)//'/*\"/*`",
    "<template><s>boom</s></template><slot>boom",
]  # fmt: skip

_LINKS = (
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "srcdoc",
    "xlink:href",
    "hx-get",
    "hx-post",
)
_FRIENDS = ("", "testserver", "mediateur.exemple.test", "localhost", "127.0.0.1")


def foreign(page: str) -> list[str]:
    """What stands in this page as markup and is not ours: no page of ours has a handler, a style or a script of its own."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in = tag if tag in ("script", "style", "noscript", "template") else ""
        given = {name: value or "" for name, value in attrs}
        if (
            tag in ("iframe", "object", "embed", "base", "math", "noscript", "template", "slot", "x")
            or (tag == "script" and "src" not in given)
            or not tag.isalnum()
        ):
            self.found.append(f"<{tag}>")
        if tag == "meta" and "http-equiv" in given:
            self.found.append(f"<meta {given}>")
        for name, value in given.items():
            if (
                name.startswith(("on", "x-", "data-hx-", "hx-on"))
                or name in ("style", "srcdoc")
                or "boom" in name
            ):
                self.found.append(f"<{tag} {name}>")
            if name in _LINKS and not _is_ours(value):
                self.found.append(f"<{tag} {name}={value[:60]}>")
            if name in ("class", "id", "name") and "boom" in value:
                self.found.append(f"<{tag} {name}={value[:60]}>")

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        if self._in and "boom" in data:
            self.found.append(f"in <{self._in}>: {data[:60]}")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


def _is_ours(link: str) -> bool:
    parts = urlsplit(link.strip())
    return parts.scheme in ("", "http", "https", "mailto", "tel") and (parts.hostname or "") in _FRIENDS
