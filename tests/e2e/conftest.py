"""Servers and systems for the end-to-end tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes.mailbot.servers.dovecot import Dovecot, require_dovecot, running_dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.system import System


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    require_dovecot()
    with running_dovecot() as server:
        yield server


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with Sink() as server:
        yield server


@pytest.fixture
async def local_system(tmp_path: Path) -> AsyncIterator[System]:
    """Everything, with the embedded mail server."""
    system = System(tmp_path)
    try:
        await system.start()
        yield system
    finally:
        system.stop()


@pytest.fixture
async def real_system(tmp_path: Path, dovecot: Dovecot, sink: Sink) -> AsyncIterator[System]:
    """Everything, with a mailbox on Dovecot and a foreign SMTP server; not yet started."""
    user = dovecot.add_user(tmp_path.name)
    mail = (
        f'[mail.imap]\nhost = "127.0.0.1"\nport = {dovecot.port}\ntls = "none"\nusername = "{user}"\n'
        f'[mail.smtp]\nhost = "127.0.0.1"\nport = {sink.port}\ntls = "none"\n'
    )
    system = System(tmp_path, mail)
    try:
        await system.start({"MAILBOT_IMAP_PASSWORD": Dovecot.password})
        yield system
    finally:
        system.stop()
