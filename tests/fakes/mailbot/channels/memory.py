"""A channel in memory, where a test is about the bot and not about a provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from mailbot.channels.chat_message import ChatFile, ChatMessage, identity
from mailbot.replies.chat import ChatPart, read
from mailbot.storage.ledger_rows import RawMessage
from mailbot.transport.answer_sender import Outgoing, ReplyRejected
from tests.fakes.mailbot.mails import photo


def saying(number: int, text: str = "", *photos: bytes, sender: str = "1", answered: str = "") -> ChatMessage:
    files = tuple(ChatFile(type="image/jpeg", content=content) for content in photos)
    return ChatMessage(sender=sender, id=f"<{number}@chat>", text=text, files=files, answered=answered)


def large_photo(seed: int = 0) -> bytes:
    """A photo as large as those of phones are at least, in bytes."""
    return photo(seed=seed) + b"\0" * 40_000


class MemoryChannel:
    """Gives what `put` was called with, and keeps what was sent."""

    def __init__(self, name: str = "telegram") -> None:
        self.name = name
        self.is_open = self.keeps = False
        self.coming: asyncio.Queue[RawMessage] = asyncio.Queue()
        self.filed: list[int] = []
        self.sent: list[tuple[str, ChatPart]] = []
        self.came = asyncio.Event()
        #: Identities to which nothing can be sent.
        self.gone: set[str] = set()
        self.worked_for: list[str] = []
        self.last = 0

    def put(self, message: ChatMessage, *, oversized: bool = False) -> None:
        self.last += 1
        body = message.encode()
        raw = RawMessage(
            account=self.name,
            folder="",
            uidvalidity=0,
            uid=self.last,
            body=body,
            size=len(body),
            oversized=oversized,
            channel=self.name,
            sender=identity(self.name, message.sender),
            key=message.id,
        )
        self.coming.put_nowait(raw)

    async def poll(self) -> AsyncGenerator[RawMessage, None]:
        while True:
            yield await self.coming.get()

    def file_away(self, raw: RawMessage) -> None:
        self.filed.append(raw.uid)

    async def send(self, answer: Outgoing) -> str:
        if answer.recipient in self.gone:
            raise ReplyRejected("403 blocked by the user")
        self.sent.append((answer.recipient, read(answer.content)))
        self.came.set()
        return f"<{len(self.sent)}@sent>"

    @asynccontextmanager
    async def working(self, recipient: str) -> AsyncIterator[None]:
        self.worked_for.append(recipient)
        yield

    async def hang_up(self) -> None:
        pass

    async def wait_for(self, count: int) -> list[ChatPart]:
        async with asyncio.timeout(20):
            while len(self.sent) < count:
                self.came.clear()
                await self.came.wait()
        return [part for _, part in self.sent]
