"""Keep blobs in a bucket of S3, or of a server that speaks its protocol.

    s3://BUCKET/PREFIX/ab/abcdef…      a whole file; its name is its digest

An object appears when it is complete, and is created only if its name is free. The credentials come from the
environment, as every program for S3 reads them: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, or the
role of the machine. Python calls block.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from registry.blobs.blob import IncomingFile, MissingBlob, hex_of
from registry.database.dialect import StateUnavailable, Transaction

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ClientConfig, RetryConfig

#: Limits of one call, which takes a minute at most with all its attempts. A style file has some MB. A
#: transaction that waits for a call is ended after two minutes (registry/database/postgres.py).
CLIENT: ClientConfig = {"timeout": timedelta(seconds=30), "connect_timeout": timedelta(seconds=5)}
RETRIES: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
#: Objects that one request deletes, the most that S3 takes.
DELETED_AT_ONCE = 1000


class S3Blobs:
    """Hold the blobs below a prefix of a bucket. See `BlobStore`."""

    chunk = 4 * 1024 * 1024
    swept_at_start = False

    def __init__(self, url: str, endpoint: str = "") -> None:
        """Take `s3://BUCKET/PREFIX`, and the URL of a server other than Amazon's."""
        self._url = url
        parts = urlsplit(url)
        client: ClientConfig = CLIENT | {"allow_http": endpoint.startswith("http://")}
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            endpoint=endpoint or None,
            client_options=client,
            retry_config=RETRIES,
        )

    def send(self, incoming: IncomingFile) -> None:
        """See `BlobStore`. It takes the file's size of memory."""
        with self._errors(), suppress(AlreadyExistsError):
            # A name can be asked for only in one request, not in several parts.
            obstore.put(self._store, _key(incoming.digest), incoming.path, mode="create", use_multipart=False)

    def keep(self, db: Transaction, incoming: IncomingFile) -> None:
        """See `BlobStore`. The blob is sent again only if a sweep has removed it since `send`."""
        with self._errors():
            try:
                obstore.head(self._store, _key(incoming.digest))
            except FileNotFoundError:
                self.send(incoming)

    def read(self, digest: str, part: range) -> bytes:
        """See `BlobStore`."""
        with self._errors():
            try:
                found = obstore.get_range(self._store, _key(digest), start=part.start, end=part.stop)
            except FileNotFoundError as error:
                raise MissingBlob(digest, 0, part) from error
        return found.to_bytes()

    def sweep(
        self, db: Transaction, named: Collection[str], *, spared: float, dry_run: bool = False
    ) -> list[int]:
        """See `BlobStore`. It asks for nothing once the transaction is lost: a new blob could be hit then."""
        before = datetime.now(UTC) - timedelta(seconds=spared)
        with self._errors():
            listed: list[ObjectMeta] = []
            for page in obstore.list(self._store, chunk_size=DELETED_AT_ONCE):
                listed += page
                db.rows("SELECT 1")
            orphans = [
                entry
                for entry in listed
                if f"sha256:{entry['path'].rpartition('/')[2]}" not in named
                and entry["last_modified"] <= before
            ]
            paths = [] if dry_run else [entry["path"] for entry in orphans]
            for start in range(0, len(paths), DELETED_AT_ONCE):
                db.rows("SELECT 1")
                obstore.delete(self._store, paths[start : start + DELETED_AT_ONCE])
        return [entry["size"] for entry in orphans]

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (MissingBlob, StateUnavailable):
            raise
        except (BaseError, OSError, NotImplementedError) as error:
            message = "The registry's style files cannot be reached just now."  # visitors see it
            reason = str(error).partition("\n")[0]
            raise StateUnavailable(message, f"[registry] blobs = {self._url}: {reason}") from error


def _key(digest: str) -> str:
    name = hex_of(digest)
    return f"{name[:2]}/{name}"
