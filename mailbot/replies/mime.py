"""Build the MIME message of an answer.

The same letter and envelope give the same bytes, boundaries included. So an answer that is composed again
after a crash is recognised as the same. With html and pictures the mail is

    multipart/mixed
        multipart/related
            multipart/alternative
                text/plain
                text/html      shows each picture by its Content-ID
            image/jpeg         inline: the previews, shown only in the html
        image/jpeg             attachment: the full pictures, to be saved under their names

Gmail, Outlook and Apple Mail all show it so. Outlook would list previews outside of `related` as attachments,
and Gmail would hide full pictures within it. A picture without a preview is itself shown inline, and not
attached. For phones the mail is `multipart/mixed` of a text and a picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from mailbot.parsing.headers import clean
from mailbot.replies import file_names
from mailbot.replies.content import Letter, Picture, html_of, text_of
from mailbot.replies.serialize import as_bytes, base64_lines

#: The sender's name that people see.
BOT_NAME = "The Painter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Hold the addresses of an answer, and the mail that it answers."""

    bot: str  #: address
    to: str  #: address
    name: str  #: display name, or ""
    subject: str
    in_reply_to: str  #: raw id or ""
    references: tuple[str, ...]
    message_id: str
    date: datetime


class _RawIds(EmailPolicy):
    """Write ids unchanged, one on a line: the library would encode long ones."""

    IDS = ("message-id", "in-reply-to", "references")

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return the header field as bytes."""
        if name.lower() in self.IDS:
            return f"{name}: ".encode() + b"\r\n ".join(str(value).encode("ascii").split()) + b"\r\n"
        return super().fold_binary(name, value)

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Keep ids as plain text, since the library's parser raises on `<[a@b]>`."""
        return (name, value) if name.lower() in self.IDS else super().header_store_parse(name, value)

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        """Return ids as plain text."""
        return value if name.lower() in self.IDS else super().header_fetch_parse(name, value)


_POLICY = _RawIds(linesep="\r\n", raise_on_defect=False)


def seal(envelope: Envelope, letter: Letter, *, html: bool) -> bytes:
    """Return the answer's bytes for the mail server: CRLF line ends, no line over 998 bytes."""
    body = _html_body(envelope, letter) if html else _text_part("plain", text_of(letter))
    attached = [p for p in letter.pictures if p.preview or not html]
    parts = [body, *(_image_part(p.name, p.image, p.subtype) for p in attached)]
    whole = _multipart("mixed", parts, envelope)
    message = EmailMessage(_POLICY)
    _address(message, envelope)
    for name, value in whole.items():
        if name.lower() != "mime-version":
            message[name] = value
    message["MIME-Version"] = "1.0"
    message.set_payload(whole.get_payload())
    return as_bytes(message)


def _html_body(envelope: Envelope, letter: Letter) -> EmailMessage:
    """Return text and html, with the pictures that the html shows."""
    cids = _cids(letter, envelope)
    written = html_of(letter, envelope.bot, cids)
    texts = [_text_part("plain", text_of(letter)), _text_part("html", written)]
    shown = [_shown_part(p, cid) for p, cid in zip(letter.pictures, cids, strict=True)]
    return _multipart("related", [_multipart("alternative", texts, envelope), *shown], envelope)


def _address(message: EmailMessage, envelope: Envelope) -> None:
    message["From"] = Address(BOT_NAME, addr_spec=envelope.bot)
    message["To"] = Address(clean(envelope.name, 100), addr_spec=envelope.to)
    message["Subject"] = clean(envelope.subject, 200)
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = envelope.message_id
    if envelope.in_reply_to:
        message["In-Reply-To"] = envelope.in_reply_to
        message["References"] = " ".join((*envelope.references, envelope.in_reply_to))
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    # Identifies the bot's mail if a program sends it back and replaces the other fields.
    message["X-Loop"] = envelope.bot


def _multipart(subtype: str, parts: Sequence[EmailMessage], envelope: Envelope) -> EmailMessage:
    """Join parts; a single one is returned itself. `=_` occurs in no base64 and no quoted-printable."""
    if len(parts) == 1:
        return parts[0]
    digest = hashlib.sha256(f"{subtype}{envelope.message_id}".encode()).hexdigest()[:32]
    whole = EmailMessage(_POLICY)
    root = {"type": parts[0].get_content_type()} if subtype == "related" else {}
    whole.add_header("Content-Type", f"multipart/{subtype}", boundary=f"=_{digest}", **root)
    whole.set_payload(list(parts))
    return whole


def _text_part(subtype: str, content: str) -> EmailMessage:
    part = EmailMessage(_POLICY)
    part.set_content(content, subtype=subtype, charset="utf-8", cte="quoted-printable")
    del part["MIME-Version"]
    return part


def _shown_part(picture: Picture, cid: str) -> EmailMessage:
    """Return the inline picture. It has a name, since mail programs would show `noname` or `untitled`."""
    if picture.preview:
        return _image_part(file_names.preview_of(picture.name), picture.preview, "jpeg", cid)
    return _image_part(picture.name, picture.image, picture.subtype, cid)


def _image_part(name: str, image: bytes, subtype: str, cid: str = "") -> EmailMessage:
    part = EmailMessage(_POLICY)
    part["Content-Type"] = f"image/{subtype}"
    part["Content-Transfer-Encoding"] = "base64"
    part["Content-Disposition"] = "inline" if cid else "attachment"
    part.set_param("filename", name, header="Content-Disposition")
    if cid:
        part["Content-ID"] = f"<{cid}>"
    part.set_payload(base64_lines(image))
    return part


def _cids(letter: Letter, envelope: Envelope) -> list[str]:
    digest = hashlib.sha256(envelope.message_id.encode()).hexdigest()[:16]
    return [f"painted-{n}.{digest}@mailbot" for n in range(1, len(letter.pictures) + 1)]
