"""A registry with a staged version whose proof is painted, and a mailer that puts its mails into a ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from mailbot.proofs.proof_mailer import ProofMailer
from mailbot.storage.ledger import Ledger
from registry.app import running
from registry.client import ProofClient
from registry.config import RegistryConfigFile
from registry.store.store import Store
from tests.fakes.registry.validator import FakeValidator
from tests.fakes.registry.versions import publish
from tests.fakes.runner.balancer import FakeBalancer

BOT_TOKEN = "the bot's own token"
ADDRESS = "ada@example.org"


@dataclass
class Proofs:
    """What a test of the proofs needs."""

    store: Store
    client: ProofClient
    mailer: ProofMailer
    ledger: Ledger
    woken: asyncio.Event  #: set when a mail is in the outbox


@asynccontextmanager
async def waiting_proof(tmp_path: Path, ledger: Ledger) -> AsyncIterator[Proofs]:
    """Yields when the proof of version 2 of tiles waits to be mailed."""
    styles = ("tiles", "tiles@1", "tiles@2")
    async with FakeBalancer(styles) as balancer:
        config = RegistryConfigFile.model_validate(
            {"registry": {"port": 0, "data": str(tmp_path / "registry")}, "balancer": {"port": balancer.port}}
        )
        app = running(config, tmp_path, bot_token=BOT_TOKEN, validator=FakeValidator())
        async with app as url:
            with Store(config.registry.location, sweep=False) as store:
                store.tokens.add("Ada")
                store.set_address("Ada", ADDRESS)
                publish(store, "tiles", by="Ada")
                publish(store, "tiles", by="Ada", alias="staged")
                client = ProofClient(url, BOT_TOKEN)
                woken = asyncio.Event()
                mailer = ProofMailer(client, "bot@painter.example", ledger, woken.set)
                await until_painted(client)
                yield Proofs(store=store, client=client, mailer=mailer, ledger=ledger, woken=woken)


async def until_painted(client: ProofClient) -> None:
    async with asyncio.timeout(60):
        while not await client.waiting():  # noqa: ASYNC110 - another process gives no event
            await asyncio.sleep(0.05)
