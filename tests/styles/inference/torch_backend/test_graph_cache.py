"""Captured graphs: the least recently used goes first, all go where bytes run out, and none outlives its
session.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from styles.inference.torch_backend.graph_cache import GraphCache


@dataclass(frozen=True)
class Piece:
    """A captured graph that takes some memory."""

    bytes: int = 10


def kept(graphs: GraphCache, *sizes: int, owner: object = "session") -> list[int]:
    """Asks for captured graphs of those sizes; which were made."""
    made: list[int] = []

    def make(size: int) -> Piece:
        made.append(size)
        return Piece()

    for size in sizes:
        graphs.get(owner, size, lambda size=size: make(size))  # type: ignore[misc]
    return made


def test_what_was_not_used_for_longest_goes_first() -> None:
    graphs = GraphCache(most=3)
    assert kept(graphs, 1, 2, 3, 1, 4) == [1, 2, 3, 4]
    assert kept(graphs, 1, 3, 4) == []
    assert kept(graphs, 2) == [2]
    assert len(graphs) == 3


def test_sessions_have_graphs_of_their_own() -> None:
    graphs = GraphCache()
    assert kept(graphs, 1, owner="one") == kept(graphs, 1, owner="other") == [1]


def test_where_bytes_run_out_all_go_since_activations_are_shared() -> None:
    graphs = GraphCache(most_bytes=100)
    kept(graphs, 1, 2)
    graphs.shared = 79
    assert kept(graphs, 3) == [3]  # 99 were taken, now 109
    assert graphs.bytes == 109
    assert kept(graphs, 1) == []
    assert kept(graphs, 4) == [4]
    assert (len(graphs), graphs.bytes, graphs.shared) == (1, 10, 0)


def test_the_graphs_of_a_session_that_is_gone_go_with_the_next_request() -> None:
    graphs = GraphCache()
    kept(graphs, 1, 2, owner="gone")
    kept(graphs, 1)
    graphs.shared = 50
    thread = threading.Thread(target=graphs.forget, args=("gone",))  # whoever drops the session
    thread.start()
    thread.join()
    kept(graphs, 1)
    assert (len(graphs), graphs.shared) == (1, 50)
    graphs.forget("session")
    kept(graphs, 1, owner="new")
    assert (len(graphs), graphs.shared) == (1, 0)


def test_what_was_met_is_remembered_for_some_time() -> None:
    graphs = GraphCache(most=1)
    assert [graphs.met("session", size) for size in (1, 2, 1)] == [False, False, True]
    assert not graphs.met("other", 1)
    assert not any(graphs.met("session", size) for size in (3, 4, 5))
    assert graphs.met("session", 3)
    assert not graphs.met("session", 2)
