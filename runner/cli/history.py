"""Record the last states of a balancer, for `runner top`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

#: Looks that are kept; at one a second, two minutes.
MAX_LOOKS = 120

#: Keys that a frame needs of the status, and of each runner. Another version may lack some.
KEYS = {
    *("ready", "reasons", "draining", "queued", "in_flight", "painted", "failed"),
    *("queue", "last_minute", "runners", "styles", "uptime", "version", "quarantined"),
}
RUNNER_KEYS = {
    *("name", "state", "held", "credits", "photos", "restarts", "replacing", "since", "resident"),
    *("pid", "memory", "loads", "evictions"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedStatus:
    """Hold the values that a frame shows."""

    url: str
    status: Mapping[str, Any] | None = None  #: the last status
    ago: float = 0.0  #: age of `status`, seconds
    missing: str = ""  #: why the last look failed; "" if it did not
    rates: Sequence[float | None] = ()  #: photos a second between two looks, None if one failed
    queued: Sequence[float | None] = ()  #: photos in the queue at each look


class History:
    """Record the answers of the balancer at `url` to one question after the other."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = 0.0
        self._seen = RecordedStatus(url=url)

    def found(self, status: Mapping[str, Any]) -> None:
        """Add a status that the balancer answered with."""
        if not (status.keys() >= KEYS and all(runner.keys() >= RUNNER_KEYS for runner in status["runners"])):
            self.missed("what answers is of another version, or no balancer")
            return
        now = self._clock()
        self._add(self._rate(status, now - self._at), float(status["queued"]), status=status, missing="")
        self._at = now

    def missed(self, reason: str) -> None:
        """Note that the balancer gave no status, and why."""
        self._add(None, None, missing=reason)

    def seen(self) -> RecordedStatus:
        """Return the values for the next frame."""
        return replace(self._seen, ago=self._clock() - self._at)

    def _add(self, rate: float | None, queued: float | None, **changes: Any) -> None:
        seen = self._seen
        rates, waiting = (*seen.rates, rate)[-MAX_LOOKS:], (*seen.queued, queued)[-MAX_LOOKS:]
        self._seen = replace(seen, rates=rates, queued=waiting, **changes)

    def _rate(self, status: Mapping[str, Any], seconds: float) -> float | None:
        """Return the photos a second; None after the first or a failed look, and after a restart."""
        last = self._seen.status
        if last is None or self._seen.missing or seconds <= 0:
            return None
        painted = status["painted"] - last["painted"]
        return painted / seconds if painted >= 0 else None
