"""The balancer's end of a relayed process: its exit status, where one is known."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator

import pytest

from runner.cluster.relay_messages import relay_frame
from runner.cluster.remote_process import RemoteProcess
from runner.protocol.framing import Frame, read_frame, write_frame
from tests.fakes.runner.streams import Streams, both_ends


@pytest.fixture
async def ends() -> AsyncIterator[tuple[RemoteProcess, Streams]]:
    ours, theirs = await both_ends()
    yield RemoteProcess(7, *ours), theirs
    for _, writer in (theirs, ours):
        writer.close()


async def test_its_exit_status_comes_by_the_relay(ends: tuple[RemoteProcess, Streams]) -> None:
    process, (_, writer) = ends
    await write_frame(writer, Frame({"id": 1}))
    await write_frame(writer, relay_frame("ended", status=-11))
    assert await process.read() == Frame({"id": 1}, [])
    assert await process.read() is None
    process.kill()  # changes nothing any more
    assert await process.wait() == -11


async def test_without_one_it_was_lost(ends: tuple[RemoteProcess, Streams]) -> None:
    process, (_, writer) = ends
    writer.close()
    assert await process.read() is None
    assert await process.wait() is None


async def test_a_stop_is_asked_for_and_enforced(
    ends: tuple[RemoteProcess, Streams], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.cluster.remote_process.TERM_SECONDS", 0.0)
    monkeypatch.setattr("runner.cluster.remote_process.RELAY_SECONDS", 0.02)
    process, (reader, _) = ends
    await process.stop()
    assert (await read_frame(reader) or Frame({})).header == {"relay": "stop"}
    assert await process.wait() == -signal.SIGKILL
    assert await read_frame(reader) is None
