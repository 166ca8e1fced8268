"""Header fields as they really come: raw, folded, half encoded, or broken.

    fields       every value of one name, unfolded, as raw text
    first        the first of them, or ""
    decode       RFC 2047 words to text, whatever the charset says
    clean        one line without control characters
    file_name    a file's name without folders
    addresses    (display name, address) pairs, only addresses that one can write to
    without_tag  an address without its tag: `Ann+photos@Example.org` -> `ann@example.org`
    ids          message ids, copied as they are

The standard library's header classes raise on hostile values when they are merely read, so everything
works on the `compat32` message's raw items and no function here raises.
"""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from itertools import accumulate, islice
from pathlib import PurePosixPath

from email_validator import EmailNotValidError, validate_email

from mailbot.parsing import charsets

#: Characters of one field that are looked at; a To line with 200 people has some 8,000.
MAX_FIELD = 20_000
#: Fields of one name that are looked at: every hop may add a `Delivered-To`.
MAX_FIELDS = 20
#: Characters of all fields of addresses that are read together; the library takes 0.5 µs for each.
MAX_LIST = 60_000
#: Characters of a message id; RFC 5322 allows lines of 998, and `References: ` must fit too.
MAX_ID = 900

_FOLD = re.compile(r"[\r\n]+[ \t]*")
_ID = re.compile(r"<[^<>\s]+>")
#: Bidirectional overrides and invisible characters, and what Apple puts where a picture stands (U+FFFC).
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0xFEFF, 0xFFFC, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x206A)]
)


def fields(message: Message, name: str) -> tuple[str, ...]:
    """Every value of the field, in order; bytes beyond ASCII are read as UTF-8, else as Windows-1252."""
    wanted = name.lower()
    named = (str(value) for key, value in message.raw_items() if key.lower() == wanted)
    found = islice(named, MAX_FIELDS)
    return tuple(_FOLD.sub(" ", _readable(value[:MAX_FIELD])).strip() for value in found)


def first(message: Message, name: str) -> str:
    """The first value of the field, "" where there is none."""
    return next(iter(fields(message, name)), "")


def _readable(value: str) -> str:
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def decode(value: str) -> str:
    """Encoded words to text; what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    try:
        chunks = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    # A multi-byte character may be split between two words of one charset: join the bytes first.
    joined: list[tuple[bytes, str]] = []
    for chunk, charset in chunks:
        raw = chunk if isinstance(chunk, bytes) else chunk.encode("utf-8", "surrogateescape")
        label = charset or ""
        if joined and joined[-1][1] == label:
            raw = joined.pop()[0] + raw
        joined.append((raw, label))
    return "".join(charsets.decode_bytes(raw, charset) for raw, charset in joined)


def clean(value: str, limit: int = 500) -> str:
    """One line without control or invisible characters and encoded words, at most `limit` characters.

    The library decodes `=?…?=` in what is put into a header, line ends and all: one that was encoded twice
    would write fields of its own.
    """
    visible = value[: 4 * limit].translate(_INVISIBLE)
    line = " ".join("".join(c if c.isprintable() else " " for c in visible).split())
    return line.replace("=?", "= ?")[:limit].strip()


def file_name(value: str) -> str:
    """The name without folders, one line of at most 100 characters; "" for what is none."""
    return clean(PurePosixPath(value[:MAX_FIELD].replace("\\", "/").replace("\0", "")).name, 100)


def normalise_address(address: str) -> str:
    """The address with its domain in lower case and ASCII, or "" if nobody can be written to there.

    Domains without a place in the public DNS pass: a mail server on this machine may serve them.
    """
    try:
        checked = validate_email(
            address.strip(), check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
        )
    except (EmailNotValidError, ValueError):
        return ""
    return checked.ascii_email or ""


def addresses(values: tuple[str, ...], limit: int = 50) -> tuple[tuple[str, str], ...]:
    """Display name and normalised address of each mailbox in these fields, at most `limit`."""
    kept = [value for value, end in zip(values, accumulate(map(len, values)), strict=True) if end <= MAX_LIST]
    try:
        pairs = getaddresses(kept)
    except Exception:  # nested comments end in RecursionError, others in IndexError
        return ()
    known = ((clean(decode(name), 100), normalise_address(address)) for name, address in pairs[:limit])
    return tuple((name, address) for name, address in known if address)


def ids(*values: str) -> tuple[str, ...]:
    """The message ids in these fields, in order, each once; ASCII only, since they are sent back raw."""
    found = (match for value in values for match in _ID.findall(value))
    return tuple(dict.fromkeys(i for i in found if len(i) <= MAX_ID and i.isascii() and i.isprintable()))


def without_tag(address: str) -> str:
    """The address in lower case without what stands behind a `+`, which its owner may choose at will."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"
