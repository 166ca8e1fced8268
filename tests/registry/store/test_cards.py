from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from registry.store.access.roles import NotAllowed, Writer
from registry.store.cards import check_card
from registry.store.location import StoreLocation
from registry.store.store import Store
from styles.contract import Card
from styles.errors import BadCheckpoint, BadOption, UnknownStyle
from styles.formats import style_file
from styles.formats.style_file import ShippedStyle
from tests.fakes.registry.databases import tables
from tests.fakes.registry.versions import publish


@pytest.fixture
def store(store: Store) -> Store:
    """Version 2 of mosaic is live."""
    for _ in range(2):
        publish(store, "mosaic", by="ada")
    return store


def test_an_edited_card_is_shown_and_nothing_else_changes(store: Store, location: StoreLocation) -> None:
    before = store.style("mosaic").live
    card = store.edit_card("mosaic", {"title": "Tiles", "tags": ("azulejo",)}, by=Writer("ada", "publish"))
    live = store.style("mosaic").live
    assert (card.title, card.tags, card.artist) == ("Tiles", ("azulejo",), before.card.artist)
    assert live.card == card
    assert live.resolved == before.resolved
    assert store.styles()[0].title == "Tiles"
    assert store.style("mosaic").versions[1].card.title == "Mosaic"
    with tables(location) as db:  # the version itself is as it was published
        assert "Tiles" not in str(db.rows("SELECT card FROM version"))
    entry = store.audit(1)[0]
    assert (entry.action, entry.by, entry.version, entry.detail) == ("card edited", "ada", 2, "title, tags")
    assert store.changes(0).events[-1].kind == "card edited"


def test_another_versions_card_and_a_second_edit(store: Store) -> None:
    store.edit_card("mosaic", {"title": "First"}, version=1)
    store.edit_card("mosaic", {"artist": "Ada"}, version=1)
    first = store.style("mosaic").versions[1].card
    assert (first.title, first.artist) == ("First", "Ada")
    store.promote("mosaic", 1)
    assert store.styles()[0].title == "First"


def test_what_changes_nothing_leaves_no_trace(store: Store) -> None:
    before = store.audit()
    store.edit_card("mosaic", {"title": "Mosaic"})
    assert store.audit() == before


def test_the_file_is_not_described_anew(store: Store) -> None:
    card = store.edit_card("mosaic", {"name": "other", "architecture": "style-unet", "pixel_range": "-1..1"})
    assert (card.name, card.architecture, card.pixel_range) == ("mosaic", "onnx", "0..1")


def test_what_is_refused(store: Store) -> None:
    with pytest.raises(BadOption):
        store.edit_card("mosaic", {"other_names": ("help",)})
    with pytest.raises(BadOption, match="“the beach” is said of many photos"):
        store.edit_card("mosaic", {"other_names": ("tiles", "the beach")})
    with pytest.raises(UnknownStyle):
        store.edit_card("mosaic", {"title": "x"}, version=9)
    with pytest.raises(UnknownStyle):
        store.edit_card("nobody", {"title": "x"})
    with pytest.raises(NotAllowed):
        store.edit_card("mosaic", {"title": "x"}, by=Writer("bo", "publish"))
    assert store.style("mosaic").live.card.title == "Mosaic"


@pytest.mark.parametrize("style", style_file.shipped(), ids=lambda style: style.card.name)
def test_every_shipped_card_can_be_published(style: ShippedStyle) -> None:
    """A registry would leave out the style of a bad one, and say so in its log alone."""
    check_card(style.card, "safetensors")
    assert style.card.tags


@pytest.mark.parametrize(
    ("format", "architecture"),
    [
        ("pickle", "style-unet"),
        ("safetensors", "onnx"),
        ("onnx", "style-unet"),
        ("safetensors", "other"),
        ("", ""),
    ],
)
def test_a_format_holds_its_own_architectures(
    store: Store, shipped: ShippedStyle, format: str, architecture: str
) -> None:
    with pytest.raises(BadCheckpoint, match="cannot hold"):
        store.publish(replace(shipped.card, architecture=architecture), shipped.weights, format=format)
    assert store.style("mosaic").live.version == 2


@pytest.mark.parametrize(
    ("field", "entries"),
    [
        ("other_names", ("help",)),
        ("other_names", ("x" * 81,)),
        ("other_names", tuple(f"name {n} of it" for n in range(201))),
        ("other_names", ("one, two",)),
        ("other_names", (" ",)),
        ("tags", ("y" * 41,)),
    ],
)
def test_lists_that_no_card_can_have(
    store: Store, shipped: ShippedStyle, field: str, entries: tuple[str, ...]
) -> None:
    with pytest.raises(BadOption, match=field):
        store.publish(Card.from_mapping(asdict(shipped.card) | {field: entries}), shipped.weights)
