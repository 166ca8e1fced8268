"""The parts of a mail, decoded, whatever shape it has.

    Part      one leaf of the MIME tree: its type, names and bytes
    leaves    all of them, in order

Descends one level into forwarded mails (`message/rfc822`), never recursively, so that a deep tree costs
no stack. Every step that the standard library may refuse has a fallback; nothing here raises.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath

from mailbot import headers
from mailbot.folding import Folded

#: Leaves that are looked at; a mail with more is not one that a person wrote.
MAX_PARTS = 500
#: Never looked into: recordings are large and never a photo.
_SKIPPED = ("audio", "video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
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
        """The content as text."""
        return headers.decode_bytes(self.content, self.charset)


def leaves(message: Message, folded: Folded) -> Iterator[Part]:
    """The leaves in the order of the mail, at most `MAX_PARTS`; `message` is parsed from `folded`."""
    waiting: list[tuple[Message, bool]] = [(message, False)]
    for _ in range(MAX_PARTS):
        if not waiting:
            return
        part, forwarded = waiting.pop()
        inside = part.get_payload()
        if not isinstance(inside, list):
            yield _part(part, forwarded, folded)
        elif part.get_content_type() == "message/rfc822":
            if not forwarded:
                waiting += [(child, True) for child in reversed(inside) if isinstance(child, Message)]
        else:
            waiting += [(child, forwarded) for child in reversed(inside) if isinstance(child, Message)]


def _part(part: Message, forwarded: bool, folded: Folded) -> Part:
    return Part(
        type=part.get_content_type(),
        name=_name(part),
        cid=headers.first(part, "Content-ID").strip("<> "),
        attached=headers.first(part, "Content-Disposition").lower().startswith("attachment"),
        forwarded=forwarded,
        charset=_parameter(part, "charset"),
        flowed=_parameter(part, "format").lower() == "flowed",
        delsp=_parameter(part, "delsp").lower() == "yes",
        content=b"" if part.get_content_maintype() in _SKIPPED else _content(part, folded),
    )


def _parameter(part: Message, name: str, header: str = "content-type") -> str:
    """A parameter of the field, RFC 2231 or not; "" for what is missing or broken (`name*` alone)."""
    try:
        value = part.get_param(name, "", header)
        if isinstance(value, tuple):  # charset, language, text
            return headers.decode_bytes(value[2].encode("latin-1", "replace"), value[0] or "utf-8")
        return headers.decode(str(value))
    except Exception:  # the RFC 2231 code trips over broken parameters in many ways
        return ""


def _name(part: Message) -> str:
    """The file's name: from the disposition, the type, or (AT&T) the location."""
    name = (
        _parameter(part, "filename", "content-disposition")
        or _parameter(part, "name")
        or headers.first(part, "Content-Location")
    )
    return headers.clean(PurePosixPath(name.replace("\\", "/").replace("\0", "")).name, 100)


def _content(part: Message, folded: Folded) -> bytes:
    """The decoded bytes. AT&T writes `Base64 ` with a space, which the standard library takes for none."""
    encoding = headers.first(part, "Content-Transfer-Encoding").split(";")[0].strip().lower()
    raw = folded.unfold(_decoded(part, "8bit"))
    if encoding in ("", "7bit", "8bit", "binary"):
        return raw
    try:
        if encoding == "base64":
            return binascii.a2b_base64(raw)
    except binascii.Error:  # a wrong number of letters: the standard library mends that
        pass
    part.set_payload(raw.decode("ascii", "surrogateescape"))
    return _decoded(part, encoding)


def _decoded(part: Message, encoding: str) -> bytes:
    """The payload as the standard library decodes it from `encoding`; b"" where it cannot."""
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = encoding
    try:
        content = part.get_payload(decode=True)
    except Exception:  # uuencode and friends raise on broken lines
        return b""
    return content if isinstance(content, bytes) else b""
