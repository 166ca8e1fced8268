"""A ledger in a folder of its own, and a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.ledger import Clock


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "ledger.db"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ledger(file: Path, clock: Clock) -> AsyncIterator[Ledger]:
    async with Ledger(file, clock) as opened:
        yield opened
