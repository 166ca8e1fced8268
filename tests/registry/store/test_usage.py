from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry.store.store import Store
from registry.store.usage import KEPT_DAYS
from tests.fakes.registry.versions import publish

TODAY = datetime.now(UTC).date()
FIRST, SECOND = "a" * 32, "b" * 32


@pytest.fixture
def store(store: Store) -> Store:
    publish(store, "mosaic")
    return store


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).isoformat()


def photos(store: Store, days: int = 3) -> list[int]:
    return [one.photos for one in store.usage("mosaic", days)]


def test_counts_of_all_sources_add_up_and_one_that_comes_twice_counts_once(store: Store) -> None:
    for _ in range(2):
        store.record_usage(FIRST, {day(0): {"mosaic": 3}, day(1): {"mosaic": 5}})
    store.record_usage(SECOND, {day(0): {"mosaic": 4}})
    assert photos(store) == [0, 5, 7]
    store.record_usage(FIRST, {day(0): {"mosaic": 6}})
    store.record_usage(FIRST, {day(0): {"mosaic": 2}})  # an older answer that comes late
    assert photos(store) == [0, 5, 10]


def test_unknown_styles_and_old_days_are_left_out(store: Store) -> None:
    store.record_usage(FIRST, {day(0): {"nobody": 3, "mosaic": 1}, day(KEPT_DAYS + 1): {"mosaic": 9}})
    assert sum(one.photos for one in store.usage("mosaic", KEPT_DAYS + 10)) == 1
    assert [one.day for one in store.usage("mosaic", 2)] == [day(1), day(0)]
