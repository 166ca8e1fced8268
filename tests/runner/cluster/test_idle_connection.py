"""A connection on which a launcher waits: it starts a process, or says why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from runner.cluster.idle_connection import IdleConnection
from runner.cluster.relay_messages import VERSION, Hello, relay_frame
from runner.protocol.framing import Frame, read_frame, write_frame
from styles.errors import RunnerDied
from tests.fakes.runner.streams import Streams, both_ends


@pytest.fixture
async def ends() -> AsyncIterator[tuple[IdleConnection, Streams, list[IdleConnection]]]:
    """A watched connection, a launcher's end of it, and the connections that were lost."""
    ours, theirs = await both_ends()
    idle = IdleConnection(Hello(ticket="t", launcher="l", node="n", free=1, version=VERSION), *ours)
    lost: list[IdleConnection] = []
    watching = asyncio.create_task(idle.watch(lost.append))
    yield idle, theirs, lost
    for _, writer in (theirs, ours):
        writer.close()
    await watching


async def test_a_process_that_starts(ends: tuple[IdleConnection, Streams, list[IdleConnection]]) -> None:
    idle, (reader, writer), lost = ends
    starting = asyncio.create_task(idle.start())
    assert (await read_frame(reader) or Frame({})).header == {"relay": "start"}
    await write_frame(writer, relay_frame("started", pid=4711))
    connection = await starting
    assert connection.pid == 4711
    await write_frame(writer, relay_frame("ended", status=3))
    assert await connection.wait() == 3
    assert lost == []


async def test_a_process_that_does_not_start(
    ends: tuple[IdleConnection, Streams, list[IdleConnection]],
) -> None:
    idle, (reader, writer), lost = ends
    starting = asyncio.create_task(idle.start())
    await read_frame(reader)
    await write_frame(writer, relay_frame("failed", reason="no memory"))
    with pytest.raises(RunnerDied, match="no memory"):
        await starting
    assert lost == [idle]


async def test_a_launcher_that_does_not_answer(
    ends: tuple[IdleConnection, Streams, list[IdleConnection]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.cluster.idle_connection.START_SECONDS", 0.02)
    idle, _, _ = ends
    with pytest.raises(RunnerDied, match="does not answer"):
        await idle.start()
