"""Keep blobs in the database, in the transaction that names them. So no blob is there without its name.

PostgreSQL holds the bytes outside of the row and uncompressed. So it reads a part of a blob without the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager

from registry.blobs.blob import IncomingFile, MissingBlob
from registry.database.dialect import Transaction


class DatabaseBlobs:
    """Hold the blobs of a table. See `BlobStore`."""

    chunk = 1024 * 1024
    swept_at_start = False

    def __init__(self, reading: Callable[[], AbstractContextManager[Transaction]]) -> None:
        """Take `reading`, which opens a transaction to read a blob in."""
        self._reading = reading

    def send(self, incoming: IncomingFile) -> None:
        """See `BlobStore`. The bytes are a part of the transaction."""

    def keep(self, db: Transaction, incoming: IncomingFile) -> None:
        """See `BlobStore`. It takes twice the file's size of memory."""
        if not db.rows("SELECT 1 FROM blob_data WHERE digest = ?", incoming.digest):
            db.insert("blob_data", {"digest": incoming.digest, "data": incoming.path.read_bytes()})

    def read(self, digest: str, part: range) -> bytes:
        """See `BlobStore`."""
        query = "SELECT substr(data, ?, ?) AS data FROM blob_data WHERE digest = ?"
        with self._reading() as db:
            found = db.rows(query, part.start + 1, len(part), digest)
        if not found:
            raise MissingBlob(digest, 0, part)
        return bytes(found[0]["data"])

    def sweep(
        self, db: Transaction, named: Collection[str], *, spared: float, dry_run: bool = False
    ) -> list[int]:
        """See `BlobStore`. The age is not known: blobs without a name are left only by later releases."""
        found = db.rows("SELECT digest, octet_length(data) AS bytes FROM blob_data ORDER BY digest")
        orphans = [row for row in found if row["digest"] not in named]
        for row in orphans if not dry_run else []:
            db.execute("DELETE FROM blob_data WHERE digest = ?", row["digest"])
        return [row["bytes"] for row in orphans]
