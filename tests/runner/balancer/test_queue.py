"""Turns of the senders in the queue, and keys and limits of a batch."""

from __future__ import annotations

import pytest

from runner.balancer import batching
from runner.balancer.batching import QueuedJob
from runner.balancer.render_plan import RenderPlan
from runner.protocol.messages import StyleShare
from styles.contract import PROOFS
from tests.fakes.runner.fleet import a_job, a_style
from tests.fakes.runner.queued import ONE, a_sheet, photo, queue_of, senders, take


def test_empty() -> None:
    queue = queue_of()
    assert take(queue, ONE) == []
    assert list(queue.fronts()) == []
    assert queue.newest_of_heaviest() is None
    assert (len(queue), queue.bytes) == (0, 0)


def test_one_sender_is_served_in_order() -> None:
    photos = [photo(id=str(i)) for i in range(5)]
    queue = queue_of(*photos)
    assert [take(queue, ONE) for _ in range(5)] == [[each] for each in photos]
    assert (len(queue), queue.bytes) == (0, 0)


def test_five_hundred_photos_delay_one_by_a_batch_at_most() -> None:
    queue = queue_of(*[photo("ann") for _ in range(500)])
    assert senders(take(queue, 4 * ONE)) == ["ann"] * 4  # is being painted when the other comes
    queue.add(photo("bob"))
    assert "bob" in senders(take(queue, 4 * ONE))


def test_even_with_another_style() -> None:
    queue = queue_of(*[photo("ann") for _ in range(500)])
    take(queue, 4 * ONE)
    queue.add(photo("bob", style=a_style("cubist", base="other")))
    assert [senders(take(queue, 4 * ONE)) for _ in range(2)] == [["bob"], ["ann"] * 4]


def test_senders_share_a_batch() -> None:
    queue = queue_of(*[photo(sender) for sender in "aaaabbc"])
    assert senders(take(queue, 4 * ONE)) == ["a", "b", "c", "a"]
    assert senders(take(queue, 4 * ONE)) == ["b", "a", "a"] or len(queue) == 0


def test_turns_go_round() -> None:
    queue = queue_of(*[photo(sender) for sender in "aaabbc"])
    assert [senders(take(queue, ONE))[0] for _ in range(6)] == ["a", "b", "c", "a", "b", "a"]


def test_proofs_come_behind_all_photos_of_people() -> None:
    queue = queue_of(*[photo(sender) for sender in (PROOFS, PROOFS, "ann", "ann")])
    assert senders(take(queue, ONE)) == ["ann"]
    queue.add(photo("bob"))
    first = [take(queue, ONE) for _ in range(3)]
    assert [senders(batch) for batch in first] == [["bob"], ["ann"], [PROOFS]]
    queue.done(first[2])
    queue.add(photo("cid"))
    assert [senders(take(queue, ONE)) for _ in range(3)] == [["cid"], [PROOFS], []]


def test_who_comes_anew_goes_before_who_has_a_photo_with_a_runner() -> None:
    queue = queue_of(*[photo("ann") for _ in range(5)])
    first = take(queue, ONE)
    queue.add(photo("bob"))
    queue.add(photo("cid"))
    assert [senders(take(queue, ONE)) for _ in range(3)] == [["bob"], ["cid"], ["ann"]]
    queue.done(first)
    queue.add(photo("ann"))
    assert queue.count("ann") == 4


def test_but_behind_who_has_none_there_any_more() -> None:
    queue = queue_of(photo("ann"), photo("ann"))
    queue.done(take(queue, ONE))
    queue.add(photo("bob"))
    assert [senders(take(queue, ONE)) for _ in range(2)] == [["ann"], ["bob"]]


def test_who_never_stops_sending_is_not_new_each_time() -> None:
    queue = queue_of(photo("ann"), photo("ann"), photo("ann"), photo("bob"))
    take(queue, ONE)
    take(queue, ONE)
    queue.add(photo("bob"))  # has one with a runner, as ann has, who was served before
    assert [senders(take(queue, ONE)) for _ in range(3)] == [["ann"], ["bob"], ["ann"]]


def test_a_sheet_is_a_batch_of_its_own_in_its_senders_turn() -> None:
    sheets = a_sheet("a"), a_sheet("b")
    queue = queue_of(photo("a", size=64), *sheets, photo("c", size=64))
    assert [senders(take(queue, 9 * ONE)) for _ in range(3)] == [["a", "c"], ["b"], ["a"]]


def test_a_suspect_is_painted_alone() -> None:
    suspect = photo("a", alone=True)
    queue = queue_of(photo("b"), photo("a"), suspect, photo("b"))
    assert suspect not in take(queue, 9 * ONE)
    assert take(queue, 9 * ONE) == [suspect]


def test_a_suspect_goes_before_its_senders_others() -> None:
    queue = queue_of(photo("a"), suspect := photo("a", alone=True))
    assert take(queue, 9 * ONE) == [suspect]
    assert len(queue) == 1


def test_remove() -> None:
    first, second = photo("a"), photo("a")
    queue = queue_of(first, second)
    assert queue.remove(first)
    assert not queue.remove(first)
    assert (len(queue), queue.bytes, queue.count("a")) == (1, 5, 1)
    assert take(queue, ONE) == [second]


def test_the_heaviest_gives_way_with_its_newest() -> None:
    queue = queue_of(photo("a"), photo("b"), newest := photo("b"))
    assert queue.newest_of_heaviest() is newest
    assert (queue.count("b"), queue.count("nobody")) == (2, 0)


def test_a_retried_photo_never_gives_way() -> None:
    assert queue_of(photo("a", alone=True)).newest_of_heaviest() is None


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
