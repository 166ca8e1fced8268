"""An executor over an engine that does what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry.client import RegistryClient
from runner.fleet.blob_cache import BlobCache
from runner.process.executor import BatchExecutor
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.process.obedient_engine import ObedientEngine


@pytest.fixture
async def executor(registry: FakeRegistry, tmp_path: Path) -> AsyncIterator[BatchExecutor]:
    """Over the obedient engine, with room in memory for ten bytes of styles."""
    async with RegistryClient(registry.url) as client:
        blobs = BlobCache(tmp_path, client.download)
        yield BatchExecutor(lambda: ObedientEngine("cpu", 1), blobs.path, 10)
