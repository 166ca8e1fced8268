from __future__ import annotations

from pathlib import Path

import pytest

from registry.store.store import Store
from styles.errors import UnknownStyle
from styles.formats import style_file
from styles.formats.style_file import ShippedStyle
from tests.fakes.registry.service import NAMES
from tests.fakes.registry.versions import publish
from tests.fakes.styles.style_files import make_shipped


@pytest.fixture
def shipped(tmp_path: Path) -> ShippedStyle:
    return make_shipped(tmp_path / "shipped", "mosaic")


@pytest.mark.parametrize("typed", ["stary nigth", "Starry Night", "starynight", "starry-nihgt"])
def test_an_unknown_style_tells_the_nearest(store: Store, builtin: Path, typed: str) -> None:
    store.seed(style_file.shipped(builtin))
    with pytest.raises(UnknownStyle) as caught:
        store.resolve(typed)
    assert caught.value.near == ("starry-night",)
    assert caught.value.known == NAMES


def test_a_name_like_no_other_has_none_near(store: Store, builtin: Path) -> None:
    store.seed(style_file.shipped(builtin))
    with pytest.raises(UnknownStyle) as caught:
        store.style("kandinsky")
    assert caught.value.near == ()


@pytest.mark.parametrize("ref", ["2", "0", "-1", "01", "candidate", "9" * 30, "", "1 OR 1"])
def test_an_unknown_version_names_its_style(store: Store, shipped: ShippedStyle, ref: str) -> None:
    store.publish(shipped.card, shipped.weights)
    with pytest.raises(UnknownStyle) as caught:
        store.resolve("mosaic", ref)
    assert caught.value.name == f"mosaic@{ref}"
    assert caught.value.near == ("mosaic",)


def test_the_list_shows_each_style_by_its_live_version(store: Store, builtin: Path) -> None:
    store.seed(style_file.shipped(builtin))
    publish(store, "udnie")
    store.rollback("udnie")
    publish(store, "abstract")
    listed = store.styles()
    assert [style.name for style in listed] == ["abstract", *NAMES]
    assert listed == [store.style(style.name).summary for style in listed]
    assert listed[-1].aliases == {"live": 1, "previous": 2}
    assert listed[-1].preview == f"/blobs/{store.style('udnie').versions[1].preview[7:]}"


def test_only_styles_that_are_not_retired_are_counted(store: Store) -> None:
    assert store.sizes() == (0, 0)
    for name in ("mosaic", "mosaic", "udnie", "abstract"):
        publish(store, name)
    store.retire("abstract")
    assert store.sizes() == (2, 3)


def test_what_never_was_a_style_is_not_kept_either(store: Store, builtin: Path) -> None:
    store.seed(style_file.shipped(builtin))
    with pytest.raises(UnknownStyle) as caught:
        store.kept("udnei")
    assert caught.value.near == ("udnie",)
