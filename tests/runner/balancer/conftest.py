"""A balancer with the scripted fleet that it stands on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fakes.runner.setup import Setup


@pytest.fixture
async def setup() -> AsyncIterator[Setup]:
    setup = Setup()
    yield setup
    setup.shelf.open.set()
    await setup.balancer.shutdown()
    await asyncio.gather(*setup.tasks, return_exceptions=True)
