"""Charsets that lie, transfer encodings that break, names that attack."""

import base64

import pytest

from apaise.lib.mime import clean_name, read
from apaise.lib.mime.tests.mails import mail, multipart, part

WORDS = "L’œuvre coûte 45 € – PAYÉ\xa0!"


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "us-ascii", "utf-8", "x-inconnu", "windows-1252", "latin1", None]
)
def test_cp1252_is_read_under_any_label(label):
    kind = f"text/plain; charset={label}" if label else "text/plain"
    found = read(mail(WORDS.encode("cp1252"), content_type=kind))
    assert found.text == WORDS
    assert found.defects == ([] if label == "windows-1252" else ["bad-charset"])


@pytest.mark.parametrize("label", ["iso-8859-1", "us-ascii", "windows-1252", "utf8", '"UTF-8"', "utf-8;"])
def test_utf8_is_read_under_any_western_label(label):
    assert read(mail(WORDS.encode(), content_type=f"text/plain; charset={label}")).text == WORDS


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("gb2312", "gb18030", "您好，我要投诉"),
        ("iso-2022-jp", "iso2022_jp", "こんにちは"),
        ("koi8-r", "koi8_r", "Здравствуйте"),
        ("iso-8859-15", "iso8859_15", "45 € œ"),
        ("windows-1250", "cp1250", "Dzień dobry"),
        ("utf-16", "utf_16", "Été"),
        ("ks_c_5601-1987", "cp949", "안녕하세요"),
    ],
)
def test_other_charsets_are_taken_at_their_word(label, codec, text):
    assert read(mail(text.encode(codec), content_type=f"text/plain; charset={label}")).text == text


def test_one_bad_byte_does_not_spoil_a_utf8_text():
    body = "é" * 20 + " fin "
    found = read(mail(body.encode() + b"\x80", content_type="text/plain; charset=utf-8"))
    assert found.text == body + "€"


def test_a_dangerous_codec_is_never_used():
    found = read(mail(b"a\\u0041", content_type="text/plain; charset=unicode_escape"))
    assert found.text == "a\\u0041"


def test_half_letters_do_not_get_through():
    assert read(mail(b"+2AA-", content_type="text/plain; charset=utf-7")).text == "\ufffd"


def test_html_says_its_charset_itself():
    body = '<meta charset="windows-1251"><p>Здравствуйте</p>'.encode("cp1251")
    assert read(mail(body, content_type="text/html")).text == "Здравствуйте"


def test_base64_is_read_despite_damage():
    good = base64.b64encode("Réparez la chaudière.".encode()).decode()
    kinds = {"content_type": "text/plain; charset=utf-8", "content_transfer_encoding": "base64"}
    assert read(mail(good, **kinds)).text == "Réparez la chaudière."
    damaged = good[:8] + "!*" + good[8:].rstrip("=") + "\r\n-- \r\nscanned by the gateway"
    found = read(mail(damaged, **kinds))
    assert found.text == "Réparez la chaudière."
    assert found.defects == ["bad-base64"]


def test_quoted_printable_with_cp1252():
    body = "L=92eau co=FBte 45 =80 =\r\ntrop cher"
    kinds = {
        "content_type": "text/plain; charset=iso-8859-1",
        "content_transfer_encoding": "Quoted-Printable",
    }
    assert read(mail(body, **kinds)).text == "L’eau coûte 45 € trop cher"


def test_flowed_lines_are_joined_within_their_quote():
    body = "> Quand êtes- \r\n> vous absent ?\r\nDemain et \r\njeudi.\r\n\r\n  espace\r\n-- \r\nJ"
    found = read(mail(body, subject="Re: Panne", content_type="text/plain; charset=utf-8; format=flowed"))
    assert found.text == "> Quand êtes- vous absent ?\nDemain et jeudi.\n\n espace\n-- \nJ"
    assert found.new_text == "Demain et jeudi.\n\n espace"


def test_flowed_with_deleted_spaces():
    found = read(mail("ab \r\ncd", content_type="text/plain; format=flowed; delsp=yes"))
    assert found.text == "abcd"


NAMES = [
    ("facture.pdf", "facture.pdf"),
    ("../../../etc/passwd", "passwd"),
    ("..\\..\\boot.ini", "boot.ini"),
    ("C:\\Windows\\system32\\calc.exe", "calc.exe"),
    ("/etc/", "etc"),
    ("photo\u202egpj.exe", "photogpj.exe"),
    ("a\0b\r\nc.txt", "abc.txt"),
    ("CON", "_CON"),
    ("nul.txt", "_nul.txt"),
    ("console.txt", "console.txt"),
    (".htaccess", "htaccess"),
    ("...", "sans-nom"),
    ("", "sans-nom"),
    (None, "sans-nom"),
    ("fin. . ", "fin"),
    ('a<b>:"c|d?e*.txt', "a_b___c_d_e_.txt"),
    ("e\u0301te\u0301.txt", "été.txt"),
    ("Facture  été.pdf", "Facture été.pdf"),
]


@pytest.mark.parametrize(("given", "clean"), NAMES, ids=[repr(given) for given, _ in NAMES])
def test_a_file_name_is_made_safe(given, clean):
    assert clean_name(given) == clean


def test_a_long_name_keeps_its_ending_and_whole_letters():
    name = clean_name("é" * 4_000 + ".pdf")
    assert name == "é" * 125 + ".pdf"
    assert len(name.encode()) == 254
    assert clean_name("a" * 5_000 + ".jpeg").endswith(".jpeg")


NAMED = [
    ('attachment; filename="a.pdf"', "a.pdf"),
    ("attachment; filename=a.pdf", "a.pdf"),
    ("attachment; filename*=utf-8''%C3%A9t%C3%A9.pdf", "été.pdf"),
    ("attachment; filename*=iso-8859-1'fr'%E9t%E9.pdf", "été.pdf"),
    ("attachment; filename*1*=%A9.pdf; filename*0*=utf-8''t%C3", "té.pdf"),
    ('attachment; filename*0="long "; filename*1="nom.pdf"', "long nom.pdf"),
    ('attachment; filename="=?utf-8?Q?=C3=A9t=C3=A9.pdf?="', "été.pdf"),
    ("attachment; filename=\"plain.pdf\"; filename*=utf-8''meilleur.pdf", "meilleur.pdf"),
    ('attachment; filename="été.pdf"', "été.pdf"),
    ('attachment; filename="C:\\Users\\jeanne\\a.pdf"', "a.pdf"),
    ("attachment; filename*=utf-8''..%2F..%2Fetc%2Fpasswd%00", "passwd"),
    ("attachment", "sans-nom.pdf"),
]


@pytest.mark.parametrize(("disposition", "name"), NAMED, ids=[d for d, _ in NAMED])
def test_an_attachment_is_named_safely_in_every_notation(disposition, name):
    raw = multipart(part("x"), part("%PDF", "application/pdf", content_disposition=disposition))
    assert [one.name for one in read(raw).attachments] == [name]
