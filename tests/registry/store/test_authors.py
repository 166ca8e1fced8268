from __future__ import annotations

import pytest

from registry.store.access.roles import BOT, NotAllowed, Writer
from registry.store.authors import private_alias
from registry.store.store import Store
from styles.contract import PRIVATE, Card
from styles.errors import UnknownStyle
from tests.fakes.registry.versions import publish

THE_BOT = Writer(BOT, "stage")
ANN = "ann@example.org"


def test_nobody_but_the_bot_acts_for_an_author(store: Store) -> None:
    for person in (Writer("Ada", "registry"), Writer("Ada", "publish")):
        with pytest.raises(NotAllowed):
            store.writer_for("tiles", "ann@example.org", by=person)
        with pytest.raises(NotAllowed):
            store.retire_of("ann@example.org", by=person)
        with pytest.raises(NotAllowed):
            store.rename_of("ann@example.org", "tiles", Card(name="hills", title="Hills"), by=person)


def test_a_private_style_is_seen_by_its_author_and_maintainers_alone(store: Store) -> None:
    publish(store, "tiles", by="Ada", alias=private_alias())
    assert store.kept_for("tiles", Writer("Ada", "publish")).name == "tiles"
    assert store.kept_for("tiles", Writer("root", "registry")).name == "tiles"
    with pytest.raises(UnknownStyle):
        store.kept_for("tiles", Writer("Eve", "publish"))
    store.promote("tiles", 1, by=Writer("Ada", "publish"))
    assert store.kept_for("tiles", Writer("Eve", "publish")).name == "tiles"


def test_a_private_version_is_found_by_its_secret_alone_whatever_becomes_of_the_style(store: Store) -> None:
    secret = private_alias()
    publish(store, "tiles", by="Ada", alias=secret)
    assert store.resolve("tiles", secret).version == 1
    publish(store, "tiles", by="Ada")
    publish(store, "tiles", by="Ada", alias=private_alias())
    store.promote("tiles", 3, alias="staged", by=Writer("Ada", "publish"))
    for ref in ("1", "3", "staged"):
        with pytest.raises(UnknownStyle):
            store.resolve("tiles", ref)
        with pytest.raises(UnknownStyle):
            store.card("tiles", ref)
    for style in (store.style("tiles"), store.kept_for("tiles", Writer("Eve", "publish"))):
        assert ([each.version for each in style.versions], dict(style.aliases)) == ([2], {"live": 2})
    assert [dict(style.aliases) for style in store.styles()] == [{"live": 2}]
    assert {version for _, version, _ in store.proofs_wanted()} == {2}
    assert len(store.kept_for("tiles", Writer("Ada", "publish")).versions) == 3
    assert [(event.kind, event.version) for event in store.changes(0).events] == [("published", 2)]

    store.retire("tiles")
    for ref in ("1", "3", secret):
        with pytest.raises(UnknownStyle):
            store.resolve("tiles", ref)
    assert store.resolve("tiles", "2").version == 2  # for the photos that are under way


def test_a_private_style_that_its_author_deletes_stays_private(store: Store) -> None:
    publish(store, "tiles", by="Ada", alias=private_alias())
    store.retire("tiles")
    with pytest.raises(UnknownStyle):
        store.resolve("tiles", "1")
    with pytest.raises(UnknownStyle):
        store.kept_for("tiles", Writer("Eve", "publish"))
    told = store.changes(0)
    assert (told.events, store.changes(told.last)) == ((), told)  # who has read so far waits


def test_a_private_version_that_is_made_live_is_everybodys(store: Store) -> None:
    publish(store, "tiles", by="Ada", alias=private_alias())
    store.promote("tiles", 1, by=Writer("Ada", "publish"))
    assert store.resolve("tiles", "1").version == 1
    assert not any(alias.startswith(PRIVATE) for alias in store.style("tiles").aliases)
    assert [event.kind for event in store.changes(0).events][-1] == "promoted"


def test_a_style_that_was_learnt_by_mail_belongs_to_its_author(store: Store) -> None:
    publish(store, "tiles", author=ANN, by=BOT)
    with pytest.raises(NotAllowed, match="belongs to the person who mailed its painting") as refused:
        store.require("tiles", Writer("Eve", "publish"))
    assert ANN not in str(refused.value)


@pytest.fixture
def handed_over(store: Store) -> Store:
    """`tiles` was Ann's and is Bo's now; `dunes` is Ann's."""
    for person, address in (("Ann", ANN), ("Bo", "bo@example.org")):
        store.tokens.add(person)
        store.set_address(person, address)
    for name in ("dunes", "tiles"):
        publish(store, name, author=ANN, by=BOT)
    store.hand_over("tiles", "Bo")
    return store


def test_what_was_handed_over_is_not_deleted_with_the_styles_of_its_author(handed_over: Store) -> None:
    theirs = {style.name: style.may_retire for style in handed_over.styles_of(ANN)}
    assert theirs == {"dunes": True, "tiles": False}
    with pytest.raises(NotAllowed, match="handed over to somebody else"):
        handed_over.retire_of(ANN, "tiles", by=THE_BOT)
    assert handed_over.retire_of(ANN, by=THE_BOT) == ["dunes"]
    assert handed_over.resolve("tiles").version == 1


def test_what_was_handed_over_gets_no_version_of_its_author(handed_over: Store) -> None:
    with pytest.raises(NotAllowed):
        publish(handed_over, "tiles", author=ANN, by=BOT)
    with pytest.raises(NotAllowed, match="belongs to Bo"):
        handed_over.require("tiles", Writer("Ann", "publish"))
    assert handed_over.choose_name("tiles", ANN, by=THE_BOT).free == "tiles-2"
    assert [style.name for style in handed_over.own_styles(Writer("Ann", "publish"))] == ["dunes"]
    handed_over.hand_over("tiles", "Ann")
    publish(handed_over, "tiles", author=ANN, by=BOT)
    assert handed_over.retire_of(ANN, by=THE_BOT) == ["dunes", "tiles"]
