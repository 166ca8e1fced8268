from __future__ import annotations

import pytest

from registry.store.access.roles import BOT, NotAllowed, Writer
from registry.store.authors import private_alias
from registry.store.store import Store
from styles.errors import UnknownStyle
from tests.fakes.registry.versions import publish

THE_BOT = Writer(BOT, "stage")


def test_nobody_but_the_bot_acts_for_an_author(store: Store) -> None:
    for person in (Writer("Ada", "registry"), Writer("Ada", "publish")):
        with pytest.raises(NotAllowed):
            store.writer_for("tiles", "ann@example.org", by=person)
        with pytest.raises(NotAllowed):
            store.retire_of("ann@example.org", by=person)


def test_a_private_style_is_seen_by_its_author_and_maintainers_alone(store: Store) -> None:
    publish(store, "tiles", by="Ada", alias=private_alias())
    assert store.kept_for("tiles", Writer("Ada", "publish")).name == "tiles"
    assert store.kept_for("tiles", Writer("root", "registry")).name == "tiles"
    with pytest.raises(UnknownStyle):
        store.kept_for("tiles", Writer("Eve", "publish"))
    store.promote("tiles", 1, by=Writer("Ada", "publish"))
    assert store.kept_for("tiles", Writer("Eve", "publish")).name == "tiles"
