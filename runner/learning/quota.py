"""Limit how many paintings one person may have learnt in a day, by mail, page and HTTP together.

A person is an opaque name that the client gives: the registry sends a digest of an account or of an address.
So nobody fills the queue alone. What was cancelled before its turn, and a picture that taught nothing, do not
count. Nor does a wrong picture that is swapped for the right one. What is sent again after its job was
forgotten counts once. The names are kept on disk for a day, so that a restart is no way around the limit.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from runner.learning.job_store import LearningStore
from styles.learning_errors import EnoughForToday
from styles.service.units import DAY

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedPainting:
    """Hold a painting that counts."""

    id: str  #: of its job
    owner: str
    at: float  #: time of its coming, seconds since 1970
    key: str = ""  #: of the request that may come once more; "" while the job is known
    is_swapped: bool = False  #: for another picture, so that it does not count


Counted: TypeAlias = Sequence[CountedPainting]


class LearningQuota:
    """Count the paintings of each person."""

    def __init__(self, store: LearningStore, most: int, clock: Callable[[], float] = time.time) -> None:
        """Take `most`, the paintings of a person in a day; 0 is no limit."""
        self._store, self._most, self._clock = store, most, clock
        self._counted: Counted = ()
        self._writing = asyncio.Lock()

    async def load(self) -> None:
        """Read what counts from before a restart."""
        self._counted = await asyncio.to_thread(self._store.read_list, list[CountedPainting])

    def of(self, owner: str) -> int:
        """Return how many paintings of a person count; none where the person is not known."""
        return self._number(owner, is_swapped=False) if owner else 0

    async def take(self, id: str, owner: str, key: str = "") -> None:
        """Count a painting, unless it may come again by `key`.

        Raises `EnoughForToday`, and OSError, after which it is to be given back.
        """
        now = self._clock()
        counted = [each for each in self._counted if each.at > now - DAY]
        again = next((each for each in counted if key and (each.owner, each.key) == (owner, key)), None)
        if again is not None:
            counted.remove(again)
        elif 0 < self._most <= self.of(owner):
            raise EnoughForToday(self._most)
        if owner:
            at = again.at if again else now
            await self._keep([*counted, CountedPainting(id=id, owner=owner, at=at)])

    async def let_come_again(self, id: str, key: str) -> None:
        """Have a painting count once whose job is forgotten: its client may not have heard of the end."""
        if key and any(each.id == id for each in self._counted):
            changed = [replace(each, key=key) if each.id == id else each for each in self._counted]
            await self._try_to_keep(changed)

    async def give_back(self, id: str) -> None:
        """Take a painting out of the count again."""
        if any(each.id == id for each in self._counted):
            await self._try_to_keep([each for each in self._counted if each.id != id])

    async def swap(self, id: str) -> None:
        """Have a painting not count any more that was learnt by mistake.

        As many may be swapped in a day as count: else somebody could keep the machine busy all the time.
        """
        for each in self._counted:
            if each.id == id and (not self._most or self._number(each.owner, is_swapped=True) < self._most):
                swapped = replace(each, is_swapped=True)
                await self._try_to_keep([swapped if one is each else one for one in self._counted])

    def _number(self, owner: str, *, is_swapped: bool) -> int:
        since, kind = self._clock() - DAY, (owner, is_swapped)
        return sum((each.owner, each.is_swapped) == kind and each.at > since for each in self._counted)

    async def _try_to_keep(self, counted: Counted) -> None:
        try:
            await self._keep(counted)
        except OSError as error:
            log.warning("after a restart a painting counts that should not: %s", error)

    async def _keep(self, counted: Counted) -> None:
        self._counted = counted  # at once: the next painting may come before it is written
        async with self._writing:
            await asyncio.to_thread(self._store.write_list, self._counted)
