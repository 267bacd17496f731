"""DKIM signatures, checked by a verifier of our own that shares no code with the signer, and by the RFCs' own vectors."""

import base64
import hashlib
import re
import subprocess
from datetime import UTC, datetime
from shutil import which

import pytest

from apaise.lib import dkim
from apaise.lib.dkim import canonical

AT = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
# Made for these tests: openssl genrsa 2048 (in both notations) and openssl genpkey -algorithm ed25519.
RSA_PKCS8 = """-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCv9aGGdX7ljaxM
yNK9/ZrOkk66V4UXZ/yCj9emcgA/FgSFYykJm7oo6cA3dgXT5kCYoWmsAF3STioc
ukmWmiUJuSg3A+bbGg2Bv5EbdL8PRn+rcznadGA3GSfwooirRi7LtvaerRTYxRjY
EV9D3mNy28CY763UndRNSoZaclghvRf6sJTagK7aUGngG4SI6Qr8Ze3UJ3rdwWQ9
+h4UED+pLqHPHWVwR+89m/xtqNXyPO62EANYzmOi2apLfofayMMMc0BJkhbL1C/s
uBFkqqGF9V/6Ao4Rl0hs2oRvpuXNr2KOftlhpniqNq4o3F/3kZqGvHRJ3sDjc/AC
CBr2PaotAgMBAAECggEAHHjOALBNbr6MZUZPl2+MV6Wj+JIF1qI8YTH+To/+yzZ4
V88SSlw49LrSIAdIbR/CTxA7RZovlEKSnOBl3OknWhnsUG6gsc5W5ipFxCARdFrP
eMIl19vh37iB1nWuUKyEEPGTmVxfVa4a1YeGFzjKdcDqOrT5t0AspK8M62C6Mwcd
rpzlkD72706R7CJ3xoc3gsKqdct7Blorqy3u6NUNa8y9S+P36tOz2c62vsMxeDAW
9icDls2DG8nV+mM3pp11557NSzh5Gp9QE/sa3H5Y83ko0r/Z6bOAr/zLNqwVNbiU
9KwlQ50gdLNj4IZ4q8Vu1+GfHZJ1d3q5lf5jf32VXwKBgQDfQoq5Xes0EZi7xfsV
AIz9IFGLd4OL34JIiBY7vuVOvtl450nmXLWCPx9poknNFHxkVpDeibjhVVWR1q07
YhVbZuvUJW/WD8SlD5Cq8aX3WMBc0fBVk5nvL6MhqZOt0jg8rh/uenT1VA7vMekD
XJPk6/krHV6w/SQ3skhT5eN5wwKBgQDJw18UIR036GPVe4+qhUH4HAYo9+P+yQL2
ERRFoQfh9rmbXZP8oxwSW4wklKVQjgzYfInbPpyQ9gT21cMK7vzN3lCjHvxCeG68
hrnOJK03Z2txQ7IsSaqudL2K+xri3e8u7E5PcV2FFC61a0a2/pGkC/KEZfo5o/Gq
juCuesAdTwKBgQCEQj88IM89QU9hrZ9YicL8ETE9lcdwDTB5F2VUb3oYdCcQ4LN+
rF06k3pgcauWuhQWvNGFg8DqfEr84lgtXaWZSBdczfC6twyfW+Ev44eWSBVs51Gg
4JfIgkf5oSPDTU3TZLO16wVucCWIveB0BVv3uXMaf4OhBdV2yT7ftMhVUQKBgGQ3
2D1eaW4Az74VvvnbcTY1bVXiM+y1mfPx7djcMNcrv2wN4lkmB+aSdJ0i/K5zsKvD
yJIPmqNioHqfGV+P8CCuIe20kWbO/WpFnXtoumV/yF2dW54mBVLch93F9sfjp0/u
bsOFMwfMS5svqxNwhZUvngnnwY/qADtQ9weTz2N/AoGBAK2JGBOI7+xVvBo94s1M
rgcZ14VGcqIanCGHvBS505CPHxA5NFgq2LDqr379tRoxNkitPmK1LX+0LAry1sYw
xoyDNglhdxNX1r93JhHfB5S5bENM0iNBkBLtpz4bIoxB2mCHOduXee9ppC1Gtu0w
qJbX9cKrozWPqu+9DhIgUJkK
-----END PRIVATE KEY-----"""
RSA_PKCS1 = """-----BEGIN RSA PRIVATE KEY-----
MIIEpAIBAAKCAQEAr/WhhnV+5Y2sTMjSvf2azpJOuleFF2f8go/XpnIAPxYEhWMp
CZu6KOnAN3YF0+ZAmKFprABd0k4qHLpJlpolCbkoNwPm2xoNgb+RG3S/D0Z/q3M5
2nRgNxkn8KKIq0Yuy7b2nq0U2MUY2BFfQ95jctvAmO+t1J3UTUqGWnJYIb0X+rCU
2oCu2lBp4BuEiOkK/GXt1Cd63cFkPfoeFBA/qS6hzx1lcEfvPZv8bajV8jzuthAD
WM5jotmqS36H2sjDDHNASZIWy9Qv7LgRZKqhhfVf+gKOEZdIbNqEb6blza9ijn7Z
YaZ4qjauKNxf95Gahrx0Sd7A43PwAgga9j2qLQIDAQABAoIBABx4zgCwTW6+jGVG
T5dvjFelo/iSBdaiPGEx/k6P/ss2eFfPEkpcOPS60iAHSG0fwk8QO0WaL5RCkpzg
ZdzpJ1oZ7FBuoLHOVuYqRcQgEXRaz3jCJdfb4d+4gdZ1rlCshBDxk5lcX1WuGtWH
hhc4ynXA6jq0+bdALKSvDOtgujMHHa6c5ZA+9u9Okewid8aHN4LCqnXLewZaK6st
7ujVDWvMvUvj9+rTs9nOtr7DMXgwFvYnA5bNgxvJ1fpjN6addeeezUs4eRqfUBP7
Gtx+WPN5KNK/2emzgK/8yzasFTW4lPSsJUOdIHSzY+CGeKvFbtfhnx2SdXd6uZX+
Y399lV8CgYEA30KKuV3rNBGYu8X7FQCM/SBRi3eDi9+CSIgWO77lTr7ZeOdJ5ly1
gj8faaJJzRR8ZFaQ3om44VVVkdatO2IVW2br1CVv1g/EpQ+QqvGl91jAXNHwVZOZ
7y+jIamTrdI4PK4f7np09VQO7zHpA1yT5Ov5Kx1esP0kN7JIU+XjecMCgYEAycNf
FCEdN+hj1XuPqoVB+BwGKPfj/skC9hEURaEH4fa5m12T/KMcEluMJJSlUI4M2HyJ
2z6ckPYE9tXDCu78zd5Qox78QnhuvIa5ziStN2drcUOyLEmqrnS9ivsa4t3vLuxO
T3FdhRQutWtGtv6RpAvyhGX6OaPxqo7grnrAHU8CgYEAhEI/PCDPPUFPYa2fWInC
/BExPZXHcA0weRdlVG96GHQnEOCzfqxdOpN6YHGrlroUFrzRhYPA6nxK/OJYLV2l
mUgXXM3wurcMn1vhL+OHlkgVbOdRoOCXyIJH+aEjw01N02SztesFbnAliL3gdAVb
97lzGn+DoQXVdsk+37TIVVECgYBkN9g9XmluAM++Fb7523E2NW1V4jPstZnz8e3Y
3DDXK79sDeJZJgfmknSdIvyuc7Crw8iSD5qjYqB6nxlfj/AgriHttJFmzv1qRZ17
aLplf8hdnVueJgVS3IfdxfbH46dP7m7DhTMHzEubL6sTcIWVL54J58GP6gA7UPcH
k89jfwKBgQCtiRgTiO/sVbwaPeLNTK4HGdeFRnKiGpwhh7wUudOQjx8QOTRYKtiw
6q9+/bUaMTZIrT5itS1/tCwK8tbGMMaMgzYJYXcTV9a/dyYR3weUuWxDTNIjQZAS
7ac+GyKMQdpghznbl3nvaaQtRrbtMKiW1/XCq6M1j6rvvQ4SIFCZCg==
-----END RSA PRIVATE KEY-----"""
ED25519 = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----"""
MAIL = (
    b"From: =?utf-8?q?R=C3=A9clamations?= <reclamations@exemple.test>\r\n"
    b"To: Claire <claire@courriel.exemple.test>\r\n"
    b"Subject: Votre   dossier\r\n AP-2026-1: notre\t question\r\n"
    b"Date: Wed, 25 Nov 2026 12:00:00 +0100\r\n"
    b"Message-ID: <apaise.1@exemple.test>\r\n"
    b"X-Unsigned: anything\r\n"
    b"\r\n"
    b"Bonjour,  \r\n\r\nMerci  de votre\tmessage. \r\n.point\r\n\r\n\r\n"
)


# --- a verifier written from RFC 6376 §6, line by line ------------------------------------------------------


def verified(raw, public):
    """Whether the first signature of this mail holds for the public key: ("rsa", n, e) or ("ed25519", 32 bytes)."""
    text = raw.decode("latin-1")
    head, body = text.split("\r\n\r\n", 1)
    fields = [line.split(":", 1) for line in re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n")]
    value = next(value for name, value in fields if name.lower() == "dkim-signature")
    tags = {
        part.split("=", 1)[0].strip(): re.sub(r"\s", "", part.split("=", 1)[1]) for part in value.split(";")
    }
    assert tags["c"] == "relaxed/relaxed"
    if tags["bh"] != base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode():
        return False
    left, lines = list(fields), []
    for name in tags["h"].split(":"):
        at = max((i for i, field in enumerate(left) if field[0].lower() == name.lower()), default=None)
        if at is not None:
            lines.append(_relaxed(*left.pop(at)))
    bare = re.sub(r"(;\s*b=)[^;]*", r"\1", value)
    data = "".join(f"{line}\r\n" for line in lines) + _relaxed("DKIM-Signature", bare)
    return _holds(data.encode("latin-1"), base64.b64decode(tags["b"]), public)


def _relaxed(name, value):
    return name.strip().lower() + ":" + re.sub(r"[ \t]+", " ", value).strip()


def _relaxed_body(body):
    lines = [re.sub(r"[ \t]+", " ", line).rstrip() for line in body.split("\r\n")]
    text = "\r\n".join(lines).rstrip("\r\n")
    return (text + "\r\n").encode("latin-1") if text else b""


def _holds(data, signature, public):
    if public[0] == "rsa":
        _kind, modulus, exponent = public
        opened = pow(int.from_bytes(signature, "big"), exponent, modulus)
        size = (modulus.bit_length() + 7) // 8
        info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(data).digest()
        return opened.to_bytes(size, "big") == b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
    return _holds_on_the_curve(hashlib.sha256(data).digest(), signature, public[1])


P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def _affine_sum(one, other):
    (x1, y1), (x2, y2) = one, other
    bend = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + bend, P - 2, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - bend, P - 2, P) % P,
    )


def _affine_times(number, point):
    found = (0, 1)
    for bit in bin(number)[2:]:
        found = _affine_sum(found, found)
        found = _affine_sum(found, point) if bit == "1" else found
    return found


def _affine(packed):
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return (x if x & 1 == sign else P - x, y)


def _holds_on_the_curve(message, signature, public):
    base = _affine((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    asked = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little")
    left = _affine_times(int.from_bytes(signature[32:], "little"), base)
    return left == _affine_sum(_affine(signature[:32]), _affine_times(asked, _affine(public)))


# --- what is signed holds, and nothing else does ------------------------------------------------------------


def signed(pem, mail=MAIL):
    return dkim.sign(mail, dkim.read_key(pem), domain="exemple.test", selector="apaise", at=AT)


def public_of(pem):
    key = dkim.read_key(pem)
    public = key.private.public_key()
    if key.algorithm == "rsa-sha256":
        return ("rsa", public.public_numbers().n, public.public_numbers().e)
    return ("ed25519", public.public_bytes_raw())


# openssl genrsa -traditional 512
RSA_SHORT = """-----BEGIN RSA PRIVATE KEY-----
MIIBOQIBAAJBALKp1NGmoBQ815Qbg7noQtiVtvvCSS8CzH3NYdL6GfH5T5pVGPo0
fH6A1HtP9WnWPmnN9w76LGl8vbQY3Vf2uzsCAwEAAQJAb6saq5cbwspsa9Put0nm
Tfz1i9HZcBqtuYufMwDDKqt/HGGel++XaySPSNfyPj/j8K2TpoDLocDyvvXmnvyy
oQIhAORd1KvILT9kckkR3sVkUn0ew+zIzffT1yRk4KMPt9JDAiEAyEhVgpJ47+nY
yDM8siOTKmWdrk2YMwTJrnWAUHNZD6kCIFpEYJkaQhBpsucBIk5iDl0YuRcydH++
g68GFOk/gEijAiBiJ0Dw6sOmIB6DjsiyLMkUwBQUtiZe6nvEqgUmaEE/cQIgWX23
/85q8LEPku578zXoTW6AxpI1ClUaWJ3WxVuMVyE=
-----END RSA PRIVATE KEY-----"""
KEYS = [RSA_PKCS8, RSA_PKCS1, ED25519]
each_key = pytest.mark.parametrize("pem", KEYS, ids=["rsa", "rsa in the old notation", "ed25519"])


@each_key
def test_a_signature_holds_and_leaves_the_mail_as_it_was(pem):
    raw = signed(pem)
    assert raw.endswith(MAIL)
    assert verified(raw, public_of(pem))


@each_key
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Subject: Votre   dossier\r\n AP", b"SUBJECT:Votre dossier AP"),
        (b"Bonjour,  \r\n", b"Bonjour,\r\n"),
        (b".point\r\n\r\n\r\n", b".point\r\n"),
        (b"X-Unsigned: anything", b"X-Unsigned: something else"),
    ],
    ids=["folding", "blanks at the end", "empty lines at the end", "a header of no account"],
)
def test_what_servers_change_on_the_way_breaks_nothing(pem, before, after):
    raw = signed(pem)
    assert before in raw
    assert verified(raw.replace(before, after), public_of(pem))


@each_key
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Merci", b"Rien"),
        (b"claire@", b"eve@"),
        (b"<apaise.1@", b"<apaise.2@"),
        (b"Date: Wed", b"Subject: Payez ici\r\nDate: Wed"),
        (b"Date: Wed", b"Reply-To: eve@ailleurs.exemple.test\r\nDate: Wed"),
        (b"Date: Wed", b"Cc: eve@ailleurs.exemple.test\r\nDate: Wed"),
        (b"d=exemple.test", b"d=ailleurs.test"),
    ],
)
def test_a_changed_mail_does_not_hold(pem, before, after):
    raw = signed(pem)
    assert before in raw
    assert not verified(raw.replace(before, after), public_of(pem))


def test_a_mail_without_words_is_signed_as_well():
    raw = signed(ED25519, b"From: a@exemple.test\r\nTo: b@exemple.test\r\n\r\n")
    assert verified(raw, public_of(ED25519))


def test_no_line_of_a_signature_is_too_long():
    for pem in KEYS:
        assert max(len(line) for line in signed(pem).split(b"\r\n")) <= 998


# --- against the standards' own numbers ---------------------------------------------------------------------


def test_the_canonical_form_is_the_one_of_rfc_6376_3_4_5():
    fields, body = canonical.split(b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n")
    assert [canonical.header(*field) for field in fields] == [b"a:X", b"b:Y Z"]
    assert canonical.body(body) == b" C\r\nD E\r\n"
    assert canonical.body(b"") == b""


@pytest.mark.skipif(which("openssl") is None, reason="no openssl")
@pytest.mark.parametrize("pem", [RSA_PKCS8, RSA_PKCS1], ids=["pkcs8", "pkcs1"])
def test_openssl_agrees_with_our_rsa(pem, tmp_path):
    (tmp_path / "key").write_text(pem)
    (tmp_path / "data").write_bytes(MAIL)
    theirs = subprocess.run(
        [which("openssl"), "dgst", "-sha256", "-sign", tmp_path / "key", tmp_path / "data"],
        capture_output=True,
        check=True,
    ).stdout
    assert dkim.read_key(pem).sign(MAIL) == theirs


# --- keys that are none -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pem", "said"),
    [
        ("", "holds no private key"),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMC4C\n-----END ENCRYPTED PRIVATE KEY-----",
            "without a password",
        ),
        ("-----BEGIN PUBLIC KEY-----\nMC4C\n-----END PUBLIC KEY-----", "holds no private key"),
        (ED25519.replace("MC4CAQ", "MC4CAQAA"), "damaged"),
        ("-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----", "damaged"),
        (
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----",
            "neither an RSA nor an Ed25519",
        ),
    ],
)
def test_what_is_no_key_says_what_to_do(pem, said):
    with pytest.raises(dkim.BadKey, match=said):
        dkim.read_key(pem)


def test_a_key_too_short_is_refused():
    with pytest.raises(dkim.BadKey, match="512 bits are too few"):
        dkim.read_key(RSA_SHORT)
