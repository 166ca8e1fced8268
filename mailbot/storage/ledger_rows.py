"""Hold the rows of the ledger as values."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal, TypeVar

import msgspec

from mailbot.parsing.mail_parser import MAIL
from mailbot.transport.answer_sender import Outgoing
from styles.contract import PaintingRecipe

T = TypeVar("T")
MessageState = Literal["accepted", "working", "done", "silent", "quarantined"]


def of_row(kind: type[T], row: sqlite3.Row) -> T:
    """Build a value from the columns that are named like its fields; 0 and 1 may be booleans."""
    return msgspec.convert(dict(row), kind, strict=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMessage:
    """Hold a message as it came in, at its place (account, folder, uidvalidity, uid) at a server.

    It is a mail in a mailbox, or a message of another channel (`mailbot/channels/chat_message.py`).
    """

    account: str = ""
    folder: str = ""
    uidvalidity: int = 0
    uid: int = 0  #: 0 of a mail that was handed over, and lies at no server
    body: bytes  #: all of it; without its photos where `oversized`, and of a mail the headers alone
    size: int  #: bytes of the whole message, as the server says
    oversized: bool = False
    channel: str = MAIL  #: the name of its channel
    sender: str = ""  #: of a channel that knows it before the message is read, such as `telegram:12345`
    key: str = ""  #: what its channel names it by, the same at each delivery; a mail is known by its bytes
    also: tuple[int, ...] = ()  #: UIDs of further places, where several of a channel's messages are one


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Hold a message that is in the ledger."""

    id: int
    dedupe: str  #: hex SHA-256; equal for two deliveries of one mail
    spool: str  #: name of the spooled file
    size: int  #: bytes of the whole mail
    oversized: bool  #: only its headers were downloaded
    state: MessageState
    attempts: int  #: starts of work that were neither finished nor postponed, this one included
    failures: int  #: unexpected errors
    postponed: int  #: how often a temporary error postponed it
    accepted_at: float  #: seconds since the epoch
    held_until: float = 0.0  #: no room for its answer before that, or in quarantine; 0 if neither
    channel: str = MAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintedFrom:
    """Hold how one picture of an answer was painted, and of which photo."""

    source: int  #: the message that holds the photo
    photo: str  #: hex SHA-256 of the photo
    recipe: PaintingRecipe

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> PaintedFrom:
        """Build it from a row of `recipe`."""
        return cls(source=row["source"], photo=row["photo"], recipe=of_row(PaintingRecipe, row))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPart:
    """Hold one mail of an answer whose pictures do not fit into one mail."""

    message_id: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Hold a finished answer, ready for SMTP."""

    #: For statistics: results, error, help, styles, stop, start, deleted, live, proof; of learning learnt,
    #: exactly, stopped, renamed or retired.
    kind: str
    message_id: str
    recipient: str
    content: bytes
    engine_seconds: float = 0.0  #: time of the engine for all its photos
    painted_at: float | None = None  #: when the last photo came back, seconds since the epoch
    pictures: tuple[str, ...] = ()  #: hex SHA-256 of each painted picture, to know it again in a quote
    further: tuple[ReplyPart, ...] = ()  #: sent behind it
    photos: int = 0  #: of the mail, which is kept for them
    recipes: tuple[PaintedFrom, ...] = ()  #: of its pictures
    language: str = ""  #: code of the language in which it is written; "" for English in doubt

    @property
    def parts(self) -> tuple[ReplyPart, ...]:
        """All mails of the answer, in their order."""
        return (ReplyPart(message_id=self.message_id, content=self.content), *self.further)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow(Outgoing):
    """Hold an answer in the outbox."""

    message: int  #: the message that it answers
    attempts: int  #: this one included
    created_at: float
    dedupe: str  #: of the mail that it answers
    accepted_at: float  #: when that mail came in
    engine_seconds: float
