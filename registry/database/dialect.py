"""Define what the store asks of its database, so that its queries run on SQLite and PostgreSQL alike.

Queries are written in the SQL that both understand, with `?` for each value:

- A text is compared byte by byte. Where case does not count, `lower(column) = ?` with `ascii_lower(text)`.
- `insert` writes a row. `ON CONFLICT (key) DO UPDATE` replaces one.
- Moments are texts, by `now` and `moment`.

`reading` sees one moment of the database and waits for no writer. `writing` excludes all other writers, of
every process, from its begin to its end. So event numbers appear in their order, and what a writer read stays
true.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from styles.errors import Temporary

T = TypeVar("T")
#: A value of a row or a query.
Value = str | int | float | bytes | None


class StateUnavailable(Temporary):
    """Report that the database, or what holds the blobs, does not answer or is busy for too long."""


class Transaction(Protocol):
    """Run statements that are applied together or not at all."""

    def rows(self, query: str, *values: Value) -> list[dict[str, Any]]:
        """Return all rows of a query at once, since the transaction may end after this."""

    def execute(self, statement: str, *values: Value) -> None:
        """Run a statement that returns nothing."""

    def insert(self, table: str, row: Mapping[str, Value], *, ignore: bool = False) -> None:
        """Insert a row. If `ignore` is set, a row whose key exists already is left out."""


class StateDatabase(ABC):
    """Hold a database open for any thread. Any number of processes may use it at once.

    An event loop writes by `writes`, in a thread for writes alone. In the loop's own pool, a few writes that
    wait for another process would occupy all threads, and reads would wait for one.
    """

    #: Seconds between two polls for the events of other processes.
    poll_seconds: float
    #: Whether several machines use it, so that nothing they must share is kept in a process.
    is_shared: bool

    def __init__(self) -> None:
        #: Called in the event loop after each change by `writes`.
        self.after_write: Callable[[], None] = lambda: None
        self._thread = ThreadPoolExecutor(1, "registry-writes")  # the first write starts its thread

    @abstractmethod
    def reading(self) -> AbstractContextManager[Transaction]:
        """Open a snapshot of the last committed transaction."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that is applied completely or not at all, and excludes all other writers."""

    async def writes(self, change: Callable[[], T]) -> T:
        """Run `change`, which writes and blocks, after all earlier ones, and return its result.

        `close` waits for it. It runs to its end even if the caller is cancelled.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, change)
        finally:
            self.after_write()

    @abstractmethod
    async def watch(self, wake: Callable[[], None]) -> None:
        """Call `wake` at each event of any process, until cancelled, or return if polling must do."""

    def close(self) -> None:
        """Wait for the writes in the queue, then close each connection after its transaction."""
        self._thread.shutdown()


def ascii_lower(text: str) -> str:
    """Make the letters A to Z small, as `lower` does in both databases; others stay."""
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")


def without_nul(value: Value) -> Value:
    """Replace the character NUL of a text, which PostgreSQL cannot hold, by one that is readable.

    No name has it, but a detail of the audit trail may.
    """
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def now() -> str:
    """Return this moment in ISO 8601, UTC, to the millisecond. Such texts sort by time."""
    return moment(datetime.now(UTC))


def moment(at: datetime) -> str:
    """Format a moment in UTC as the tables hold it."""
    return at.isoformat(timespec="milliseconds")
