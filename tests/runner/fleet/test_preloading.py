"""What is loaded ahead, in which order, and what no more."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from runner.fleet.fleet import MAX_PRELOADED
from runner.fleet.preloading import Preloader


async def test_the_newest_first_and_each_once() -> None:
    preloader = Preloader()
    for digest in "abc":
        preloader.add(digest)
    async with aclosing(preloader.follow()) as digests:
        assert [await anext(digests) for _ in range(3)] == ["c", "b", "a"]
        coming = asyncio.ensure_future(anext(digests))
        await asyncio.sleep(0)
        assert not coming.done()
        preloader.add("d")
        assert await coming == "d"


async def test_of_fifty_in_a_row_the_last_few() -> None:
    preloader = Preloader()
    preloader.add("before")
    async with aclosing(preloader.follow()) as digests:
        assert await anext(digests) == "before"
        for number in range(50):  # while that is being loaded
            preloader.add(str(number))
        assert [await anext(digests) for _ in range(MAX_PRELOADED)] == ["49", "48", "47", "46"]
        preloader.add("after")
        assert await anext(digests) == "after"


async def test_what_goes_live_again_is_loaded_again() -> None:
    preloader = Preloader()
    async with aclosing(preloader.follow()) as digests:
        for digest in ("a", "b", "a"):  # a rollback
            preloader.add(digest)
            assert await anext(digests) == digest


async def test_each_process_follows_for_itself() -> None:
    preloader = Preloader()
    preloader.add("a")
    async with aclosing(preloader.follow()) as one, aclosing(preloader.follow()) as other:
        assert (await anext(one), await anext(other)) == ("a", "a")
