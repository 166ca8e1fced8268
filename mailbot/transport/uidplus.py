"""Where a server says that it put our mails: the answers of UIDPLUS (RFC 4315).

    [COPYUID 38505 304,319:320 3956:3958]    to COPY and MOVE: the folder's UIDVALIDITY, UIDs there and here
    [APPENDUID 38505 3955]                   to APPEND

Everything here is pure. A server that says nothing, or what makes no sense, is one that did not say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

COPYUID = re.compile(rb"\[COPYUID (\d+) ([\d:,]+) ([\d:,]+)\]", re.IGNORECASE)
APPENDUID = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)
#: A set of UIDs with more in it than any command of ours names is no answer to one.
MOST_UIDS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLocation:
    """One mail in one folder of an account; no other mail is ever given the same one (RFC 3501, 2.3.1.1)."""

    folder: str
    uidvalidity: int
    uid: int


def copied(lines: Iterable[bytes], folder: str) -> dict[int, MailLocation]:
    """Where each mail went that a COPY or MOVE to `folder` took, by the UID that it had."""
    locations: dict[int, MailLocation] = {}
    for line in lines:
        if match := COPYUID.search(line):
            uidvalidity, sources, targets = int(match[1]), uids(match[2]), uids(match[3])
            if len(sources) == len(targets):
                pairs = zip(sources, targets, strict=True)
                locations |= {
                    a: MailLocation(folder=folder, uidvalidity=uidvalidity, uid=b) for a, b in pairs
                }
    return locations


def appended(lines: Iterable[bytes], folder: str) -> MailLocation | None:
    """Where an APPEND to `folder` put its mail."""
    for line in lines:
        if match := APPENDUID.search(line):
            return MailLocation(folder=folder, uidvalidity=int(match[1]), uid=int(match[2]))
    return None


def uids(written: bytes) -> list[int]:
    """The UIDs of a set such as `304,319:320`, in its order; [] if there are too many."""
    found: list[int] = []
    for part in written.split(b","):
        first, _, last = part.partition(b":")
        if not first or len(part) > 21:
            return []
        start, stop = int(first), int(last or first)
        low, high = min(start, stop), max(start, stop)  # 5:3 means 3:5
        if high - low + len(found) >= MOST_UIDS:
            return []
        found += range(low, high + 1)
    return found
