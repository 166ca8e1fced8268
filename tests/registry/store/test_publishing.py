from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from registry.blobs.blob import digest_of
from registry.store import version_aliases
from registry.store.access.roles import Writer
from registry.store.location import StoreLocation
from registry.store.store import Store
from styles.contract import Card
from styles.errors import BadCheckpoint, BadOption
from styles.formats import style_file
from styles.formats.style_file import ShippedStyle
from tests.fakes.registry.databases import POSTGRES, SQLITE, contents, sound
from tests.fakes.registry.service import NAMES
from tests.fakes.styles.style_files import make_shipped, random_style


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def retrained(shipped: ShippedStyle, seed: int) -> ShippedStyle:
    """The same style with other weights, as a newer release ships it."""
    style_file.write(shipped.weights, random_style(seed))
    return shipped


def test_a_published_version_resolves_to_its_file(store: Store, shipped: ShippedStyle) -> None:
    published = store.publish(shipped.card, shipped.weights, shipped.preview)
    assert published == store.resolve("mosaic")
    assert (published.name, published.version, published.format) == ("mosaic", 1, "safetensors")
    assert published.digest == digest_of(shipped.weights)
    assert published.base == style_file.read(shipped.weights).base
    assert published.bytes == shipped.weights.stat().st_size
    blob = store.blob(published.digest)
    assert blob is not None
    assert blob.read() == shipped.weights.read_bytes()


def test_the_base_is_worked_out_and_not_believed(store: Store, shipped: ShippedStyle) -> None:
    lying = replace(shipped.card, base="sha256:" + "0" * 64)
    published = store.publish(lying, shipped.weights)
    assert published.base == style_file.read(shipped.weights).base
    assert store.style("mosaic").live.card.base == published.base


@pytest.mark.parametrize("architecture", ["onnx", "transformer-net"])
def test_a_file_of_another_network_is_kept_as_the_trial_left_it(
    store: Store, shipped: ShippedStyle, architecture: str
) -> None:
    """Nothing is shared, whatever the card says, or styles would be painted with each other's networks."""
    shipped.weights.write_bytes(b"whatever the trial found good")
    card = replace(shipped.card, architecture=architecture)  # and the base of one of our own
    format = "onnx" if architecture == "onnx" else "safetensors"
    published = store.publish(card, shipped.weights, shipped.preview, format=format, by=Writer("anna"))
    assert (published.format, published.architecture) == (format, architecture)
    assert published.base == published.digest == digest_of(shipped.weights)
    assert store.style("mosaic").live.card.base == published.base


@pytest.mark.parametrize("field", ["title", "artist", "licence", "description", "trained"])
def test_a_text_of_a_million_characters_is_refused(store: Store, shipped: ShippedStyle, field: str) -> None:
    with pytest.raises(BadOption, match=f"The card's {field} has 1,000,000 characters"):
        store.publish(Card.from_mapping(asdict(shipped.card) | {field: "x" * 1_000_000}), shipped.weights)
    assert store.styles() == []


def test_a_second_version_goes_live_and_the_first_is_previous(store: Store, shipped: ShippedStyle) -> None:
    first = store.publish(shipped.card, shipped.weights)
    retrained(shipped, 7)
    second = store.publish(shipped.card, shipped.weights)
    third = store.publish(shipped.card, shipped.weights)
    assert [first.version, second.version, third.version] == [1, 2, 3]
    assert store.resolve("mosaic") == third
    assert store.resolve("mosaic", "previous") == second
    assert store.resolve("mosaic", 1) == store.resolve("mosaic", "1") == first
    style = store.style("mosaic")
    assert [version.version for version in style.versions] == [3, 2, 1]
    assert style.aliases == {"live": 3, "previous": 2}


def test_what_is_refused_leaves_nothing_behind(
    store: Store, location: StoreLocation, shipped: ShippedStyle
) -> None:
    before = files(location.folder)
    shipped.preview.write_text("<script>alert(1)</script>")
    with pytest.raises(BadCheckpoint, match="preview"):
        store.publish(shipped.card, shipped.weights, shipped.preview)
    shipped.weights.write_bytes(b"PK")
    with pytest.raises(BadCheckpoint):
        store.publish(shipped.card, shipped.weights)
    assert files(location.folder) == before
    assert contents(location) == {}
    assert store.styles() == []


def test_other_names_and_tags_are_kept_and_served(store: Store, shipped: ShippedStyle) -> None:
    card = replace(shipped.card, other_names=("Mosaik", "马赛克"), tags=("byzantine",))
    store.publish(card, shipped.weights)
    style = store.style("mosaic")
    assert (style.live.card.other_names, style.live.card.tags) == (("Mosaik", "马赛克"), ("byzantine",))
    assert (style.summary.other_names, style.summary.tags) == (("Mosaik", "马赛克"), ("byzantine",))


