"""Define what the outbox asks of a way to send answers: of `smtp_sender.py` and of `graph_sender.py`."""

from __future__ import annotations

from typing import Protocol


class ReplyRejected(Exception):
    """Report that the server will never take this mail."""


class AnswerSender(Protocol):
    """Send mails, several at once, over connections that are kept for the next ones."""

    @property
    def is_open(self) -> bool:
        """Whether an unused connection is kept, which `hang_up` should close."""

    async def send(self, recipient: str, content: bytes) -> None:
        """Send one mail, and return when the server has taken it.

        Raises `ReplyRejected` if the server will never take it. After any other error it may be sent again.
        """

    async def hang_up(self) -> None:
        """Close the kept connections. By Graph this ends the mails under way too."""
