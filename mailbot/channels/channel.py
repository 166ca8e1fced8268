"""Define what a channel is: a source of messages, and a way to send answers. Mail is the first.

    MessageSource   gives messages, and hears when each is safely in the ledger
    AnswerSender    sends the rows of the outbox (`mailbot/transport/answer_sender.py`)

`Bot` polls every source, `Outbox` sends each row by the sender of its channel. All that lies between them
(admission, limits, grammar, conversations, deletion) is one for all channels. A new channel writes a message
as `mailbot/channels/chat_message.py` has it, and delivers what `mailbot/replies/chat.py` makes of an answer.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from mailbot.storage.ledger_rows import RawMessage
from mailbot.transport.answer_sender import AnswerSender


class MessageSource(Protocol):
    """Give messages that come in. `mailbot/inbox.py` is the one of a mailbox."""

    def poll(self) -> AsyncGenerator[RawMessage, None]:
        """Yield every message, and each new one, without end.

        One that was not filed away comes again in a later process. A message that comes twice is no error:
        the ledger knows it.
        """

    def file_away(self, raw: RawMessage) -> None:
        """Note that `raw` is safely in the ledger: only now may the server be told to forget it."""


class Channel(MessageSource, AnswerSender, Protocol):
    """Take messages and send answers, under one name in the ledger."""

    @property
    def name(self) -> str:
        """Its name in the ledger, and before the `:` of its senders."""

    def working(self, recipient: str) -> AbstractAsyncContextManager[None]:
        """Show the recipient that their photo is being painted, while entered."""