def test_seeding_twice_changes_nothing(store: Store, location: StoreLocation, builtin: Path) -> None:
    first = store.seed(style_file.shipped(builtin))
    before = contents(location)
    assert [style.name for style in first] == list(NAMES)
    assert store.seed(style_file.shipped(builtin)) == []
    assert contents(location) == before
    assert store.changes(0).last == len(NAMES)


def test_new_weights_go_live_once_and_never_over_an_operators_version(
    store: Store, shipped: ShippedStyle, tmp_path: Path
) -> None:
    store.seed([shipped])
    assert [version.version for version in store.seed([retrained(shipped, 5)])] == [2]
    own = make_shipped(tmp_path / "own", "mosaic", seed=6)
    store.publish(own.card, own.weights)
    assert store.seed([shipped]) == []
    assert store.seed([retrained(shipped, 0)]) == []  # the first release's weights, come back
    assert store.resolve("mosaic").version == 3


def test_what_was_retired_does_not_come_back_by_a_start(
    store: Store, shipped: ShippedStyle, location: StoreLocation
) -> None:
    store.seed([shipped])
    store.retire("mosaic")
    with Store(location) as next_start:
        assert next_start.seed([shipped]) == []
        assert next_start.seed([retrained(shipped, 5)]) == []  # nor by a new release
        assert next_start.styles() == []


def test_a_retired_style_that_somebody_published_again_is_seeded_as_any_other(
    store: Store, shipped: ShippedStyle
) -> None:
    store.seed([shipped])
    store.retire("mosaic")
    store.publish(shipped.card, shipped.weights)
    assert [style.version for style in store.seed([retrained(shipped, 5)])] == [3]


def test_the_trail_tells_seeds_from_peoples_versions(store: Store, shipped: ShippedStyle) -> None:
    store.seed([shipped])
    store.publish(shipped.card, shipped.weights, by=Writer("anna"))
    assert [line.by for line in store.audit()] == ["anna", "the release"]


def test_a_broken_shipped_style_does_not_keep_the_others_out(
    store: Store, builtin: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (builtin / "great-wave" / "weights.safetensors").write_bytes(b"no weights")
    (builtin / "udnie" / "weights.safetensors").unlink()
    assert [style.name for style in store.seed(style_file.shipped(builtin))] == ["starry-night"]
    assert "great-wave" in caplog.text
    assert "udnie" in caplog.text


def test_a_publication_that_fails_midway_is_as_if_it_never_was(
    store: Store, location: StoreLocation, shipped: ShippedStyle, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(version_aliases, "record", lambda *_, **__: 1 / 0)  # the last thing that it does
        with pytest.raises(ZeroDivisionError):
            store.publish(shipped.card, shipped.weights)
    assert store.styles() == []
    assert store.changes(0).last == 0
    assert store.audit() == []
    assert store.blob(digest_of(shipped.weights)) is None  # a file may be there, but nothing tells of it
    assert store.publish(shipped.card, shipped.weights).version == 1
    assert len(contents(location)) == 1


#: Publishes a style and dies by SIGKILL at the place that its argument names.
KILLED = """
import os, signal, sys
from pathlib import Path
import registry.blobs.folder, registry.blobs.in_database
import registry.store.version_aliases, registry.store.audit, registry.store.publishing
import registry.store.store
from registry.store.location import StoreLocation
from styles.formats.style_file import shipped

place, folder, database, builtin = sys.argv[1:]
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
module, _, name = place.rpartition(".")
owner = sys.modules.get(module) or registry.blobs.in_database.DatabaseBlobs
setattr(owner, name, die)
location = StoreLocation(folder=Path(folder), database=database)
registry.store.store.Store(location).seed(shipped(Path(builtin)))
"""


@pytest.mark.parametrize(
    ("database", "place"),
    [
        (SQLITE, "registry.store.publishing.replace"),
        (SQLITE, "registry.blobs.folder.sync_folder"),
        (SQLITE, "registry.store.publishing.add_version"),
        (SQLITE, "registry.store.version_aliases.record"),
        (SQLITE, "registry.store.audit.note"),
        (POSTGRES, "registry.blobs.in_database.DatabaseBlobs.keep"),
        (POSTGRES, "registry.store.audit.note"),
    ],
    indirect=["database"],
)
def test_a_kill_at_any_place_is_mended_by_the_next_start(
    location: StoreLocation, builtin: Path, place: str
) -> None:
    arguments = [place, str(location.folder), location.database, str(builtin)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
    assert killed.returncode == -9
    with Store(location) as store:
        assert store.styles() == []
        assert [style.name for style in store.seed(style_file.shipped(builtin))] == list(NAMES)
        for name in NAMES:
            blob = store.blob(store.resolve(name).digest)
            assert blob is not None
            assert len(blob.read()) == blob.bytes
    assert sound(contents(location))
