from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from registry.blobs.blob import Blob, DamagedBlob, IncomingFile, MissingBlob, SweepResult
from registry.blobs.folder import FolderBlobs
from registry.blobs.incoming_files import ABANDONED_AFTER
from registry.database.dialect import Transaction
from registry.store.location import StoreLocation
from registry.store.store import Store
from styles.formats.style_file import ShippedStyle
from tests.fakes.registry.versions import publish
from tests.fakes.styles.style_files import make_shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def shipped(tmp_path: Path) -> ShippedStyle:
    return make_shipped(tmp_path / "shipped", "mosaic")


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and "registry.db" not in path.name}


def upload(folder: Path, name: str, *, age: float = 0, parts: tuple[str, ...] = ("weights",)) -> Path:
    """A folder in which an upload is received, `age` seconds after the last was written to it."""
    upload = folder / "incoming" / name
    upload.mkdir(parents=True)
    for part in parts:
        (upload / part).write_bytes(b"half of it")
    for path in (*upload.iterdir(), upload):
        written_before(path, age)
    return upload


def orphan(folder: Path, digits: str, *, age: float = 0) -> Path:
    """A blob whose publication was killed `age` seconds ago."""
    path = folder / "blobs" / digits[:2] / digits.ljust(64, "0")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"orphan")
    written_before(path, age)
    return path


def written_before(path: Path, age: float) -> None:
    os.utime(path, (time.time() - age,) * 2)


def start(folder: Path) -> None:
    Store(StoreLocation(folder=folder)).close()


def gc(folder: Path) -> None:
    with Store(StoreLocation(folder=folder)) as store:
        store.gc()


LONG = ABANDONED_AFTER + 1


def test_a_start_sweeps_only_what_was_abandoned(folder: Path, shipped: ShippedStyle) -> None:
    with Store(StoreLocation(folder=folder)) as store:
        store.publish(shipped.card, shipped.weights, shipped.preview)
        assert store.incoming == folder / "incoming"
    named = files(folder)
    for path in named:
        written_before(path, LONG)
    copy = folder / "incoming" / "copy"
    copy.write_bytes(b"half a copy")
    written_before(copy, LONG)
    old = [copy, upload(folder, "old", age=LONG), orphan(folder, "ab0", age=LONG)]
    young = [upload(folder, "young"), orphan(folder, "ab1")]
    with Store(StoreLocation(folder=folder), sweep=False):  # another process, such as a command
        Store(StoreLocation(folder=folder)).close()
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in [*named, *young])


def test_a_start_clears_all_uploads_that_no_process_receives(folder: Path) -> None:
    young = upload(folder, "young", age=-LONG)  # of a clock that was set back since
    Store(StoreLocation(folder=folder), sweep=False).close()
    assert young.exists()
    Store(StoreLocation(folder=folder)).close()
    assert not young.exists()
    assert (folder / "incoming").is_dir()


def test_an_upload_that_is_still_written_to_is_not_abandoned(folder: Path) -> None:
    slow = upload(folder, "slow", age=LONG, parts=("title", "weights"))
    written_before(slow / "weights", 1)
    with Store(StoreLocation(folder=folder), sweep=False):
        Store(StoreLocation(folder=folder)).close()
    assert (slow / "title").exists()


