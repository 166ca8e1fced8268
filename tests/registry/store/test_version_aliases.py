from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from registry.database.dialect import moment
from registry.store.access.roles import Writer
from registry.store.location import StoreLocation
from registry.store.store import Store
from registry.store.version_aliases import NoPrevious, UnknownVersion
from styles.errors import BadOption, UnknownStyle
from styles.service.problems import to_problem
from tests.fakes.registry.versions import publish


@pytest.fixture
def store(location: StoreLocation) -> Iterator[Store]:
    """With three versions of mosaic, and one of udnie."""
    with Store(location) as store:
        for seed in range(3):
            publish(store, "mosaic", seed)
        publish(store, "udnie", 9)
        yield store


def aliases(store: Store, name: str = "mosaic") -> dict[str, int]:
    return dict(store.style(name).aliases)


def test_a_promotion_moves_live_and_previous(store: Store) -> None:
    assert store.promote("mosaic", 1) == store.resolve("mosaic") == store.resolve("mosaic", 1)
    assert aliases(store) == {"live": 1, "previous": 3}


def test_to_promote_what_is_live_changes_nothing(store: Store) -> None:
    before = store.changes(0).last
    assert store.promote("mosaic", 3).version == 3
    assert aliases(store) == {"live": 3, "previous": 2}
    assert store.changes(0).last == before
    assert len(store.audit()) == before


def test_another_alias_moves_alone(store: Store) -> None:
    store.promote("mosaic", 1, alias="candidate")
    assert aliases(store) == {"candidate": 1, "live": 3, "previous": 2}
    assert store.resolve("mosaic", "candidate").version == 1
    store.promote("mosaic", 2, alias="candidate")
    assert aliases(store) == {"candidate": 2, "live": 3, "previous": 2}


@pytest.mark.parametrize("alias", ["previous", "", "3", "3a", "-a", "Live", "a b", "a" * 33, "é", "a\n"])
def test_aliases_that_are_none(store: Store, alias: str) -> None:
    with pytest.raises(BadOption):
        store.promote("mosaic", 1, alias=alias)
    assert aliases(store) == {"live": 3, "previous": 2}


@pytest.mark.parametrize("alias", ["a", "next-spring", "v2", "a" * 32])
def test_aliases_that_are_some(store: Store, alias: str) -> None:
    store.promote("mosaic", 1, alias=alias)
    assert store.resolve("mosaic", alias).version == 1


@pytest.mark.parametrize("version", [4, 0, -1, 10**30])
def test_a_version_that_is_none_cannot_be_promoted(store: Store, version: int) -> None:
    with pytest.raises(UnknownVersion, match=f"mosaic has no version {version}: it has versions 1 to 3") as e:
        store.promote("mosaic", version)
    problem = to_problem(e.value)
    assert (problem["status"], problem["near"]) == (404, ["mosaic"])
    assert problem["title"] == str(e.value)
    assert aliases(store) == {"live": 3, "previous": 2}


def test_an_unknown_style_cannot_be_promoted_rolled_back_or_retired(store: Store) -> None:
    for change in (lambda: store.promote("udnei", 1), lambda: store.rollback("udnei"),
                   lambda: store.retire("udnei")):  # fmt: skip
        with pytest.raises(UnknownStyle) as caught:
            change()
        assert caught.value.near == ("udnie",)


def test_two_rollbacks_are_none(store: Store) -> None:
    assert store.rollback("mosaic").version == 2
    assert aliases(store) == {"live": 2, "previous": 3}
    assert store.rollback("mosaic").version == 3
    assert aliases(store) == {"live": 3, "previous": 2}


def test_a_publication_after_a_rollback_is_rolled_back_to_where_it_was(store: Store) -> None:
    store.rollback("mosaic")
    publish(store, "mosaic")
    assert aliases(store) == {"live": 4, "previous": 2}


def test_without_a_previous_version_there_is_no_rollback(store: Store) -> None:
    with pytest.raises(NoPrevious, match="udnie has no previous version") as caught:
        store.rollback("udnie")
    assert to_problem(caught.value)["status"] == 409
    assert aliases(store, "udnie") == {"live": 1}


def test_a_retired_style_is_not_known_by_name(store: Store) -> None:
    store.promote("mosaic", 1, alias="candidate")
    store.retire("mosaic")
    assert [style.name for style in store.styles()] == ["udnie"]
    for ref in ("live", "previous", "candidate"):
        with pytest.raises(UnknownStyle) as caught:
            store.resolve("mosaic", ref)
        assert (caught.value.near, caught.value.known) == ((), ("udnie",))
    for change in (lambda: store.style("mosaic"), lambda: store.rollback("mosaic"),
                   lambda: store.retire("mosaic"),
                   lambda: store.promote("mosaic", 1, alias="candidate")):  # fmt: skip
        with pytest.raises(UnknownStyle):
            change()


def test_nobody_can_ask_for_a_style_that_was_retired_over_an_hour_ago(store: Store) -> None:
    store.retire("mosaic")
    long_ago = moment(datetime.now(UTC) - timedelta(hours=1, minutes=1))
    with store.database.writing() as db:
        db.execute("UPDATE style SET retired = ? WHERE name = ?", long_ago, "mosaic")
    with pytest.raises(UnknownStyle):
        store.resolve("mosaic", 1)
    store.promote("mosaic", 2)
    assert store.resolve("mosaic", 1).version == 1


def test_what_began_on_a_retired_style_ends_on_it(store: Store) -> None:
    begun = store.resolve("mosaic")
    store.retire("mosaic")
    assert store.gc().blobs == 0
    assert store.resolve("mosaic", begun.version) == begun
    blob = store.blob(begun.digest)
    assert blob is not None
    assert len(blob.read()) == begun.bytes
    kept = store.kept("mosaic")
    assert (kept.aliases, len(kept.versions), kept.retired[:2]) == ({}, 3, "20")


def test_a_publication_brings_a_retired_style_back_and_its_numbers_go_on(store: Store) -> None:
    store.retire("mosaic")
    assert publish(store, "mosaic").version == 4
    assert aliases(store) == {"live": 4}
    assert store.kept("mosaic").retired == ""
    with pytest.raises(NoPrevious):  # what was retired does not come back by a rollback
        store.rollback("mosaic")


def test_a_promotion_brings_a_retired_style_back(store: Store) -> None:
    store.retire("mosaic")
    assert store.promote("mosaic", 2, by=Writer("anna")) == store.resolve("mosaic")
    assert aliases(store) == {"live": 2}
    assert [style.name for style in store.styles()] == ["mosaic", "udnie"]
