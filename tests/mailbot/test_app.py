"""The bot as a process: started over a config file, stopped by a signal."""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.process import bot, imap_and_smtp
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def config(tmp_path: Path, dovecot: Dovecot, user: str, sink: Sink, balancer: FakeBalancer) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(
        f"""[mail]
        ledger = "var/ledger.db"
        {imap_and_smtp(dovecot, user, sink)}
        [balancer]
        host = "127.0.0.1"
        port = {balancer.port}
        [registry]
        host = "127.0.0.1"
        port = {balancer.port}
        """
    )
    return file


@pytest.fixture
def second_config(config: Path) -> Path:
    """The same mailbox, but another ledger."""
    file = config.with_name("second.toml")
    file.write_text(config.read_text().replace("var/ledger.db", "var/second.db"))
    return file


async def stopped_by(process: asyncio.subprocess.Process, number: signal.Signals) -> int:
    process.send_signal(number)
    return await asyncio.wait_for(process.wait(), 15)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_answers_and_stops_in_good_order(
    config: Path, dovecot: Dovecot, user: str, sink: Sink, number: signal.Signals
) -> None:
    left = config.parent / "var" / "ledger.db.backup"  # by a backup that was killed
    left.mkdir(parents=True)
    (left / "a mail").touch()
    async with bot(config) as process:
        dovecot.deliver(user, mail(subject="mosaic"))
        await sink.wait_for(1)
        assert await stopped_by(process, number) == 0
    assert not left.exists()


async def test_killed_while_painting_the_next_process_answers_once(
    config: Path, dovecot: Dovecot, user: str, sink: Sink, balancer: FakeBalancer
) -> None:
    balancer.may_paint.clear()
    dovecot.deliver(user, mail(subject="mosaic"))
    async with bot(config) as process:
        await asyncio.wait_for(balancer.asked.wait(), 20)
        process.kill()
    balancer.may_paint.set()
    async with bot(config) as process:
        await sink.wait_for(1)
        assert await stopped_by(process, signal.SIGTERM) == 0
    assert len(sink.received) == 1


async def test_what_it_keeps_is_for_its_owner_alone(
    config: Path, dovecot: Dovecot, user: str, balancer: FakeBalancer
) -> None:
    balancer.may_paint.clear()
    dovecot.deliver(user, mail(subject="mosaic"))
    async with bot(config):
        await asyncio.wait_for(balancer.asked.wait(), 20)
        kept = [config.parent / "var", *(config.parent / "var").rglob("*")]
        modes = {path.name: path.stat().st_mode & 0o077 for path in kept}
    assert any(name.endswith(".eml") for name in modes)
    assert "ledger.db" in modes
    assert set(modes.values()) == {0}


async def test_a_second_process_with_a_ledger_of_its_own_waits_for_the_mailbox(
    config: Path, second_config: Path, dovecot: Dovecot, user: str, sink: Sink
) -> None:
    dovecot.deliver(user, mail(subject="mosaic"))
    async with bot(config) as first:
        await sink.wait_for(1)
        async with bot(second_config, stderr=PIPE) as second:
            assert second.stderr is not None
            line = (await asyncio.wait_for(second.stderr.readline(), 20)).decode()
            assert "another bot has this mailbox" in line
            assert f"process {first.pid} with {config.parent}/var/ledger.db" in line
            first.kill()
            dovecot.deliver(user, mail(subject="mosaic", message_id="<2@example.org>"))
            await sink.wait_for(2)
            assert await stopped_by(second, signal.SIGTERM) == 0
    assert len(sink.received) == 2
