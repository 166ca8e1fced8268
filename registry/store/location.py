"""Say where a store keeps its database and its blobs, and open both.

    database                         blobs
    ""          registry.db          ""         the folder blobs, or for PostgreSQL a table
    postgresql://HOST/NAME           s3://BUCKET/PREFIX

What needs a library of an extra imports it only here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from registry.blobs.blob import BlobStore, IncomingFile
from registry.blobs.folder import FolderBlobs
from registry.blobs.in_database import DatabaseBlobs
from registry.blobs.incoming_files import IncomingFolder
from registry.database.dialect import StateDatabase, Transaction
from registry.database.sqlite import DatabaseFile
from styles.service.optional_libraries import require


class NoStore(OSError):
    """Report that no registry has run with this location yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreParts:
    """Hold the open parts of a store."""

    database: StateDatabase
    blobs: BlobStore
    incoming: IncomingFolder

    def close(self) -> None:
        """Close the database after its transactions, and use the folder no more."""
        self.database.close()
        self.incoming.close()

    def keep(self, db: Transaction, file: IncomingFile) -> None:
        """Make a copy a blob, and name it in the transaction. Raises like `BlobStore.keep`."""
        self.blobs.keep(db, file)
        size, kind = file.bytes, file.media_type
        db.insert("blob", {"digest": file.digest, "bytes": size, "media_type": kind}, ignore=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreLocation:
    """Describe where a store is, as [registry] in config.toml does."""

    folder: Path  #: of uploads in progress; without the other fields also of the SQLite file and the blobs
    database: str = ""  #: a `postgresql://` URL without a password; "" for SQLite
    blobs: str = ""  #: an `s3://` URL; "" for the folder, or the table of PostgreSQL
    endpoint: str = ""  #: root URL of an S3 server other than Amazon's

    @property
    def name(self) -> str:
        """The database, as a person knows it."""
        return self.database or str(self._file)

    @property
    def exists(self) -> bool:
        """Whether there is a database; of PostgreSQL only `open` can tell."""
        return bool(self.database) or self._file.is_file()

    def require(self) -> None:
        """Raise `NoStore` where there is no SQLite file, which `open` would make."""
        if not self.exists:
            raise NoStore(f"There is no registry at {self._file}: does [registry] data name its folder?")

    def open(self) -> StoreParts:
        """Open all parts, and create what is missing in them.

        Raises `StateUnavailable`, sqlite3.Error, OSError, and `MissingExtra`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        database = self._open_database()
        try:
            blobs = self._open_blobs(database)
            incoming = IncomingFolder(self.folder / "incoming")
        except BaseException:
            database.close()
            raise
        return StoreParts(database=database, blobs=blobs, incoming=incoming)

    @property
    def _file(self) -> Path:
        return self.folder / "registry.db"

    def _open_database(self) -> StateDatabase:
        if not self.database:
            return DatabaseFile(self._file)
        require("postgres", "[registry] database")
        from registry.database.postgres import PostgresDatabase

        return PostgresDatabase(self.database)

    def _open_blobs(self, database: StateDatabase) -> BlobStore:
        if not self.blobs:
            return DatabaseBlobs(database.reading) if self.database else FolderBlobs(self.folder / "blobs")
        require("s3", "[registry] blobs")
        from registry.blobs.s3 import S3Blobs

        return S3Blobs(self.blobs, self.endpoint)
