"""Strategies for mails that nobody would write: any structure, with wrong headers and any bytes.

structures    a whole mail: parts within parts within parts, of any type, in any encoding
fields        header fields, most of them known ones with strange values
words         text that may try to be a header field
"""

from __future__ import annotations

import base64
import binascii
import quopri
from collections.abc import Sequence

from hypothesis import strategies as st

from tests.fakes.mailbot.mails import heic, photo
from tests.fakes.mailbot.parsing.mutants import CHARSETS, ENCODINGS, SPLINTERS

_PHOTOS = [
    photo(48, 48),
    photo(32, 32, format="PNG"),
    heic(),
    b"\xff\xd8\xff",
    b"GIF89a",
    b"PK\x03\x04",
    b"%PDF-1",
]
_TYPES = (
    *(b"text/plain", b"text/html", b"image/jpeg", b"image/heic", b"application/octet-stream", b"video/mp4"),
    *(b"message/rfc822", b"message/partial", b"multipart/mixed", b"application/applefile", b"x", b"/", b""),
)
_NAMES = (
    *(b"Subject", b"From", b"To", b"Reply-To", b"Sender", b"Return-Path", b"Message-ID", b"References"),
    *(b"Date", b"In-Reply-To", b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition"),
    *(b"Content-ID", b"Content-Location", b"MIME-Version", b"Auto-Submitted", b"Precedence", b"List-Id"),
    *(b"X-Loop", b"Bcc"),
)
_BOUNDARIES = (b"b", b"b1", b"b-", b"=_x", b"b b", b"(", b"")

#: Text as a person or an attacker may write it, lines and all.
words = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        (
            *("mosaic", "help", "mosaic\r\nBcc: eve@evil.example", "mosaic\nBcc: eve@evil.example\n\n<b>hi"),
            *(
                "\r\n\r\nhi",
                "\u2028Bcc: eve@evil.example",
                "\x85Bcc: a@b",
                "a\vb\fc\x1cd",
                "\u202emosaic",
                "x" * 900,
            ),
            *(
                '"',
                "\\",
                "<>",
                "a,b",
                "=?utf-8?q?=0D=0ABcc:_a@b?=",
                "../../etc/passwd",
                "nul\0",
                "\ud800",
                "🎨" * 200,
            ),
        )
    ),
)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def encoded(text: str) -> bytes:
    """An encoded word of any length, as lenient readers take it."""
    return b"=?utf-8?B?" + base64.b64encode(_utf8(text)) + b"?="


_values = st.one_of(
    words.map(encoded),
    words.map(lambda text: _utf8(text).replace(b"\n", b"\n ").replace(b"\r", b"")),
    st.lists(st.sampled_from(SPLINTERS), max_size=6).map(b"".join),
    st.binary(max_size=40),
    st.sampled_from(
        (b"jane@mail.example", b"Jane <jane@mail.example>", b"<a@b>", b"<[a@b]>", b"1.0", b"auto-replied")
    ),
)
_field = st.tuples(st.sampled_from(_NAMES), _values).map(lambda field: field[0] + b": " + field[1] + b"\r\n")
fields = st.lists(_field, max_size=6).map(b"".join)


def _encode(content: bytes, encoding: bytes) -> bytes:
    match encoding.strip():
        case b"base64":
            return base64.encodebytes(content)
        case b"quoted-printable":
            return quopri.encodestring(content)
        case b"x-uuencode":
            return b"begin 644 a.jpg\n" + binascii.b2a_uu(content[:45]) + b"`\nend\n"
    return content


@st.composite
def _leaves(draw: st.DrawFn) -> bytes:
    claimed, encoding = draw(st.sampled_from(ENCODINGS)), draw(st.sampled_from(ENCODINGS))
    content = draw(st.one_of(st.sampled_from(_PHOTOS), words.map(_utf8), st.binary(max_size=200)))
    name = encoded(draw(words)) if draw(st.booleans()) else draw(st.binary(max_size=20))
    head = b"Content-Type: %s; charset=%s; name=%s\r\nContent-Transfer-Encoding: %s\r\n" % (
        draw(st.sampled_from(_TYPES)), draw(st.sampled_from(CHARSETS)), name, claimed,
    )  # fmt: skip
    return head + draw(fields) + b"\r\n" + _encode(content, encoding)


def _multipart(parts: tuple[Sequence[bytes], bytes, bytes, bool]) -> bytes:
    children, boundary, subtype, closed = parts
    body = b"".join(b"--" + boundary + b"\r\n" + child + b"\r\n" for child in children)
    end = b"--" + boundary + b"--\r\n" if closed else b""
    return b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n' % (subtype, boundary) + body + end


def _around(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    subtypes = st.sampled_from((b"mixed", b"alternative", b"related", b"signed", b"report", b"digest", b""))
    parts = st.tuples(st.lists(inner, max_size=4), st.sampled_from(_BOUNDARIES), subtypes, st.booleans())
    return st.one_of(
        parts.map(_multipart), inner.map(lambda mail: b"Content-Type: message/rfc822\r\n\r\n" + mail)
    )


_entities = st.recursive(_leaves(), _around, max_leaves=8)
_SENDER = b"From: Jane <jane@mail.example>\r\n"
structures = st.tuples(st.sampled_from((_SENDER, b"")), fields, _entities).map(b"".join)
