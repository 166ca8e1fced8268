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
BOB = "bob@example.org"


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


EVE = "eve@example.org"
MIA = "mia@example.org"


@pytest.fixture
def people(store: Store) -> Store:
    """`dunes` came by mail and has no owner, Ann has had `hills` learnt on the page, `waves` is uploaded.

    Eve maintains `hills`, and Mia the registry. The address of each is noted.
    """
    for person, address, scope in (
        ("Ann", ANN, "publish"), ("Eve", EVE, "publish"), ("Mia", MIA, "registry")
    ):  # fmt: skip
        store.tokens.add(person, scope=scope)  # type: ignore[arg-type]
        store.set_address(person, address)
    publish(store, "dunes", author=BOB, by=BOT, job="of-bob")
    publish(store, "hills", by="Ann", job="of-the-page")
    publish(store, "waves", by="Ann")
    publish(store, "mosaic", by="the release")
    store.add_maintainer("hills", "Eve")
    return store


@pytest.mark.parametrize(
    ("address", "theirs"),
    [(BOB, {"dunes"}), (ANN, {"hills", "waves"}), (EVE, set()), (MIA, set())],
    ids=["author", "owner", "maintainer", "maintainer of the registry"],
)
def test_by_mail_a_style_is_its_authors_or_owners_alone(
    people: Store, address: str, theirs: set[str]
) -> None:
    learnt = {style.name for style in people.styles_of(address)}
    assert learnt == theirs - {"waves"}  # what was uploaded is not deleted with what was learnt
    for name in ("dunes", "hills", "waves", "mosaic"):
        assert (people.choose_name(name, address, by=THE_BOT).free == name) == (name in theirs)
        if name in theirs:
            publish(people, name, author=address, by=BOT, job=f"again-{name}")
            assert people.resolve(name).version == 2
        else:
            with pytest.raises(NotAllowed):
                publish(people, name, author=address, by=BOT, job=f"again-{name}")
            with pytest.raises(UnknownStyle):
                people.rename_of(address, name, Card(name="cliffs", title="Cliffs"), by=THE_BOT)
            assert people.retire_of(address, name, by=THE_BOT) == []
            assert people.resolve(name).version == 1
    for name in theirs:
        to = Card(name=f"{name}-two", title="Two")
        people.rename_of(address, name, to, by=THE_BOT)
        for _ in range(2):  # the second time after a crash
            assert people.retire_of(address, to.name, by=THE_BOT) == [to.name]
    assert people.styles_of(address) == []


@pytest.mark.parametrize(("address", "name"), [(BOB, "dunes"), (ANN, "hills"), (ANN, "waves")])
def test_a_private_version_is_found_by_whose_style_it_is(people: Store, address: str, name: str) -> None:
    secret = private_alias()
    publish(people, name, author=address, by=BOT, alias=secret, job="private")
    assert secret in [style.ref for style in people.styles_of(address)]
    for other in {BOB, ANN, EVE, MIA} - {address}:
        assert secret not in [style.ref for style in people.styles_of(other)]


def test_a_private_style_that_was_deleted_is_learnt_and_deleted_again(store: Store) -> None:
    for number in range(2):
        publish(store, "tiles", author=ANN, by=BOT, alias=private_alias(), job=f"job-{number}")
        assert store.retire_of(ANN, by=THE_BOT) == ["tiles"]


@pytest.mark.parametrize("other", ["another person", "a token that only stages"])
def test_who_is_not_known_as_the_owner_changes_nothing_by_mail(store: Store, other: str) -> None:
    store.tokens.add("Ann", scope="stage" if other != "another person" else "publish")
    store.set_address("Ann", ANN)
    publish(store, "hills", by="Ann", job="of-the-page")
    if other == "another person":  # of two people at one address nobody knows who writes
        store.tokens.add("Anna")
        store.set_address("Anna", ANN)
    assert store.styles_of(ANN) == []
    assert store.retire_of(ANN, "hills", by=THE_BOT) == []
    with pytest.raises(NotAllowed):
        publish(store, "hills", author=ANN, by=BOT)


def test_the_owner_of_a_style_sees_it_among_their_own_however_it_was_learnt(people: Store) -> None:
    assert [style.name for style in people.own_styles(Writer("Ann", "publish"))] == ["hills"]
