"""A registry that is served for a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from registry.app import create_app
from registry.config import RegistryConfigFile
from registry.gallery.thumbnail_maker import Make
from registry.store.store import Store
from tests.fakes.registry.validator import FakeValidator

#: Their names are far enough apart that only one is near to a mistyped one.
NAMES = ("great-wave", "starry-night", "udnie")
#: The operator's, with which everything may be done.
TOKEN = "the operator's own token"
#: The bot's.
BOT_TOKEN = "the bot's own token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running registry, with the folders behind it."""

    client: TestClient  # type: ignore[type-arg]  # its parameters differ between aiohttp's versions
    config: RegistryConfigFile
    builtin: Path
    validator: FakeValidator
    #: Paths that were answered, with their status, in order.
    answered: list[tuple[str, int]]

    @property
    def url(self) -> str:
        return str(self.client.make_url("/"))

    def second_store(self) -> Store:
        """The same state as another process has it open."""
        return Store(self.config.registry.location)


async def no_thumbnails(preview: bytes) -> Sequence[bytes] | None:
    """Makes none for as long as the test lasts."""
    await asyncio.Event().wait()
    return None


@asynccontextmanager
async def serving(
    config: RegistryConfigFile, builtin: Path, make: Make = no_thumbnails
) -> AsyncIterator[Service]:
    """A registry that runs until the block ends, without thumbnails unless they are made."""
    answered: list[tuple[str, int]] = []
    validator = FakeValidator()
    app = create_app(config, builtin, token=TOKEN, bot_token=BOT_TOKEN, validator=validator, make=make)

    async def note(request, response) -> None:  # type: ignore[no-untyped-def]
        answered.append((request.path, response.status))

    app.on_response_prepare.append(note)
    async with TestClient(TestServer(app)) as client:
        yield Service(client=client, config=config, builtin=builtin, validator=validator, answered=answered)
