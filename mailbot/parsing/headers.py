"""Read header fields as they really come: raw, folded, half encoded, or broken.

The standard library's header classes raise on hostile values. So these functions work on the raw items of a
`compat32` message, and none of them raises.
"""

from __future__ import annotations

import re
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from itertools import accumulate, groupby, islice
from pathlib import PurePosixPath

from email_validator import validate_email

from mailbot.parsing import charsets
from styles.service.sanitize import plain

#: Characters of one field that are read; a To line with 200 people has some 8,000.
MAX_FIELD = 20_000
#: Fields of one name that are read: every hop may add a `Delivered-To`.
MAX_FIELDS = 20
#: Characters of address fields that are read together; the library takes 0.5 µs for each.
MAX_LIST = 60_000
#: Mailboxes that are read in address fields.
MAX_MAILBOXES = 50
#: Characters of a message id; RFC 5322 allows lines of 998, and `References: ` must fit too.
MAX_ID = 900

_FOLD = re.compile(r"[\r\n]+[ \t]*")
_ID = re.compile(r"<[^<>\s]+>")
#: Bidirectional overrides, invisible characters, and Apple's mark in place of a picture (U+FFFC).
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0xFEFF, 0xFFFC, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x206A)]
)


def fields(message: Message, name: str) -> tuple[str, ...]:
    """Return every value of the field, in order; bytes beyond ASCII are UTF-8, else Windows-1252."""
    wanted = name.lower()
    named = (str(value) for key, value in message.raw_items() if key.lower() == wanted)
    found = islice(named, MAX_FIELDS)
    # The library keeps bytes beyond ASCII as surrogates.
    raw = (value[:MAX_FIELD].encode("utf-8", "surrogateescape") for value in found)
    return tuple(_FOLD.sub(" ", charsets.decode_bytes(value, "utf-8")).strip() for value in raw)


def first(message: Message, name: str) -> str:
    """Return the first value of the field, or ""."""
    return next(iter(fields(message, name)), "")


def decode(value: str) -> str:
    """Decode encoded words; those that cannot be decoded stay as they are."""
    if "=?" not in value:
        return value
    try:
        chunks = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    # Two words of one charset may share a multi-byte character, so their bytes are joined first.
    raw = ((c if isinstance(c, bytes) else c.encode("utf-8", "surrogateescape"), name) for c, name in chunks)
    return "".join(
        charsets.decode_bytes(b"".join(chunk for chunk, _ in words), charset)
        for charset, words in groupby(raw, key=lambda pair: pair[1] or "")
    )


def clean(value: str, limit: int = 500) -> str:
    """Return one line of at most `limit` characters, without control characters, invisible ones and `=?`.

    The library decodes `=?…?=` in a new header, line ends included. A word that was encoded twice could
    write header fields.
    """
    visible = value[: 4 * limit].translate(_INVISIBLE)
    line = " ".join(plain(visible, mark=" ").split())
    return line.replace("=?", "= ?")[:limit].strip()


def file_name(value: str) -> str:
    """Return a file's name without folders, one line of at most 100 characters, or ""."""
    return clean(PurePosixPath(value[:MAX_FIELD].replace("\\", "/").replace("\0", "")).name, 100)


def addresses(message: Message, *names: str) -> tuple[tuple[str, str], ...]:
    """Return display name and address of each valid mailbox in these fields; domains are lower case ASCII."""
    values = [value for name in names for value in fields(message, name)]
    kept = [value for value, end in zip(values, accumulate(map(len, values)), strict=True) if end <= MAX_LIST]
    try:
        pairs = getaddresses(kept)
    except Exception:  # nested comments end in RecursionError, others in IndexError
        return ()
    found = []
    for name, address in pairs[:MAX_MAILBOXES]:
        with suppress(ValueError):
            # Domains that the public DNS lacks are valid: a mail server on this machine may serve them.
            checked = validate_email(
                address.strip(), check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
            )
            found.append((clean(decode(name), 100), checked.ascii_email or ""))
    return tuple((name, address) for name, address in found if address)


def ids(*values: str) -> tuple[str, ...]:
    """Return the message ids in these fields, each once; ASCII only, since answers repeat them raw."""
    found = (match for value in values for match in _ID.findall(value))
    return tuple(dict.fromkeys(i for i in found if len(i) <= MAX_ID and i.isascii() and i.isprintable()))


def without_tag(address: str) -> str:
    """Return the address in lower case and without its tag: `Ann+photos@Example.org` -> `ann@example.org`."""
    local, at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"
