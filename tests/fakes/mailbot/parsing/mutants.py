"""Mails that were damaged on their way, or made to do damage: mutants of the corpus.

    mutants    as many as are asked for; the same seed gives the same bytes

Each comes of a mail of the corpus by one to four mutations, of which most look for the places where parsers
break: headers, boundaries, charsets, encodings.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

#: What is put in: the beginnings and ends of everything that a parser looks for.
SPLINTERS = (
    *(b"=?utf-8?B?", b"=?utf-8?q?=ff?=", b"?=", b"*=", b"*0*=", b'"', b"(", b"<", b">", b";", b",", b"\\"),
    *(b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\r\n ", b":", b"\0", b"\xff", b"\xe2\x80\xae", b"\x1b$B", b"--"),
    *(b"\r\n--b1\r\n", b"boundary=", b"name*", b"begin 644 a.jpg\r\n", b"data:image/png;base64,"),
    *(b"<blockquote>", b"<img src=cid:", b"&#x", b"Content-Type: multipart/mixed; boundary=b1\r\n"),
    *(b"Content-Type: message/rfc822\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n"),
    *(b"Bcc: eve@evil.example\r\n", b"From: eve@evil.example\r\n", b"Reply-To: <>\r\n"),
)
CHARSETS = (
    *(b"utf-8", b"us-ascii", b"utf-16", b"utf-7", b"iso-2022-jp", b"hz", b"punycode", b"gb18030", b"klingon"),
    *(b"zlib", b"unicode_escape", b"\xff", b""),
)
ENCODINGS = (
    *(b"base64", b"quoted-printable", b"7bit", b"8bit", b"binary", b"x-uuencode", b"base64 ", b"gzip", b""),
)
_CHARSET = re.compile(rb"(charset=\"?)[\w-]+", re.IGNORECASE)
_ENCODING = re.compile(rb"(Content-Transfer-Encoding:[ \t]*)[\w -]+", re.IGNORECASE)
_BOUNDARY = re.compile(rb"(boundary=\"?)([^\";\r\n]+)", re.IGNORECASE)
#: Bytes from the beginning in which most mutations are made: what follows is base64.
_HEAD = 3_000


def mutants(originals: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """`count` mails, made of the originals in turn."""
    chance = random.Random(seed)
    for number in range(count):
        raw = originals[number % len(originals)]
        for _ in range(chance.randint(1, 4)):
            raw = chance.choice(MUTATIONS)(raw, originals, chance)
        yield raw


def _place(raw: bytes, chance: random.Random) -> int:
    return chance.randrange(min(len(raw), _HEAD) if chance.random() < 0.8 else len(raw)) if raw else 0


def _flip_bits(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 20) if raw else 0):
        changed[_place(raw, chance)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _insert(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    at = _place(raw, chance)
    return raw[:at] + chance.choice(SPLINTERS) * chance.choice((1, 1, 2, 40)) + raw[at:]


def _delete(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    at = _place(raw, chance)
    return raw[:at] + raw[at + chance.randint(1, 200) :]


def _swap(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    a, b, c = sorted(_place(raw, chance) for _ in range(3))
    return raw[:a] + raw[b:c] + raw[a:b] + raw[c:]


def _repeat(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    at, length = _place(raw, chance), chance.randint(1, 300)
    return raw[:at] + raw[at : at + length] * chance.randint(2, 5) + raw[at + length :]


def _truncate(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def _double_a_field(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    head, blank, body = raw.partition(b"\r\n\r\n")
    fields = head.split(b"\r\n")
    fields.insert(chance.randrange(len(fields) + 1), chance.choice(fields))
    if chance.random() < 0.5:
        chance.shuffle(fields)
    return b"\r\n".join(fields) + blank + body


def _tamper_with_boundaries(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    found = [match[2] for match in _BOUNDARY.finditer(raw)]
    if not found:
        return raw + b"\r\n--b1\r\n"
    old = chance.choice(found)
    new = chance.choice((*found, old + b"--", b"", b" ", old[:-1], b"--" + old, old * 30, b"(", b"b\r\n"))
    return raw.replace(old, new, chance.choice((1, 2, -1)))


def _splice(raw: bytes, originals: Sequence[bytes], chance: random.Random) -> bytes:
    other = chance.choice(originals)
    return raw[: _place(raw, chance)] + other[_place(other, chance) :]


def _put_inside(raw: bytes, originals: Sequence[bytes], chance: random.Random) -> bytes:
    at = _place(raw, chance)
    return raw[:at] + chance.choice(originals)[:5_000] + raw[at:]


def _change_a_charset(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    return _CHARSET.sub(lambda match: match[1] + chance.choice(CHARSETS), raw)


def _change_an_encoding(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    return _ENCODING.sub(lambda match: match[1] + chance.choice(ENCODINGS), raw)


def _change_line_ends(raw: bytes, _originals: Sequence[bytes], chance: random.Random) -> bytes:
    return raw.replace(b"\r\n", chance.choice((b"\n", b"\r", b"\n\r", b"\r\r\n")), chance.choice((1, 5, -1)))


MUTATIONS: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    _flip_bits,
    _insert,
    _delete,
    _swap,
    _repeat,
    _truncate,
    _double_a_field,
    _tamper_with_boundaries,
    _splice,
    _put_inside,
    _change_a_charset,
    _change_an_encoding,
    _change_line_ends,
)
