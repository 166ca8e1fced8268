"""The loss network's file: named by the config, or downloaded once and checked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from runner.learning import loss_network_file
from runner.learning.loss_network_file import FeaturesFile
from styles.learning_errors import FeaturesAway, LearningOff

CONTENT = b"weights" * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()[:8]


class Source:
    """A site that has the file, once it has answered `failures` times with an error."""

    def __init__(self) -> None:
        self.asked = self.failures = 0
        self.url = ""

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked += 1
        return web.Response(body=CONTENT, status=503 if self.asked <= self.failures else 200)


@pytest.fixture
async def source(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Source]:
    monkeypatch.setattr(loss_network_file, "PAUSES", (0.0, 0.0))
    source, app = Source(), web.Application()
    app.router.add_get("/vgg", source.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    source.url = f"http://127.0.0.1:{runner.addresses[0][1]}/vgg"
    yield source
    await runner.cleanup()


def read(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


async def test_a_named_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "own").write_bytes(b"own")
    assert read(await FeaturesFile(tmp_path / "own", tmp_path).open()) == b"own"
    missing = FeaturesFile(tmp_path / "none", tmp_path)
    with pytest.raises(LearningOff, match=r"\[runner\] features"):
        missing.require()
    with pytest.raises(LearningOff, match="cannot be read"):
        await missing.open()


async def test_nobody_is_asked_for_the_published_one_where_another_is_named(
    source: Source, tmp_path: Path
) -> None:
    file = FeaturesFile(tmp_path / "none", tmp_path, source.url, DIGEST)
    await file.look()
    assert source.asked == 0


async def test_the_published_one_is_downloaded_once_after_a_failure_too(
    source: Source, tmp_path: Path
) -> None:
    source.failures = 1
    file = FeaturesFile(None, tmp_path, source.url, DIGEST)
    assert [read(await file.open()) for _ in range(2)] == [CONTENT] * 2
    assert source.asked == 2


async def test_another_content_than_the_published_one_is_refused(source: Source, tmp_path: Path) -> None:
    file = FeaturesFile(None, tmp_path, source.url, "00000000")
    with pytest.raises(FeaturesAway, match="another digest"):
        await file.open()
    assert source.asked == 3
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240 - a folder without files


async def test_whether_it_can_be_downloaded_is_known_before_it_is_needed(
    source: Source, tmp_path: Path
) -> None:
    source.failures = 2
    file = FeaturesFile(None, tmp_path, source.url, DIGEST)
    file.require()  # nobody has looked yet
    await file.look()
    with pytest.raises(FeaturesAway, match="cannot be downloaded"):  # the site may be away for a moment
        file.require()
    await file.look()
    with pytest.raises(LearningOff, match=r"cannot be downloaded .*\[runner\] features"):
        file.require()
    for _ in range(3):
        await file.look()
    assert source.asked == 3  # once it is there nobody asks again
    file.require()
    source.failures = 99
    with pytest.raises(FeaturesAway, match="cannot be downloaded"):
        await file.open()
    with pytest.raises(LearningOff, match="503"):
        file.require()
    source.failures = 0
    os.close(await file.open())
    file.require()


async def test_where_nobody_can_be_reached_a_file_that_is_there_will_do(tmp_path: Path) -> None:
    file = FeaturesFile(None, tmp_path, "http://127.0.0.1:9/vgg", DIGEST)
    for _ in range(2):
        await file.look()
    with pytest.raises(LearningOff, match="cannot be downloaded"):
        file.require()
    (tmp_path / loss_network_file.FILE).write_bytes(CONTENT)
    file.require()
