"""Read the messages of channels other than mail into the same requests.

A channel writes what came in as a `ChatMessage`, with its photos. That is what the spool keeps, as it keeps a
mail's bytes. A sender's identity is `channel:sender`. No mail can claim it, since an address has an `@`.
"""

from __future__ import annotations

import msgspec

from mailbot.parsing import photos, unsupported_files
from mailbot.parsing.automation_headers import AutomationHeaders
from mailbot.parsing.headers import clean, file_name
from mailbot.parsing.mail_parser import CHAT, MAIL, MAX_TEXT, ParseError, StyleRequest, parse_email
from mailbot.parsing.mime_parts import MimePart
from mailbot.parsing.text.text_cleanup import shorten


class ChatFile(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a file of a message."""

    name: str = ""
    type: str  #: `image/jpeg`, as the channel says
    content: bytes = b""  #: empty where it was not fetched


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hold a message of a channel."""

    sender: str  #: within its channel: a number
    id: str  #: a Message-ID with its brackets, the same at each delivery
    name: str = ""  #: of the sender
    text: str = ""
    answered: str = ""  #: id of the message that it answers, or of the answer; "" for the chat as a whole
    language: str = ""  #: code of the sender's program, such as `de`
    files: tuple[ChatFile, ...] = ()

    def encode(self) -> bytes:
        """Return the bytes that are spooled: the same for the same message."""
        return msgspec.msgpack.encode(self)


def identity(channel: str, sender: str) -> str:
    """Return the name of a channel's sender, in the ledger and as a recipient."""
    return f"{channel}:{sender}"


def address(identity: str) -> str:
    """Return the sender within their channel."""
    return identity.partition(":")[2]


def read_request(channel: str, body: bytes) -> StyleRequest:
    """Return the request in a message of any channel. Raises only `ParseError`."""
    if channel == MAIL:
        return parse_email(body)
    try:
        return _request(channel, msgspec.msgpack.decode(body, type=ChatMessage))
    except msgspec.MsgspecError as error:
        raise ParseError(str(error)) from error


def _request(channel: str, message: ChatMessage) -> StyleRequest:
    parts = [_part(file) for file in message.files]
    images = photos.find(parts, (), None)
    sender = identity(channel, message.sender)
    return StyleRequest(
        sender=sender,
        name=clean(message.name, 100),
        recipients=(),
        message_id=message.id,
        references=(CHAT, message.answered) if message.answered else (CHAT,),
        subject="",
        text=shorten(message.text.strip(), MAX_TEXT),
        images=images,
        unsupported="" if images else unsupported_files.reason("", parts),
        content_language=clean(message.language),
        automation=AutomationHeaders(from_address=sender),
        channel=channel,
    )


def _part(file: ChatFile) -> MimePart:
    """Return the file as a mail's attachment would be."""
    return MimePart(
        type=file.type.lower(),
        name=file_name(file.name),
        cid="",
        attached=True,
        forwarded=False,
        charset="utf-8",
        flowed=False,
        delsp=False,
        content=file.content,
    )
