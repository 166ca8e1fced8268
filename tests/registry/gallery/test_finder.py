from __future__ import annotations

from datetime import UTC, datetime

from registry.gallery.finder import StyleFinder
from registry.gallery.listing import Wanted
from registry.store.store import Store
from tests.fakes.registry.versions import publish


def test_the_newest_and_the_most_painted_styles_are_those_of_the_store(store: Store) -> None:
    for seed, name in enumerate(("mosaic", "udnie", "anime")):
        publish(store, name, seed)
    today = datetime.now(UTC).date().isoformat()
    store.record_usage("0" * 32, {today: {"udnie": 5, "mosaic": 7}})
    finder = StyleFinder(store)

    def names(sort: str) -> list[str]:
        return [style.name for style in finder.find(Wanted(sort=sort)).styles]

    assert names("newest")[0] == "anime"
    assert names("painted") == ["mosaic", "udnie", "anime"]
    assert names("name") == ["anime", "mosaic", "udnie"]
