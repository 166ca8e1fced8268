"""Who may read a file of a style that is retired, private, or both everybody's and private."""

from __future__ import annotations

from registry.store.access.roles import Writer
from registry.store.store import Store
from styles.contract import PRIVATE, split_digest
from tests.fakes.registry.versions import publish

SECRET = f"{PRIVATE}{'a' * 24}"


def test_the_weights_of_a_retired_style_are_everybodys_for_an_hour(store: Store) -> None:
    version = publish(store, "tiles", by="Ada")
    store.retire("tiles")
    assert store.is_open_blob(version.digest)  # for the photos that are under way
    with store.database.writing() as db:
        db.execute("UPDATE style SET retired = ? WHERE name = ?", "2026-01-01T00:00:00.000Z", "tiles")
    assert not store.is_open_blob(version.digest)
    readers = [Writer("Ada", "publish"), Writer("operator"), Writer("Bo", "publish"), None]
    assert [store.may_read_blob(version.digest, "", by) for by in readers] == [True, True, False, False]
    store.promote("tiles", 1)
    assert store.is_open_blob(version.digest)


def test_a_file_is_everybodys_that_another_style_has_too(store: Store) -> None:
    hidden = publish(store, "secret-garden", 1, alias=SECRET)
    assert not store.is_open_blob(hidden.digest)
    digest, key = split_digest(store.resolve("secret-garden", SECRET).digest)
    assert digest == hidden.digest
    assert store.may_read_blob(digest, key, None)
    for wrong in ("", key[:-1], SECRET, "é"):
        assert not store.may_read_blob(digest, wrong, None)
    publish(store, "meadow", 1)
    assert store.is_open_blob(digest)
    assert not store.is_open_blob(f"sha256:{'0' * 64}")
