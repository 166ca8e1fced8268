from __future__ import annotations

import hashlib

import pytest

from registry.database import postgres, sqlite
from registry.store.location import StoreLocation
from registry.store.roles import UnknownPerson, Writer
from registry.store.store import Store
from registry.store.tokens import PREFIX
from styles.errors import BadOption
from tests.fakes.registry.databases import tables
from tests.fakes.registry.writers import holder, person

TABLES = ("audit", "token", "session", "environment")


def test_a_secret_is_known_again_and_nothing_else_is(store: Store) -> None:
    secret = store.tokens.add("Anna Nowak", by=Writer("root"))
    other = store.tokens.add("bo")
    assert person(store, secret) == "Anna Nowak"
    assert person(store, other) == "bo"
    for wrong in ("", PREFIX, secret[:-1], secret + "x", secret.upper(), hashed(secret), "\udc80", "é"):
        assert person(store, wrong) is None


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def test_secrets_are_long_and_never_the_same(store: Store) -> None:
    secrets = {store.tokens.add(f"person {number}") for number in range(20)}
    assert len(secrets) == 20
    assert all(secret.startswith(PREFIX) and len(secret) == len(PREFIX) + 43 for secret in secrets)


def test_no_secret_is_in_the_database(store: Store, location: StoreLocation) -> None:
    token = store.tokens.add("anna")
    session, opened = store.sessions.open(holder(store, "anna"))
    person(store, token)
    with tables(location) as db:
        written = str([db.rows(f"SELECT * FROM {table}") for table in TABLES])
    files = b"".join(path.read_bytes() for path in location.folder.rglob("registry.db*"))
    assert hashed(token) in written
    assert hashed(session) in written
    for secret in (token, session):
        assert secret not in written
        assert secret.encode() not in files
    assert opened.csrf != session


def test_a_revoked_token_opens_nothing_in_any_process(store: Store, location: StoreLocation) -> None:
    secret = store.tokens.add("anna")
    kept = store.tokens.add("bo")
    with Store(location) as other:
        assert person(other, secret) == "anna"
        store.tokens.revoke("Anna")
        assert person(other, secret) is None
        assert person(other, kept) == "bo"


def test_revoking_ends_the_persons_sessions_and_no_others(store: Store) -> None:
    store.tokens.add("anna")
    store.tokens.add("bo")
    secrets = [store.sessions.open(holder(store, person))[0] for person in ("anna", "anna", "bo")]
    store.tokens.revoke("anna")
    assert [store.sessions.find(secret) is not None for secret in secrets] == [False, False, True]


def test_a_name_is_given_once_at_a_time(store: Store) -> None:
    first = store.tokens.add("anna")
    for same in ("anna", "ANNA"):
        with pytest.raises(BadOption, match="has a token already"):
            store.tokens.add(same)
    store.tokens.revoke("anna")
    second = store.tokens.add("anna")
    assert person(store, first) is None
    assert person(store, second) == "anna"
    assert [(token.name, bool(token.revoked)) for token in store.tokens.list()] == [
        ("anna", False),
        ("anna", True),
    ]


@pytest.mark.parametrize("name", ["nobody", ""])
def test_who_has_no_token_cannot_lose_it(store: Store, name: str) -> None:
    with pytest.raises(UnknownPerson):
        store.tokens.revoke(name)
    store.tokens.add("anna")
    store.tokens.revoke("anna")
    with pytest.raises(UnknownPerson):
        store.tokens.revoke("anna")


@pytest.mark.parametrize(
    "name",
    ["", " anna", "anna ", "a\nb", "a\x1b[2J", "<b>", "a" * 65, "operator", "Operator", "x (command line)"],
)
def test_names_that_are_none(store: Store, name: str) -> None:
    with pytest.raises(BadOption):
        store.tokens.add(name)
    assert store.tokens.list() == []


@pytest.mark.parametrize("name", ["a", "Zoë O'Neill", "张伟", "ci-bot", "anna+ci@example.org", "a" * 64])
def test_names_that_are_some(store: Store, name: str) -> None:
    assert person(store, store.tokens.add(name)) == name


def test_the_list_tells_when_a_token_was_used(store: Store, location: StoreLocation) -> None:
    secret = store.tokens.add("anna")
    assert store.tokens.list()[0].used == ""
    person(store, secret)
    first = store.tokens.list()[0].used
    assert first
    person(store, secret)
    assert store.tokens.list()[0].used == first  # not noted again within a minute
    with tables(location) as db:
        db.execute("UPDATE token SET used = '2000-01-01T00:00:00.000+00:00'")
    person(store, secret)
    assert store.tokens.list()[0].used >= first


def test_the_trail_tells_who_made_and_revoked_tokens(store: Store) -> None:
    store.tokens.add("anna", by=Writer("root"))
    store.tokens.revoke("anna", by=Writer("eve"))
    assert [(line.action, line.by, line.detail) for line in store.audit()] == [
        ("token revoked", "eve", "anna"),
        ("token added", "root", "anna"),
    ]


def test_a_token_is_valid_while_another_process_writes(
    location: StoreLocation, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = store.tokens.add("anna")
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(postgres, "SETTINGS", "SET lock_timeout = '10ms'")
    with Store(location, sweep=False) as hurried, tables(location):
        assert person(hurried, secret) == "anna"
    assert store.tokens.list()[0].used == ""
