"""The queue of a mail server that hands mail over by LMTP, and tries again until it is taken."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from typing import Self

from mailbot.settings.lmtp import Lmtp

#: Seconds before it tries again. Real ones wait for minutes.
RETRY_SECONDS = 0.03


class LmtpQueue:
    """`put` queues a mail. `faults` are taken one a try: "hang up" does so before the mail's reply."""

    def __init__(self, place: Lmtp, recipient: str = "bot@painter.example") -> None:
        self.place = place
        self.recipient = recipient
        self.faults: deque[str] = deque()
        self.bounced: list[str] = []  #: replies of 5xx
        self.replies: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def put(self, body: bytes, sender: str = "person@example.org") -> None:
        task = asyncio.create_task(self._until_taken(body, sender))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def waiting(self) -> int:
        """Mails that are not taken yet."""
        return len(self._tasks)

    async def _until_taken(self, body: bytes, sender: str) -> None:
        while True:
            with contextlib.suppress(OSError, EOFError):
                fault = self.faults.popleft() if self.faults else ""
                (reply,) = await hand_over(self.place, sender, [self.recipient], body, fault)
                self.replies.append(reply)
                if reply.startswith("5"):
                    self.bounced.append(reply)
                if reply.startswith(("2", "5")):
                    return
            await asyncio.sleep(RETRY_SECONDS)


async def hand_over(
    place: Lmtp, sender: str, recipients: Sequence[str], body: bytes, fault: str = ""
) -> list[str]:
    """Hand a mail over once; gives a reply for each recipient. Raises OSError and EOFError."""
    reader, writer = await connect(place)
    try:
        await expect(reader, "220")
        await say(reader, writer, "LHLO mail.example.org", "250")
        await say(reader, writer, f"MAIL FROM:<{sender}> SIZE={len(body)}", "250")
        replies = {to: await say(reader, writer, f"RCPT TO:<{to}>") for to in recipients}
        taken = [to for to, reply in replies.items() if reply.startswith("250")]
        if taken:
            await say(reader, writer, "DATA", "354")
            writer.write(on_the_wire(body))
            await writer.drain()
            if fault == "hang up":
                raise EOFError
            for to in taken:
                replies[to] = await expect(reader)
        return list(replies.values())
    except Refused as refused:
        return [str(refused)] * len(recipients)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


class Refused(Exception):
    """A reply that is not the wanted one."""


async def connect(place: Lmtp) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if place.path:
        return await asyncio.open_unix_connection(place.path)
    return await asyncio.open_connection(*place.host_and_port)


async def say(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, command: str, wanted: str = ""
) -> str:
    writer.write(f"{command}\r\n".encode())
    return await expect(reader, wanted)


async def expect(reader: asyncio.StreamReader, wanted: str = "") -> str:
    """The last line of a reply."""
    while True:
        line = (await reader.readline()).decode()
        if not line:
            raise EOFError
        if line[3] != "-":
            break
    if not line.startswith(wanted):
        raise Refused(line.strip())
    return line.strip()


def on_the_wire(body: bytes) -> bytes:
    """With CRLF, dots doubled, and the dot at the end."""
    lines = body.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"
