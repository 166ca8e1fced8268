"""The painting in a picture, found before anything is learnt from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.learning import corners
from styles.errors import NotAnImage
from styles.learning_errors import CornersTimeout, LearningQueueFull, PaintingBlank
from tests.fakes.learning.queues import ORDER, learning


async def test_corners_are_found_beside_what_is_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with learning(tmp_path) as queue:
        job = await queue.submit(ORDER, b"HANG")
        found = await queue.finder.find(b"wall")
        assert (found.width, found.found) == (640, True)
        with pytest.raises(PaintingBlank):
            await queue.finder.find(b"BAD")
        with pytest.raises(NotAnImage, match="killed the process"):
            await queue.finder.find(b"DIE")
        monkeypatch.setattr(corners, "CORNERS_SECONDS", 0.0)
        with pytest.raises(CornersTimeout):  # of which no picture is to blame
            await queue.finder.find(b"wall")
        await queue.remove(job)
        monkeypatch.setattr(corners, "MOST_CORNERS", 0)
        with pytest.raises(LearningQueueFull):
            await queue.finder.find(b"wall")
