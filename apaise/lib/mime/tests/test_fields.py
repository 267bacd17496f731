"""Header fields: decoded, on one line, whatever the sender did."""

from datetime import UTC, datetime

import pytest

from apaise.lib.mime import Address, normalise_address, read, same_address
from apaise.lib.mime.tests.mails import mail

SUBJECTS = [
    (b"=?UTF-8?Q?D=C3=A9g=C3=A2t_des_eaux?=", "Dégât des eaux"),
    (b"=?utf-8?b?RMOpZ8OidA==?=", "Dégât"),
    (b"=?utf-8?b?RMOpZ8OidA?=", "Dégât"),  # padding forgotten
    (b"=?iso-8859-1?Q?45_=80?=", "45 €"),  # cp1252 under a latin-1 label
    (b"=?utf-8?B?w4k=?= =?utf-8?B?dMOp?=", "Été"),  # spaces between words do not count
    (b"=?utf-8?B?ww==?= =?utf-8?B?qQ==?=", "é"),  # one letter cut in two words
    (b"=?utf-8?Q?Pourquoi_??=", "Pourquoi ?"),
    (b"=?utf-8?Q?avec des espaces?=", "avec des espaces"),
    (b"=?utf-8*fr?Q?=C3=A9t=C3=A9?=", "été"),
    (b"=?x-rien?Q?t=E9l?=", "tél"),
    (b"=?utf-8?Q?coup=C3=A9", "coupé"),
    (b"=?", "=?"),
    (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
    ("Réclamation".encode(), "Réclamation"),
    ("Réclamation – 45 €".encode("cp1252"), "Réclamation – 45 €"),
    (b"un\r\n deux\r\n\ttrois", "un deux trois"),
    (b"=?utf-8?Q?a=0D=0ABcc:_x=40y.test=00b?=", "a Bcc: x@y.test b"),
    ("facture \u202egpj.exe".encode(), "facture gpj.exe"),
    (b"", ""),
]


@pytest.mark.parametrize(("source", "subject"), SUBJECTS, ids=[s for _, s in SUBJECTS])
def test_a_subject_is_decoded_and_stays_on_one_line(source, subject):
    assert read(mail(subject=source)).subject == subject


PEOPLE = [
    ("Jeanne Petit <jeanne@client.test>", [("Jeanne Petit", "jeanne@client.test")]),
    ('"Petit, Jeanne" <Jeanne@Client.test>', [("Petit, Jeanne", "Jeanne@Client.test")]),
    ("jeanne@client.test", [("", "jeanne@client.test")]),
    ("<jeanne@client.test>", [("", "jeanne@client.test")]),
    ("jeanne@client.test (Jeanne Petit)", [("Jeanne Petit", "jeanne@client.test")]),
    ("=?utf-8?Q?J=C3=A9r=C3=B4me_B=2C_C?= <j@b.test>", [("Jérôme B, C", "j@b.test")]),
    ('"=?utf-8?Q?J=C3=A9r=C3=B4me?=" <j@b.test>', [("Jérôme", "j@b.test")]),
    ("Jérôme <j@b.test>, Zoé <z@b.test>", [("Jérôme", "j@b.test"), ("Zoé", "z@b.test")]),
    ("Equipe: a@b.test, C <c@d.test>;, e@f.test", [("", "a@b.test"), ("C", "c@d.test"), ("", "e@f.test")]),
    ("undisclosed-recipients:;", []),
    ('"j@b.test" <j@b.test>', [("", "j@b.test")]),
    ('"Jean \\"Jo\\" P" <j@b.test>', [('Jean "Jo" P', "j@b.test")]),
    ("<@relais.test,@autre.test:j@b.test>", [("", "j@b.test")]),
    ("=?utf-8?Q?J_=3Cj=40b.test=3E?=", [("J", "j@b.test")]),
    ("=?utf-8?Q?Chef_=3Cchef=40exemple.test=3E?= <j@b.test>", [("Chef <chef@exemple.test>", "j@b.test")]),
    ("Jean j@b.test", [("Jean", "j@b.test")]),
    ("Jean <j@b.test", [("Jean", "j@b.test")]),
    ("rien du tout", []),
    ("", []),
]


@pytest.mark.parametrize(("field", "people"), PEOPLE, ids=[f for f, _ in PEOPLE])
def test_addresses_are_read_with_their_names(field, people):
    assert read(mail(from_=field)).from_ == [Address(*one) for one in people]


def test_several_from_fields_are_all_shown():
    raw = mail(from_="jeanne@client.test\r\nFrom: autre@client.test")
    assert [one.address for one in read(raw).from_] == ["jeanne@client.test", "autre@client.test"]


def test_case_is_kept_but_does_not_separate_people():
    assert same_address("Jeanne@Client.TEST", " <jeanne@client.test>")
    assert not same_address("jeanne@client.test", "jeanne2@client.test")
    assert not same_address("", "")
    assert normalise_address("ÉLISE@client.test") == "élise@client.test"
    assert same_address("a@xn--cole-9oa.test", "A@École.test")
    assert normalise_address("a@xn--é.xn--" + "9" * 99) == "a@xn--é.xn--" + "9" * 99


DATES = [
    ("Mon, 3 Mar 2025 10:00:00 +0100", datetime(2025, 3, 3, 9, tzinfo=UTC)),
    ("3 Mar 2025 10:00 +0530 (IST)", datetime(2025, 3, 3, 4, 30, tzinfo=UTC)),
    ("Mon, 03 Mar 2025 10:00:00 GMT", datetime(2025, 3, 3, 10, tzinfo=UTC)),
    ("Mon, 03 Mar 2025 10:00:00 -0000", datetime(2025, 3, 3, 10, tzinfo=UTC)),
    ("Mon, 3 Mar 25 10:00:00 EST", datetime(2025, 3, 3, 15, tzinfo=UTC)),
    ("lun., 3 févr. 2025 10:00:00 +0100", datetime(2025, 2, 3, 9, tzinfo=UTC)),
    ("3 juillet 2025 10:00:00 +0200", datetime(2025, 7, 3, 8, tzinfo=UTC)),
    ("2025-03-03T10:00:00+01:00", datetime(2025, 3, 3, 9, tzinfo=UTC)),
    ("Mon Mar  3 10:00:00 2025", datetime(2025, 3, 3, 10, tzinfo=UTC)),
    ("Mon, 31 Feb 2025 10:00:00 +0100", None),
    ("Mon, 3 Mar 2025 10:00:00 +9999", None),
    ("hier", None),
    ("", None),
]


@pytest.mark.parametrize(("field", "moment"), DATES, ids=[f for f, _ in DATES])
def test_a_date_becomes_a_moment_in_utc(field, moment):
    assert read(mail(date=field)).date == moment


def test_ids_are_always_in_brackets_and_each_once():
    found = read(
        mail(
            message_id=" < a@b.test > ",
            in_reply_to="Your mail of Monday <c@d.test>",
            references="<e@f.test>,<c@d.test>\r\n <e@f.test>",
        )
    )
    assert found.message_id == "<a@b.test>"
    assert found.in_reply_to == "<c@d.test>"
    assert found.references == ["<e@f.test>", "<c@d.test>"]


def test_an_id_without_brackets_is_one_and_no_id_is_none():
    assert read(mail(message_id="a@b.test")).message_id == "<a@b.test>"
    assert read(mail(message_id="<>")).message_id is None
    assert read(mail()).message_id is None
    assert read(mail(message_id="<un@x.test>\r\nMessage-ID: <deux@x.test>")).message_id == "<un@x.test>"


def test_header_fields_can_be_asked_for_by_any_case():
    headers = read(mail(x_autoreply="Oui")).headers
    assert headers.get("X-AutoReply") == "Oui"
    assert "x-AUTOREPLY" in headers
    assert headers.get("X-Absent", "-") == "-"
