"""Learning queues for a test, over real processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from runner.config import RunnerConfig
from runner.learning.job import LearningJob
from runner.learning.messages import LearningOrder
from runner.learning.queue import LearningQueue
from tests.fakes.waiting import until

OBEDIENT = "tests.fakes.learning.obedient_process"
TINY = "tests.fakes.learning.tiny_process"
ORDER = LearningOrder(name="garden", minutes=0.1)


def config_of(folder: Path, features: Path | None = None) -> RunnerConfig:
    """One that learns on the CPU; without `features` an empty file takes their place."""
    if features is None:
        features = folder / "features"
        features.touch()
    return RunnerConfig(learn=True, features=features, cache=folder / "cache", device="cpu")


@asynccontextmanager
async def learning(
    folder: Path, module: str = OBEDIENT, features: Path | None = None
) -> AsyncIterator[LearningQueue]:
    """One that has begun."""
    queue = LearningQueue(config_of(folder, features), module=module)
    await queue.startup()
    try:
        await until(lambda: queue.is_open)
        yield queue
    finally:
        await queue.shutdown()


async def ended(job: LearningJob) -> str:
    """Waits until a job has ended, and gives its state."""
    await until(lambda: job.is_final, 120)
    return job.record.state
