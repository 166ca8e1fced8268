"""Replace long runs of base64 by short lines before a mail is parsed, and put them back afterwards.

The standard library reads a mail line by line, as text: 4 ms for a photo of 220 kB, and nine times the mail's
size in memory. A line of base64's letters alone is no boundary and no part of a header field. Neither is the
short line in its place, so the parsed tree is the same.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

#: A run of 30 lines or more, about 2 kB: shorter ones cost no time. Programs write lines of 60 to 76 letters,
#: some of 40 or 100. The pattern never backtracks.
_RUN = re.compile(rb"\n(?:[A-Za-z0-9+/]{20,120}+\r?\n){30,}+")
#: A run within one line: a photo in html, or base64 without line ends. Only mails that are still large are
#: searched, since this takes 0.1 s for 10 MB.
_LONG_LINE = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{100000,}+")
_LARGE = 1_000_000
#: Runs that are replaced; a mail with more is hostile, and the others stay in place.
_MAX_RUNS = 1_000


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


def shorten(mail: bytes) -> ShortenedMail:
    """Replace the runs of a mail. Linear in its size."""
    mark = secrets.token_hex(16).encode()
    runs: dict[bytes, bytes] = {}

    def put_away(match: re.Match[bytes]) -> bytes:
        at, end = match.span()
        before = b"\n" if match.string[at : at + 1] == b"\n" else b""
        tail = match.string[end - 2 : end]
        line_end = tail[len(tail.rstrip(b"\r\n")) :]
        line = mark + _letters(len(runs))
        runs[line] = match.string[at + len(before) : end - len(line_end)]
        return before + line + line_end

    shortened = _RUN.sub(put_away, mail, count=_MAX_RUNS)
    if len(shortened) > _LARGE:
        shortened = _LONG_LINE.sub(put_away, shortened, count=_MAX_RUNS)
    return ShortenedMail(mail=shortened, mark=mark, runs=runs)


def _letters(number: int) -> bytes:
    """Write a number in letters, so that no digit behind it can become a part of it."""
    return bytes(ord("A") + int(digit) for digit in str(number))
