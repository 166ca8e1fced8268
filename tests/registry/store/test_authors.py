from __future__ import annotations

import pytest

from registry.store.access.roles import BOT, NotAllowed, Writer
from registry.store.authors import NoLongerPublished, private_alias
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


def test_a_version_that_its_author_takes_back_leaves_all_as_it_was(store: Store) -> None:
    publish(store, "tiles", alias="staged", author=ANN, by=BOT)
    for job in ("first", "second"):
        publish(store, "tiles", alias="staged", author=ANN, by=BOT, job=job)
        store.withdraw(job, by=THE_BOT)
        assert dict(store.kept_for("tiles", THE_BOT).aliases) == {"staged": 1}
    store.promote("tiles", 1)
    publish(store, "tiles", alias="staged", author=ANN, by=BOT, job="third")
    store.withdraw("third", by=THE_BOT)
    assert dict(store.style("tiles").aliases) == {"live": 1}


def test_what_its_author_takes_back_is_nobodys(store: Store) -> None:
    kept = publish(store, "tiles", author=ANN, by=BOT)
    undone = {2: publish(store, "tiles", author=ANN, by=BOT, job="second")}
    store.withdraw("second", by=THE_BOT)
    assert [each.version for each in store.style("tiles").versions] == [1]
    assert store.resolve("tiles", "1") == store.resolve("tiles") == kept
    assert store.is_open_blob(kept.digest)
    undone[1] = publish(store, "hills", author=ANN, by=BOT, job="first")
    store.withdraw("first", by=THE_BOT)  # a style of its own, which ends at once
    for number, version in undone.items():
        with pytest.raises(UnknownStyle):
            store.resolve(version.name, str(number))
        assert not store.is_open_blob(version.digest)
    with pytest.raises(UnknownStyle):
        store.kept_for("hills", Writer("Eve", "publish"))
    store.promote("tiles", 2)  # by a maintainer
    assert store.resolve("tiles", "2") == undone[2]


def test_an_alias_that_was_removed_does_not_come_back(store: Store) -> None:
    publish(store, "tiles", alias="staged", author=ANN, by=BOT)
    store.promote("tiles", 1, alias="autumn")
    store.remove_alias("tiles", "staged")
    publish(store, "tiles", alias="staged", author=ANN, by=BOT, job="second")
    store.withdraw("second", by=THE_BOT)
    assert dict(store.kept_for("tiles", THE_BOT).aliases) == {"autumn": 1}


def test_a_job_that_was_stopped_publishes_nothing_any_more(store: Store) -> None:
    with pytest.raises(NotAllowed):
        store.withdraw("late", by=Writer("Ada", "publish"))
    store.withdraw("late", by=THE_BOT)
    with pytest.raises(NoLongerPublished, match="nothing of it is published"):
        publish(store, "tiles", author=ANN, by=BOT, job="late")
    assert store.styles_of(ANN) == []


def test_a_style_that_was_learnt_by_mail_belongs_to_its_author(store: Store) -> None:
    publish(store, "tiles", author=ANN, by=BOT)
    with pytest.raises(NotAllowed, match="belongs to the person who mailed its painting") as refused:
        store.require("tiles", Writer("Eve", "publish"))
    assert ANN not in str(refused.value)


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
