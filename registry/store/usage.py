"""Keep how often each style is painted by day, as the balancers count it.

A balancer reports totals of its own, under a source that is drawn at its start. So a report may come twice,
and several registries may ask one balancer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from registry.database.dialect import Transaction

#: Days that are kept: a year, and a month beside it.
KEPT_DAYS = 400
_KEEP = """
    INSERT INTO usage (source, day, style, photos) VALUES (?, ?, ?, ?)
    ON CONFLICT (source, day, style) DO UPDATE SET photos = excluded.photos
    WHERE excluded.photos > usage.photos"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfUse:
    """Count the photos that were painted in a style on a day."""

    day: str  #: ISO 8601, UTC
    photos: int


def record_usage(db: Transaction, source: str, days: Mapping[str, Mapping[str, int]]) -> None:
    """Keep a balancer's counts by day and style, of the styles that exist."""
    known = {row["name"] for row in db.rows("SELECT name FROM style")}
    for day, counts in days.items():
        for style, photos in counts.items():
            if style in known:
                db.execute(_KEEP, source, day, style, photos)
    db.execute("DELETE FROM usage WHERE day < ?", _days_ago(KEPT_DAYS).isoformat())


def usage(db: Transaction, style: str, days: int = 30) -> Sequence[DayOfUse]:
    """Return the last `days` days of a style, the oldest first, those without a photo too."""
    query = "SELECT day, sum(photos) AS photos FROM usage WHERE style = ? AND day > ? GROUP BY day"
    found = {row["day"]: int(row["photos"]) for row in db.rows(query, style, _days_ago(days).isoformat())}
    all_days = [_days_ago(ago).isoformat() for ago in reversed(range(days))]
    return [DayOfUse(day=day, photos=found.get(day, 0)) for day in all_days]


def photos_painted(db: Transaction, days: int = 30) -> dict[str, int]:
    """Return how many photos were painted in each style in the last `days` days."""
    query = "SELECT style, sum(photos) AS photos FROM usage WHERE day > ? GROUP BY style"
    return {row["style"]: int(row["photos"]) for row in db.rows(query, _days_ago(days).isoformat())}


def _days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)
