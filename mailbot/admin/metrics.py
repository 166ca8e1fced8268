"""Serve the numbers of `mailbot status` to Prometheus, at `[mail] metrics_port` of this machine.

Each answer is one read of the ledger in a thread of its own; the bot itself counts nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from mailbot.admin.ledger_summary import Overview, overview
from mailbot.admin.status import poll_age
from styles.service.metrics import CONTENT_TYPE, build, gauge, text


@asynccontextmanager
async def metrics(ledger: Path, port: int) -> AsyncIterator[None]:
    """Answer `GET /metrics` while entered, unless `port` is 0. Raises OSError if the port is taken."""
    if not port:
        yield
        return

    async def answer(_request: web.Request) -> web.Response:
        found = await asyncio.to_thread(overview, ledger, time.time())
        return web.Response(body=prometheus(found), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application()
    app.add_routes([web.get("/metrics", answer)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()  # the numbers are not public
        yield
    finally:
        await runner.cleanup()


def prometheus(found: Overview) -> bytes:
    """Return the body of /metrics."""
    mails = {(state,): count for state, count in found.mails.items()}
    answers = {(state,): count for state, count in found.answers.items() if state != "bounced"}
    by_channel = {
        (channel, state): count
        for channel, states in found.channels.items()
        for state, count in states.items()
    }
    codes = {(state,): count for state, count in found.codes.items()}
    mail, answer = found.oldest_mail or 0, found.oldest_answer or 0
    return text(
        [
            build("mailbot"),
            gauge("mailbot_poll_age_seconds", "Since the mailbox was looked into.", poll_age(found) or 0),
            gauge("mailbot_oldest_mail_seconds", "Age of the oldest mail that could be worked on.", mail),
            gauge("mailbot_oldest_answer_seconds", "Age of the oldest unsent answer.", answer),
            gauge("mailbot_mails", "Mails by state; of those in quarantine, what is kept.", mails, ["state"]),
            gauge("mailbot_messages", "Messages by channel and state.", by_channel, ["channel", "state"]),
            gauge("mailbot_answers", "Answers by state.", answers, ["state"]),
            gauge("mailbot_answers_bounced", "Answers that came back.", found.answers["bounced"]),
            gauge("mailbot_codes", "Codes of paintings that did not arrive.", codes, ["state"]),
            gauge("mailbot_answered_last_hour", "What the hourly limits count.", found.hour.answers),
            gauge("mailbot_answered_last_day", "What the daily limits count.", found.day.answers),
            gauge("mailbot_ledger_bytes", "The ledger's files.", found.sizes.ledger),
            gauge("mailbot_spool_bytes", "The spooled mails.", found.sizes.spool),
        ]
    )
