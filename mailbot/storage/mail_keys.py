"""Recognise a mail that was delivered twice.

All functions are pure and work on raw bytes, since a mail that no parser reads must be recognised too.
"""

from __future__ import annotations

import hashlib
import itertools

from mailbot.parsing.mail_parser import MAIL
from mailbot.storage.ledger_rows import RawMessage


def dedupe_key(raw: RawMessage) -> str:
    """Return a key that is equal for two deliveries of one mail: of Message-ID, From, Date and the body.

    Message-ID alone would not do, since some senders reuse it. All headers would not do either, since relays
    add headers that differ between two deliveries. A message of another channel has a name of its own.
    """
    if raw.channel != MAIL:
        return channel_key(raw.channel, raw.key)
    head, body = split_mail(raw.body)
    parts = [header_value(head, name) for name in (b"message-id", b"from", b"date")]
    parts.append(b"%d" % raw.size if raw.oversized else hashlib.sha256(body).digest())
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:" % len(part) + part)
    return digest.hexdigest()


def channel_key(channel: str, key: str) -> str:
    """Return the key of a message that its channel names."""
    return hashlib.sha256(f"{channel} {key}".encode()).hexdigest()


def split_mail(raw: bytes) -> tuple[bytes, bytes]:
    """Split a mail into headers and body at the first empty line. Never fails."""
    cuts = [(at, len(blank)) for blank in (b"\r\n\r\n", b"\n\n") if (at := raw.find(blank)) >= 0]
    at, length = min(cuts, default=(len(raw), 0))
    return raw[:at], raw[at + length :]


def header_value(head: bytes, name: bytes) -> bytes:
    """Return the first header of that (lower case) name, unfolded, or b"". Never fails."""
    lines = head.replace(b"\r\n", b"\n").split(b"\n")
    for number, line in enumerate(lines):
        key, colon, value = line.partition(b":")
        if colon and key.strip().lower() == name:
            folds = itertools.takewhile(lambda fold: fold.startswith((b" ", b"\t")), lines[number + 1 :])
            return b" ".join((value, *(fold.strip() for fold in folds))).strip()
    return b""
