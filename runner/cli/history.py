"""What `runner top` has seen of a balancer, one look after another."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Looks that are remembered; at one a second, two minutes.
MAX_LOOKS = 120


#: What a frame is made of, and of each runner. A balancer of another version may not say all of it.
KEYS = {
    *("ready", "reasons", "draining", "queued", "in_flight", "painted", "failed"),
    *("queue", "last_minute", "runners", "styles"),
}
RUNNER_KEYS = {"name", "state", "held", "credits", "photos", "restarts", "replacing", "since", "resident"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What there is to show after a look."""

    url: str
    status: Mapping[str, Any] | None = None  #: the last that was had
    ago: float = 0.0  #: how old that is, seconds
    missing: str = ""  #: why the last look found no balancer, where it found none
    rates: Sequence[float | None] = ()  #: photos a second between two looks, None where it was away
    queued: Sequence[float | None] = ()  #: photos that waited at each look


class History:
    """Looks at the balancer at `url`, as they come."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._status: Mapping[str, Any] | None = None
        self._at = 0.0
        self._missing = ""
        self._rates: deque[float | None] = deque(maxlen=MAX_LOOKS)
        self._queued: deque[float | None] = deque(maxlen=MAX_LOOKS)

    def found(self, status: Mapping[str, Any]) -> None:
        """A balancer that answered."""
        if not (status.keys() >= KEYS and all(runner.keys() >= RUNNER_KEYS for runner in status["runners"])):
            self.missed("what answers is of another version, or no balancer")
            return
        now = self._clock()
        self._rates.append(self._rate(status, now - self._at))
        self._queued.append(float(status["queued"]))
        self._status, self._at, self._missing = status, now, ""

    def missed(self, reason: str) -> None:
        """None did."""
        self._rates.append(None)
        self._queued.append(None)
        self._missing = reason

    def seen(self) -> Seen:
        """All of it."""
        return Seen(
            url=self._url,
            status=self._status,
            ago=self._clock() - self._at,
            missing=self._missing,
            rates=tuple(self._rates),
            queued=tuple(self._queued),
        )

    def _rate(self, status: Mapping[str, Any], seconds: float) -> float | None:
        """None after the first look, after one that failed, and where another process has begun to count."""
        if self._status is None or self._missing or seconds <= 0:
            return None
        painted = status["painted"] - self._status["painted"]
        return painted / seconds if painted >= 0 else None
