from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import obstore
import pytest

from registry.blobs.blob import Blob, IncomingFile, MissingBlob, SweepResult
from registry.blobs.s3 import S3Blobs
from registry.database.dialect import StateUnavailable
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.databases import both, tables
from tests.fakes.registry.s3 import S3Server
from tests.fakes.registry.versions import publish

pytestmark = both
NEVER = "sha256:" + "0" * 64


@pytest.fixture
def location(folder: Path, database_url: str, s3: S3Server) -> StoreLocation:
    return StoreLocation(folder=folder, database=database_url, blobs=s3.new_bucket(), endpoint=s3.url)


@pytest.fixture
def blobs(location: StoreLocation) -> S3Blobs:
    return S3Blobs(location.blobs, location.endpoint)


@pytest.fixture
def own_server() -> Iterator[S3Server]:
    """One that a test may stop."""
    with S3Server() as server:
        yield server


def sweep(location: StoreLocation, blobs: S3Blobs, named: set[str], spared: float = 0) -> list[int]:
    with tables(location) as db:
        return blobs.sweep(db, named, spared=spared)


def test_a_published_file_is_in_the_bucket_and_nowhere_else(store: Store, location: StoreLocation) -> None:
    published = publish(store, "mosaic")
    blob = store.blob(published.digest)
    assert blob is not None
    assert len(blob.read()) == blob.bytes == published.bytes
    assert blob.read(range(10, 20)) == blob.read()[10:20]
    assert [
        path for path in location.folder.rglob("*") if path.is_file() and "registry." not in path.name
    ] == []
    assert store.gc() == SweepResult(blobs=0, uploads=0, bytes=0)
    assert len(blob.read()) == blob.bytes


def test_one_file_of_two_versions_is_kept_once(store: Store, location: StoreLocation, blobs: S3Blobs) -> None:
    first, second = publish(store, "mosaic", 1), publish(store, "udnie", 1)
    assert first.digest == second.digest
    assert sweep(location, blobs, set()) == [first.bytes]
    blob = store.blob(first.digest)
    assert isinstance(blob, Blob)
    with pytest.raises(MissingBlob):
        blob.read()


def test_what_is_there_already_is_never_overwritten(
    store: Store, location: StoreLocation, blobs: S3Blobs
) -> None:
    """As two registries may publish one file at once."""
    published = publish(store, "mosaic", 1)
    name = published.digest[7:]
    key = f"{name[:2]}/{name}"
    obstore.put(blobs._store, key, b"older")
    publish(store, "udnie", 1)
    assert blobs.read(published.digest, range(5)) == b"older"


def test_who_sends_to_the_bucket_holds_up_no_other_writer(
    store: Store, location: StoreLocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = S3Blobs.send
    sent: list[str] = []

    def slowly(self: S3Blobs, incoming: IncomingFile) -> None:
        with tables(location) as db:
            db.execute("UPDATE style SET created = created")
        send(self, incoming)
        sent.append(incoming.digest)

    monkeypatch.setattr(S3Blobs, "send", slowly)
    assert [publish(store, "mosaic").digest] == sent


def test_what_a_sweep_removes_before_it_is_named_is_sent_again(
    store: Store, location: StoreLocation, blobs: S3Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = S3Blobs.send
    swept: list[int] = []

    def then_sweep(self: S3Blobs, incoming: IncomingFile) -> None:
        send(self, incoming)
        if not swept:
            swept.extend(sweep(location, blobs, set()))

    monkeypatch.setattr(S3Blobs, "send", then_sweep)
    published = publish(store, "mosaic")
    assert swept == [published.bytes]
    assert len(blobs.read(published.digest, range(published.bytes))) == published.bytes


@pytest.mark.parametrize("queries", [0, 1])
def test_a_sweep_that_has_lost_its_transaction_removes_nothing_more(
    store: Store, blobs: S3Blobs, queries: int
) -> None:
    """It is lost while the files are listed, or just before they are removed."""
    published = publish(store, "mosaic")
    lost = Mock(rows=Mock(side_effect=[[]] * queries + [StateUnavailable("gone")]))
    with pytest.raises(StateUnavailable, match="gone"):
        blobs.sweep(lost, set(), spared=0)
    assert blobs.read(published.digest, range(published.bytes))


def test_a_sweep_spares_what_is_young_and_what_is_named(
    store: Store, location: StoreLocation, blobs: S3Blobs
) -> None:
    kept, orphan = publish(store, "mosaic", 1), publish(store, "mosaic", 2)
    assert sweep(location, blobs, {kept.digest}, spared=3600) == []
    assert sweep(location, blobs, {kept.digest}) == [orphan.bytes]
    assert blobs.read(kept.digest, range(kept.bytes))
    with pytest.raises(MissingBlob):
        blobs.read(orphan.digest, range(orphan.bytes))


def test_a_blob_that_never_was_is_missing(blobs: S3Blobs) -> None:
    with pytest.raises(MissingBlob, match="there are 0"):
        blobs.read(NEVER, range(10))


@pytest.mark.parametrize("fault", ["stopped", "no bucket"])
def test_a_bucket_that_cannot_be_reached_is_told_and_nothing_is_published(
    location: StoreLocation, own_server: S3Server, fault: str
) -> None:
    place = replace(location, endpoint=own_server.url)  # which has no such bucket
    with Store(place) as store:
        if fault == "stopped":
            own_server.stop()
        with pytest.raises(StateUnavailable, match="cannot be reached") as caught:
            publish(store, "mosaic")
        assert "\n" not in str(caught.value)
        assert location.blobs in caught.value.detail
        assert location.blobs not in caught.value.message  # which visitors see
        assert store.styles() == []
        assert store.changes(0).last == 0
