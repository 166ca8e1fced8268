from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry.store.access.roles import OPERATOR, UnknownPerson
from registry.store.access.sessions import SESSION_SECONDS
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.databases import tables
from tests.fakes.registry.writers import holder

LONG_AGO = "2020-01-01T00:00:00.000+00:00"


@pytest.fixture
def store(store: Store) -> Store:
    store.tokens.add("anna")
    return store


def test_a_session_is_found_by_its_secret_and_by_nothing_else(store: Store, location: StoreLocation) -> None:
    secret, session = store.sessions.open(holder(store, "anna"))
    other, _ = store.sessions.open(holder(store, "anna"))
    assert session.person == "anna"
    with Store(location) as elsewhere:
        assert elsewhere.sessions.find(secret) == session
    assert len({secret, other, session.csrf}) == 3
    for wrong in ("", "x", secret[:-1], session.csrf):
        assert store.sessions.find(wrong) is None


def test_it_lasts_a_working_day(store: Store, location: StoreLocation) -> None:
    secret, session = store.sessions.open(holder(store, "anna"))
    lasts = datetime.fromisoformat(session.expires) - datetime.now(UTC)
    assert timedelta(seconds=SESSION_SECONDS - 60) < lasts <= timedelta(seconds=SESSION_SECONDS)
    with tables(location) as db:
        db.execute("UPDATE session SET expires = ?", LONG_AGO)
    assert store.sessions.find(secret) is None


def test_what_expired_is_cleared_away_by_the_next_login(store: Store, location: StoreLocation) -> None:
    store.sessions.open(holder(store, "anna"))
    with tables(location) as db:
        db.execute("UPDATE session SET expires = ?", LONG_AGO)
    store.sessions.open(holder(store, "anna"))
    with tables(location) as db:
        assert db.rows("SELECT count(*) AS n FROM session") == [{"n": 1}]


def test_a_closed_session_is_over(store: Store) -> None:
    secret, _ = store.sessions.open(holder(store, "anna"))
    kept, _ = store.sessions.open(holder(store, "anna"))
    store.sessions.close(secret)
    store.sessions.close(secret)
    assert store.sessions.find(secret) is None
    assert store.sessions.find(kept) is not None


def test_all_of_a_persons_sessions_can_be_ended(store: Store) -> None:
    mine, _ = store.sessions.open(holder(store, OPERATOR))
    other, _ = store.sessions.open(holder(store, "anna"))
    store.sessions.begin("")
    assert store.sessions.find(mine) is None
    assert store.sessions.find(other) is not None


@pytest.mark.parametrize(("later", "holds"), [("first", True), ("second", False), ("", False)])
def test_the_operators_sessions_are_those_of_one_token(
    location: StoreLocation, later: str, holds: bool
) -> None:
    with Store(location) as store:
        store.sessions.begin("first")
        operators, _ = store.sessions.open(holder(store, OPERATOR))
        store.tokens.add("anna")
        other, _ = store.sessions.open(holder(store, "anna"))
    with Store(location) as store:
        store.sessions.begin(later)
        assert (store.sessions.find(operators) is not None) == holds
        assert store.sessions.find(other) is not None
        store.sessions.begin("first")
        assert (store.sessions.find(operators) is not None) == holds  # what has ended stays so


def test_the_old_token_opens_no_session_beside_a_registry_that_has_a_new_one(location: StoreLocation) -> None:
    with Store(location) as old, Store(location) as new:
        old.sessions.begin("first")
        new.sessions.begin("second")
        with pytest.raises(UnknownPerson):
            old.sessions.open(holder(old, OPERATOR))
        new.sessions.open(holder(new, OPERATOR))
        old.sessions.begin("second")
        old.sessions.open(holder(old, OPERATOR))


def test_who_was_logged_in_before_the_token_was_kept_logs_in_anew(store: Store) -> None:
    secret, _ = store.sessions.open(holder(store, OPERATOR))
    store.sessions.begin("first")
    assert store.sessions.find(secret) is None


def test_nothing_of_the_environments_token_is_kept(store: Store, location: StoreLocation) -> None:
    kept = set()
    for _ in range(2):
        store.sessions.begin("")
        store.sessions.begin("a token of the environment")
        with tables(location) as db:
            (row,) = db.rows("SELECT * FROM environment")
            kept.add((row["salt"], row["hash"]))
    assert len(kept) == 2  # salted
    assert not any(b"a token" in value for row in kept for value in row)
    assert not any(b"a token" in path.read_bytes() for path in location.folder.glob("registry.db*"))


def test_a_login_that_comes_after_the_revocation_opens_nothing(store: Store) -> None:
    """The token was looked at just before it was revoked."""
    store.tokens.revoke("anna")
    with pytest.raises(UnknownPerson):
        store.sessions.open(holder(store, "anna"))
    store.tokens.add("anna")
    assert store.sessions.open(holder(store, "anna"))[1].person == "anna"
