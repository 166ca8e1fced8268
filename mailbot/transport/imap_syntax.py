"""Quote strings, encode folder names, and parse answers, as IMAP writes them. All functions are pure.

Folders are named in modified UTF-7 (RFC 3501, 5.1.3): ASCII as it is, `&-` for `&`, and between `&` and `-`
UTF-16 in base64 with `,` for `/`. UIDPLUS (RFC 4315) reports where a server put mails. Such an answer counts
as none if it makes no sense:

    [COPYUID 38505 304,319:320 3956:3958]    to COPY and MOVE: the folder's UIDVALIDITY, UIDs there and here
    [APPENDUID 38505 3955]                   to APPEND
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_FOREIGN = re.compile(r"[^ -~]+")
FETCH_ITEM = re.compile(rb"\d+ FETCH \(")
COPYUID = re.compile(rb"\[COPYUID (\d+) ([\d:,]+) ([\d:,]+)\]", re.IGNORECASE)
APPENDUID = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)
#: UIDs in a set. No command of the bot names as many, so a larger set is no answer to one.
MOST_UIDS = 10_000


def quoted(text: str) -> str:
    """Quote a string for IMAP."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def encoded(name: str) -> str:
    """Encode a folder's name in modified UTF-7, for the server."""
    return _FOREIGN.sub(_shift, name.replace("&", "&-"))


def decoded(name: str) -> str:
    """Decode a folder's name from modified UTF-7; one that is not well-formed stays as it is."""
    try:
        return _SHIFTED.sub(_unshift, name)
    except (binascii.Error, UnicodeDecodeError):
        return name


def _shift(run: re.Match[str]) -> str:
    code = base64.b64encode(run[0].encode("utf-16-be"), b"+,").decode().rstrip("=")
    return f"&{code}-"


def _unshift(run: re.Match[str]) -> str:
    code = run[1]
    if not code:
        return "&"
    return base64.b64decode(code + "=" * (-len(code) % 4), b"+,").decode("utf-16-be")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLocation:
    """Identify one mail in one folder. No other mail ever gets the same place (RFC 3501, 2.3.1.1)."""

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
                for source, uid in zip(sources, targets, strict=True):
                    locations[source] = MailLocation(folder=folder, uidvalidity=uidvalidity, uid=uid)
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


def fetch_items(lines: Sequence[bytes | bytearray]) -> dict[int, tuple[bytes, bytes]]:
    """Return the items of a FETCH by UID: the text around the literal, and the literal or b"".

    aioimaplib returns lines as bytes and literals as bytearray. The UID may stand before or after the
    literal. An item without a UID is an unsolicited flag change and is ignored. One with a UID may be that as
    well, so several items of one UID are put together.
    """
    items: list[tuple[bytearray, list[bytes]]] = []
    for line in lines[:-1]:
        if isinstance(line, bytearray):
            if items:
                items[-1][1].append(bytes(line))
        elif FETCH_ITEM.match(line):
            items.append((bytearray(line), []))
        elif items:
            items[-1][0].extend(b" " + line)
    found: dict[int, tuple[bytes, bytes]] = {}
    for head, literals in items:
        if match := re.search(rb"\bUID (\d+)", head):
            before, literal = found.get(int(match[1]), (b"", b""))
            found[int(match[1])] = (before + bytes(head), b"".join(literals) or literal)
    return found


def with_body(items: Mapping[int, tuple[bytes, bytes]]) -> dict[int, bytes]:
    """Return the literals of the items that came with a BODY, even an empty one."""
    return {uid: literal for uid, (head, literal) in items.items() if b"BODY[" in head}
