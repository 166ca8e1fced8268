from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from registry.blobs.blob import digest_of
from registry.blobs.incoming_files import ABANDONED_AFTER, IncomingFolder


@pytest.fixture
def incoming(tmp_path: Path) -> IncomingFolder:
    return IncomingFolder(tmp_path / "incoming")


def test_a_copy_stays_what_it_was_and_goes_with_its_block(incoming: IncomingFolder, tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(b"as it was checked")
    with incoming.receive(source) as copy:
        source.write_bytes(b"as it was changed")
        assert copy.path.read_bytes() == b"as it was checked"
        assert (copy.digest, copy.bytes) == (digest_of(copy.path), 17)
        assert not copy.path.stat().st_mode & 0o222
    assert list(incoming.path.iterdir()) == []


def test_a_copy_that_became_a_blob_is_no_error(incoming: IncomingFolder, tmp_path: Path) -> None:
    (tmp_path / "upload").touch()
    with incoming.receive(tmp_path / "upload") as copy:
        copy.path.rename(tmp_path / "blob")
    assert (tmp_path / "blob").exists()


def test_only_what_was_abandoned_is_swept(incoming: IncomingFolder) -> None:
    for name, age in (("old", ABANDONED_AFTER + 1), ("young", 1.0)):
        (incoming.path / name).write_bytes(b"half of it")
        os.utime(incoming.path / name, (time.time() - age,) * 2)
    assert incoming.sweep(dry_run=True) == [10]
    assert incoming.sweep() == [10]
    assert [path.name for path in incoming.path.iterdir()] == ["young"]
