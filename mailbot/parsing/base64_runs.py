"""Long runs of base64 taken out of a mail before it is parsed, and put back where they are wanted.

    shorten       mail -> ShortenedMail: the mail with one short line in the place of each run
    ShortenedMail     .restore: text of the shortened mail -> as it was

The standard library looks at a mail line by line, as text: 4 ms for a photo of 220 kB, and nine times the
mail's size in memory. A line of nothing but base64's letters can be no boundary, no header field and no
continuation of one, so neither can the line in its place, and the tree comes out the same.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

#: 30 lines or more, about 2 kB: below that there is nothing to be gained. Programs write lines of 60 to 76
#: letters, some of 40 or 100. Never backtracks: a run that ends ends.
_RUN = re.compile(rb"\n(?:[A-Za-z0-9+/]{20,120}+\r?\n){30,}+")
#: In one line, wherever in it: a photo within html, or a program that knows of no lines. Looked for only
#: where a mail is still large, since the search takes 0.1 s for 10 MB.
_LONG_LINE = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{100000,}+")
_LARGE = 1_000_000
#: A mail with more runs than this is hostile or very strange: the rest stays in place.
_MAX_RUNS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortenedMail:
    """A mail without its long runs of base64."""

    mail: bytes
    mark: bytes  #: begins each line that stands for a run; nobody could guess it
    runs: dict[bytes, bytes]  #: such a line -> what was there, both without the last line end

    def restore(self, text: bytes) -> bytes:
        """`text`, which is from the shortened mail, with its runs put back."""
        if self.mark not in text:
            return text
        return re.sub(self.mark + rb"[A-Z]+", lambda line: self.runs.get(line[0], line[0]), text)

    def take(self, text: bytes) -> bytes:
        """`restore`, and forgets the runs in it: each is in one text, and may be as large as the mail."""
        if self.mark not in text:
            return text
        return re.sub(self.mark + rb"[A-Z]+", lambda line: self.runs.pop(line[0], line[0]), text)


def shorten(mail: bytes) -> ShortenedMail:
    """The mail, shortened. Linear in its size."""
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
    """A number written in letters alone, so that no digit that follows can become a part of it."""
    return bytes(ord("A") + int(digit) for digit in str(number))
