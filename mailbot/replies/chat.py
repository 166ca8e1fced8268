"""Write an answer for a channel other than mail: short texts, and each picture by itself.

    pack     letter -> the bytes of its parts, which the ledger keeps apart
    pieces   these bytes -> those of each part, each a row of the outbox
    read     a row's bytes -> its part

Each part is one request to the channel's server. So none is sent again because the next one failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from mailbot.parsing.mail_parser import MAIL, StyleRequest
from mailbot.parsing.text.text_cleanup import shorten
from mailbot.replies.text_and_html import Letter, Picture, text_of

#: Bytes in UTF-8 of a text, and of one below a picture. Telegram takes 4,096 and 1,024 units of UTF-16, of
#: which no text has more than bytes.
MAX_TEXT, MAX_CAPTION = 4000, 1000
#: The channel of text messages, and the characters of one. Beyond GSM's alphabet a message has 70 only, so
#: typographic signs are replaced.
SMS, MAX_SMS = "sms", 160
_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "\u00a0": " ", "…": "...", "×": "x"}
)
#: Styles on buttons, and in a row of them.
MAX_STYLES, IN_ROW = 6, 2


class ChatPart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hold one message of an answer."""

    text: str = ""
    name: str = ""  #: of the picture's file
    picture: bytes = b""
    is_file: bool = False  #: to be saved as it is, where the channel would reduce a picture
    answered: str = ""  #: Message-ID of the request, to which buttons refer
    buttons: tuple[tuple[str, ...], ...] = ()  #: rows of words to answer with


def pack(request: StyleRequest, letter: Letter) -> bytes:
    """Return the parts of an answer, joined."""
    if request.channel == SMS:
        return msgspec.msgpack.encode([_text_message(letter)])
    text = text_of(replace(letter, is_text_message=True)).strip()
    parts: list[ChatPart] = []
    if not letter.pictures or len(text.encode()) > MAX_CAPTION:
        parts.append(ChatPart(text=shorten(text, MAX_TEXT)))
        text = ""
    for number, picture in enumerate(letter.pictures):
        parts += _of_picture(picture, shorten(picture.caption if number else text, MAX_CAPTION))
    parts = [msgspec.structs.replace(part, answered=request.message_id) for part in parts]
    parts[-1] = msgspec.structs.replace(parts[-1], buttons=_buttons(letter))
    return msgspec.msgpack.encode(parts)


def _text_message(letter: Letter) -> ChatPart:
    """Return an answer as one text message: the picture, and as much of the words as one has room for."""
    words = " ".join(text_of(replace(letter, is_text_message=True)).split()).translate(_PLAIN)
    if len(words) > MAX_SMS:
        cut = words[: MAX_SMS - 3]
        at = cut.rfind(" ", MAX_SMS // 2)  # Japanese and Chinese have no spaces between words
        words = f"{cut[:at] if at > 0 else cut}..."
    shown = letter.pictures[0] if letter.pictures else None
    return ChatPart(text=words, name=shown.name if shown else "", picture=shown.image if shown else b"")


def _of_picture(picture: Picture, caption: str) -> list[ChatPart]:
    """Return the picture to look at, and where that is a reduced one, the picture as a file."""
    shown = ChatPart(text=caption, name=picture.name, picture=picture.preview or picture.image)
    if not picture.preview:
        return [shown]
    return [shown, ChatPart(name=picture.name, picture=picture.image, is_file=True)]


def _buttons(letter: Letter) -> tuple[tuple[str, ...], ...]:
    """Return words that the sender may answer with, if an answer needs no photo."""
    if not letter.answered:
        return ()
    say, styles = letter.say, letter.hinted or letter.listed
    names: Sequence[str] = letter.suggested or [style.title or style.name for style in styles]
    rows = [tuple(row) for row in _rows(names[:MAX_STYLES])]
    if letter.pictures:
        rows.append((say.gettext("stronger"), say.gettext("more subtle"), say.gettext("bigger")))
        rows.append((say.gettext("all styles"),))
    return tuple(rows)


def _rows(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[at : at + IN_ROW] for at in range(0, len(names), IN_ROW)]


def pieces(channel: str, content: bytes) -> tuple[bytes, ...]:
    """Return the bytes of each part of an answer. A mail is one."""
    if channel == MAIL:
        return (content,)
    return tuple(map(msgspec.msgpack.encode, msgspec.msgpack.decode(content, type=list[ChatPart])))


def read(content: bytes) -> ChatPart:
    """Return the part in a row of the outbox."""
    return msgspec.msgpack.decode(content, type=ChatPart)
