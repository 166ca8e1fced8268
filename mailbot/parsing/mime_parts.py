"""Decode the parts of a mail of any structure.

Forwarded mails (`message/rfc822`) are read one level deep. The walk is not recursive, so a deep tree needs no
stack. Every step at which the standard library may raise has a fallback.

The tree forgets the text of each decoded leaf. So a large mail is in memory about twice at a time: its bytes
and its lines, then its bytes and its photos.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message

from mailbot.parsing import charsets, headers, mime_tree, transfer_encodings
from mailbot.parsing.mime_tree import MimeTree

#: Leaves that are read; no person writes a mail with more.
MAX_PARTS = 500
#: Main types that are not decoded: recordings are large and hold no photo.
_SKIPPED = ("audio", "video")
#: Bytes of a text that are read; the bot uses its first 200,000 characters at most.
MAX_TEXT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MimePart:
    """Hold one leaf of the tree."""

    type: str  #: `image/jpeg`, lower case, as the mail claims
    name: str  #: file name without folders, or ""
    cid: str  #: Content-ID without its brackets, or ""
    attached: bool  #: `Content-Disposition: attachment`
    forwarded: bool  #: part of a mail within the mail
    charset: str
    flowed: bool  #: `format=flowed` (RFC 3676)
    delsp: bool
    content: bytes

    @property
    def is_text(self) -> bool:
        """Whether these are words to read, and no attached text file."""
        return self.type.startswith("text/") and not self.attached

    @property
    def text(self) -> str:
        """First `MAX_TEXT` bytes of the content, as text."""
        return charsets.decode_bytes(self.content[:MAX_TEXT], self.charset)


def leaves(mail: MimeTree) -> Iterator[MimePart]:
    """Yield the first `MAX_PARTS` leaves, in order, and take each out of the tree. Never raises."""
    waiting = [(mail, False)]  #: trees, and whether each is part of a mail within the mail
    for _ in range(MAX_PARTS):
        if not waiting:
            return
        tree, forwarded = waiting.pop()
        part = tree.message
        if not part.is_multipart():
            leaf = _part(tree, forwarded)
            # A forwarded mail, attached as a file.
            is_mail = leaf.name.lower().endswith(".eml") and leaf.type == "application/octet-stream"
            inner = _opened(leaf.content) if is_mail and not forwarded else None
            if inner is None:
                yield leaf
            else:
                waiting.append((inner, True))
        elif part.get_content_type() == "message/rfc822":
            if not forwarded:
                waiting += [(_unpacked(tree, child), True) for child in reversed(mime_tree.children(part))]
        elif part.get_content_type() != "message/partial":
            inside = (replace(tree, message=child) for child in reversed(mime_tree.children(part)))
            waiting += [(child, forwarded) for child in inside]


def _unpacked(tree: MimeTree, child: Message) -> MimeTree:
    """Return the mail within a part. RFC 2046 forbids to encode it, so parsers ignore that programs do."""
    inside, encoding = replace(tree, message=child), _encoding(tree.message)
    if encoding not in ("base64", "quoted-printable") or child.keys():
        return inside
    return _opened(transfer_encodings.decode(_payload(inside), encoding)) or inside


def _opened(content: bytes) -> MimeTree | None:
    """Parse an encoded mail; None if it is over the limits."""
    try:
        return mime_tree.read(content)
    except (mime_tree.Unreadable, RecursionError):
        return None


def _part(tree: MimeTree, forwarded: bool) -> MimePart:
    part, encoding = tree.message, _encoding(tree.message)
    is_skipped = part.get_content_maintype() in _SKIPPED
    name = parameter(part, "filename", "content-disposition") or parameter(part, "name")
    return MimePart(
        type=part.get_content_type(),
        name=headers.file_name(name or headers.first(part, "Content-Location")),  # the latter by AT&T
        cid=headers.first(part, "Content-ID").strip("<> "),
        attached=headers.first(part, "Content-Disposition").lower().startswith("attachment"),
        forwarded=forwarded,
        charset=parameter(part, "charset"),
        flowed=parameter(part, "format").lower() == "flowed",
        delsp=parameter(part, "delsp").lower() == "yes",
        content=b"" if is_skipped else transfer_encodings.decode(_payload(tree), encoding),
    )


def parameter(part: Message, name: str, header: str = "content-type") -> str:
    """Return a parameter of the field, RFC 2231 or not; "" if it is missing or broken (`name*` alone)."""
    try:
        value = part.get_param(name, "", header)
        if isinstance(value, tuple):  # charset, language, text
            return charsets.decode_bytes(value[2].encode("latin-1", "replace"), value[0] or "utf-8")
        return headers.decode(str(value))
    except Exception:  # the library's RFC 2231 code raises many errors on broken parameters
        return ""


def _encoding(part: Message) -> str:
    return headers.first(part, "Content-Transfer-Encoding").split(";")[0].strip().lower()


def _payload(tree: MimeTree) -> bytes:
    """Return the encoded bytes, which the tree then forgets."""
    part = tree.message
    del part["Content-Transfer-Encoding"]  # without it `decode` only turns text into bytes
    content = part.get_payload(decode=True)
    part.set_payload("")
    return tree.shortened.take(content) if isinstance(content, bytes) else b""
