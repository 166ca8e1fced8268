"""A balancer that listens, over a fleet that does what it is told and a registry with two styles."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.served import Served, serving


@pytest.fixture
async def registry() -> AsyncIterator[FakeRegistry]:
    async with FakeRegistry() as registry:
        yield registry


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(max_queued=2) as served:
        yield served
