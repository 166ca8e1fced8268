"""Measure mails a second from Dovecot to an SMTP sink, with an engine that does nothing.

    walk       `COUNT` mails of 300 kB in the mailbox: from the start of `mailbot serve` to the last answer
    fetch      what the same Dovecot gives to the bot's own IMAP client in the same run, and nothing else
    memory     the bot's resident memory at the end of the walk against that after the first tenth of it
    idle       one mail at a time into an idle bot: from Dovecot's push to the job's arrival at the balancer

The engine is an HTTP server in this process that gives every photo back as it came, and the sink is one that
only looks for the end of each mail, so that what is measured is the bot.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from benchmarks.reporting.findings import Figure, ReportLine, Row
from benchmarks.reporting.progress import progress
from mailbot.config import Imap
from mailbot.inbox import Inbox
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.proxy import Proxy
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until

#: Mails in all, and those fetched alone for comparison.
COUNT, FETCHED = 5_000, 500
#: Bytes of a photo, which makes a mail of 300 kB in base64.
PHOTO_BYTES = 219_000
#: Mails that come to an idle bot.
SINGLE = 40
#: Targets: mails a second, and seconds from the push to the job.
RATE_TARGET, IDLE_TARGET = 50.0, 0.1
#: Mails after which the bot has what it needs: caches, pools, the allocator's arenas.
WARM = COUNT // 10


class NullSink(asyncio.Protocol):
    """Accept all mail by SMTP and keep nothing; its connections share `count`."""

    count = 0

    def __init__(self) -> None:
        self._tail = b""
        self._in_mail = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet the client."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._out = transport
        self._out.write(b"220 sink.example\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each command, and each mail at its lone dot."""
        data = self._tail + data
        self._tail = b""
        while data:
            end = b"\r\n.\r\n" if self._in_mail else b"\r\n"
            head, found, rest = data.partition(end)
            if not found:
                self._tail = data[-4:] if self._in_mail else data
                return
            data = rest
            self._out.write(self._answer(head))

    def _answer(self, line: bytes) -> bytes:
        if self._in_mail:
            self._in_mail = False
            NullSink.count += 1
            return b"250 OK\r\n"
        verb = line[:4].upper()
        self._in_mail = verb == b"DATA"
        return {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 OK\r\n")


async def run() -> list[ReportLine]:
    """Measure all four, if there is a Dovecot."""
    if not shutil.which("dovecot"):
        return []
    folder = _folder()
    dovecot = Dovecot(folder / "dovecot")
    dovecot.start()
    try:
        return await _measure(dovecot, folder)
    finally:
        dovecot.stop()
        shutil.rmtree(folder)


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)  # Dovecot's mail process is not root
    return folder


async def _measure(dovecot: Dovecot, folder: Path) -> list[ReportLine]:
    bare, user = dovecot.add_user("bare"), dovecot.add_user("bot")
    fetched = await _fetch_rate(dovecot, bare)
    await asyncio.to_thread(_deliver, dovecot, user, range(COUNT))
    async with _sink() as port, FakeBalancer() as balancer, Proxy(dovecot.host, dovecot.port) as proxy:
        started = time.perf_counter()
        async with _bot(folder, dovecot.port, user, port, balancer.port) as pid:
            memory = await _walk(pid)
            seconds = time.perf_counter() - started
        async with _bot(folder, proxy.port, user, port, balancer.port):
            waits = await _one_by_one(dovecot, user, balancer, proxy)
    warm, last = memory
    return [
        Figure(
            measure=f"mails of 300 kB, Dovecot to SMTP, {COUNT} of them",
            value=COUNT / seconds,
            unit="a second",
            against="fetching alone",
            against_value=fetched,
            at_least=RATE_TARGET,
        ),
        Figure(
            measure="the bot's memory after the last of them",
            value=last,
            unit="MB",
            against=f"after {WARM}",
            against_value=warm,
        ),
        Row(measure="from Dovecot's push to the job", seconds=waits, target=IDLE_TARGET),
    ]


def _deliver(dovecot: Dovecot, user: str, numbers: Sequence[int]) -> None:
    for number in numbers:
        dovecot.deliver(user, _mail(number))


def _mail(number: int) -> bytes:
    photo = b"\xff\xd8\xff\xe0" + os.urandom(PHOTO_BYTES)
    sender = f"Jane <jane{number}@mail.example>"
    return mail("mosaic", images=[("beach.jpg", photo)], message_id=f"<{number}@mail.example>", sender=sender)


async def _fetch_rate(dovecot: Dovecot, user: str) -> float:
    """Return the mails a second that the bot's own inbox gets from this server."""
    await asyncio.to_thread(_deliver, dovecot, user, range(FETCHED))
    settings = Imap(host=dovecot.host, port=dovecot.port, tls="none", username=user)
    inbox = Inbox(settings, dovecot.credentials, 2**26)
    started, count = time.perf_counter(), 0
    async with aclosing(inbox.poll()) as mails:
        async for _ in mails:
            count += 1
            if count == FETCHED:
                break
    return count / (time.perf_counter() - started)


@asynccontextmanager
async def _sink() -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(NullSink, "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


@asynccontextmanager
async def _bot(folder: Path, imap: int, user: str, smtp: int, balancer: int) -> AsyncIterator[int]:
    """Run `mailbot serve` in a process of its own, and yield its pid."""
    config = folder / "config.toml"
    config.write_text(
        f'[mail]\naddress = "bot@painter.example"\nledger = "var/ledger.db"\n'
        f'[mail.imap]\nhost = "127.0.0.1"\nport = {imap}\ntls = "none"\nusername = "{user}"\n'
        f'[mail.smtp]\nhost = "127.0.0.1"\nport = {smtp}\ntls = "none"\n'
        f'[registry]\nhost = "127.0.0.1"\nport = {balancer}\n'
        f'[balancer]\nhost = "127.0.0.1"\nport = {balancer}\n'
    )
    command = [sys.executable, "-m", "mailbot", "serve", "--config", str(config)]
    secret = {"MAILBOT_IMAP_PASSWORD": Dovecot.password}
    with (folder / "bot.log").open("ab") as log:
        bot = await asyncio.create_subprocess_exec(
            *command, stdout=log, stderr=log, env={**os.environ, **secret}
        )
    try:
        yield bot.pid
    finally:
        bot.terminate()
        await bot.wait()


async def _walk(pid: int) -> tuple[float, float]:
    """Return the bot's memory after `WARM` answers and after the last, in MB."""
    progress(f"the first {WARM} of {COUNT} mails")
    await until(lambda: NullSink.count >= WARM, 600)
    warm = _resident(pid)
    progress(f"the other {COUNT - WARM} mails")
    await until(lambda: NullSink.count >= COUNT, 600)
    return warm, _resident(pid)


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    match = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(match[1]) / 1000 if match else 0.0


async def _one_by_one(dovecot: Dovecot, user: str, balancer: FakeBalancer, proxy: Proxy) -> list[float]:
    """Return the seconds from Dovecot's push of each mail to its photo's arrival at the balancer."""
    await until(lambda: proxy.connections, 60)
    waits = []
    for number in range(COUNT, COUNT + SINGLE + 1):
        balancer.asked.clear()
        answered = NullSink.count
        dovecot.deliver(user, _mail(number))
        await asyncio.wait_for(balancer.asked.wait(), 60)
        waits.append(time.time() - proxy.pushed_at)
        await until(lambda count=answered: NullSink.count > count, 60)  # type: ignore[misc]
        await asyncio.sleep(0.1)  # the bot files the mail away and goes back to IDLE
    return waits[1:]
