"""Versions that wait, aliases that go, and rollbacks that say from where."""

from __future__ import annotations

import pytest

from registry.store.access.roles import NotAllowed, Writer
from registry.store.store import Store
from registry.store.version_aliases import AliasMoved, UnknownAlias
from styles.errors import BadOption, UnknownStyle
from tests.fakes.registry.versions import publish


@pytest.fixture
def store(store: Store) -> Store:
    """Three versions of mosaic; the third is live."""
    for seed in range(3):
        publish(store, "mosaic", seed, by="ada")
    return store


def aliases(store: Store) -> dict[str, int]:
    return dict(store.style("mosaic").aliases)


def test_a_staged_version_waits_and_can_be_had(store: Store) -> None:
    assert publish(store, "mosaic", by="ada", alias="staged").version == 4
    assert aliases(store) == {"live": 3, "previous": 2, "staged": 4}
    assert store.resolve("mosaic").version == 3
    assert store.resolve("mosaic", "staged") == store.resolve("mosaic", 4)
    entry = store.audit(1)[0]
    assert (entry.action, entry.by, entry.version, entry.detail) == ("staged", "ada", 4, "staged")
    assert store.changes(0).events[-1].kind == "staged"
    assert store.publishers("mosaic")[4] == "ada"


def test_what_was_staged_is_so_no_more_when_it_is_live(store: Store) -> None:
    publish(store, "mosaic", alias="staged")
    publish(store, "mosaic", alias="spring")
    store.promote("mosaic", 4)
    assert aliases(store) == {"live": 4, "previous": 3, "spring": 5}


def test_the_first_version_of_a_style_may_wait_too(store: Store) -> None:
    publish(store, "sketch", by="ada", alias="staged")
    assert [style.name for style in store.styles()] == ["mosaic"]
    assert store.sizes() == (1, 3)
    with pytest.raises(UnknownStyle) as caught:
        store.style("sketch")
    assert "sketch" not in caught.value.known
    assert store.resolve("sketch", "staged").version == 1
    assert store.kept("sketch").retired == ""
    with pytest.raises(NotAllowed):
        store.promote("sketch", 1, by=Writer("bo", "publish"))
    store.promote("sketch", 1, alias="spring")
    store.promote("sketch", 1)
    assert store.style("sketch").aliases == {"live": 1, "spring": 1}


def test_a_style_that_was_never_live_can_be_retired(store: Store) -> None:
    publish(store, "sketch", alias="staged")
    store.retire("sketch")
    assert store.kept("sketch").retired
    with pytest.raises(UnknownStyle):
        store.retire("sketch")


def test_a_version_that_is_staged_leaves_its_style_retired(store: Store) -> None:
    store.retire("mosaic")
    publish(store, "mosaic", alias="staged")
    assert store.styles() == []
    assert store.kept("mosaic").retired


def test_an_alias_is_removed_and_its_version_stays(store: Store) -> None:
    store.promote("mosaic", 1, alias="night")
    store.remove_alias("mosaic", "night", by=Writer("ada", "stage"))
    assert aliases(store) == {"live": 3, "previous": 2}
    assert store.resolve("mosaic", 1).version == 1
    assert store.audit(1)[0].detail == "night"
    assert store.changes(0).events[-1].kind == "alias removed"
    with pytest.raises(UnknownAlias, match="mosaic has no alias “night”"):
        store.remove_alias("mosaic", "night")


@pytest.mark.parametrize("alias", ["live", "previous", "3", ""])
def test_aliases_that_stay(store: Store, alias: str) -> None:
    with pytest.raises(BadOption):
        store.remove_alias("mosaic", alias)
    with pytest.raises(BadOption):
        publish(store, "udnie", alias="previous")
    assert aliases(store) == {"live": 3, "previous": 2}


def test_a_rollback_that_is_repeated_does_not_undo_itself(store: Store) -> None:
    assert store.rollback("mosaic", since=3).version == 2
    before = store.audit()
    with pytest.raises(AliasMoved, match=r"live is at version 2 and not at 3\. Nothing was changed"):
        store.rollback("mosaic", since=3)
    assert (aliases(store), store.audit()) == ({"live": 2, "previous": 3}, before)


def test_a_promotion_says_from_where_and_may_be_repeated(store: Store) -> None:
    assert store.promote("mosaic", 1, since=3).version == 1
    assert store.promote("mosaic", 1, since=3).version == 1  # it is there already
    with pytest.raises(AliasMoved):
        store.promote("mosaic", 2, since=3)
    with pytest.raises(AliasMoved, match="night is at no version"):
        store.promote("mosaic", 2, alias="night", since=1)
    assert aliases(store) == {"live": 1, "previous": 3}


def test_the_version_that_a_rollback_left_is_known_until_live_moves(store: Store) -> None:
    assert store.style("mosaic").withdrawn == 0
    store.rollback("mosaic")
    assert store.style("mosaic").withdrawn == 3
    store.promote("mosaic", 1, alias="night")
    assert store.style("mosaic").withdrawn == 3
    store.promote("mosaic", 1)
    assert store.style("mosaic").withdrawn == 0
    store.rollback("mosaic")
    publish(store, "mosaic")
    assert store.style("mosaic").withdrawn == 0
