"""How far tokens reach, how long, and who may make and revoke them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry.store import tokens as module
from registry.store.location import StoreLocation
from registry.store.roles import BOT, OPERATOR, RELEASE, NotAllowed, Scope, UnknownPerson, Writer
from registry.store.store import Store
from registry.store.tokens import MOST_DAYS
from styles.errors import BadOption
from tests.fakes.registry.databases import tables
from tests.fakes.registry.writers import holder

LONG_AGO = "2020-01-01T00:00:00.000+00:00"


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
