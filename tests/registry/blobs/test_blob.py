from __future__ import annotations

from pathlib import Path

import pytest

from registry.blobs.blob import DIGEST, Blob, MissingBlob, digest_of, hex_of
from registry.blobs.folder import FolderBlobs

EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_file_is_named_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert digest_of(tmp_path / "empty") == EMPTY
    assert DIGEST.fullmatch(EMPTY)
    assert hex_of(EMPTY) == EMPTY[7:]


@pytest.mark.parametrize("digest", ["", "sha256:", EMPTY[7:], EMPTY + "0", EMPTY.upper(), EMPTY + "\n"])
def test_what_is_no_digest_names_nothing(digest: str) -> None:
    with pytest.raises(ValueError, match="is no digest"):
        hex_of(digest)


def test_what_is_shorter_than_it_was_is_an_error(tmp_path: Path) -> None:
    store = FolderBlobs(tmp_path)
    store.path(EMPTY).parent.mkdir()
    store.path(EMPTY).write_bytes(b"0123456789")
    blob = Blob(digest=EMPTY, bytes=20, media_type="image/jpeg", store=store, verified={EMPTY})
    assert blob.read(range(2, 5)) == b"234"
    with pytest.raises(MissingBlob, match="of bytes 0 to 20"):
        blob.read()
