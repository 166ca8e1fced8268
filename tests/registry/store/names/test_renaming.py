"""Styles of authors of mails that get another name."""

from __future__ import annotations

import pytest

from registry.store.access.roles import BOT, NotAllowed, Writer
from registry.store.authors import private_alias
from registry.store.location import StoreLocation
from registry.store.store import Store
from styles.contract import PRIVATE, Card
from styles.errors import BadOption, UnknownStyle
from styles.learning_errors import HandedOver, LiveStyle, OwnStyle, UsualStyle
from tests.fakes.registry.versions import publish

THE_BOT = Writer(BOT, "stage")
ANN = "ann@example.org"
ROOT = Writer("root")
HILLS = Card(name="hills", title="Blue hills")


def test_a_style_gets_another_name_with_the_same_weights(store: Store) -> None:
    digest = publish(store, "tiles", author=ANN, by=BOT, job="job-1").digest
    for _ in range(2):  # the second time after a crash
        version, alias = store.rename_of(ANN, "tiles", HILLS, by=THE_BOT)
        assert (version.name, version.version, alias) == ("hills", 1, "live")
    assert store.style("hills").live.digest == digest
    assert store.card("hills").title == "Blue hills"
    with pytest.raises(UnknownStyle):
        store.style("tiles")
    assert [style.name for style in store.styles_of(ANN)] == ["hills"]
    made = store.made_by("job-1")
    assert made
    assert made[0].name == "hills"  # and "stop" takes that one back
    assert [(event.kind, event.style) for event in store.changes(1).events] == [
        ("published", "hills"),
        ("retired", "tiles"),
    ]


def test_a_private_style_stays_private_under_another_name(store: Store) -> None:
    secret = private_alias()
    publish(store, "tiles", author=ANN, by=BOT, alias=secret)
    version, alias = store.rename_of(ANN, "tiles", HILLS, by=THE_BOT)
    assert alias.startswith(PRIVATE)
    assert alias != secret
    assert store.resolve("hills", alias).version == version.version == 1
    assert store.styles() == []
    with pytest.raises(UnknownStyle):
        store.resolve("tiles", secret)


def test_a_title_changes_where_the_name_stays(store: Store) -> None:
    publish(store, "tiles", author=ANN, by=BOT)
    card = Card(name="tiles", title="青い丘", other_names=("青い丘",))
    version, alias = store.rename_of(ANN, "tiles", card, by=THE_BOT)
    assert (version.version, alias) == (1, "live")
    assert (version.card.title, version.card.other_names) == ("青い丘", ("青い丘",))


def test_nobody_elses_style_is_renamed_or_named_alike(store: Store) -> None:
    publish(store, "tiles", author=ANN, by=BOT)
    publish(store, "dunes", author="bo@example.org", by=BOT)
    with pytest.raises(UnknownStyle):
        store.rename_of(ANN, "dunes", HILLS, by=THE_BOT)
    with pytest.raises(NotAllowed):
        store.rename_of(ANN, "tiles", Card(name="dunes", title="Dunes"), by=THE_BOT)
    assert [style.name for style in store.styles_of(ANN)] == ["tiles"]


def test_every_version_keeps_its_alias_and_its_job(store: Store) -> None:
    for alias in ("live", "autumn", private_alias(), "staged"):
        publish(store, "tiles", author=ANN, by=BOT, alias=alias, job=f"job-{alias[:7]}")
    publish(store, "tiles", author=ANN, by=BOT, job="last")
    before = weights_of(store, "tiles")
    assert set(before) == {"live", "previous", "autumn", "staged", PRIVATE}
    old = store.kept_for("tiles", ROOT).aliases

    version, alias = store.rename_of(ANN, "tiles", HILLS, by=THE_BOT)
    assert (version.digest, alias) == (before["live"], "live")
    assert weights_of(store, "hills") == before
    new = store.kept_for("hills", ROOT)
    assert not {alias for alias in old if is_private(alias)} & new.aliases.keys()
    assert {each.card.title for each in new.versions} == {"Blue hills"}
    for job, ref in (("job-autumn", "autumn"), ("job-staged", "staged"), ("last", "live")):
        made = store.made_by(job)
        assert made
        assert (made[0].name, made[1]) == ("hills", ref)
    assert store.rollback("hills").digest == before["previous"]


def weights_of(store: Store, name: str) -> dict[str, str]:
    """The digest of the version of each alias. The secret of a private one is left out."""
    style = store.kept_for(name, ROOT)
    digests = {version.version: version.digest for version in style.versions}
    return {PRIVATE if is_private(alias) else alias: digests[n] for alias, n in style.aliases.items()}


def is_private(alias: str) -> bool:
    return alias.startswith(PRIVATE)


def test_a_newer_private_version_takes_the_live_one_from_nobody(store: Store) -> None:
    digest = publish(store, "tiles", author=ANN, by=BOT).digest
    publish(store, "tiles", author=ANN, by=BOT, alias=private_alias())
    _, alias = store.rename_of(ANN, "tiles", HILLS, by=THE_BOT)
    assert is_private(alias)
    assert store.resolve("hills").digest == digest
    assert [version.digest for version in store.style("hills").versions] == [digest]  # for everybody


def test_a_private_version_is_private_without_its_secret_too(store: Store) -> None:
    secret = private_alias()
    publish(store, "tiles", author=ANN, by=BOT, alias=secret)
    store.promote("tiles", 1, alias="autumn")
    store.remove_alias("tiles", secret)
    store.rename_of(ANN, "tiles", HILLS, by=THE_BOT)
    with pytest.raises(UnknownStyle):
        store.resolve("hills", "autumn")


