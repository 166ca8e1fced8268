"""Hold a mail about learning, and what its answer is written by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mailbot.intents.learning_intents import LearningIntent
from mailbot.parsing.headers import without_tag
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.parsing.photos import Photo
from mailbot.replies.mime import ReplyContext
from mailbot.storage.ledger_rows import Message


def author_of(request: StyleRequest) -> str:
    """Return the address of a mail's author as the registry knows it: `ann+art@` is `ann@`."""
    return without_tag(request.automation.from_address)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtMail:
    """Hold a mail with all that is needed to answer it."""

    message: Message
    request: StyleRequest
    intent: LearningIntent
    photos: tuple[Photo, ...]  #: its pictures, or those of its thread
    is_proven: bool  #: whether it is known to be from its `From`
    context: Callable[[str], ReplyContext]  #: of a notice, by its Message-ID

    @property
    def has_more(self) -> bool:
        """Whether there are more pictures than a photo and a painting."""
        return len(self.photos) > 2

    @property
    def author(self) -> str:
        """The address that owns what is learnt, without its tag."""
        return author_of(self.request)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtReply:
    """Hold what the answer to a mail about learning is written by."""

    kind: str  #: as in `Reply`
    write: Callable[[ReplyContext], bytes]
    pictures: tuple[bytes, ...] = ()  #: that it shows
