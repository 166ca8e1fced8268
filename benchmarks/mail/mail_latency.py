"""Measure what the mail walk adds to the painting: from a mail's arrival to its answer at SMTP.

Once with the embedded mail server, against the bare handing-in of the same mail by SMTP in the same run,
and once with Dovecot (IDLE) and a foreign SMTP server. The whole system runs as `mailbot up` runs it.

Dovecot holds every push back for half a second (NOTIFY_DELAY_MSECS in its index-mailbox-check.c, not to be
configured), so its row counts from the push, as a proxy before it sees it; a further row
counts from the delivery, with that half second in it.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import aiosmtplib

from benchmarks.reporting.findings import Row
from benchmarks.reporting.progress import progress
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.proxy import Proxy
from tests.fakes.system import System

#: Mails measured, one after the other, after one to warm up.
COUNT = 30
#: Targets at the median, seconds.
EMBEDDED_TARGET, DOVECOT_TARGET = 0.1, 0.3

Deliver = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Hold when one mail was delivered, pushed and answered, in seconds since the epoch."""

    delivered: float
    pushed: float
    sent: float
    engine: float

    @property
    def since_delivery(self) -> float:
        """Return the seconds from the delivery, less the engine's."""
        return self.sent - self.delivered - self.engine

    @property
    def since_push(self) -> float:
        """Return the seconds from the server's push, less the engine's."""
        return self.sent - self.pushed - self.engine


async def run() -> list[Row]:
    """Measure both kinds of mailbox; Dovecot's only if it is installed."""
    rows = [await _embedded()]
    if shutil.which("dovecot"):
        rows += await _dovecot()
    return rows


async def _embedded() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder))

        async def deliver(raw: bytes) -> None:
            await _hand_in(raw, system.ports["smtp"], "bot@painter.example")

        await system.start()
        try:
            timings = await _measure(system, deliver, lambda: 0.0)
            bare = await _bare(system.ports["smtp"])
        finally:
            system.stop()
    return Row(
        measure="arrival to SMTP less the engine, embedded server",
        seconds=[t.since_delivery for t in timings],
        against="one SMTP delivery",
        against_seconds=bare,
        target=EMBEDDED_TARGET,
    )


async def _dovecot() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        dovecot = Dovecot(_open_to_all(folder) / "dovecot")
        dovecot.start()
        user = dovecot.add_user("bot")
        async with Sink() as sink, Proxy(dovecot.host, dovecot.port) as proxy:
            settings = (
                f'[mail.imap]\nhost = "127.0.0.1"\nport = {proxy.port}\ntls = "none"\nusername = "{user}"\n'
                f'[mail.smtp]\nhost = "127.0.0.1"\nport = {sink.port}\ntls = "none"\n'
            )
            system = System(Path(folder), settings)

            async def deliver(raw: bytes) -> None:
                dovecot.deliver(user, raw)

            try:
                await system.start({"MAILBOT_IMAP_PASSWORD": Dovecot.password})
                timings = await _measure(system, deliver, lambda: proxy.pushed_at)
            finally:
                await asyncio.to_thread(system.stop)
                dovecot.stop()
    push = "Dovecot's push to SMTP less the engine"
    return [
        Row(measure=push, seconds=[t.since_push for t in timings], target=DOVECOT_TARGET),
        Row(measure="the same from the delivery", seconds=[t.since_delivery for t in timings]),
    ]


def _open_to_all(folder: str) -> Path:
    """Let Dovecot's mail process, which is not root, use the folder."""
    Path(folder).chmod(0o755)
    return Path(folder)


async def _measure(system: System, deliver: Deliver, pushed_at: Callable[[], float]) -> list[Timing]:
    """Send mails one by one; `pushed_at` returns the time of the mail server's last push."""
    timings = []
    ledger = system.folder / "var" / "ledger.db"
    for number in range(COUNT + 1):
        progress(f"mail {number} of {COUNT}")
        await deliver(_mail(number))
        delivered = time.time()
        sent, engine = await _answered(ledger, number + 1)
        timings.append(Timing(delivered=delivered, pushed=pushed_at(), sent=sent, engine=engine))
        await asyncio.sleep(0.37)  # in which the bot has filed the mail away, and waits in IDLE again
    return timings[1:]


async def _answered(ledger: Path, count: int) -> tuple[float, float]:
    """Wait for `count` answers; return the newest one's time of sending and its engine seconds."""
    query = "SELECT sent_at, engine_seconds FROM outbox JOIN message ON message = message.id WHERE sent_at"
    async with asyncio.timeout(120):
        while True:
            with closing(sqlite3.connect(ledger, timeout=30)) as connection:
                rows = connection.execute(f"{query} ORDER BY sent_at").fetchall()
            if len(rows) >= count:
                sent_at, engine = rows[-1]
                return float(sent_at), float(engine)
            await asyncio.sleep(0.01)


async def _bare(port: int) -> list[float]:
    """Time one SMTP delivery of a mail of the same size, connection included."""
    times = []
    for number in range(COUNT):
        started = time.perf_counter()
        await _hand_in(_mail(1000 + number), port, "nobody@mail.example")
        times.append(time.perf_counter() - started)
    return times


async def _hand_in(raw: bytes, port: int, recipient: str) -> None:
    await aiosmtplib.send(
        raw,
        sender="jane@mail.example",
        recipients=[recipient],
        hostname="127.0.0.1",
        port=port,
        start_tls=False,
    )


def _mail(number: int) -> bytes:
    pictures = [("beach.jpg", photo(1024, 768, seed=number))]
    return mail("great wave", images=pictures, message_id=f"<{number}@mail.example>")
