"""Open, read and write the registry's tables in a PostgreSQL database.

Any number of registries on any number of machines may use the database at once. A `PostgresDatabase` has a
pool of connections that read, and one that writes. Reading transactions are REPEATABLE READ: a snapshot that
waits for no writer. Writing ones begin with a lock, the counterpart of SQLite's BEGIN IMMEDIATE. Without it,
numbers of events would not appear in their order, and two writers could give one number twice.

The password comes from the environment, as every program for PostgreSQL reads it: PGPASSWORD or PGPASSFILE.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.errors import InterfaceError, OperationalError
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from registry.database.dialect import StateDatabase, StateUnavailable, Value, without_nul
from registry.database.postgres_schema import MIGRATIONS
from styles.service.backoff import RestartPauses

log = logging.getLogger(__name__)

#: Most connections that read. A read takes about a millisecond, and an event loop's pool has some 6 threads.
READERS = 6
#: Seconds that a caller waits for a connection; SETTINGS has those that a writer waits for the others.
BUSY_SECONDS = 10.0
#: Seconds for which a pool tries to open one connection. Its pauses double, up to minutes; the next caller
#: after this begins with short ones again, so that a database that is back is found at once.
RECONNECT_SECONDS = 5.0
#: Seconds before the second attempt in a row to listen for events, and the longest pause.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: Parameters of every connection. A server that is gone without a word is noticed after some 20 seconds.
CONNECTION: dict[str, Any] = {
    "application_name": "registry",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
#: Settings of every connection. A machine that is gone in the middle of a write holds its lock for two
#: minutes at most. The timeout ends a transaction between two statements. The keepalives end one of which a
#: part of a statement has arrived. A write itself is idle for one minute at most, while a bucket answers.
SETTINGS: LiteralString = (
    "SET client_encoding = 'UTF8'; SET lock_timeout = '10s';"
    "SET idle_in_transaction_session_timeout = '120s';"
    "SET tcp_keepalives_idle = 60; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)
#: Excludes the other writers of the schema until the transaction ends, and returns the transaction's number.
LOCK: LiteralString = (
    "SELECT pg_advisory_xact_lock(hashtext('registry'), hashtext(current_schema())),"
    " pg_current_xact_id()::text AS number"
)
#: Seconds between two questions for the end of a transaction.
ASK_AGAIN_SECONDS = 0.2

#: What is raised while the database is away or busy. The last two are errors of a transaction that was idle
#: for too long, and of a server that is a standby now.
AWAY = (
    OperationalError,
    InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.ReadOnlySqlTransaction,
)

PostgresConnection = psycopg.Connection[DictRow]


class PostgresTransaction:
    """Run the statements of a transaction on a connection."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection

    def rows(self, query: str, *values: Value) -> list[dict[str, Any]]:
        """See `Transaction`."""
        return self._run(query, values).fetchall()

    def execute(self, statement: str, *values: Value) -> None:
        """See `Transaction`."""
        self._run(statement, values)

    def insert(self, table: str, row: Mapping[str, Value], *, ignore: bool = False) -> None:
        """See `Transaction`."""
        columns = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        conflict = " ON CONFLICT DO NOTHING" if ignore else ""
        self._run(f"INSERT INTO {table} ({columns}) VALUES ({marks}){conflict}", tuple(row.values()))  # noqa: S608 - names of this project

    def _run(self, statement: str, values: tuple[Value, ...]) -> psycopg.Cursor[DictRow]:
        # No statement of this project holds a % or a ? in another sense.
        text: Any = statement.replace("?", "%s")  # not a literal, which psycopg asks for
        return self._connection.cursor(binary=True).execute(text, [without_nul(value) for value in values])


