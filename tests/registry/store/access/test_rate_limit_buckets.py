from __future__ import annotations

import pytest

from registry.store.access import rate_limit_buckets
from registry.store.access.rate_limit_buckets import LocalBuckets, RateLimitBuckets, SharedBuckets
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.databases import POSTGRES, tables


@pytest.fixture
def remembered(store: Store) -> RateLimitBuckets:
    return store.rate_limit_buckets


def test_each_key_is_charged_alone_and_up_to_the_most(remembered: RateLimitBuckets) -> None:
    assert remembered.left("1.2.3.4") == 0
    remembered.charge("1.2.3.4", 600, 1500)
    assert 590 < remembered.left("1.2.3.4") <= 600
    assert remembered.left("1.2.3.5") == 0
    for _ in range(2):
        remembered.charge("1.2.3.4", 600, 1500)
    assert 1490 < remembered.left("1.2.3.4") <= 1500


def test_what_is_past_counts_no_more(remembered: RateLimitBuckets) -> None:
    remembered.charge("1.2.3.4", -100, 1500)  # 100 seconds ago
    assert remembered.left("1.2.3.4") == 0
    remembered.charge("1.2.3.4", 600, 1500)
    assert 590 < remembered.left("1.2.3.4") <= 600


def test_what_is_remembered_is_bounded(location: StoreLocation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit_buckets, "MOST_KEYS", 3)
    with Store(location) as store:
        for number in range(5):
            store.rate_limit_buckets.charge(f"1.2.3.{number}", 600 + number, 1500)
        left = [bool(store.rate_limit_buckets.left(f"1.2.3.{number}")) for number in range(5)]
    assert left == [False, False, True, True, True]


def test_registries_that_share_a_database_share_them(store: Store, location: StoreLocation) -> None:
    """Those that share a file are on one machine, as before."""
    store.rate_limit_buckets.charge("1.2.3.4", 600, 1500)
    with Store(location) as other:
        assert bool(other.rate_limit_buckets.left("1.2.3.4")) == bool(location.database)
        kind = SharedBuckets if location.database else LocalBuckets
        assert isinstance(other.rate_limit_buckets, kind)


@pytest.mark.parametrize("database", [POSTGRES], indirect=True)
def test_what_is_past_is_dropped_from_the_table(store: Store, location: StoreLocation) -> None:
    store.rate_limit_buckets.charge("old", -100, 1500)
    store.rate_limit_buckets.charge("new", 600, 1500)
    with tables(location) as db:
        assert db.rows("SELECT key FROM attempt") == [{"key": "new"}]
