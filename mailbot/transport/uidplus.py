"""Parse where a server put mails: the answers of UIDPLUS (RFC 4315).

    [COPYUID 38505 304,319:320 3956:3958]    to COPY and MOVE: the folder's UIDVALIDITY, UIDs there and here
    [APPENDUID 38505 3955]                   to APPEND

All functions are pure. An answer that makes no sense counts as no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

COPYUID = re.compile(rb"\[COPYUID (\d+) ([\d:,]+) ([\d:,]+)\]", re.IGNORECASE)
APPENDUID = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)
#: UIDs in a set. No command of the bot names as many, so a larger set is no answer to one.
MOST_UIDS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLocation:
    """Identify one mail in one folder of an account.

    No other mail ever gets the same place (RFC 3501, 2.3.1.1).
    """

    folder: str
    uidvalidity: int
    uid: int


def copied(lines: Iterable[bytes], folder: str) -> dict[int, MailLocation]:
    """Return where each mail of a COPY or MOVE to `folder` went, by the UID that it had."""
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
    """Return where an APPEND to `folder` put its mail."""
    for line in lines:
        if match := APPENDUID.search(line):
            return MailLocation(folder=folder, uidvalidity=int(match[1]), uid=int(match[2]))
    return None


def uids(written: bytes) -> list[int]:
    """Return the UIDs of a set such as `304,319:320`, in its order; [] if there are too many."""
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
