"""The bot's numbers for Prometheus, at `[mail] metrics_port` of this machine: those of `mailbot status`.

Each answer is one read of the ledger in a thread of its own; nothing is counted in the bot itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from mailbot.operating.ledger_view import Overview, overview
from mailbot.operating.status import poll_age

#: Nothing that strangers need to know.
HOST = "127.0.0.1"


@asynccontextmanager
async def metrics(ledger: Path, port: int) -> AsyncIterator[None]:
    """Answers `GET /metrics` while it is entered; not if `port` is 0. Raises OSError if it is taken."""
    if not port:
        yield
        return

    async def answer(_request: web.Request) -> web.Response:
        found = await asyncio.to_thread(overview, ledger, time.time())
        return web.Response(text=prometheus(found), content_type="text/plain")

    app = web.Application()
    app.add_routes([web.get("/metrics", answer)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield
    finally:
        await runner.cleanup()


def prometheus(found: Overview) -> str:
    """The text format, version 0.0.4."""
    answers = {state: count for state, count in found.answers.items() if state != "bounced"}
    lines = [
        *_gauge("poll_age_seconds", "Since the mailbox was looked into.", poll_age(found) or 0),
        *_gauge(
            "oldest_mail_seconds", "Age of the oldest mail that could be worked on.", found.oldest_mail or 0
        ),
        *_gauge("oldest_answer_seconds", "Age of the oldest unsent answer.", found.oldest_answer or 0),
        *_gauge("mails", "Mails by state; of those in quarantine, what is kept.", found.mails),
        *_gauge("answers", "Answers by state.", answers),
        *_gauge("answers_bounced", "Answers that came back.", found.answers["bounced"]),
        *_gauge("answered_last_hour", "What the hourly caps count.", found.hour.answers),
        *_gauge("answered_last_day", "What the daily caps count.", found.day.answers),
        *_gauge("ledger_bytes", "The ledger's files.", found.sizes.ledger),
        *_gauge("spool_bytes", "The spooled mails.", found.sizes.spool),
    ]
    return "\n".join(lines) + "\n"


def _gauge(name: str, help: str, value: float | Mapping[str, int]) -> Iterator[str]:
    yield f"# HELP mailbot_{name} {help}"
    yield f"# TYPE mailbot_{name} gauge"
    if isinstance(value, Mapping):
        yield from (f'mailbot_{name}{{state="{state}"}} {count}' for state, count in value.items())
    else:
        yield f"mailbot_{name} {value}"
