"""An answer's content, and the bytes that go to the mail server.

    Picture     one painted photo in an answer
    Letter      what an answer says and shows
    Envelope    whom it goes to and what it answers
    seal        both -> RFC 5322 bytes

The same letter and envelope give the same bytes, boundaries included, so that an answer which is composed
again after a crash is recognised as the same. With html and pictures the mail is

    multipart/related
        multipart/alternative
            text/plain
            text/html          shows each picture by its Content-ID
        image/jpeg             inline, with a file name: shown once, and saved under that name

and for phones `multipart/mixed` of a text and a picture.
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
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader

from mailbot.headers import clean
from mailbot.serial import as_bytes
from styles.contract import StyleSummary

#: What people see as the sender.
BOT_NAME = "The Painter"
#: Styles listed by name at the end of an answer that is not about the list.
_HINTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One painted photo in an answer."""

    name: str  #: of the file, safe in every file system
    image: bytes
    subtype: str  #: `jpeg` or `png`
    width: int | None = None  #: pixels, where the header tells it
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What an answer says, top to bottom."""

    title: str
    paragraphs: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    problems: tuple[str, ...] = ()  #: one line for each photo that could not be painted
    examples: tuple[tuple[str, str], ...] = ()  #: what one can write, and what it does
    listed: tuple[StyleSummary, ...] = ()  #: styles shown one a line with title and artist
    hinted: tuple[StyleSummary, ...] = ()  #: styles named in the last line


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Whom an answer goes to, and what it answers."""

    bot: str  #: address
    to: str  #: address
    name: str  #: display name, may be ""
    subject: str
    in_reply_to: str  #: raw id or ""
    references: tuple[str, ...]
    message_id: str
    date: datetime


class _RawIds(EmailPolicy):
    """SMTP's policy, but ids are written as they are, one a line: the library would encode long ones."""

    IDS = ("message-id", "in-reply-to", "references")

    def fold_binary(self, name: str, value: str) -> bytes:
        """The header field as bytes."""
        if name.lower() in self.IDS:
            return f"{name}: ".encode() + b"\r\n ".join(str(value).encode("ascii").split()) + b"\r\n"
        return super().fold_binary(name, value)

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Ids are kept as plain text, since `<[a@b]>` makes the library's parser raise."""
        return (name, value) if name.lower() in self.IDS else super().header_store_parse(name, value)

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        """The counterpart of the above."""
        return value if name.lower() in self.IDS else super().header_fetch_parse(name, value)


def seal(envelope: Envelope, letter: Letter, *, html: bool) -> bytes:
    """The answer as it goes to the mail server, CRLF line ends, no line over 998 bytes."""
    policy = _RawIds(linesep="\r\n", raise_on_defect=False)
    texts = [_text_part("plain", plain(letter), policy)]
    if html:
        page = _page().render(letter=letter, bot=envelope.bot, cids=_cids(letter, envelope), quote=quote)
        texts.append(_text_part("html", page, policy))
    body = _multipart("alternative", texts, envelope, policy)
    if letter.pictures:
        shown = [
            _image_part(p, cid, policy)
            for p, cid in zip(letter.pictures, _cids(letter, envelope), strict=True)
        ]
        body = _multipart("related" if html else "mixed", [body, *shown], envelope, policy)
    message = EmailMessage(policy)
    _address(message, envelope)
    for name, value in body.items():
        if name.lower() != "mime-version":
            message[name] = value
    message["MIME-Version"] = "1.0"
    message.set_payload(body.get_payload())
    return as_bytes(message)


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


def _multipart(
    subtype: str, parts: Sequence[EmailMessage], envelope: Envelope, policy: EmailPolicy
) -> EmailMessage:
    """The parts as one; a single part stays as it is. `=_` occurs in no base64 and no quoted-printable."""
    if len(parts) == 1:
        return parts[0]
    digest = hashlib.sha256(f"{subtype}{envelope.message_id}".encode()).hexdigest()[:32]
    whole = EmailMessage(policy)
    root = {"type": parts[0].get_content_type()} if subtype == "related" else {}
    whole.add_header("Content-Type", f"multipart/{subtype}", boundary=f"=_{digest}", **root)
    whole.set_payload(list(parts))
    return whole


def _text_part(subtype: str, content: str, policy: EmailPolicy) -> EmailMessage:
    part = EmailMessage(policy)
    part.set_content(content, subtype=subtype, charset="utf-8", cte="quoted-printable")
    del part["MIME-Version"]
    return part


def _image_part(picture: Picture, cid: str, policy: EmailPolicy) -> EmailMessage:
    part = EmailMessage(policy)
    part.set_content(
        picture.image,
        maintype="image",
        subtype=picture.subtype,
        disposition="inline",
        filename=picture.name,
        cid=f"<{cid}>",
    )
    del part["MIME-Version"]
    return part


def _cids(letter: Letter, envelope: Envelope) -> list[str]:
    digest = hashlib.sha256(envelope.message_id.encode()).hexdigest()[:16]
    return [f"painted-{n}.{digest}@mailbot" for n in range(1, len(letter.pictures) + 1)]


def plain(letter: Letter) -> str:
    """The letter for those who read text."""
    blocks = [letter.title, *letter.paragraphs]
    captions = [picture.caption for picture in letter.pictures if picture.caption]
    if captions:
        blocks.append("\n".join(f"- {caption}" for caption in captions))
    if letter.problems:
        blocks.append("\n".join(f"- {problem}" for problem in letter.problems))
    if letter.examples:
        blocks.append("\n".join(f"- “{phrase}”: {does}" for phrase, does in letter.examples))
    if letter.listed:
        blocks.append("\n".join(f"- {style.name}: {described(style)}" for style in letter.listed))
    if letter.hinted:
        blocks.append(f"Other styles, to write as the subject: {hint(letter)}.")
    return "\n\n".join(blocks) + "\n"


def described(style: StyleSummary) -> str:
    """Title, artist and year, as far as they are known."""
    by = f" by {style.artist}" if style.artist else ""
    return f"{style.title}{by}{f' ({style.year})' if style.year else ''}"


def hint(letter: Letter) -> str:
    """The first names, and how to get the rest."""
    names = ", ".join(style.name for style in letter.hinted[:_HINTED])
    return names if len(letter.hinted) <= _HINTED else f"{names} … (write “styles” for all)"


@cache
def _page() -> Any:
    environment = Environment(
        loader=PackageLoader("mailbot"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(described=described, hinted=_HINTED)
    return environment.get_template("letter.html")
