"""Keys and limits of a batch."""

from __future__ import annotations

import pytest

from runner.balancer import batching
from runner.balancer.batching import QueuedJob
from runner.balancer.render_plan import RenderPlan
from runner.protocol.messages import StyleShare
from tests.fakes.runner.fleet import a_job, a_style
from tests.fakes.runner.queued import ONE, a_sheet, photo, queue_of, senders, take


def test_places_of_a_batch() -> None:
    queue = queue_of(*[photo() for _ in range(9)])
    assert photo().batch_capacity(4 * ONE) == len(take(queue, 4 * ONE)) == 4
    assert photo(size=512).batch_capacity(4 * ONE) == 4  # they are painted as large
    assert photo(size=256).batch_capacity(4 * ONE) == 16
    assert photo(size=4096).batch_capacity(4 * ONE) == photo(size=4096).batch_capacity(ONE) == 1
    assert photo(size=64).batch_capacity(4 * ONE) == batching.MAX_PHOTOS == 16  # each is decoded whole
    assert photo(alone=True).batch_capacity(4 * ONE) == 1
    assert queue.senders == 1


def test_a_batch_has_one_base_and_one_size() -> None:
    queue = queue_of(
        photo("a", style=a_style("mosaic", base="x")),
        photo("b", style=a_style("udnie", base="x")),
        photo("c", style=a_style("mosaic", base="y")),
        photo("d", style=a_style("mosaic", base="x"), size=512),
    )
    assert senders(take(queue, 9 * ONE)) == ["a", "b"]
    assert senders(take(queue, 9 * ONE)) == ["c"]
    assert senders(take(queue, 9 * ONE)) == ["d"]


def test_the_limit_is_in_pixels() -> None:
    assert len(take(queue_of(*[photo() for _ in range(9)]), 4 * ONE - 1)) == 3
    assert len(take(queue_of(*[photo(size=256) for _ in range(99)]), 2 * ONE)) == 8
    assert len(take(queue_of(*[photo(size=4096) for _ in range(9)]), ONE)) == 1  # at least one


@pytest.mark.parametrize(("limit", "value"), [("MAX_PHOTOS", 3), ("MAX_BYTES", 3 * 5)])
def test_a_batch_fits_into_a_frame(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(batching, limit, value)
    queue = queue_of(*[photo() for _ in range(8)])  # of five bytes each
    assert [len(take(queue, 99 * ONE)) for _ in range(3)] == [3, 3, 2]


def test_a_sheet_has_the_pixels_of_all_its_paintings() -> None:
    assert a_sheet("a", 7).pixels == 7 * 128**2  # enlarged


def test_a_blend_has_the_pixels_of_one() -> None:
    parts = (StyleShare(digest="sha256:a", share=0.5), StyleShare(digest="sha256:b", share=0.5))
    blend = QueuedJob(job=a_job(), plan=RenderPlan(parts=parts, base="base", version=1, names=("a",)))
    assert blend.pixels == ONE
    assert len(take(queue_of(photo("b"), blend), 4 * ONE)) == 2
