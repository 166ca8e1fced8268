from __future__ import annotations

from pathlib import Path

import pytest

from registry.blobs import in_database
from registry.blobs.blob import MissingBlob, SweepResult, digest_of
from registry.store import version_aliases
from registry.store.location import StoreLocation
from registry.store.store import Store
from styles.contract import Card
from tests.fakes.registry.databases import contents, damage, tables
from tests.fakes.registry.versions import publish


@pytest.fixture
def database() -> str:
    return "postgres"


def test_a_blob_is_there_with_its_version_or_not_at_all(
    store: Store, location: StoreLocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = publish(store, "mosaic", 1)
    publish(store, "udnie", 1)
    assert contents(location).keys() == {published.digest}
    monkeypatch.setattr(version_aliases, "record", lambda *_, **__: 1 / 0)  # the last thing that it does
    with pytest.raises(ZeroDivisionError):
        publish(store, "mosaic", 2)
    assert contents(location).keys() == {published.digest}


@pytest.mark.parametrize("part", [range(0), range(1), range(100, 200), range(19_990, 20_000)])
def test_a_part_is_read_alone(store: Store, part: range) -> None:
    blob = store.blob(publish(store, "mosaic").digest)
    assert blob is not None
    assert blob.read(part) == blob.read()[part.start : part.stop]


def test_no_file_stays_on_the_disk(store: Store, location: StoreLocation) -> None:
    publish(store, "mosaic")
    assert [path for path in location.folder.rglob("*") if path.is_file()] == []


def test_what_no_version_names_is_swept(store: Store, location: StoreLocation) -> None:
    publish(store, "mosaic")
    named = contents(location)
    orphan = "sha256:" + "0" * 64
    with tables(location) as db:
        db.insert("blob", {"digest": orphan, "bytes": 6, "media_type": "image/png"})
        db.insert("blob_data", {"digest": orphan, "data": b"orphan"})
    assert store.gc(dry_run=True) == SweepResult(blobs=1, uploads=0, bytes=6)
    assert store.blob(orphan) is not None
    assert store.gc() == SweepResult(blobs=1, uploads=0, bytes=6)
    assert store.blob(orphan) is None
    assert contents(location) == named


def test_a_blob_that_is_gone_or_cut_off_is_an_error(store: Store, location: StoreLocation) -> None:
    blob = store.blob(publish(store, "mosaic").digest)
    assert blob is not None
    assert len(blob.read(range(5))) == 5  # this process has checked the whole
    damage(location, blob.digest, b"short")
    assert blob.read(range(5)) == b"short"
    with pytest.raises(MissingBlob, match="there are 3"):
        blob.read(range(2, 20))
    damage(location, blob.digest, None)
    with pytest.raises(MissingBlob, match="there are 0"):
        blob.read(range(2, 20))


def test_a_large_file_comes_back_whole(store: Store, tmp_path: Path) -> None:
    assert in_database.DatabaseBlobs.chunk < 3_000_000
    (tmp_path / "large").write_bytes(bytes(range(256)) * 12_000)
    card = Card(name="heavy", title="Heavy", architecture="onnx")
    published = store.publish(card, tmp_path / "large", format="onnx")
    blob = store.blob(published.digest)
    assert blob is not None
    assert blob.read() == (tmp_path / "large").read_bytes()
    assert published.digest == digest_of(tmp_path / "large")
