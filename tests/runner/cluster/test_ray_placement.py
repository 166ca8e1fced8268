"""The balancer's end of the pipe to its client of Ray: one that dies is replaced, and gets the list again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runner.cluster.ray_placement import RayPlacement
from runner.cluster.relay_messages import LauncherSettings
from runner.config import RayConfig, RunnerConfig
from tests.fakes.runner.cluster.ray_fleet import NETWORK
from tests.fakes.waiting import until

#: A client that writes down its process id and each list that it is given.
CLIENT = """
import json, os, sys
print(json.dumps({"event": "connected"}), "and noise", sep="\\n", flush=True)
with open(sys.argv[1], "a", buffering=1) as file:
    for line in sys.stdin:
        file.write(json.dumps([os.getpid(), sorted(json.loads(line)["wanted"])]) + "\\n")
"""


def settings(ticket: str) -> LauncherSettings:
    return LauncherSettings(
        host="h", port=1, tls=False, private_network=NETWORK, ticket=ticket, registry="r", cache="c",
        cache_disk_bytes=1, cache_bytes=1, device="cpu", threads=1, module="m", json_logs=False,
    )  # fmt: skip


class Placed(RayPlacement):
    """One whose client is the program above."""

    def __init__(self, file: Path) -> None:
        super().__init__(RunnerConfig(ray=RayConfig(private_network=NETWORK)))
        self._file = file
        file.touch()

    def _command(self) -> list[str]:
        return [sys.executable, "-c", CLIENT, str(self._file)]

    def heard(self) -> list[tuple[int, list[str]]]:
        """Process ids and tickets."""
        return [(pid, tickets) for pid, tickets in map(json.loads, self._file.read_text().splitlines())]


@pytest.fixture
async def placement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Placed]:
    monkeypatch.setattr("runner.cluster.ray_placement.require", lambda *_: None)
    placement = Placed(tmp_path / "heard")
    await placement.startup()
    yield placement
    await placement.shutdown()


async def test_a_client_is_told_the_whole_list_at_each_change(
    placement: Placed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    placement.want(settings("a"))
    placement.want(settings("b"))
    placement.drop("a")
    await until(lambda: [t for _, t in placement.heard()][-1:] == [["b"]])
    await until(lambda: "Ray: connected" in caplog.text)


async def test_a_client_that_dies_is_replaced_and_told_again(
    placement: Placed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.cluster.ray_placement.FIRST_PAUSE", 0.01)
    placement.want(settings("a"))
    await until(lambda: placement.heard() and placement.heard()[-1][1] == ["a"])
    killed = placement.heard()[-1][0]
    os.kill(killed, signal.SIGKILL)
    await until(lambda: placement.heard()[-1][0] != killed)
    assert placement.heard()[-1][1] == ["a"]


async def test_a_client_that_does_not_start_is_tried_again(
    placement: Placed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("runner.cluster.ray_placement.FIRST_PAUSE", 0.01)
    placement.want(settings("a"))
    await until(placement.heard)
    killed = placement.heard()[-1][0]
    with monkeypatch.context() as broken:
        broken.setattr(placement, "_command", lambda: ["/no/such/program"])
        os.kill(killed, signal.SIGKILL)
        await until(lambda: "did not start" in caplog.text)
    await until(lambda: placement.heard()[-1][0] != killed)


async def test_a_client_that_hangs_does_not_delay_the_end_for_long(
    placement: Placed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.cluster.ray_placement.STOP_SECONDS", 0.05)
    placement.want(settings("a"))
    await until(placement.heard)
    pid = placement.heard()[0][0]
    os.kill(pid, signal.SIGSTOP)
    await asyncio.wait_for(placement.shutdown(), 20)
