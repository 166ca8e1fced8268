"""Define what the outbox asks of a way to send answers: `smtp_sender.py`, `graph_sender.py`, a channel's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mailbot.parsing.mail_parser import MAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Hold one piece of an answer as it goes out by its channel."""

    recipient: str  #: an address, or of another channel such as `telegram:12345`
    content: bytes  #: a mail, or a part of `mailbot/replies/chat.py`
    message_id: str = ""  #: the same at each attempt
    id: int = 0  #: of its row in the outbox; 0 for what is not in there
    channel: str = MAIL


class ReplyRejected(Exception):
    """Report that the server will never take this answer."""


class TryLater(ConnectionError):
    """Report an error that is not about the answer, which may go out later."""

    def __init__(self, words: str, retry_after: float = 0.0) -> None:
        super().__init__(words)
        self.retry_after = retry_after  #: seconds that the server asks to wait, or 0


class NoAnswer(TryLater):
    """Report that nothing, or nothing that can be read, came from the server."""


class AnswerSender(Protocol):
    """Send answers, several at once, over connections that are kept for the next ones."""

    @property
    def is_open(self) -> bool:
        """Whether an unused connection is kept, which `hang_up` should close."""

    @property
    def keeps(self) -> bool:
        """Whether the bytes of an answer are needed after the server has taken it."""

    async def send(self, answer: Outgoing) -> str:
        """Send one answer; when the server has taken it, return the server's name for it, or "".

        Raises `ReplyRejected` if the server will never take it. After any other error it may be sent again.
        """

    async def hang_up(self) -> None:
        """Close the kept connections. By HTTP this ends the answers under way too."""
