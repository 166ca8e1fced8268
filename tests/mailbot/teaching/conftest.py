from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mailbot.teaching import painting_lessons, teaching
from registry.app import running
from registry.config import RegistryConfigFile
from registry.store.store import Store
from tests.fakes.mailbot.teaching import School
from tests.fakes.registry.service import BOT_TOKEN
from tests.fakes.registry.validator import FakeValidator
from tests.fakes.runner.learner import FakeLearner


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painting_lessons, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(teaching, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(painting_lessons, "SHORTEST_PAUSE", 0.01)


@pytest.fixture
async def learner() -> AsyncIterator[FakeLearner]:
    async with FakeLearner() as learner:
        yield learner


@pytest.fixture
def learnt() -> str:
    """As `[registry] learnt` has it."""
    return "live"


@pytest.fixture
async def school(tmp_path: Path, learner: FakeLearner, learnt: str) -> AsyncIterator[School]:
    config = RegistryConfigFile.model_validate(
        {
            "registry": {"port": 0, "data": str(tmp_path / "registry"), "learnt": learnt},
            "balancer": {"port": learner.port},
        }
    )
    async with running(config, tmp_path, bot_token=BOT_TOKEN, validator=FakeValidator()) as url:
        with Store(config.registry.location, sweep=False) as store:
            yield School(learner=learner, store=store, url=url)
