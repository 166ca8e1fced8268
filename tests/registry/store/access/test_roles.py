from __future__ import annotations

import pytest

from registry.store.access.roles import OPERATOR, RELEASE, NotAllowed, UnknownPerson, Writer
from registry.store.location import StoreLocation
from registry.store.store import Store
from styles.errors import UnknownStyle
from tests.fakes.registry.databases import tables
from tests.fakes.registry.versions import publish

ADA, BO, CY = (Writer(name, "publish") for name in ("ada", "bo", "cy"))


@pytest.fixture
def store(store: Store) -> Store:
    """`ada` owns mosaic; she, `bo` and `Cy` have tokens."""
    for name in ("ada", "bo", "Cy"):
        store.tokens.add(name)
    publish(store, "mosaic", by="ada")
    publish(store, "mosaic", by="ada")
    return store


def test_who_publishes_first_owns_it_whoever_publishes_next(store: Store) -> None:
    publish(store, "mosaic", by="root")
    assert store.ownership("mosaic").owner == "ada"


@pytest.mark.parametrize("by", [OPERATOR, RELEASE, ""])
def test_what_no_person_publishes_belongs_to_the_registry(store: Store, by: str) -> None:
    publish(store, "udnie", by=by)
    assert store.ownership("udnie").owner == ""
    with pytest.raises(NotAllowed, match="udnie belongs to the registry itself"):
        store.retire("udnie", by=ADA)


def test_others_change_nothing_and_are_told_whom_to_ask(store: Store) -> None:
    for change in (
        lambda: store.promote("mosaic", 1, by=BO),
        lambda: store.promote("mosaic", 1, alias="night", by=BO),
        lambda: store.rollback("mosaic", by=BO),
        lambda: store.retire("mosaic", by=BO),
        lambda: store.edit_card("mosaic", {"title": "Mine"}, by=BO),
        lambda: store.add_maintainer("mosaic", "bo", by=BO),
        lambda: store.hand_over("mosaic", "bo", by=BO),
    ):
        with pytest.raises(NotAllowed, match="mosaic belongs to ada"):
            change()
    assert store.style("mosaic").aliases == {"live": 2, "previous": 1}


def test_a_name_that_was_taken_during_the_trial_stays_whose_it_is(store: Store) -> None:
    store.require("new", BO, "publish")  # nobody's yet
    publish(store, "new", by="ada")
    with pytest.raises(NotAllowed):
        store.require("new", BO, "publish")


def test_a_maintainer_may_change_it_and_not_choose_others(store: Store) -> None:
    store.add_maintainer("mosaic", "BO", by=ADA)
    store.add_maintainer("mosaic", "bo", by=ADA)
    assert store.ownership("mosaic").maintainers == ("bo",)
    assert store.rollback("mosaic", by=Writer("Bo", "publish")).version == 1
    with pytest.raises(NotAllowed, match="who alone chooses"):
        store.add_maintainer("mosaic", "Cy", by=BO)
    store.remove_maintainer("mosaic", "bo", by=BO)
    with pytest.raises(NotAllowed):
        store.rollback("mosaic", by=BO)
    assert [entry.action for entry in store.audit(3)] == [
        "maintainer removed",
        "rolled back",
        "maintainer added",
    ]


def test_a_maintainer_of_the_registry_may_do_everything(store: Store) -> None:
    root = Writer("root", "registry")
    store.hand_over("mosaic", "cy", by=root)
    assert store.ownership("mosaic").owner == "Cy"
    store.hand_over("mosaic", "", by=root)
    assert store.ownership("mosaic").owner == ""
    store.retire("mosaic", by=root)


def test_who_is_handed_a_style_is_its_maintainer_no_more(store: Store) -> None:
    store.add_maintainer("mosaic", "bo", by=ADA)
    store.hand_over("mosaic", "bo", by=ADA)
    assert (store.ownership("mosaic").owner, store.ownership("mosaic").maintainers) == ("bo", ())
    with pytest.raises(NotAllowed):
        store.rollback("mosaic", by=ADA)


def test_people_without_a_token_are_unknown(store: Store) -> None:
    store.tokens.revoke("bo")
    for name in ("bo", "nobody", "", OPERATOR):
        with pytest.raises(UnknownPerson):
            store.add_maintainer("mosaic", name, by=ADA)
    with pytest.raises(UnknownPerson):
        store.remove_maintainer("mosaic", "bo", by=ADA)
    with pytest.raises(UnknownStyle):
        store.add_maintainer("mosaik", "Cy", by=ADA)


def test_a_token_to_stage_makes_nothing_live(store: Store) -> None:
    stage = Writer("ada", "stage")
    store.promote("mosaic", 1, alias="night", by=stage)
    for change in (lambda: store.promote("mosaic", 1, by=stage), lambda: store.retire("mosaic", by=stage)):
        with pytest.raises(NotAllowed, match="of the scope “publish”, and yours has “stage”"):
            change()


def test_a_retired_name_stays_its_owners(store: Store) -> None:
    store.retire("mosaic", by=ADA)
    with pytest.raises(NotAllowed):
        store.require("mosaic", BO, "publish")
    store.promote("mosaic", 1, by=ADA)


def test_a_revoked_person_keeps_what_they_published(store: Store, location: StoreLocation) -> None:
    store.tokens.revoke("ada")
    assert store.ownership("mosaic").owner == "ada"
    with tables(location) as db:
        assert db.rows("SELECT owner FROM style WHERE name = 'mosaic'") == [{"owner": "ada"}]
