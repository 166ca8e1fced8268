"""Parse the answer to FETCH from the lines and literals that aioimaplib returns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

FETCH_ITEM = re.compile(rb"\d+ FETCH \(")


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