class PostgresDatabase(StateDatabase):
    """Hold connections to a database for reading and writing by any thread."""

    #: NOTIFY tells of events at once. The poll is for the moments without that connection.
    poll_seconds = 2.0
    is_shared = True

    def __init__(self, url: str) -> None:
        """Take a `postgresql://` URL, and apply the migrations. Raises `StateUnavailable`."""
        super().__init__()
        self._url = url
        _bring_up_to_date(url)
        self._readers = _pool(url, READERS, _read_only)
        self._writer = _pool(url, 1, _read_committed)

    def close(self) -> None:
        """See `StateDatabase`."""
        super().close()
        for pool in (self._writer, self._readers):
            pool.close()

    @contextmanager
    def reading(self) -> Iterator[PostgresTransaction]:
        """See `StateDatabase`."""
        with _errors(), self._readers.connection() as connection:
            yield PostgresTransaction(connection)

    @contextmanager
    def writing(self) -> Iterator[PostgresTransaction]:
        """See `StateDatabase`."""
        with _errors(), self._writer.connection() as connection:
            (row,) = connection.execute(LOCK)
            yield PostgresTransaction(connection)
            try:
                connection.commit()
            except AWAY:
                if not self._has_committed(row["number"]):
                    raise

    def _has_committed(self, number: str) -> bool:
        """Ask the database how a transaction ended whose connection broke in the commit.

        Otherwise the caller would try again, and a version would be published twice. Raises
        `StateUnavailable` if the database does not come back in time.
        """
        deadline = time.monotonic() + BUSY_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OperationalError), _connect(self._url) as connection:
                (row,) = connection.execute("SELECT pg_xact_status(%s::xid8) AS status", [number])
                if row["status"] != "in progress":
                    return bool(row["status"] == "committed")
            time.sleep(ASK_AGAIN_SECONDS)
        message = (
            "The registry's database went away before it said whether the change was made: "
            "look at the style before you try again."
        )
        raise StateUnavailable(message)

    async def watch(self, wake: Callable[[], None]) -> None:
        """See `StateDatabase`. A lost connection is opened again, and `wake` called for what was missed."""
        pauses = RestartPauses(FIRST_PAUSE, LONGEST_PAUSE, math.inf)
        while True:
            with contextlib.suppress(OperationalError):
                connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True, **CONNECTION)
                async with connection:
                    await connection.execute("LISTEN registry_event")
                    pauses.deaths = 0
                    wake()
                    async for _ in connection.notifies():
                        wake()
            if not pauses.deaths:
                log.warning("the database tells of no events: they are polled for until it does again")
            await asyncio.sleep(pauses.after(0.0))


def _bring_up_to_date(url: str) -> None:
    """Apply the migrations that the database does not have. Raises `StateUnavailable`."""
    with _errors(), _connect(url) as connection:
        connection.execute(LOCK)
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise StateUnavailable(f"The database is encoded as {encoding}: create one with ENCODING 'UTF8'.")
        connection.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, at TIMESTAMPTZ)")
        applied = {row["name"] for row in connection.execute("SELECT name FROM migration")}
        for name, statements in MIGRATIONS:
            if name not in applied:
                connection.execute(statements)
                connection.execute("INSERT INTO migration VALUES (%s, now())", [name])


def _connect(url: str) -> PostgresConnection:
    connection = psycopg.connect(url, row_factory=dict_row, **CONNECTION)
    connection.execute(SETTINGS)
    return connection


def _pool(
    url: str, size: int, configure: Callable[[PostgresConnection], None]
) -> ConnectionPool[PostgresConnection]:
    """Open a pool, which opens its connections in the background and replaces broken ones."""
    return ConnectionPool(
        url,
        connection_class=PostgresConnection,
        kwargs={**CONNECTION, "row_factory": dict_row},
        min_size=1,
        max_size=size,
        configure=configure,
        check=ConnectionPool.check_connection,
        timeout=BUSY_SECONDS,
        reconnect_timeout=RECONNECT_SECONDS,
        open=True,
    )


def _read_committed(connection: PostgresConnection) -> None:
    connection.execute(SETTINGS)
    connection.commit()


def _read_only(connection: PostgresConnection) -> None:
    _read_committed(connection)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except AWAY as error:
        message = "The registry's database does not answer just now."
        raise StateUnavailable(message, _in_a_line(error)) from error
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName) as error:
        message = (
            "The registry's database has no schema where its user may make tables: make the user its owner."
        )
        raise StateUnavailable(message, _in_a_line(error)) from error


def _in_a_line(error: psycopg.Error) -> str:
    return " ".join(str(error).split())
