from __future__ import annotations

import asyncio
import threading

import msgspec
import pytest

from registry.store.events import Changes, EventFeed, StyleEvent
from tests.fakes.waiting import until

EVENT = StyleEvent(seq=1, at="2026-01-01T00:00:00.000+00:00", kind="published", style="udnie", version=1)

#: Seconds between polls, where only a call of `wake` is to help.
NEVER = 1000.0


class Past:
    """What has happened so far, as the store would tell it."""

    def __init__(self) -> None:
        self.events: tuple[StyleEvent, ...] = ()

    def __call__(self, since: int) -> Changes:
        return Changes(events=self.events[since:], last=len(self.events))


async def test_several_who_wait_are_all_woken() -> None:
    past = Past()
    feed = EventFeed(past, 0.01)
    waiting = [asyncio.create_task(feed.wait(0)) for _ in range(3)]
    done, _ = await asyncio.wait(waiting, timeout=0.05)
    assert not done
    past.events = (EVENT,)
    assert await asyncio.wait_for(asyncio.gather(*waiting), 10) == [Changes(events=(EVENT,), last=1)] * 3


async def test_who_is_woken_looks_at_once() -> None:
    past = Past()
    feed = EventFeed(past, NEVER)
    waiting = [asyncio.create_task(feed.wait(0)) for _ in range(3)]
    await asyncio.wait(waiting, timeout=0.05)
    assert feed.waiting == 3
    feed.wake()  # for nothing: they look, and go on waiting
    done, _ = await asyncio.wait(waiting, timeout=0.05)
    assert not done
    past.events = (EVENT,)
    feed.wake()
    assert await asyncio.wait_for(asyncio.gather(*waiting), 10) == [Changes(events=(EVENT,), last=1)] * 3
    assert feed.waiting == 0


async def test_a_change_during_the_look_is_not_slept_over() -> None:
    past, looked, changed = Past(), threading.Event(), threading.Event()

    def slow(since: int) -> Changes:
        found = past(since)
        looked.set()
        assert changed.wait(10)
        return found

    feed = EventFeed(slow, NEVER)
    waiting = asyncio.create_task(feed.wait(0))
    await until(looked.is_set)
    past.events = (EVENT,)
    feed.wake()
    changed.set()
    assert await asyncio.wait_for(waiting, 10) == Changes(events=(EVENT,), last=1)


async def test_closing_answers_who_waits_and_who_comes_later() -> None:
    feed = EventFeed(Past(), NEVER)
    waiting = asyncio.create_task(feed.wait(0))
    await asyncio.sleep(0)
    feed.close()
    nothing = Changes(events=(), last=0)
    assert await asyncio.wait_for(waiting, 10) == nothing
    assert await asyncio.wait_for(feed.wait(0), 10) == nothing


@pytest.mark.parametrize("turns", range(3))
async def test_who_is_cancelled_while_it_closes_is_cancelled(turns: int) -> None:
    feed = EventFeed(Past(), NEVER)
    waiting = asyncio.create_task(feed.wait(0))
    await asyncio.wait([waiting], timeout=0.05)
    feed.close()
    for _ in range(turns):
        await asyncio.sleep(0)
    if waiting.cancel():  # False: it is done already
        with pytest.raises(asyncio.CancelledError):
            await waiting


@pytest.mark.parametrize(
    "values", [{}, {"seq": "x"}, {"seq": None, "at": 1, "kind": 1, "style": 1, "version": 1}]
)
def test_what_is_no_event(values: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(values, StyleEvent)
