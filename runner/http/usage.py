"""Count the paintings of each style by day, for the people whose styles they are.

The registry asks for the counts by GET /v1/usage, and keeps them. `source` is drawn at each start, so that
the counts of several balancers, and of one before and after its restart, add up.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from styles.contract import PRIVATE, PROOFS, StyleJob
from styles.errors import BadOption
from styles.language import blend_syntax

#: Days that are kept. The registry asks every minute, and may be away for a day.
KEPT_DAYS = 3
#: Most styles that are counted for a day. Only painted styles are, so the registry has them all.
MOST_STYLES = 10_000


def _today() -> date:
    return datetime.now(UTC).date()


class DailyUsage:
    """Hold counts of paintings by day and style."""

    def __init__(self, today: Callable[[], date] = _today) -> None:
        self._today = today
        self._source = secrets.token_hex(16)
        self._days: dict[date, Counter[str]] = {}

    def painted(self, job: StyleJob) -> None:
        """Count a painted photo for each style of its blend, but for private ones. A sheet asks for none."""
        if job.sheet or job.sender == PROOFS:
            return
        today = self._today()
        counts = self._days.setdefault(today, Counter())
        for name in _names(job.style):
            if name in counts or len(counts) < MOST_STYLES:
                counts[name] += 1
        for day in [day for day in self._days if day <= today - timedelta(days=KEPT_DAYS)]:
            del self._days[day]

    def as_json(self) -> dict[str, Any]:
        """Return the source, and the counts by day and style."""
        days = {day.isoformat(): dict(counts) for day, counts in self._days.items()}
        return {"source": self._source, "days": days}


def _names(style: str) -> set[str]:
    """Return the names of the public styles of a job, without the versions that it names."""
    try:
        named = [name.partition("@") for name in blend_syntax.read(style)]
    except BadOption:  # no blend that a job can have
        return set()
    return {name for name, _, ref in named if not ref.startswith(PRIVATE)}  # anybody may ask for the counts
