"""Parts: which are words, which are attachments, and what broken structure still gives."""

import base64
import hashlib

import pytest

from apaise.lib.mime import Limits, Unreadable, read
from apaise.lib.mime.tests.mails import html, mail, multipart, part

PNG = b"\x89PNG\r\n\x1a\n\x00\x00"
HTML = "text/html; charset=utf-8"


def test_of_two_forms_the_plain_one_is_the_text_and_the_other_is_kept():
    found = read(multipart(part("Bonjour"), part("<p>Bonjour <b>!</b></p>", HTML), kind="alternative"))
    assert found.text == "Bonjour"
    assert found.html == "<p>Bonjour <b>!</b></p>"
    assert found.attachments == []


def test_an_empty_plain_form_gives_way_to_the_html():
    assert read(multipart(part(" \r\n"), part("<p>Oui</p>", HTML), kind="alternative")).text == "Oui"


def test_texts_around_a_picture_are_all_read():
    picture = part(PNG, "image/png", content_disposition="inline; filename=a.png")
    found = read(multipart(part("Avant"), picture, part("Après")))
    assert found.text == "Avant\nAprès"
    assert [(one.name, one.inline) for one in found.attachments] == [("a.png", True)]


def test_an_attachment_is_kept_to_the_byte():
    attached = part(PNG, "image/png", content_disposition='attachment; filename="a.png"', content_id="<x@y>")
    (one,) = read(multipart(part("Voir"), attached)).attachments
    assert (one.name, one.type, one.content, one.size) == ("a.png", "image/png", PNG, 10)
    assert one.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (one.inline, one.content_id) == (False, "x@y")


def test_a_text_file_is_an_attachment_and_not_the_mail():
    log = part("erreur 12", content_disposition='attachment; filename="log.txt"')
    found = read(multipart(part("Voir le journal"), log))
    assert found.text == "Voir le journal"
    assert [one.name for one in found.attachments] == ["log.txt"]


def test_a_mail_inside_a_mail_is_an_attachment_named_by_its_subject():
    inner = mail("secret", subject="Promesse / avoir")
    found = read(multipart(part("Voir"), part(inner, "message/rfc822")))
    assert found.text == "Voir"
    assert [(one.name, one.content) for one in found.attachments] == [("Promesse - avoir.eml", inner)]


def test_a_calendar_invitation_is_an_attachment():
    found = read(multipart(part("Lundi 9 h ?"), part("BEGIN:VCALENDAR", "text/calendar"), kind="alternative"))
    assert (found.text, [one.name for one in found.attachments]) == ("Lundi 9 h ?", ["sans-nom.ics"])


def test_a_mail_cut_off_in_the_middle_still_gives_its_text():
    found = read(multipart(part("Ma chaudière fuit."), part("AAAA", "image/jpeg"), closed=False))
    assert found.text == "Ma chaudière fuit."
    assert len(found.attachments) == 1
    assert found.defects == ["truncated"]


@pytest.mark.parametrize("boundary", ["", '; boundary="autre"'])
def test_a_lost_boundary_is_guessed(boundary):
    raw = multipart(part("Un"), part("<p>Deux</p>", HTML)).replace(b'; boundary="x"', boundary.encode())
    found = read(raw)
    assert found.text == "Un\nDeux"
    assert found.defects == ["bad-boundary"]


def test_a_multipart_without_parts_is_a_text():
    found = read(mail("Bonjour", content_type="multipart/mixed; boundary=x"))
    assert (found.text, found.defects) == ("Bonjour", ["no-boundary"])


def test_a_boundary_that_begins_like_another_is_not_that_other():
    inner = mail(b"--xy\r\n\r\nDedans\r\n--xy--\r\n", content_type="multipart/alternative; boundary=xy")
    found = read(multipart(inner.split(b"\r\n", 3)[3], part("Dehors")))
    assert found.text == "Dedans\nDehors"
    assert found.defects == []


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + mail("Bonjour"),
        b"\r\n\r\n" + mail("Bonjour"),
        b"From jeanne@client.test Mon Mar  3 10:00:00 2025\r\n" + mail("Bonjour"),
        mail("Bonjour").replace(b"\r\n", b"\n"),
        mail("Bonjour").replace(b"\r\n", b"\r"),
        mail("Bonjour").decode().encode("utf-16"),
        mail("Bonjour").decode().encode("utf-16-le"),
        mail("Bonjour").decode().encode("utf-16-be"),
        mail("Bonjour").replace(b"subject", b"ligne sans deux-points\r\nsubject"),
        mail("").rstrip() + b"\r\nBonjour",
        mail("Bonjour", content_type="text"),
        mail("Bonjour", content_type='text/plain; charset="'),
    ],
)
def test_a_damaged_beginning_is_tolerated(raw):
    found = read(raw)
    assert (found.from_[0].address, found.subject, found.text) == ("jeanne@client.test", "Panne", "Bonjour")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b" \r\n\0 ", "empty"),
        (PNG * 50, "not-a-mail"),
        (b"Bonjour, ceci n'est pas un mail.", "not-a-mail"),
        (b"x: y\r\n\r\nz", "not-a-mail"),
    ],
)
def test_what_is_no_mail_is_refused_with_a_reason(raw, code):
    with pytest.raises(Unreadable) as refusal:
        read(raw)
    assert refusal.value.code == code
    assert refusal.value.reason.endswith(".")


