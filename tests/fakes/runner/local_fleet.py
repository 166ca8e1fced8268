"""A local fleet for a test, over real processes that do as they are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from runner.config import RunnerConfig
from runner.fleet.local_fleet import LocalFleet
from runner.protocol.messages import Outcome
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_task
from tests.fakes.waiting import until

OBEDIENT = "tests.fakes.runner.process.engine_process"
LIAR = "tests.fakes.runner.process.lying_process"


@asynccontextmanager
async def running(
    registry: FakeRegistry,
    folder: Path,
    *,
    batch_seconds: float = 30,
    sheet_seconds: float | None = None,
    module: str = OBEDIENT,
    changed: Callable[[], None] = lambda: None,
    device: str = "cpu",
    **settings: Any,
) -> AsyncIterator[LocalFleet]:
    """One that is up; `settings` are of its `RunnerConfig`, one process unless they say otherwise."""
    config = RunnerConfig(device=device, cache=folder / "cache", **settings)
    fleet = LocalFleet(
        config, registry.url, batch_seconds=batch_seconds, sheet_seconds=sheet_seconds, module=module
    )
    await fleet.startup(changed)
    try:
        await until(lambda: all(r.state == "ready" for r in fleet.runners()))
        yield fleet
    finally:
        await fleet.shutdown()


async def paint(fleet: LocalFleet, digest: str, *photos: bytes) -> list[Outcome]:
    """One batch by the first runner."""
    return await fleet.run("cpu-0", [a_task(digest, photo) for photo in photos])


def pid_of(fleet: LocalFleet) -> int:
    """Of the first runner's process."""
    pid = fleet.runners()[0].pid
    assert pid is not None
    return pid


def is_alive(pid: int) -> bool:
    """False for a zombie too, which nobody has reaped yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
