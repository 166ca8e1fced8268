"""Real processes from Dovecot to SMTP: a node with its balancer and runner dies while mails are in flight."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from runner.http.failover import ranked
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.process import bot, imap_and_smtp
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import inverted
from tests.fakes.runner.local_fleet import is_alive
from tests.fakes.runner.service import OBEDIENT, Service, served
from tests.fakes.waiting import until

MAILS = 20


@asynccontextmanager
async def nodes(folder: Path) -> AsyncIterator[tuple[FakeRegistry, list[Service]]]:
    """Two balancers, each with a runner process, and the registry."""
    async with AsyncExitStack() as stack:
        registry = await stack.enter_async_context(FakeRegistry())
        registry.publish("mosaic", b"weights")
        services = []
        for name in ("one", "other"):
            (folder / name).mkdir()
            node = served(registry, folder / name, "-c", OBEDIENT, "CONFIG")
            services.append(await stack.enter_async_context(node))
        yield registry, services


def config_of(
    folder: Path, dovecot: Dovecot, user: str, sink: Sink, registry: FakeRegistry, urls: list[str]
) -> Path:
    file = folder / "config.toml"
    file.write_text(
        f"""[mail]
        ledger = "var/ledger.db"
        {imap_and_smtp(dovecot, user, sink)}
        [registry]
        host = "127.0.0.1"
        port = {registry.port}
        [balancer]
        urls = ["{urls[0]}", "{urls[1]}"]
        """
    )
    return file


async def photos_at(service: Service) -> int:
    status = await service.client.status()
    return int(status["queued"] + status["in_flight"])


async def test_twenty_mails_are_answered_once_each_although_a_node_dies(
    tmp_path: Path, dovecot: Dovecot, user: str, sink: Sink
) -> None:
    senders = [f"ann{number}@example.org" for number in range(MAILS)]
    for number, sender in enumerate(senders):
        pictures = [("holiday.jpg", photo(seed=number))]
        letter = mail(sender=sender, subject="mosaic", message_id=f"<{number}@x>", images=pictures)
        dovecot.deliver(user, letter)
    async with nodes(tmp_path) as (registry, services):
        urls = [service.url for service in services]
        preferred = Counter(ranked(urls, sender)[0] for sender in senders)
        dying = max(services, key=lambda service: preferred[service.url])
        (pid,) = await dying.pids()
        os.kill(pid, signal.SIGSTOP)  # what comes to it stays with it
        async with bot(config_of(tmp_path, dovecot, user, sink, registry, urls)) as process:
            async with asyncio.timeout(60):
                while await photos_at(dying) < MAILS // 2:  # noqa: ASYNC110 - it is another process
                    await asyncio.sleep(0.01)
            dying.process.kill()
            await dying.process.wait()
            with suppress(ProcessLookupError):  # it may have died with its parent already
                os.kill(pid, signal.SIGKILL)
            await until(lambda: not is_alive(pid))
            answers = await sink.wait_for(MAILS)
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 30) == 0
    assert len(sink.messages) == MAILS
    assert {answer["In-Reply-To"] for answer in answers} == {f"<{number}@x>" for number in range(MAILS)}
    for answer in answers:
        number = int(answer["In-Reply-To"].strip("<>").partition("@")[0])
        parts = [part for part in answer.walk() if part.get_content_maintype() == "image"]
        assert [part.get_content() for part in parts] == [inverted(photo(seed=number))]
