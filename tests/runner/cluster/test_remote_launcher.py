"""Connections of launchers and what starts on them; the other end is played by the test."""

from __future__ import annotations

import asyncio

import pytest

from runner.cluster.idle_connection import IdleConnection
from runner.cluster.relay_messages import VERSION, Hello, relay_frame
from runner.cluster.remote_launcher import RemoteLauncher
from runner.protocol.framing import read_frame, write_frame
from styles.errors import RunnerDied
from tests.fakes.runner.streams import Streams, both_ends
from tests.fakes.waiting import until


class Renewals:
    """Counts the launchers that take another one's place."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def nothing() -> None:
    """What is called when a launcher is let go."""


async def idle(launcher: str = "one", free: int = 5) -> tuple[IdleConnection, Streams]:
    """A connection, and a launcher's end of it."""
    ours, theirs = await both_ends()
    hello = Hello(ticket="t", launcher=launcher, node=f"node-{launcher}", free=free, version=VERSION)
    return IdleConnection(hello, *ours), theirs


async def said(end: Streams) -> object:
    frame = await read_frame(end[0])
    return frame and frame.header["relay"]


async def test_a_launcher_that_comes_anew_takes_the_place_of_another() -> None:
    renewed = Renewals()
    launcher = RemoteLauncher(renewed, nothing)
    first, first_end = await idle("one")
    launcher.join(first)
    second, second_end = await idle("two")
    launcher.join(second)
    assert await said(first_end) == "refused"
    assert (launcher.node, renewed.count) == ("node-two", 1)
    again, again_end = await idle("one")  # after a cut, and too late
    launcher.join(again)
    assert await said(again_end) == "refused"
    assert (launcher.node, renewed.count) == ("node-two", 1)
    await launcher.close()
    assert await said(second_end) == "refused"
    for end in (first_end, second_end, again_end):
        end[1].close()


async def test_the_free_memory_is_what_the_launcher_says() -> None:
    launcher = RemoteLauncher(nothing, nothing)
    joined, end = await idle(free=5)
    launcher.join(joined)
    assert launcher.free_memory() == 5
    await write_frame(end[1], relay_frame("free", free=7))
    await until(lambda: launcher.free_memory() == 7)
    end[1].close()
    await launcher.close()


async def test_a_start_waits_for_a_connection_as_long_as_it_may() -> None:
    launcher = RemoteLauncher(nothing, nothing)
    with pytest.raises(RunnerDied, match="no launcher came"):
        await launcher.start(0.01)
    assert not launcher.waiting
    starting = asyncio.create_task(launcher.start())
    await until(lambda: launcher.waiting)
    lost, lost_end = await idle()
    lost_end[1].close()
    launcher.join(lost)
    with pytest.raises(RunnerDied):
        await starting
    await launcher.close()
