"""Collections are rare in the block, and as before after it."""

from __future__ import annotations

import gc

from runner.garbage_collection import YOUNGEST, rare_collections


def test_collections_are_rare_until_the_block_ends() -> None:
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold()[0] == YOUNGEST > before[0]
    assert gc.get_threshold() == before
