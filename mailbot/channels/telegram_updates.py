"""Read the updates of Telegram's Bot API.

A message or a pressed button becomes a `ChatMessage`, and its photo or file something to fetch. Messages of
one album are one message. Only private chats are read: in a group everybody would see everybody's photos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from mailbot.channels.chat_message import ChatFile, ChatMessage

#: Kinds of updates that the bot asks for.
KINDS = ("message", "callback_query")
#: Commands of Telegram's menu, and what to write for them elsewhere.
COMMANDS = {"delete": "delete my photos", "photos": "delete my photos", "list": "styles"}


class TelegramUser(msgspec.Struct, frozen=True):
    """Hold a person, or a bot."""

    id: int
    first_name: str = ""
    username: str = ""
    language_code: str = ""


class _Chat(msgspec.Struct, frozen=True):
    id: int
    type: str = "private"


class _File(msgspec.Struct, frozen=True):
    file_id: str
    file_size: int = 0
    file_name: str = ""
    mime_type: str = ""
    width: int = 0
    height: int = 0
    is_animated: bool = False
    is_video: bool = False


class _TelegramMessage(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    message_id: int
    chat: _Chat
    sender: TelegramUser | None = None
    text: str = ""
    caption: str = ""
    media_group_id: str = ""
    photo: tuple[_File, ...] = ()
    document: _File | None = None
    sticker: _File | None = None
    video: _File | None = None
    animation: _File | None = None
    video_note: _File | None = None
    reply_to_message: _TelegramMessage | None = None


class _Callback(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    id: str
    sender: TelegramUser
    message: _TelegramMessage | None = None
    data: str = ""


class TelegramUpdate(msgspec.Struct, frozen=True):
    """Hold one update."""

    update_id: int
    message: _TelegramMessage | None = None
    callback_query: _Callback | None = None

    @property
    def album(self) -> str:
        """Id of the album to which its photo belongs, or ""."""
        return self.message.media_group_id if self.message else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetchable:
    """Hold a file of a message that is to be fetched."""

    file: ChatFile
    id: str  #: of the file; "" for one that is no photo and not fetched
    size: int  #: bytes, 0 if unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramArrival:
    """Hold a message with all that is to be fetched for it."""

    updates: tuple[int, ...]
    message: ChatMessage | None  #: None for what is never answered
    files: tuple[Fetchable, ...] = ()
    callback: str = ""  #: id of the pressed button, which waits for a sign


def message_id(chat: int, number: int | str) -> str:
    """Return the Message-ID of a message in a chat. A button's number is `c` and the callback's."""
    return f"<{chat}.{number}@telegram>"


def number_of(message_id: str) -> str:
    """Return the number of a message in its chat, by its Message-ID."""
    return message_id.strip("<>").partition("@")[0].rpartition(".")[2]


def arrivals(updates: Sequence[TelegramUpdate]) -> list[TelegramArrival]:
    """Return the messages in these updates, in the order of their beginnings."""
    found: dict[str | int, list[TelegramUpdate]] = {}
    for update in updates:  # between the photos of an album there may be messages of others
        found.setdefault(update.album or update.update_id, []).append(update)
    return [_arrival(together) for together in found.values()]


def _arrival(updates: Sequence[TelegramUpdate]) -> TelegramArrival:
    """Return the message of one update, or of those of one album."""
    numbers = tuple(update.update_id for update in updates)
    if callback := updates[0].callback_query:
        return TelegramArrival(updates=numbers, message=_pressed(callback), callback=callback.id)
    messages = [update.message for update in updates if update.message]
    if not messages or messages[0].chat.type != "private" or not messages[0].sender:
        return TelegramArrival(updates=numbers, message=None)
    first, sender = messages[0], messages[0].sender
    before = first.reply_to_message
    words = next((word for each in messages if (word := each.text or each.caption)), "")
    message = ChatMessage(
        sender=str(first.chat.id),
        id=message_id(first.chat.id, first.message_id),
        name=sender.first_name,
        text=_words(words),
        answered=message_id(first.chat.id, before.message_id) if before else "",
        language=sender.language_code,
    )
    files = tuple(file for each in messages for file in _files(each))
    return TelegramArrival(updates=numbers, message=message, files=files)


def _pressed(callback: _Callback) -> ChatMessage | None:
    """Return the message that a pressed button stands for: the words on it, about an earlier message."""
    if callback.message is None or callback.message.chat.type != "private":
        return None
    chat = callback.message.chat.id
    number, _, words = callback.data.partition(":")
    return ChatMessage(
        sender=str(chat),
        id=message_id(chat, f"c{callback.id}"),
        name=callback.sender.first_name,
        text=words or callback.data,
        answered=message_id(chat, number) if words else "",
        language=callback.sender.language_code,
    )


def _words(text: str) -> str:
    """Return the text, and of a command such as `/start@our_bot ref` its word."""
    if not text.startswith("/"):
        return text
    command = text[1:].split(maxsplit=1)[0].partition("@")[0] if text[1:].strip() else ""
    return COMMANDS.get(command.lower(), command.replace("_", " "))


def _files(message: _TelegramMessage) -> list[Fetchable]:
    found: list[Fetchable] = []
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        found.append(_fetchable(largest, "image/jpeg"))
    sticker = message.sticker
    if sticker and not (sticker.is_animated or sticker.is_video):
        found.append(_fetchable(sticker, "image/webp"))
    videos = (message.video, message.animation, message.video_note)
    if movie := next((video for video in videos if video), None):
        found.append(Fetchable(file=ChatFile(name=movie.file_name, type="video/mp4"), id="", size=0))
    elif message.document:  # an animation comes as a document too
        found.append(_fetchable(message.document, message.document.mime_type or "application/octet-stream"))
    return found


def _fetchable(file: _File, type: str) -> Fetchable:
    is_wanted = not type.startswith(("audio/", "video/", "text/"))
    shown = ChatFile(name=file.file_name, type=type)
    return Fetchable(file=shown, id=file.file_id if is_wanted else "", size=file.file_size)