def test_a_sweep_does_not_follow_links(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    made = upload(folder, "old")
    (made / "link").symlink_to(outside)
    for path in (outside / "kept", made / "weights", made):
        written_before(path, LONG)
    os.utime(made / "link", (0, 0), follow_symlinks=False)
    Store(StoreLocation(folder=folder)).close()
    assert not made.exists()
    assert (outside / "kept").exists()


def test_gc_removes_what_no_version_names_and_counts_it(folder: Path, shipped: ShippedStyle) -> None:
    with Store(StoreLocation(folder=folder)) as store:
        store.publish(shipped.card, shipped.weights, shipped.preview)
        for seed in range(3):
            publish(store, "udnie", seed)
        store.rollback("udnie")
        store.retire("mosaic")
        named = files(folder)
        orphan(folder, "ab0", age=LONG)
        orphan(folder, "ab1")  # young, but nobody can be about to name it: gc has the right to write
        upload(folder, "old", age=LONG, parts=("title", "weights"))
        receiving = upload(folder, "young")
        expected = SweepResult(blobs=2, uploads=1, bytes=2 * len(b"orphan") + 2 * len(b"half of it"))
        before = files(folder)
        assert store.gc(dry_run=True) == expected
        assert files(folder) == before
        assert store.gc() == expected
        assert files(folder) == named | {receiving / "weights"}
        assert store.gc() == SweepResult(blobs=0, uploads=0, bytes=0)


def test_gc_forgets_blobs_that_no_version_names(folder: Path) -> None:
    """As a later release may leave them; every version keeps its own."""
    digest = "sha256:" + orphan(folder, "ab0").name
    with Store(StoreLocation(folder=folder)) as store:
        published = publish(store, "mosaic")
        with closing(sqlite3.connect(folder / "registry.db")) as connection, connection:
            connection.execute("INSERT INTO blob VALUES (?, 6, 'image/png')", [digest])
        assert store.blob(digest) is not None
        assert store.gc(dry_run=True) == store.gc() == SweepResult(blobs=1, uploads=0, bytes=6)
        assert store.blob(digest) is None
        assert store.blob(published.digest) is not None


@pytest.mark.parametrize(
    "digest", ["", "sha256:", "sha256:../../etc/passwd", "sha256:" + "A" * 64, "ab" * 32]
)
def test_what_is_no_digest_has_no_path(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="is no digest"):
        FolderBlobs(tmp_path).path(digest)


@pytest.mark.parametrize("sweeping", [start, gc])
def test_a_blob_is_not_swept_while_another_process_is_about_to_name_it(
    folder: Path, shipped: ShippedStyle, monkeypatch: pytest.MonkeyPatch, sweeping: Callable[[Path], None]
) -> None:
    """The file of an earlier, killed attempt is old; a sweep comes between its being found and named."""
    starting = threading.Thread(target=sweeping, args=[folder])
    keep = FolderBlobs.keep

    def keep_while_another_starts(self: FolderBlobs, db: Transaction, incoming: IncomingFile) -> None:
        path = self.path(incoming.digest)
        path.parent.mkdir()
        path.write_bytes(incoming.path.read_bytes())
        os.utime(path, (0, 0))
        keep(self, db, incoming)
        starting.start()
        starting.join(0.5)  # long enough to sweep, if it does not wait for us

    monkeypatch.setattr(FolderBlobs, "keep", keep_while_another_starts)
    with Store(StoreLocation(folder=folder)) as store:
        published = store.publish(shipped.card, shipped.weights)
        starting.join(30)
        blob = store.blob(published.digest)
    assert blob is not None
    assert len(blob.read()) == blob.bytes


def test_a_blob_that_is_gone_or_cut_off_is_an_error(folder: Path, shipped: ShippedStyle) -> None:
    with Store(StoreLocation(folder=folder)) as store:
        published = store.publish(shipped.card, shipped.weights)
        blob = store.blob(published.digest)
        assert isinstance(blob, Blob)
        path = FolderBlobs(folder / "blobs").path(blob.digest)
        path.chmod(0o644)
        assert blob.read(range(1))  # it is whole
        os.truncate(path, 10)
        assert len(blob.read(range(10))) == 10
        with pytest.raises(MissingBlob, match="there are 5"):
            blob.read(range(5, 20))
        path.unlink()
        with pytest.raises(MissingBlob, match="there are 0"):
            blob.read()


def test_a_damaged_blob_is_found_once_and_mended_by_its_file(folder: Path, shipped: ShippedStyle) -> None:
    with Store(StoreLocation(folder=folder)) as store:
        digest = store.publish(shipped.card, shipped.weights, shipped.preview).digest
        path = FolderBlobs(folder / "blobs").path(digest)
        whole = path.read_bytes()
        path.chmod(0o644)
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        blob = store.blob(digest)
        assert blob
        for _ in range(2):
            with pytest.raises(DamagedBlob, match="publish its file again"):
                blob.read(range(4))
        store.publish(shipped.card, shipped.weights, shipped.preview)
        assert blob.read() == whole


def test_a_blob_is_hashed_when_a_process_first_reads_it(
    folder: Path, shipped: ShippedStyle, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[range] = []
    of_folder = FolderBlobs.read

    def noted(self: FolderBlobs, digest: str, part: range) -> bytes:
        read.append(part)
        return of_folder(self, digest, part)

    monkeypatch.setattr(FolderBlobs, "read", noted)
    with Store(StoreLocation(folder=folder)) as store:
        digest = store.publish(shipped.card, shipped.weights, shipped.preview).digest
        for _ in range(2):
            blob = store.blob(digest)
            assert blob
            blob.read(range(2, 6))
        assert blob
        assert sum(len(part) for part in read) == blob.bytes + 2 * 4


@pytest.mark.parametrize("depth", [1, 2])
def test_no_link_is_followed(folder: Path, shipped: ShippedStyle, tmp_path: Path, depth: int) -> None:
    with Store(StoreLocation(folder=folder)) as store:
        digest = store.publish(shipped.card, shipped.weights, shipped.preview).digest
        path = FolderBlobs(folder / "blobs").path(digest)
        linked = path if depth == 1 else path.parent
        linked.rename(tmp_path / "elsewhere")
        linked.symlink_to(tmp_path / "elsewhere")
        blob = store.blob(digest)
        assert blob
        with pytest.raises(MissingBlob):
            blob.read()
