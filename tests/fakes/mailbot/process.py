"""`mailbot serve` as a process of its own, and the tables of its config file."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink

ROOT = Path(__file__).parents[3]


def imap_and_smtp(dovecot: Dovecot, user: str, sink: Sink) -> str:
    """The tables of a config file for a user's mailbox, and for the server that takes the answers."""
    return imap_table(dovecot, user) + smtp_table(sink)


def imap_table(dovecot: Dovecot, user: str) -> str:
    return f"""[mail.imap]
        host = "{dovecot.host}"
        port = {dovecot.port}
        tls = "none"
        username = "{user}"
        """


def smtp_table(sink: Sink) -> str:
    return f"""[mail.smtp]
        host = "{sink.host}"
        port = {sink.port}
        tls = "none"
        """


@asynccontextmanager
async def bot(config: Path, stderr: int | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot's process, killed at the end if it still lives."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mailbot", "serve", "--config", str(config)),
        cwd=ROOT,
        env={**os.environ, "MAILBOT_IMAP_PASSWORD": Dovecot.password},
        stderr=stderr,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # or it warns when it is collected
