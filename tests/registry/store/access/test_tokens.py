"""Secrets and whose they are: how far tokens reach, how long, and who may make and revoke them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from registry.database import postgres, sqlite
from registry.store.access import tokens as module
from registry.store.access.roles import BOT, OPERATOR, RELEASE, NotAllowed, Scope, UnknownPerson, Writer
from registry.store.access.tokens import MOST_DAYS, PREFIX
from registry.store.location import StoreLocation
from registry.store.store import Store
from styles.errors import BadOption
from tests.fakes.registry.databases import tables
from tests.fakes.registry.writers import holder, person

LONG_AGO = "2020-01-01T00:00:00.000+00:00"
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


@pytest.mark.parametrize("scope", ["stage", "publish", "registry"])
def test_a_token_reaches_as_far_as_its_scope(store: Store, scope: Scope) -> None:
    writer = store.tokens.writer(store.tokens.add("ada", scope=scope))
    assert writer is not None
    assert (writer.person, writer.scope) == ("ada", scope)
    reached = [each for each in ("stage", "publish", "registry") if writer.reaches(each)]
    assert reached[-1] == scope


def test_a_token_ends_with_its_days(store: Store, location: StoreLocation) -> None:
    secret = store.tokens.add("ada", days=30)
    session, _ = store.sessions.open(holder(store, "ada"))
    (token,) = store.tokens.list()
    lasts = datetime.fromisoformat(token.expires) - datetime.now(UTC)
    assert timedelta(days=29.9) < lasts <= timedelta(days=30)
    assert token.holds
    with tables(location) as db:
        db.execute("UPDATE token SET expires = ?", LONG_AGO)
    assert store.tokens.writer(secret) is None
    assert store.sessions.find(session) is None
    assert not store.tokens.list()[0].holds
    assert store.tokens.writer(store.tokens.add("ada"))  # its label is free again


@pytest.mark.parametrize("days", [0.0, -1, MOST_DAYS + 1, float("nan")])
def test_ends_that_are_none(store: Store, days: float) -> None:
    with pytest.raises(BadOption):
        store.tokens.add("ada", days=days)


def test_a_person_has_several_tokens_told_apart_by_labels(store: Store) -> None:
    first, second = store.tokens.add("Ada"), store.tokens.add("ada", label="ci", scope="stage")
    with pytest.raises(BadOption, match="has a token labelled “CI” already"):
        store.tokens.add("ADA", label="CI")
    store.tokens.revoke("ada", label="ci")
    assert store.tokens.writer(second) is None
    assert store.tokens.writer(first)
    store.tokens.add("ada", label="ci")
    store.tokens.revoke("ada")
    assert not any(token.holds for token in store.tokens.list())


def test_revoking_ends_the_logins_of_that_token_alone(store: Store) -> None:
    store.tokens.add("ada")
    first, _ = store.sessions.open(holder(store, "ada"))
    store.tokens.add("ada", label="ci")
    second, _ = store.sessions.open(holder(store, "ada"))
    store.tokens.revoke("ada", label="ci")
    assert [bool(store.sessions.find(secret)) for secret in (first, second)] == [True, False]


def test_a_token_makes_none_that_is_more_than_itself(store: Store) -> None:
    store.tokens.add("ada", days=10)
    ada = holder(store, "ada")
    with pytest.raises(NotAllowed):
        store.tokens.add("ada", label="x", days=5, scope="registry", by=ada)
    for days in (11, None):
        with pytest.raises(NotAllowed, match="lasts longer than itself"):
            store.tokens.add("ada", label="x", days=days, by=ada)
    with pytest.raises(NotAllowed, match="for others"):
        store.tokens.add("bo", days=5, by=ada)
    with pytest.raises(NotAllowed, match="of the scope “publish”"):
        store.tokens.add("ada", label="x", scope="stage", by=Writer("ada", "stage"))
    assert store.tokens.add("ADA", label="x", days=5, scope="stage", by=ada)
    assert store.tokens.add("bo", by=Writer("root", "registry"))


def test_people_revoke_their_own_and_do_not_see_others(store: Store) -> None:
    store.tokens.add("ada")
    store.tokens.add("bo")
    numbers = {token.name: token.id for token in store.tokens.list()}
    assert [token.name for token in store.tokens.list("ADA")] == ["ada"]
    with pytest.raises(UnknownPerson):
        store.tokens.revoke_one(numbers["bo"], by=Writer("ada", "publish"))
    assert store.tokens.revoke_one(numbers["ada"], by=Writer("ada", "stage")).name == "ada"
    with pytest.raises(UnknownPerson):
        store.tokens.revoke_one(numbers["ada"], by=Writer("root", "registry"))
    assert store.tokens.revoke_one(numbers["bo"], by=Writer("root", "registry")).name == "bo"


@pytest.mark.parametrize("name", [OPERATOR, RELEASE, BOT, "The Bot", "ｏｐｅｒａｔｏｒ"])
def test_names_that_mean_no_person_are_taken(store: Store, name: str) -> None:
    with pytest.raises(BadOption):
        store.tokens.add(name)


def test_a_person_has_no_more_tokens_than_anybody_uses(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OF_A_PERSON", 2)
    for label in ("1", "2"):
        store.tokens.add("ada", label=label)
    with pytest.raises(BadOption, match="2 tokens already"):
        store.tokens.add("ada", label="3")
