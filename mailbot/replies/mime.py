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

import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from email.utils import format_datetime

from mailbot.languages.translator import Translator, chat_translator, translator
from mailbot.parsing import carriers
from mailbot.parsing.headers import clean
from mailbot.parsing.mail_parser import MAIL, StyleRequest
from mailbot.replies import chat
from mailbot.replies.pictures import preview_of
from mailbot.replies.text_and_html import Letter, Picture, html_of, text_of
from styles.contract import StyleSummary

#: Header of a mail that the answer follows.
FOLLOWED = "X-Answer-Follows"
#: The sender's name that people see.
BOT_NAME = "The Painter"
#: Letters in a line of base64.
_LINE = 76


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyContext:
    """Hold the mail that is answered and what every kind of answer needs."""

    request: StyleRequest  #: the mail
    bot_address: str
    styles: Sequence[StyleSummary]  #: those that can be asked for
    message_id: str  #: of the answer
    date: datetime  #: of the answer
    remembers: bool = False  #: whether an answer to it needs no photo
    versions: Sequence[StyleSummary] = ()  #: those painted as NAME@REF, by these names

    @property
    def described(self) -> Sequence[StyleSummary]:
        """All styles and versions that an answer may have to name."""
        return (*self.styles, *self.versions)

    @property
    def say(self) -> Translator:
        """The translator into the language of the mail."""
        language = self.request.language
        return translator(language) if self.request.channel == MAIL else chat_translator(language)


class _RawIds(EmailPolicy):
    """Write ids unchanged, one on a line: the library would encode long ones."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return the header field as bytes."""
        if name in ("Message-ID", "In-Reply-To", "References"):
            return f"{name}: ".encode() + b"\r\n ".join(value.encode("ascii").split()) + b"\r\n"
        return super().fold_binary(name, value)


#: Of every mail that this project writes.
POLICY = _RawIds(linesep="\r\n", raise_on_defect=False)


def seal(context: ReplyContext, letter: Letter) -> bytes:
    """Return the answer's bytes for the mail server: CRLF line ends, no line over 998 bytes.

    An answer to a message of another channel is no mail: `chat.pieces` takes it apart.
    """
    if context.request.channel != MAIL:
        return chat.pack(context.request, letter)
    limits = carriers.limits(context.request.sender)
    if not limits.html:
        letter = replace(letter, is_text_message=True, pictures=letter.pictures[: limits.max_pictures])
    is_short = letter.is_text_message
    body = _text_part("plain", text_of(letter)) if is_short else _html_body(context, letter)
    attached = [p for p in letter.pictures if p.preview or is_short]
    parts = [body, *(_image_part(p.name, p.image, p.subtype) for p in attached)]
    whole = _multipart("mixed", parts, context)
    message = EmailMessage(POLICY)
    _address(message, context, letter)
    for name, value in whole.items():
        message[name] = value
    message["MIME-Version"] = "1.0"
    message.set_payload(whole.get_payload())
    return as_bytes(message)


def _html_body(context: ReplyContext, letter: Letter) -> EmailMessage:
    """Return text and html, with the pictures that the html shows."""
    digest = hashlib.sha256(context.message_id.encode()).hexdigest()[:16]
    cids = [f"painted-{n}.{digest}@mailbot" for n in range(1, len(letter.pictures) + 1)]
    written = html_of(letter, context.bot_address, cids)
    texts = [_text_part("plain", text_of(letter)), _text_part("html", written)]
    shown = [_shown_part(p, cid) for p, cid in zip(letter.pictures, cids, strict=True)]
    return _multipart("related", [_multipart("alternative", texts, context), *shown], context)


def _address(message: EmailMessage, context: ReplyContext, letter: Letter) -> None:
    request = context.request
    about = request.subject or context.say.gettext("your photo")
    message["From"] = Address(BOT_NAME, addr_spec=context.bot_address)
    message["To"] = Address(clean(request.name, 100), addr_spec=request.sender)
    message["Subject"] = clean(about if about.lower().startswith("re:") else f"Re: {about}", 200)
    message["Date"] = format_datetime(context.date)
    # Raw, since the library's parser raises on `<[a@b]>`.
    message.set_raw("Message-ID", context.message_id)
    if request.message_id:
        message.set_raw("In-Reply-To", request.message_id)
        message.set_raw("References", " ".join((*request.references, request.message_id)))
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    if letter.is_notice:
        message[FOLLOWED] = "yes"
    # Identifies the bot's mail if a program sends it back and replaces the other fields.
    message["X-Loop"] = context.bot_address


def _multipart(subtype: str, parts: Sequence[EmailMessage], context: ReplyContext) -> EmailMessage:
    """Join parts; a single one is returned itself. `=_` occurs in no base64 and no quoted-printable."""
    if len(parts) == 1:
        return parts[0]
    digest = hashlib.sha256(f"{subtype}{context.message_id}".encode()).hexdigest()[:32]
    whole = EmailMessage(POLICY)
    root = {"type": parts[0].get_content_type()} if subtype == "related" else {}
    whole.add_header("Content-Type", f"multipart/{subtype}", boundary=f"=_{digest}", **root)
    whole.set_payload(list(parts))
    return whole


def _text_part(subtype: str, content: str) -> EmailMessage:
    part = EmailMessage(POLICY)
    part.set_content(content, subtype=subtype, charset="utf-8", cte="quoted-printable")
    del part["MIME-Version"]
    return part


def _shown_part(picture: Picture, cid: str) -> EmailMessage:
    """Return the inline picture. It has a name, since mail programs would show `noname` or `untitled`."""
    if picture.preview:
        return _image_part(preview_of(picture.name), picture.preview, "jpeg", cid)
    return _image_part(picture.name, picture.image, picture.subtype, cid)


def _image_part(name: str, image: bytes, subtype: str, cid: str = "") -> EmailMessage:
    part = EmailMessage(POLICY)
    part["Content-Type"] = f"image/{subtype}"
    part["Content-Transfer-Encoding"] = "base64"
    part["Content-Disposition"] = "inline" if cid else "attachment"
    part.set_param("filename", name, header="Content-Disposition")
    if cid:
        part["Content-ID"] = f"<{cid}>"
    part.set_payload(base64_lines(image))
    return part


def base64_lines(content: bytes) -> str:
    """Encode `content` in base64, in lines of 76 letters (RFC 2045, 6.8) that end in CRLF."""
    letters = binascii.b2a_base64(content, newline=False).decode("ascii")
    return "".join([f"{letters[at : at + _LINE]}\r\n" for at in range(0, len(letters), _LINE)])


def as_bytes(message: MIMEPart) -> bytes:
    """Serialize a message as `EmailMessage.as_bytes` does: headers by its policy, lines with CRLF.

    The library writes line by line: 5 ms for a picture of 220 kB. Here a payload is copied as one piece. That
    is safe, since base64 and quoted-printable are ASCII and no boundary occurs in them.
    """
    return b"".join(_pieces(message))


def _pieces(message: MIMEPart) -> list[bytes]:
    fold = message.policy.fold_binary
    pieces = [*(fold(name, value) for name, value in message.raw_items()), b"\r\n"]
    if not message.is_multipart():
        content = str(message.get_payload()).encode("ascii")
        # The library's content managers write LF under any policy.
        return [*pieces, content if b"\r\n" in content else content.replace(b"\n", b"\r\n")]
    boundary = str(message.get_boundary()).encode("ascii")
    for part in message.iter_parts():
        pieces += [b"--", boundary, b"\r\n", *_pieces(part), b"\r\n"]
    return [*pieces, b"--", boundary, b"--\r\n"]
