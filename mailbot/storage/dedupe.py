"""When two deliveries are one mail: the key by which the ledger knows a mail again; and a sender again.

All here is pure and works on raw bytes, since a mail that no parser reads must be recognised all the same.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools

from mailbot.storage.models import RawEmail


def dedupe_key(raw: RawEmail) -> str:
    """Equal for two deliveries of one mail: of Message-ID, From, Date and what follows the headers.

    Never of Message-ID alone, which some senders reuse for different mails; nor of all headers, since
    those that relays add differ between two deliveries.
    """
    head, body = split_mail(raw.body)
    parts = [header_value(head, name) for name in (b"message-id", b"from", b"date")]
    parts.append(b"%d" % raw.size if raw.oversized else hashlib.sha256(body).digest())
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:" % len(part) + part)
    return digest.hexdigest()


def pseudonym(secret: bytes, address: str) -> str:
    """By which an address is known again and not read: its keyed hash behind a `#`; "" for none.

    That of a pseudonym is itself.
    """
    if not address or address.startswith("#"):
        return address
    return "#" + hmac.new(secret, f"address {address.lower()}".encode(), hashlib.sha256).hexdigest()[:32]


def split_mail(raw: bytes) -> tuple[bytes, bytes]:
    """Headers and the rest, cut at the first empty line; never fails."""
    cuts = [(at, len(blank)) for blank in (b"\r\n\r\n", b"\n\n") if (at := raw.find(blank)) >= 0]
    at, length = min(cuts, default=(len(raw), 0))
    return raw[:at], raw[at + length :]


def header_value(head: bytes, name: bytes) -> bytes:
    """The first header of that (lower case) name with its folds undone, or b"". Never fails."""
    lines = head.replace(b"\r\n", b"\n").split(b"\n")
    for number, line in enumerate(lines):
        key, colon, value = line.partition(b":")
        if colon and key.strip().lower() == name:
            folds = itertools.takewhile(lambda fold: fold.startswith((b" ", b"\t")), lines[number + 1 :])
            return b" ".join((value, *(fold.strip() for fold in folds))).strip()
    return b""
