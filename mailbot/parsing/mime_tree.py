"""Parse a mail's MIME tree in bounded time and memory.

The library compares each line with the boundary of every part around it. It makes a string of each line and a
regular expression of every boundary, and reads parameters in the square of their length. The limits bound all
of these.

It takes 4 ms and nine times the size in memory for a photo of 220 kB. So long runs of base64 are replaced by
short lines before, and put back afterwards. A line of base64's letters alone is no boundary and no part of a
header field. Neither is the short line in its place, so the parsed tree is the same.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Compat32

from mailbot.parsing import headers

#: Lines times boundaries: the library makes 8 million comparisons a second, so this takes 6 s at most.
#: A mail of 35 MB with ten parts has 5 million.
MAX_LINES_BY_PARTS = 50_000_000
#: Lines outside of long base64. Each is a string of some 100 bytes beside its text, so 60 MB at most.
#: A mail of 35 MB in quoted-printable has 470,000.
MAX_LINES = 600_000
#: Lines before the first empty one: the fields are searched some 20 times. A hop adds about ten lines.
MAX_HEAD_LINES = 20_000
#: Lines that begin like a boundary: each may be a part, which takes 15 µs.
MAX_BOUNDARY_LINES = 20_000
#: Characters of a field about a part; file names in RFC 2231 take some 900.
MAX_CONTENT_FIELD = 4_000
#: Bytes that the parser gets at a time.
_CHUNK = 256 * 1024
#: A run of 30 lines or more, about 2 kB: shorter ones cost no time. Programs write lines of 60 to 76 letters,
#: some of 40 or 100. The pattern never backtracks.
_RUN = re.compile(rb"\n(?:[A-Za-z0-9+/]{20,120}+\r?\n){30,}+")
#: A run within one line: a photo in html, or base64 without line ends. Only mails that are still large are
#: searched, since this takes 0.1 s for 10 MB.
_LONG_LINE = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{100000,}+")
_LARGE = 1_000_000
#: Runs that are replaced; a mail with more is hostile, and the others stay in place.
_MAX_RUNS = 1_000


class Unreadable(ValueError):
    """Report a mail that is over the limits and would take too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortenedMail:
    """Hold a mail without its long runs of base64, and the runs."""

    mail: bytes
    mark: bytes  #: begins each line in place of a run; a sender cannot guess it
    runs: dict[bytes, bytes]  #: such a line -> its run, both without the last line end

    def take(self, text: bytes) -> bytes:
        """Put the runs of a text back and forget them: a run may be as large as the mail."""
        if self.mark not in text:
            return text
        return re.sub(self.mark + rb"[A-Z]+", lambda line: self.runs.pop(line[0], line[0]), text)


@dataclass(frozen=True, slots=True, kw_only=True)
class MimeTree:
    """Hold a parsed mail."""

    message: Message
    shortened: ShortenedMail  #: the mail that was parsed


class _Bounded(Compat32):
    """Cut fields to the characters that are read."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        """Return name and value of a field, the value cut to the limit of its kind."""
        name, value = super().header_source_parse(list(sourcelines))
        is_about_part = name.lower().startswith("content-")
        return name, value[: MAX_CONTENT_FIELD if is_about_part else headers.MAX_FIELD]


_POLICY = _Bounded()
_EMPTY_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r")


def read(raw: bytes) -> MimeTree:
    """Parse a mail. Raises `Unreadable`, RecursionError at some 300 nested parts, and errors of the library.

    The mail is parsed in pieces: the library would first make a text of it, with four bytes a character.
    """
    shortened = shorten(raw)
    mail = shortened.mail
    _check(mail)
    parser = BytesFeedParser(policy=_POLICY)
    for at in range(0, len(mail), _CHUNK):
        parser.feed(mail[at : at + _CHUNK])
    return MimeTree(message=parser.close(), shortened=shortened)


def children(part: Message) -> list[Message]:
    """Return the parts within a part, or none."""
    inside = part.get_payload()
    return [child for child in inside if isinstance(child, Message)] if isinstance(inside, list) else []


def _check(mail: bytes) -> None:
    """Raise `Unreadable` for a mail over the limits. The parser ends a line at LF, CR and both."""
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


def shorten(mail: bytes) -> ShortenedMail:
    """Replace the runs of a mail. Linear in its size."""
    mark = secrets.token_hex(16).encode()
    runs: dict[bytes, bytes] = {}

    def put_away(match: re.Match[bytes]) -> bytes:
        at, end = match.span()
        before = b"\n" if match.string[at : at + 1] == b"\n" else b""
        tail = match.string[end - 2 : end]
        line_end = tail[len(tail.rstrip(b"\r\n")) :]
        # In letters, so that no digit behind the number can become a part of it.
        line = mark + bytes(ord("A") + int(digit) for digit in str(len(runs)))
        runs[line] = match.string[at + len(before) : end - len(line_end)]
        return before + line + line_end

    shortened = _RUN.sub(put_away, mail, count=_MAX_RUNS)
    if len(shortened) > _LARGE:
        shortened = _LONG_LINE.sub(put_away, shortened, count=_MAX_RUNS)
    return ShortenedMail(mail=shortened, mark=mark, runs=runs)