def test_owner_and_maintainers_stay(store: Store) -> None:
    for person, address in (("Ann", ANN), ("Bo", "bo@example.org")):
        store.tokens.add(person)
        store.set_address(person, address)
    publish(store, "tiles", author=ANN, by=BOT)
    store.hand_over("tiles", "Ann")
    store.add_maintainer("tiles", "Bo")
    store.rename_of(ANN, "tiles", HILLS, by=THE_BOT)
    people = store.ownership("hills")
    assert (people.owner, people.maintainers) == ("Ann", ("Bo",))


@pytest.mark.parametrize("to", ["hills", "tiles"])
def test_a_style_that_was_handed_over_is_not_taken_back(store: Store, to: str) -> None:
    store.tokens.add("Bo")
    publish(store, "tiles", author=ANN, by=BOT)
    store.hand_over("tiles", "Bo")
    with pytest.raises(HandedOver, match="belongs to Bo now"):
        store.rename_of(ANN, "tiles", Card(name=to, title="Mine"), by=THE_BOT)
    assert store.card("tiles").title == "Tiles"


@pytest.mark.parametrize("to", ["hills", "tiles"])
def test_a_live_style_keeps_its_name_where_maintainers_decide_what_is_live(store: Store, to: str) -> None:
    publish(store, "tiles", author=ANN, by=BOT, alias="staged")
    card = Card(name=to, title="Blue")
    store.rename_of(ANN, "tiles", card, is_reviewed=True, by=THE_BOT)  # nobody has looked at it yet
    assert dict(store.kept_for(to, THE_BOT).aliases) == {"staged": 1}
    store.promote(to, 1)
    with pytest.raises(LiveStyle, match="only my owner can"):
        store.rename_of(ANN, to, Card(name="dunes", title="Dunes"), is_reviewed=True, by=THE_BOT)
    with pytest.raises(LiveStyle, match="only my owner can"):
        store.rename_of(ANN, to, Card(name=to, title="Dunes"), is_reviewed=True, by=THE_BOT)
    assert store.card(to).title == "Blue"


def test_the_style_for_mails_that_name_none_keeps_its_name(location: StoreLocation) -> None:
    with Store(location, default="tiles") as store:
        publish(store, "tiles", author=ANN, by=BOT)
        with pytest.raises(UsualStyle, match="when a mail names no style"):
            store.rename_of(ANN, "tiles", HILLS, by=THE_BOT)
        with pytest.raises(NotAllowed):
            store.retire_of(ANN, "tiles", by=THE_BOT)
        assert [style.may_retire for style in store.styles_of(ANN)] == [False]
        assert store.retire_of(ANN, by=THE_BOT) == []


def test_two_styles_of_an_author_stay_two(store: Store) -> None:
    publish(store, "tiles", author=ANN, by=BOT)
    digest = publish(store, "hills", author=ANN, by=BOT).digest
    with pytest.raises(OwnStyle, match="another style of yours"):
        store.rename_of(ANN, "tiles", HILLS, by=THE_BOT)
    assert store.resolve("hills").digest == digest
    assert [style.name for style in store.styles_of(ANN)] == ["hills", "tiles"]


@pytest.mark.parametrize("alias", ["live", "staged"])
def test_a_style_gets_its_first_name_back(store: Store, alias: str) -> None:
    digest = publish(store, "tiles", author=ANN, by=BOT, alias=alias).digest
    store.rename_of(ANN, "tiles", HILLS, by=THE_BOT)
    version, ref = store.rename_of(ANN, "hills", Card(name="tiles", title="Tiles"), by=THE_BOT)
    assert (version.digest, version.version, ref) == (digest, 2, alias)
    assert not store.kept_for("tiles", THE_BOT).retired


def test_a_name_like_that_of_the_style_itself_is_free_for_it(store: Store) -> None:
    publish(store, "my-garden", author=ANN, by=BOT)
    publish(store, "great-wave", author=ANN, by=BOT)
    assert store.choose_name("mygarden", ANN, instead_of="my-garden", by=THE_BOT).flaw == ""
    assert store.choose_name("greatwave", ANN, instead_of="my-garden", by=THE_BOT).flaw
    with pytest.raises(BadOption, match="too much like"):
        store.rename_of(ANN, "my-garden", Card(name="greatwave", title="Wave"), by=THE_BOT)
    store.rename_of(ANN, "my-garden", Card(name="mygarden", title="My garden"), by=THE_BOT)
    assert [style.name for style in store.styles_of(ANN)] == ["great-wave", "mygarden"]


def test_a_retired_style_of_another_author_keeps_its_name(store: Store) -> None:
    store.tokens.add("Ann", scope="registry")
    store.set_address("Ann", ANN)
    publish(store, "tiles", author=ANN, by=BOT)
    publish(store, "dunes", author="bo@example.org", by=BOT)
    store.hand_over("tiles", "")
    store.hand_over("dunes", "Ann")
    store.retire("dunes")
    assert store.choose_name("dunes", ANN, instead_of="tiles", by=THE_BOT).free == "dunes-2"
    with pytest.raises(NotAllowed, match="painting of another person"):
        store.rename_of(ANN, "tiles", Card(name="dunes", title="Dunes"), by=THE_BOT)
    assert [style.name for style in store.styles_of(ANN)] == ["tiles"]


def test_a_style_that_was_learnt_on_the_page_is_renamed_by_its_owner(store: Store) -> None:
    store.tokens.add("Ann")
    store.set_address("Ann", ANN)
    publish(store, "tiles", by="Ann", job="of-the-page")
    store.rename_of(ANN, "tiles", HILLS, by=THE_BOT)
    people = store.ownership("hills")
    assert (people.owner, people.taught_by_mail) == ("Ann", False)
    assert [style.name for style in store.styles_of(ANN)] == ["hills"]
