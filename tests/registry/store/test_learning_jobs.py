from __future__ import annotations

import pytest

from registry.store.access.roles import BOT, NotAllowed, Writer
from registry.store.learning_jobs import NoLongerPublished
from registry.store.store import Store
from styles.errors import UnknownStyle
from tests.fakes.registry.versions import publish

THE_BOT = Writer(BOT, "stage")
ANN = "ann@example.org"


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


@pytest.mark.parametrize("is_only", [True, False])
def test_what_a_maintainer_makes_live_again_stays_so(store: Store, is_only: bool) -> None:
    if not is_only:
        publish(store, "tiles", author=ANN, by=BOT)
    version = publish(store, "tiles", author=ANN, by=BOT, job="stopped")
    store.withdraw("stopped", by=THE_BOT)
    store.promote("tiles", version.version)
    aliases = dict(store.style("tiles").aliases)
    store.withdraw("stopped", by=THE_BOT)  # as the bot does for a day
    assert dict(store.style("tiles").aliases) == aliases
    assert store.resolve("tiles") == version


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