@pytest.mark.parametrize(
    ("more", "defect"),
    [
        (b"X: " + b"a" * 600_000 + b"\r\n", "headers-too-long"),
        (b"X:\r\n" * 6_000, "too-many-headers"),
        (b"X: a\r\n" + b" b\r\n" * 200_000, "headers-too-long"),
    ],
)
def test_of_an_endless_header_the_beginning_is_read_and_the_body_is_kept(more, defect):
    found = read(b"From: a@b.test\r\n" + more + b"Subject: trop loin\r\n\r\nBonjour")
    assert (found.from_[0].address, found.subject, found.text) == ("a@b.test", "", "Bonjour")
    assert found.defects == [defect]


def test_a_mail_without_sender_or_words_is_still_read():
    found = read(b"Subject: x\r\n\r\n")
    assert (found.from_, found.text, found.new_text, found.defects) == ([], "", "", ["no-sender"])


def test_what_the_limits_leave_out_is_told_and_kept_whole():
    inner = part("profond")
    for level in range(5):
        border = f"b{level}".encode()
        kind = f"multipart/mixed; boundary=b{level}"
        inner = part(b"--" + border + b"\r\n" + inner + b"\r\n--" + border + b"--\r\n", kind)
    found = read(multipart(part("Haut"), inner), Limits(depth=3))
    assert (found.text, found.defects) == ("Haut", ["too-deep"])
    assert b"profond" in found.attachments[0].content


def test_html_becomes_readable_text():
    body = (
        "<style>p{}</style><div style='display: none'>aperçu</div><p>Bonjour&nbsp;&eacute;t&#233; &lt;b&gt;</p>"
        "<ul><li>un</li><li><p>deux</p></li></ul><ol><li>a</li></ol><table><tr><td>Réf</td><td>45 €</td></tr></table>"
        "<p>Voir <a href='https://x.test/a'>ici</a>, <a href='https://x.test/'>x.test</a></p>fin<br><br>vraie fin"
        "<pre>a\n  b</pre>"
    )
    assert read(html(body)).text == (
        "Bonjour été <b>\n\n- un\n- deux\n\n1. a\n\nRéf\t45 €\n\nVoir ici (https://x.test/a), x.test\n\nfin\n\nvraie fin\n\na\n  b"
    )


def test_html_is_shown_without_anything_that_acts_or_calls_home():
    body = (
        '<body onload="a()" background="http://t.test/b"><script>a()</script><p style="background:url(http://t.test/c)"'
        ' class="x" id="y" data-a="1" x-on:click="a()" hx-get="/a" onclick="a()">Bonjour</p>'
        '<img src="http://t.test/p" srcset="http://t.test/q 2x" alt="photo"><img src="cid:a@b"><img src="/moi">'
        '<img src="data:image/svg+xml,x"><a href="javascript:a()">clic</a><a href="https://x.test/">lien</a>'
        '<a href="/deconnexion">ici</a><form action="/x"><input name="a"><button>OK</button></form><iframe src="x"></iframe>'
        '<svg><script>a()</script></svg><div style="display:none">caché</div>'
    )
    rel = 'target="_blank" rel="noopener noreferrer nofollow"'
    assert read(html(body)).html_sanitised == (
        f'<p>Bonjour</p><img alt="photo"><img src="cid:a@b"><img><img><a {rel}>clic</a>'
        f'<a href="https://x.test/" {rel}>lien</a><a {rel}>ici</a>OK<div></div>'
    )


def test_a_plain_mail_has_no_html():
    assert read(mail("x")).html is None
    assert read(mail("x")).html_sanitised is None


@pytest.mark.parametrize("noise", [b" !\x00", b" \xa0", b"\xe9\xa0"])
def test_signs_of_no_alphabet_at_the_end_of_lines_do_not_end_a_base64_text(noise):
    words = "Un message assez long pour tenir sur deux lignes, avec une fin nette."
    lines = base64.encodebytes(words.encode()).replace(b"\n", noise + b"\r\n")
    assert read(mail(lines, content_transfer_encoding="base64")).text == words


def test_a_soft_break_of_an_old_mac_joins_its_two_lines():
    assert read(mail(b"mot=\rsuite =C3=A9\r", content_transfer_encoding="quoted-printable")).text.strip() == (
        "motsuite é"
    )
