"""Requests of a runner process for style files: each is answered once, failures too."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runner.fleet.style_file_pulls import MOST_PULLS, PullRequests
from runner.protocol.framing import Frame, WireError
from runner.protocol.pull_messages import frame_to_pulled
from styles.errors import RegistryUnavailable
from tests.fakes.waiting import until


async def test_a_path_and_every_failure_are_answered() -> None:
    sent: list[Frame] = []

    async def pull(digest: str) -> Path:
        match digest:
            case "away":
                raise RegistryUnavailable("away")
            case "full":
                raise OSError("no space")
            case "odd":
                raise RuntimeError("odd")
        return Path("/cache") / digest

    async def send(frame: Frame) -> None:
        sent.append(frame)

    pulls = PullRequests(pull, send)
    for digest in ("there", "away", "full", "odd"):
        pulls.begin(digest)
    await until(lambda: len(sent) == 4)
    answers = dict(map(frame_to_pulled, sent))
    assert answers.pop("there") == Path("/cache/there")
    assert [type(answer) for answer in answers.values()] == [RegistryUnavailable] * 3


async def test_nonsense_and_floods_are_refused_and_a_cancelled_request_is_not_answered() -> None:
    sent: list[Frame] = []

    async def never(_digest: str) -> Path:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(frame: Frame) -> None:
        sent.append(frame)

    pulls = PullRequests(never, send)
    with pytest.raises(WireError):
        pulls.begin(7)
    for number in range(MOST_PULLS):
        pulls.begin(str(number))
    with pytest.raises(WireError):
        pulls.begin("one more")
    pulls.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sent == []
    pulls.begin("again, since all others are gone")
    pulls.cancel()
