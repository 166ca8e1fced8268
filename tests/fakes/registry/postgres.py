"""A PostgreSQL of the tests' own, and a database of its own for each test.

with PostgresServer() as server:
    with server.lent_database() as url: ...
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import psycopg

from styles.service.child_processes import set_death_signal

#: Where Debian keeps the programs of each release, which are not on everybody's path.
DEBIAN = Path("/usr/lib/postgresql")
#: The server refuses to run as root, and Debian's package brings this user.
SERVER_USER = "postgres"
#: What tests do without: all that holds beyond a kill of the machine.
FAST = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=200", "autovacuum=off")


class PostgresServer:
    """A server that listens on a socket in a folder of its own, and dies with this process."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._free: list[str] = []  #: URLs of databases that a test has done with

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="registry-postgres-"))
        self._user = SERVER_USER if os.getuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user, self._user)
        data = str(self.folder / "data")
        options = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--username=registry")
        subprocess.run(
            [program("initdb"), *options, "--pgdata", data],
            check=True, capture_output=True, user=self._user, cwd=self.folder,
        )  # fmt: skip
        self._data = data
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Starts it, after a `stop` with all that it held."""
        settings = [*FAST, "listen_addresses=", f"unix_socket_directories={self.folder}"]
        options = [word for setting in settings for word in ("-c", setting)]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [program("postgres"), "-D", self._data, *options],
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self.folder,
                preexec_fn=partial(set_death_signal, signal.SIGQUIT),  # noqa: PLW1509 - before any thread
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Ends it as a crash would: it closes no connection and waits for no client."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(60)

    def url(self, schema: str = "public") -> str:
        query = {"host": str(self.folder), "options": f"-csearch_path={schema}"}
        return f"postgresql://registry@/postgres?{urlencode(query)}"

    @contextmanager
    def lent_database(self) -> Iterator[str]:
        """The URL of a database without a row. Its tables may be there: to make them takes a while."""
        url = self._free.pop() if self._free else self.new_database()
        with psycopg.connect(url) as connection:
            connection.execute("SET session_replication_role = replica")  # no trigger keeps a row
            query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            for (table,) in connection.execute(query).fetchall():
                if table != "migration":
                    connection.execute(f"DELETE FROM {table}".encode())
        yield url
        self._free.append(url)

    def new_database(self) -> str:
        """The URL of an empty schema, which is as good as a database."""
        schema = f"test_{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema}".encode())
        return self.url(schema)


def program(name: str) -> str:
    """The path of a program of the newest PostgreSQL."""
    found = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    path = str(found[-1]) if found else shutil.which(name)
    assert path, f"PostgreSQL's {name} is missing: apt-get install postgresql"
    return path
