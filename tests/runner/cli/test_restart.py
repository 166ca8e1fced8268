"""`runner restart` beside a balancer: where it ends well, and what it says where it does not."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner import pid_file
from runner.cli.restart import restart
from runner.client import RunnerClient
from runner.config import BalancerConfig, RunnerConfig, RunnerConfigFile
from styles.errors import BalancerUnavailable, RunnerDied
from tests.fakes.runner.served import Served


@asynccontextmanager
async def told(served: Served, folder: Path, heard: Callable[[], None]) -> AsyncIterator[RunnerConfigFile]:
    """Has a process be the balancer's, and calls `heard` when that is told to restart its runners."""
    config = RunnerConfigFile(
        balancer=BalancerConfig(port=int(served.url.rsplit(":", 1)[1])), runner=RunnerConfig(cache=folder)
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.runner.told", str(pid_file.path_of(config))),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    listening = asyncio.create_task(_listen(process.stdout, heard))
    try:
        yield config
    finally:
        process.kill()
        await process.wait()
        await listening


async def _listen(lines: asyncio.StreamReader, heard: Callable[[], None]) -> None:
    async for _ in lines:
        heard()


def become(served: Served, **fields: object) -> None:
    """Changes the one runner."""
    (runner,) = served.fleet.runners()
    served.fleet.put(replace(runner, **fields))  # type: ignore[arg-type]


def when_seen(monkeypatch: pytest.MonkeyPatch, *steps: Callable[[], None]) -> None:
    """Has one step done each time that a status was told in which a runner is being replaced."""
    told_by, left = RunnerClient.status, iter(steps)

    async def status(client: RunnerClient) -> dict[str, Any]:
        answer = await told_by(client)
        if any(runner["replacing"] for runner in answer["runners"]):
            next(left)()
        return answer

    monkeypatch.setattr(RunnerClient, "status", status)


async def test_it_follows_to_the_end(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    become(served, pid=1)
    when_seen(monkeypatch, lambda: become(served, pid=2), lambda: become(served, replacing=False))
    async with told(served, tmp_path, lambda: become(served, replacing=True)) as config:
        await restart(config, said.append)
    assert said == ["r0: process 2 in place of 1"]
    assert not served.fleet.runners()[0].replacing


async def test_one_that_keeps_its_process_is_an_error(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    become(served, pid=1)
    when_seen(monkeypatch, lambda: become(served, replacing=False))
    async with told(served, tmp_path, lambda: become(served, replacing=True)) as config:
        with pytest.raises(RunnerDied) as caught:
            await restart(config, print)
    assert caught.value.detail.startswith("r0: no fresh process came up")


@pytest.mark.parametrize("gone", [True, False])
async def test_one_that_leaves_meanwhile_is_no_error(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: bool
) -> None:
    become(served, pid=1)

    def leave() -> None:
        become(served, replacing=False, state="draining")
        if gone:
            served.fleet.drop("r0")

    when_seen(monkeypatch, leave)
    async with told(served, tmp_path, lambda: become(served, replacing=True)) as config:
        await restart(config, print)


async def test_where_all_are_down_fresh_ones_come_anyway(served: Served, tmp_path: Path) -> None:
    become(served, pid=None, state="down")
    async with told(served, tmp_path, lambda: None) as config:
        await restart(config, print)


async def test_one_that_does_not_begin(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.cli.restart.BEGIN_SECONDS", 0.3)
    become(served, pid=1)
    async with told(served, tmp_path, lambda: None) as config:
        with pytest.raises(BalancerUnavailable) as caught:
            await restart(config, print)
    assert "did not begin" in caught.value.detail


async def test_nobody_is_told_where_no_balancer_runs(served: Served, tmp_path: Path) -> None:
    async with told(served, tmp_path, lambda: None) as config:
        pass
    pid_file.path_of(config).write_text(f"{os.getpid()}\n")  # a signal would be the end of these tests
    with pytest.raises(BalancerUnavailable):
        await restart(config, print)
