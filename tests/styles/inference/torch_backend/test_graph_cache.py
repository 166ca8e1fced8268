"""Plates: the least recently used goes first, all go where bytes run out, and none outlives its canvas."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from styles.inference.torch_backend.graph_cache import Plates


@dataclass(frozen=True)
class Piece:
    """A plate that takes some memory."""

    bytes: int = 10


def kept(plates: Plates, *sizes: int, owner: object = "canvas") -> list[int]:
    """Asks for plates of those sizes; which were made."""
    made: list[int] = []

    def make(size: int) -> Piece:
        made.append(size)
        return Piece()

    for size in sizes:
        plates.get(owner, size, lambda size=size: make(size))  # type: ignore[misc]
    return made


def test_what_was_not_used_for_longest_goes_first() -> None:
    plates = Plates(most=3)
    assert kept(plates, 1, 2, 3, 1, 4) == [1, 2, 3, 4]
    assert kept(plates, 1, 3, 4) == []
    assert kept(plates, 2) == [2]
    assert len(plates) == 3


def test_canvases_have_plates_of_their_own() -> None:
    plates = Plates()
    assert kept(plates, 1, owner="one") == kept(plates, 1, owner="other") == [1]


def test_where_bytes_run_out_all_go_since_activations_are_shared() -> None:
    plates = Plates(most_bytes=100)
    kept(plates, 1, 2)
    plates.shared = 79
    assert kept(plates, 3) == [3]  # 99 were taken, now 109
    assert plates.bytes == 109
    assert kept(plates, 1) == []
    assert kept(plates, 4) == [4]
    assert (len(plates), plates.bytes, plates.shared) == (1, 10, 0)


def test_the_plates_of_a_canvas_that_is_gone_go_with_the_next_wish() -> None:
    plates = Plates()
    kept(plates, 1, 2, owner="gone")
    kept(plates, 1)
    plates.shared = 50
    thread = threading.Thread(target=plates.forget, args=("gone",))  # whoever drops the canvas
    thread.start()
    thread.join()
    kept(plates, 1)
    assert (len(plates), plates.shared) == (1, 50)
    plates.forget("canvas")
    kept(plates, 1, owner="new")
    assert (len(plates), plates.shared) == (1, 0)


def test_what_was_met_is_remembered_for_some_time() -> None:
    plates = Plates(most=1)
    assert [plates.met("canvas", size) for size in (1, 2, 1)] == [False, False, True]
    assert not plates.met("other", 1)
    assert not any(plates.met("canvas", size) for size in (3, 4, 5))
    assert plates.met("canvas", 3)
    assert not plates.met("canvas", 2)
