"""The processes are real: each starts, restricts itself, and ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import pytest

from registry.gallery.thumbnail_maker import ThumbnailMaker, make_thumbnails
from registry.store.store import Store
from registry.thumbnails.protocol import read
from styles.formats import style_file
from tests.fakes.registry import many
from tests.fakes.waiting import until

PREVIEW = style_file.shipped()[0].preview


async def test_a_process_makes_the_thumbnails_of_a_preview() -> None:
    pictures = await make_thumbnails(PREVIEW.read_bytes())
    assert pictures is not None
    assert len(pictures) == 3
    assert all(picture[8:12] == b"WEBP" for picture in pictures)


async def test_a_preview_that_cannot_be_decoded_says_why(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert await make_thumbnails(b"\xff\xd8\xff\x1b[2J") is None
    assert "NotAnImage" in caplog.text
    assert "\x1b" not in caplog.text


async def test_a_process_that_answers_nothing_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.gallery.thumbnail_maker.SECONDS", 0.0)
    assert await make_thumbnails(PREVIEW.read_bytes()) is None


async def test_every_preview_gets_its_thumbnails_once(
    store: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    many.hang(store, tmp_path_factory.mktemp("many"), 1 + len(many.TITLES))
    made: list[bytes] = []

    async def make(preview: bytes) -> Sequence[bytes] | None:
        made.append(preview)
        return None if len(made) == 1 else await many.in_this_process(preview)

    maker = ThumbnailMaker(store, make)
    running = asyncio.create_task(maker.run())
    try:
        await until(lambda: not store.thumbnails_wanted())
        many.hang(store, tmp_path_factory.mktemp("more"), 1)  # the same pictures again, and another version
        maker.wake()
        await asyncio.sleep(0)
        await until(lambda: list(store.incoming.iterdir()) == [])
    finally:
        running.cancel()
    assert len(made) == 2
    shown = {style.name: style.thumbnails for style in store.styles()}
    assert {len(paths) for paths in shown.values()} == {0, 3}
    paths = next(paths for paths in shown.values() if paths)
    assert list(paths) == ["240", "480", "800"]
    blob = store.blob("sha256:" + paths["480"].removeprefix("/blobs/"))
    assert blob
    assert blob.media_type == "image/webp"
    assert read(b"".join(len(part).to_bytes(4) + part for part in [blob.read()] * 3))
