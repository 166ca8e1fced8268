"""The databases that a registry runs on, by which tests are run twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from registry.blobs.folder import FolderBlobs
from registry.database.dialect import Transaction
from registry.store.location import StoreLocation

SQLITE, POSTGRES = DATABASES = "sqlite", "postgres"
#: Runs a test, or with `pytestmark` all of a module, on both databases.
both = pytest.mark.parametrize("database", DATABASES, indirect=True)


@contextmanager
def tables(location: StoreLocation) -> Iterator[Transaction]:
    """A transaction of another process, to look at the tables and to change what no method changes."""
    with closing(location.open().database) as database, database.writing() as db:
        yield db


def contents(location: StoreLocation) -> dict[str, bytes]:
    """The bytes of all blobs by their digests, also of those that no version names."""
    if location.database:
        with tables(location) as db:
            return {row["digest"]: row["data"] for row in db.rows("SELECT digest, data FROM blob_data")}
    files = (location.folder / "blobs").glob("*/*")
    return {f"sha256:{path.name}": path.read_bytes() for path in files}


def sound(blobs: dict[str, bytes]) -> bool:
    """Whether each blob has the digest that it is kept under."""
    return all(digest == f"sha256:{hashlib.sha256(data).hexdigest()}" for digest, data in blobs.items())


def damage(location: StoreLocation, digest: str, data: bytes | None) -> None:
    """Leaves other bytes of a blob than it had, or removes it for `None`."""
    if location.database:
        with tables(location) as db:
            db.execute("DELETE FROM blob_data WHERE digest = ?", digest)
            if data is not None:
                db.insert("blob_data", {"digest": digest, "data": data})
        return
    path = FolderBlobs(location.folder / "blobs").path(digest)
    path.unlink()
    if data is not None:
        path.write_bytes(data)
