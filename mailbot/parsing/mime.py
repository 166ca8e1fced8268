"""The parts of a mail, decoded, whatever shape it has.

    MimePart      one leaf of the MIME tree: its type, names and bytes
    leaves    all of them, in order; the tree is empty afterwards

Descends one level into forwarded mails (`message/rfc822`), never recursively, so that a deep tree costs
no stack. Every step that the standard library may refuse has a fallback; nothing here raises.

Memory: of a leaf that was decoded the tree forgets the text, so that a large mail is held about twice at a
time, in pieces: its bytes and its lines, then its bytes and its photos.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message

from mailbot.parsing import charsets, headers, mime_tree, transfer
from mailbot.parsing.base64_runs import ShortenedMail
from mailbot.parsing.mime_tree import Tree

#: Leaves that are looked at; a mail with more is not one that a person wrote.
MAX_PARTS = 500
#: Never looked into: recordings are large and never a photo.
_SKIPPED = ("audio", "video")
#: Bytes of a text that are looked at; its words are found in the first 200,000 characters or nowhere.
MAX_TEXT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MimePart:
    """One leaf of the tree."""

    type: str  #: `image/jpeg`, lower case, as the mail claims
    name: str  #: file name without folders, "" if none was given
    cid: str  #: Content-ID without its brackets, or ""
    attached: bool  #: `Content-Disposition: attachment`
    forwarded: bool  #: it stood in a mail within the mail
    charset: str
    flowed: bool  #: `format=flowed` (RFC 3676)
    delsp: bool
    content: bytes

    @property
    def is_text(self) -> bool:
        """Words to read, not a text file to keep."""
        return self.type.startswith("text/") and not self.attached

    @property
    def text(self) -> str:
        """The content as text, its first `MAX_TEXT` bytes."""
        return charsets.decode_bytes(self.content[:MAX_TEXT], self.charset)


def leaves(mail: Tree) -> Iterator[MimePart]:
    """The leaves in the order of the mail, at most `MAX_PARTS`; each is taken out of the tree."""
    waiting: list[tuple[Message, ShortenedMail, bool]] = [(mail.message, mail.shortened, False)]
    for _ in range(MAX_PARTS):
        if not waiting:
            return
        part, shortened, forwarded = waiting.pop()
        inside = part.get_payload()
        if not isinstance(inside, list):
            leaf = _part(part, forwarded, shortened)
            inner = None if forwarded or not _is_mail(leaf) else _opened(leaf.content)
            if inner is None:
                yield leaf
            else:
                waiting.append((inner.message, inner.shortened, True))
        elif part.get_content_type() == "message/rfc822":
            if not forwarded:
                waiting += [(*_unpacked(part, child, shortened), True) for child in _children(inside)]
        elif part.get_content_type() != "message/partial":
            waiting += [(child, shortened, forwarded) for child in _children(inside)]


def _children(inside: Sequence[object]) -> list[Message]:
    """Last first, as they are put on the stack."""
    return [child for child in reversed(inside) if isinstance(child, Message)]


def _is_mail(leaf: MimePart) -> bool:
    """Whether a forwarded mail was attached as a file."""
    return leaf.name.lower().endswith(".eml") and leaf.type == "application/octet-stream"


def _unpacked(part: Message, child: Message, shortened: ShortenedMail) -> tuple[Message, ShortenedMail]:
    """The mail within `part`; some programs encode it, which RFC 2046 forbids and so no parser undoes."""
    encoding = _encoding(part)
    if encoding not in ("base64", "quoted-printable") or child.keys():
        return child, shortened
    inner = _opened(transfer.decode(_payload(child, shortened), encoding))
    return (inner.message, inner.shortened) if inner else (child, shortened)


def _opened(content: bytes) -> Tree | None:
    """A mail that was encoded; None where it is too much for us."""
    try:
        return mime_tree.read(content)
    except (mime_tree.Unreadable, RecursionError):
        return None


def _part(part: Message, forwarded: bool, shortened: ShortenedMail) -> MimePart:
    return MimePart(
        type=part.get_content_type(),
        name=_name(part),
        cid=headers.first(part, "Content-ID").strip("<> "),
        attached=headers.first(part, "Content-Disposition").lower().startswith("attachment"),
        forwarded=forwarded,
        charset=_parameter(part, "charset"),
        flowed=_parameter(part, "format").lower() == "flowed",
        delsp=_parameter(part, "delsp").lower() == "yes",
        content=b"" if part.get_content_maintype() in _SKIPPED else _content(part, shortened),
    )


def _parameter(part: Message, name: str, header: str = "content-type") -> str:
    """A parameter of the field, RFC 2231 or not; "" for what is missing or broken (`name*` alone)."""
    try:
        value = part.get_param(name, "", header)
        if isinstance(value, tuple):  # charset, language, text
            return charsets.decode_bytes(value[2].encode("latin-1", "replace"), value[0] or "utf-8")
        return headers.decode(str(value))
    except Exception:  # the RFC 2231 code trips over broken parameters in many ways
        return ""


def _name(part: Message) -> str:
    """The file's name: from the disposition, the type, or (AT&T) the location."""
    return headers.file_name(
        _parameter(part, "filename", "content-disposition")
        or _parameter(part, "name")
        or headers.first(part, "Content-Location")
    )


def _encoding(part: Message) -> str:
    return headers.first(part, "Content-Transfer-Encoding").split(";")[0].strip().lower()


def _content(part: Message, shortened: ShortenedMail) -> bytes:
    """The decoded bytes."""
    encoding = _encoding(part)
    return transfer.decode(_payload(part, shortened), encoding)


def _payload(part: Message, shortened: ShortenedMail) -> bytes:
    """The bytes as they came, which the tree then forgets; "decoded" they are where no encoding is told."""
    del part["Content-Transfer-Encoding"]
    content = part.get_payload(decode=True)
    part.set_payload("")
    return shortened.take(content) if isinstance(content, bytes) else b""
