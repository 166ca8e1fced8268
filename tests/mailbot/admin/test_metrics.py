"""The bot's numbers over HTTP."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from mailbot.admin.metrics import metrics
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.ledger import REPLY, accept, variant, work
from tests.fakes.mailbot.servers.dovecot import free_port


async def test_the_three_to_watch_are_there(ledger: Ledger, tmp_path: Path) -> None:
    await accept(ledger)
    await ledger.finish(await work(ledger), REPLY)
    await accept(ledger, variant(2))
    await ledger.quarantine(await work(ledger), "poison")
    port = free_port()
    async with (
        metrics(tmp_path / "ledger" / "ledger.db", port),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        lines = (await answer.text()).splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert values['mailbot_mails{state="quarantined"}'] == "1.0"
    assert values['mailbot_answers{state="pending"}'] == "1.0"
    assert float(values["mailbot_oldest_answer_seconds"]) > 0
    assert float(values["mailbot_poll_age_seconds"]) == 0
    assert REPLY.recipient not in "".join(lines)


async def test_without_a_port_nothing_listens(tmp_path: Path) -> None:
    async with metrics(tmp_path / "none.db", 0):
        assert listening() == []
    async with metrics(tmp_path / "none.db", free_port()):
        assert len(listening()) == 1


def listening() -> list[str]:
    """The TCP sockets on which this process listens, as /proc has them."""
    own = {str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
    lines = [line.split() for line in Path("/proc/self/net/tcp").read_text().splitlines()[1:]]
    return [fields[1] for fields in lines if fields[3] == "0A" and f"socket:[{fields[9]}]" in own]


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    port = free_port()
    async with metrics(tmp_path / "none.db", port):
        with pytest.raises(OSError, match=str(port)):
            await metrics(tmp_path / "none.db", port).__aenter__()
