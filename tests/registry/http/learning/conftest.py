from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry.config import RegistryConfigFile
from tests.fakes.registry.service import Service, serving
from tests.fakes.runner.learner import FakeLearner


@pytest.fixture
async def learner() -> AsyncIterator[FakeLearner]:
    async with FakeLearner() as learner:
        yield learner


@pytest.fixture
def config(tmp_path: Path, learner: FakeLearner) -> RegistryConfigFile:
    return RegistryConfigFile.model_validate(
        {
            "registry": {"port": 0, "data": str(tmp_path / "registry")},
            "balancer": {"port": learner.port},
        }
    )


@pytest.fixture
async def service(config: RegistryConfigFile, builtin: Path) -> AsyncIterator[Service]:
    async with serving(config, builtin) as service:
        yield service
