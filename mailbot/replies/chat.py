"""Write an answer for a channel other than mail: short texts, and each picture by itself.

    pack     letter -> the bytes of its parts, which the ledger keeps apart
    pieces   these bytes -> those of each part, each a row of the outbox
    read     a row's bytes -> its part

Each part is one request to the channel's server. So none is sent again because the next one failed.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from mailbot.parsing.parse import MAIL, StyleRequest
from mailbot.parsing.text import shorten
from mailbot.replies.content import Letter, Picture, text_of

#: Characters of a text, and of one below a picture. Telegram counts UTF-16 units, hence half of its limits.
MAX_TEXT, MAX_CAPTION = 2000, 500


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
    short = replace(letter, is_text_message=True)
    text = text_of(short).strip()
    if not letter.pictures:
        return msgspec.msgpack.encode([ChatPart(text=shorten(text, MAX_TEXT))])
    parts = []
    for number, picture in enumerate(letter.pictures):
        caption = shorten(picture.caption if number else text, MAX_CAPTION)
        parts += _of_picture(request, picture, caption)
    return msgspec.msgpack.encode(parts)


def _of_picture(request: StyleRequest, picture: Picture, caption: str) -> list[ChatPart]:
    """Return the picture to look at, and where that is a reduced one, the picture as a file."""
    shown = ChatPart(text=caption, name=picture.name, picture=picture.preview or picture.image)
    shown = msgspec.structs.replace(shown, answered=request.message_id)
    if not picture.preview:
        return [shown]
    return [shown, ChatPart(name=picture.name, picture=picture.image, is_file=True)]


def pieces(channel: str, content: bytes) -> tuple[bytes, ...]:
    """Return the bytes of each part of an answer. A mail is one."""
    if channel == MAIL:
        return (content,)
    return tuple(map(msgspec.msgpack.encode, msgspec.msgpack.decode(content, type=list[ChatPart])))


def read(content: bytes) -> ChatPart:
    """Return the part in a row of the outbox."""
    return msgspec.msgpack.decode(content, type=ChatPart)
