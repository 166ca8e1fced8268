from __future__ import annotations

import pytest

from registry.store import attempts
from registry.store.attempts import Attempts, LocalAttempts, SharedAttempts
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.databases import POSTGRES, tables


@pytest.fixture
def remembered(store: Store) -> Attempts:
    return store.attempts


def test_each_key_is_charged_alone_and_up_to_the_most(remembered: Attempts) -> None:
    assert remembered.left("1.2.3.4") == 0
    remembered.charge("1.2.3.4", 600, 1500)
    assert 590 < remembered.left("1.2.3.4") <= 600
    assert remembered.left("1.2.3.5") == 0
    for _ in range(2):
        remembered.charge("1.2.3.4", 600, 1500)
    assert 1490 < remembered.left("1.2.3.4") <= 1500


def test_what_is_past_counts_no_more(remembered: Attempts) -> None:
    remembered.charge("1.2.3.4", -100, 1500)  # 100 seconds ago
    assert remembered.left("1.2.3.4") == 0
    remembered.charge("1.2.3.4", 600, 1500)
    assert 590 < remembered.left("1.2.3.4") <= 600


def test_what_is_remembered_is_bounded(location: StoreLocation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST_KEYS", 3)
    with Store(location) as store:
        for number in range(5):
            store.attempts.charge(f"1.2.3.{number}", 600 + number, 1500)
        left = [bool(store.attempts.left(f"1.2.3.{number}")) for number in range(5)]
    assert left == [False, False, True, True, True]


def test_registries_that_share_a_database_share_them(store: Store, location: StoreLocation) -> None:
    """Those that share a file are on one machine, as before."""
    store.attempts.charge("1.2.3.4", 600, 1500)
    with Store(location) as other:
        assert bool(other.attempts.left("1.2.3.4")) == bool(location.database)
        kind = SharedAttempts if location.database else LocalAttempts
        assert isinstance(other.attempts, kind)


@pytest.mark.parametrize("database", [POSTGRES], indirect=True)
def test_what_is_past_is_dropped_from_the_table(store: Store, location: StoreLocation) -> None:
    store.attempts.charge("old", -100, 1500)
    store.attempts.charge("new", 600, 1500)
    with tables(location) as db:
        assert db.rows("SELECT key FROM attempt") == [{"key": "new"}]
