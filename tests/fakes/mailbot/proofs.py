"""A registry with a staged version whose proof is painted, and a mailer that hands its mails to a list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from pathlib import Path

from mailbot.proofs.proof_mailer import ProofMailer
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
    sent: list[tuple[str, bytes]] = field(default_factory=list)


@asynccontextmanager
async def waiting_proof(tmp_path: Path) -> AsyncIterator[Proofs]:
    """Yields when the proof of version 2 of tiles waits to be mailed."""
    styles = ("tiles", "tiles@1", "tiles@2")
    async with FakeBalancer(styles) as balancer:
        config = RegistryConfigFile.model_validate(
            {"registry": {"port": 0, "data": str(tmp_path / "registry")}, "balancer": {"port": balancer.port}}
        )
        app = running(config, tmp_path, bot_token=BOT_TOKEN, validator=FakeValidator())
        async with app as url:
            with Store(config.registry.location, sweep=False) as store:
                sent: list[tuple[str, bytes]] = []

                async def send(recipient: str, content: bytes) -> None:
                    sent.append((recipient, content))

                store.tokens.add("Ada")
                store.set_address("Ada", ADDRESS)
                publish(store, "tiles", by="Ada")
                publish(store, "tiles", by="Ada", alias="staged")
                client = ProofClient(url, BOT_TOKEN)
                mailer = ProofMailer(client, "bot@painter.example", keyed=keyed, send=send)
                await until_painted(client)
                yield Proofs(store=store, client=client, mailer=mailer, sent=sent)


def keyed(about: str) -> str:
    """A hash with which no test has a secret."""
    return sha1(about.encode(), usedforsecurity=False).hexdigest()


async def until_painted(client: ProofClient) -> None:
    async with asyncio.timeout(60):
        while not await client.waiting():  # noqa: ASYNC110 - another process gives no event
            await asyncio.sleep(0.05)
