"""A mail's MIME tree, in bounded time and memory.

    read          bytes -> Tree
    Tree          the library's tree, with the long runs of base64 kept beside it
    Unreadable    more lines or parts than are worth the time

The library compares each line with the boundary of every part around it, makes a string of each, a regular
expression of every boundary, and reads parameters in the square of their length: all are bounded here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Compat32

from mailbot.parsing import headers
from mailbot.parsing.base64_runs import ShortenedMail, shorten

#: Each line is compared with the boundary of every part around it, 8 million times a second: 6 s at most.
#: A mail of 35 MB with ten parts comes to 5 million.
MAX_LINES_BY_PARTS = 50_000_000
#: Each line is a string of its own while parsing, some 100 bytes with nothing in it: 60 MB at most, beside
#: the text. A mail of 35 MB in quoted-printable has 470,000, and base64 is not counted, being taken out.
MAX_LINES = 600_000
#: Lines before the first empty one: each field is looked for some 20 times. A hop adds ten lines or so.
MAX_HEAD_LINES = 20_000
#: Lines that begin as a boundary does: each may be a part, which takes 15 µs.
MAX_BOUNDARY_LINES = 20_000
#: Characters of a field that is about a part; file names in RFC 2231 take some 900.
MAX_CONTENT_FIELD = 4_000
#: Bytes that are given to the parser at a time.
_CHUNK = 256 * 1024


class Unreadable(ValueError):
    """A mail that would take too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A mail, parsed."""

    message: Message
    shortened: ShortenedMail  #: what the message was parsed from


class _Bounded(Compat32):
    """Fields as they are, but not longer than we look at."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        """Name and value of a field."""
        name, value = super().header_source_parse(list(sourcelines))
        is_about_part = name.lower().startswith("content-")
        return name, value[: MAX_CONTENT_FIELD if is_about_part else headers.MAX_FIELD]


_POLICY = _Bounded()
_EMPTY_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r")


def read(raw: bytes) -> Tree:
    """The tree. Raises `Unreadable`, RecursionError at some 300 nested parts, and what else the library may.

    In pieces: the library's own way makes of all of it a text of four bytes a character first.
    """
    shortened = shorten(raw)
    mail = shortened.mail
    _check(mail)
    parser = BytesFeedParser(policy=_POLICY)
    for at in range(0, len(mail), _CHUNK):
        parser.feed(mail[at : at + _CHUNK])
    return Tree(message=parser.close(), shortened=shortened)


def _check(mail: bytes) -> None:
    """Raises `Unreadable` for what no person writes. The parser ends a line at LF, CR and both."""
    lines = mail.count(b"\n") + mail.count(b"\r") - mail.count(b"\r\n")
    if lines > MAX_LINES:
        raise Unreadable("too many lines")
    if lines * mail.lower().count(b"boundary") > MAX_LINES_BY_PARTS:
        raise Unreadable("too many lines in too many parts")
    if mail.count(b"\n--") + mail.count(b"\r--") > MAX_BOUNDARY_LINES:
        raise Unreadable("too many parts")
    empty = _EMPTY_LINE.search(mail)
    end = empty.start() if empty else len(mail)
    if mail.count(b"\n", 0, end) + mail.count(b"\r", 0, end) > 2 * MAX_HEAD_LINES:
        raise Unreadable("too many header lines")
