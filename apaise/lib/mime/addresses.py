"""Lists of addresses as programs really write them, and when two addresses are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from apaise.lib.mime.fields import decode_words, plain
from apaise.lib.mime.mail import Address

_SPEC = re.compile(r"[^\s<>\"(),:;@\[\]]{1,200}@(?:\[[0-9A-Fa-f.:IPv]{2,60}\]|[^\s<>\"(),:;@\[\]]{1,255})")
_NAMED = re.compile(r"^(.{0,500}?)\s{0,5}<\s{0,5}([^<>\s]{1,400}@[^<>\s]{1,255})\s{0,5}>\s{0,5}$")
_REST_OF_ADDRESS = re.compile(r"@[^\s<>\"(),:;@]{1,255}")
_LONGEST_LABEL = 63
_CLOSING = {'"': '"', "(": ")", "<": ">"}


def parse_addresses(field: str, *, most: int = 1_000) -> list[Address]:
    """The mailboxes of one field: groups opened, comments read as names, words decoded after splitting.

    Decoding last keeps a comma or a `<` inside an encoded name from making a second sender."""
    found: list[Address] = []
    surname: list[tuple[str, str]] = []
    for mailbox in _mailboxes(field):
        address = _address([*surname, *mailbox] if any(kind == "<" for kind, _ in mailbox) else mailbox)
        # `Roux, Nadia <nadia@…>` without its quotation marks: the comma does not end a mailbox.
        is_name = not address and len(mailbox) == 1 and mailbox[0][0] == "word"
        surname = [("word", f"{mailbox[0][1]},")] if is_name else []
        if address:
            found.append(address)
        if len(found) >= most:
            break
    return found


def normalise_address(address: str) -> str:
    """The form to compare and look up: no case, no stray spaces, one way to write each letter.

    The local part is folded as well: no real provider tells `Jean@` from `jean@`; `xn--cole-9oa.test` is `école.test`."""
    plain_form = unicodedata.normalize("NFKC", address.strip().strip("<>").strip()).casefold().rstrip(".")
    if "xn--" not in plain_form:
        return plain_form
    local, at, domain = plain_form.rpartition("@")
    return local + at + ".".join(_in_letters(label) for label in domain.split("."))


def _in_letters(label: str) -> str:
    if not label.startswith("xn--") or len(label) > _LONGEST_LABEL:
        return label
    try:
        return unicodedata.normalize("NFKC", label[4:].encode("ascii").decode("punycode")).casefold()
    except UnicodeError:
        return label


def same_address(one: str, other: str) -> bool:
    return bool(one.strip()) and normalise_address(one) == normalise_address(other)


def _mailboxes(field: str) -> Iterator[list[tuple[str, str]]]:
    """Cut at commas and at group marks; each mailbox is its tokens as (kind, text): word, quote, comment, angle."""
    tokens: list[tuple[str, str]] = []
    at, size = 0, len(field)
    start = 0
    unclosed = dict.fromkeys(_CLOSING, 0)  # up to where an opening sign is known to find no end
    while at < size:
        letter = field[at]
        if letter in ",;" or (letter == ":" and _opens_group(tokens, field[start:at])):
            if letter != ":":
                _word(tokens, field[start:at])
                yield tokens
            tokens, start = [], at + 1
        elif letter in _CLOSING and at >= unclosed[letter]:
            end = _closing(field, at)
            if end < 0:
                unclosed[letter] = at + _LONGEST_TOKEN
            else:
                _word(tokens, field[start:at])
                tokens.append((letter, field[at + 1 : end]))
                at, start = end, end + 1
        at += 1
    _word(tokens, field[start:])
    yield tokens


def _word(tokens: list[tuple[str, str]], text: str) -> None:
    if text := text.strip():
        tokens.append(("word", text))


def _opens_group(tokens: list[tuple[str, str]], word: str) -> bool:
    return "@" not in word and all(kind in ('"', "word") for kind, _ in tokens)


_LONGEST_TOKEN = 2_000


def _closing(field: str, at: int) -> int:
    """Where the quote, comment or angle that opens at `at` ends, or -1: then the sign is an ordinary letter."""
    opening = field[at]
    closing = _CLOSING[opening]
    limit = min(len(field), at + _LONGEST_TOKEN)
    if field.find(closing, at + 1, limit) < 0:
        return -1
    depth = 0
    place = at + 1
    while place < limit:
        letter = field[place]
        if letter == "\\" and opening != "<":
            place += 1
        elif letter == closing:
            if not depth:
                return place
            depth -= 1
        elif letter == opening and opening == "(":
            depth += 1
        place += 1
    return -1


def _address(tokens: list[tuple[str, str]]) -> Address | None:
    tokens = _with_quoted_local_parts(tokens)
    angles = [text for kind, text in tokens if kind == "<"]
    comments = [text for kind, text in tokens if kind == "("]
    words = [_said(kind, text) for kind, text in tokens if kind in ('"', "word") and text != ">"]
    if angles:
        spec = angles[-1].strip(" <>")
        if spec.startswith("@"):  # an old route: <@relay,@relay:user@host>
            spec = spec.rpartition(":")[2]
        name = " ".join(words) or " ".join(decode_words(text) for text in comments)
        return _made(name, spec) if spec else None
    whole = " ".join(words)
    if named := _NAMED.match(whole):  # the whole mailbox was one encoded word
        return _made(named[1], named[2])
    if found := _SPEC.search(whole):
        rest = (whole[: found.start()] + whole[found.end() :]).strip(" -<>[]")
        return _made(rest or " ".join(decode_words(text) for text in comments), found[0])
    return None


def _with_quoted_local_parts(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """`"nadia roux"@client.test`: a quote with the rest of an address right after it is no name."""
    for place, ((kind, text), (after, rest)) in enumerate(pairwise(tokens)):
        if kind == '"' and after == "word" and _REST_OF_ADDRESS.fullmatch(rest):
            return [*tokens[:place], ("<", f'"{text}"{rest}'), *tokens[place + 2 :]]
    return tokens


def _said(kind: str, text: str) -> str:
    return decode_words(re.sub(r"\\(.)", r"\1", text) if kind == '"' and "\\" in text else text)


def _made(name: str, spec: str) -> Address:
    local, quote, domain = plain(spec).rpartition('"')
    address = re.sub(r"\s{2,}", " ", local) + quote + re.sub(r"\s", "", domain)
    name = re.sub(r"\s{2,}", " ", plain(name)).strip().strip("\"'").strip()
    address = address.removeprefix("mailto:").rstrip(".")
    return Address("" if same_address(name, address) else name, address)
