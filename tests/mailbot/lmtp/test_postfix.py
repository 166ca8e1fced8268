"""A real Postfix hands mail over as docs/channels.md says, and keeps what the bot cannot take."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mailbot.lmtp.server import listening
from mailbot.settings.lmtp import Lmtp
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import ADDRESS, answering, asking
from tests.fakes.mailbot.servers.postfix import running_postfix
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until


@pytest.mark.slow
async def test_postfix_hands_mail_over_and_keeps_it_while_the_bot_is_away(
    tmp_path: Path, ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o755)
    for above in (*tmp_path.parents[:-2], tmp_path):  # pytest's own folders are for this user alone
        above.chmod(0o755)
    place = Lmtp(listen=f"unix:{folder}/lmtp")
    with running_postfix(place.listen) as postfix:
        await asyncio.to_thread(postfix.send, asking(1))
        await until(lambda: "status=deferred" in postfix.log)
        async with (
            answering(None, ledger, balancer, sink) as bot,
            listening(place, (ADDRESS,), 1_000_000, bot.accept),
        ):
            await asyncio.to_thread(postfix.send, asking(2), to=ADDRESS.replace("@", "+mosaic@"))
            await asyncio.to_thread(postfix.send, asking(3), to="nobody@painter.example")
            await asyncio.to_thread(postfix.send, asking(4), "")  # a bounce: taken, and not answered
            await until(lambda: not postfix.queued())
            await until(lambda: len(sink.received) >= 2)
        assert "status=bounced" in postfix.log
        assert "550 5.1.1" in postfix.log
    assert len(sink.received) == 2
    query = "SELECT state, reason FROM message ORDER BY reason"
    rows = [tuple(row) for row in await ledger.read(lambda db: db.execute(query).fetchall())]
    assert rows == [("done", ""), ("done", ""), ("silent", "null envelope sender")]
