from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool.base import AttemptWithBackoff

from registry.database import postgres as module
from registry.database.dialect import StateUnavailable, Transaction, Value, now
from registry.database.postgres import PostgresDatabase
from tests.fakes.proxy import Proxy
from tests.fakes.registry.postgres import PostgresServer

EVENT: dict[str, Value] = {"at": now(), "kind": "published", "style": "mosaic", "version": 1}


@pytest.fixture
def database() -> str:
    return "postgres"


@pytest.fixture
def state(database_url: str) -> Iterator[PostgresDatabase]:
    with closing(PostgresDatabase(database_url)) as state:
        yield state


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """One that a test may stop."""
    with PostgresServer() as server:
        yield server


def events(state: PostgresDatabase) -> list[int]:
    with state.reading() as db:
        return [row["seq"] for row in db.rows("SELECT seq FROM event ORDER BY seq")]


def pause_between_two(db: Transaction) -> None:
    db.insert("event", EVENT)
    time.sleep(1)
    db.insert("event", EVENT)


def test_numbers_of_events_have_no_gaps(state: PostgresDatabase) -> None:
    """A sequence would leave one where a transaction was undone."""
    for undone in (False, True, False):
        try:
            with state.writing() as db:
                db.insert("event", EVENT)
                if undone:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    assert events(state) == [1, 2]


async def test_events_of_another_process_are_told_when_they_are_committed(
    state: PostgresDatabase, database_url: str
) -> None:
    told = asyncio.Event()
    watching = asyncio.create_task(state.watch(told.set))
    await asyncio.wait_for(told.wait(), 20)  # once at the start, for what came before
    told.clear()
    with closing(PostgresDatabase(database_url)) as other:
        with other.writing() as db:
            db.insert("event", EVENT)
            await asyncio.wait([watching], timeout=0.1)
            assert not told.is_set()
        await asyncio.wait_for(told.wait(), 20)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching


async def test_all_goes_on_when_the_server_that_was_away_is_back(
    own_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(module, "BUSY_SECONDS", 3.0)
    monkeypatch.setattr(module, "RECONNECT_SECONDS", 0.5)
    monkeypatch.setattr(AttemptWithBackoff, "INITIAL_DELAY", 120.0)  # as after minutes
    state = PostgresDatabase(own_server.new_database())
    told = asyncio.Event()
    watching = asyncio.create_task(state.watch(told.set))
    await asyncio.wait_for(told.wait(), 20)
    own_server.stop()
    with pytest.raises(StateUnavailable) as caught:
        events(state)
    assert "does not answer" in caught.value.message
    with pytest.raises(StateUnavailable), state.writing():
        pass
    told.clear()
    own_server.start()
    await asyncio.wait_for(told.wait(), 40)
    with state.writing() as db:
        db.insert("event", EVENT)
    assert events(state) == [1]
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    state.close()


def test_a_writer_waits_for_another_only_for_a_time(
    state: PostgresDatabase, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SETTINGS", "SET lock_timeout = '50ms'")
    with closing(PostgresDatabase(database_url)) as hurried, ThreadPoolExecutor(1) as thread:
        with state.writing(), pytest.raises(StateUnavailable):
            thread.submit(lambda: hurried.writing().__enter__()).result(20)
        assert events(hurried) == []


def test_a_write_that_pauses_for_too_long_may_be_tried_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SETTINGS", "SET idle_in_transaction_session_timeout = '50ms'")
    with closing(PostgresDatabase(database_url)) as state:
        with pytest.raises(StateUnavailable), state.writing() as db:
            pause_between_two(db)
        assert events(state) == []


def test_a_server_that_has_become_a_standby_may_be_tried_again(
    state: PostgresDatabase,
) -> None:
    with state.writing() as db:
        db.execute("SET TRANSACTION READ ONLY")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction) as caught:
            db.insert("event", EVENT)
    with pytest.raises(StateUnavailable), state.reading():
        raise caught.value
    assert events(state) == []


@asynccontextmanager
async def behind_a_proxy(database_url: str) -> AsyncIterator[tuple[Proxy, PostgresDatabase]]:
    parts = conninfo_to_dict(database_url)
    async with Proxy(f"{parts['host']}/.s.PGSQL.5432", 0) as proxy:
        url = make_conninfo(database_url, host="127.0.0.1", port=proxy.port)
        state = await asyncio.to_thread(PostgresDatabase, url)
        await asyncio.to_thread(write, state)  # now each pool has its connection, which began with a COMMIT
        await asyncio.to_thread(events, state)
        yield proxy, state
        await asyncio.to_thread(state.close)


def write(state: PostgresDatabase, at_the_commit: Callable[[], None] = lambda: None) -> bool:
    with state.writing() as db:
        db.insert("event", EVENT)
        at_the_commit()
    return True


async def test_a_commit_whose_answer_is_lost_is_no_failure(
    state: PostgresDatabase, database_url: str
) -> None:
    async with behind_a_proxy(database_url) as (proxy, far):
        assert await asyncio.to_thread(write, far, lambda: setattr(proxy, "deaf_after", b"COMMIT"))
        assert proxy.was_cut.is_set()
        assert events(state) == [1, 2]
        await asyncio.to_thread(write, far)
        assert events(state) == [1, 2, 3]


async def test_a_commit_that_does_not_arrive_is_one(state: PostgresDatabase, database_url: str) -> None:
    async with behind_a_proxy(database_url) as (proxy, far):
        failing = asyncio.to_thread(write, far, lambda: setattr(proxy, "cut_at", b"COMMIT"))
        writing = asyncio.create_task(failing)
        await proxy.was_cut.wait()
        proxy.cut_at = b""
        with pytest.raises(StateUnavailable, match="does not answer"):
            await writing
        assert events(state) == [1]


async def test_an_unknown_end_is_told(
    state: PostgresDatabase, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 1.0)
    async with behind_a_proxy(database_url) as (proxy, far):

        def fall() -> None:
            proxy.deaf_after = b"COMMIT"
            proxy.cut_at = b"user"  # in the first message of each other connection

        with pytest.raises(StateUnavailable, match="whether the change was made"):
            await asyncio.to_thread(write, far, fall)
        proxy.cut_at = b""
    assert events(state) == [1, 2]


def test_a_process_that_dies_in_a_write_holds_up_nobody(state: PostgresDatabase, database_url: str) -> None:
    connection = psycopg.connect(database_url)
    connection.execute(module.LOCK)
    connection.execute("INSERT INTO style VALUES ('half', 'now')")
    with socket.socket(fileno=os.dup(connection.fileno())) as link:
        link.shutdown(socket.SHUT_RDWR)  # as the kernel does for a process that is gone
    with state.writing() as db:
        assert db.rows("SELECT * FROM style") == []
    connection.close()


def test_a_database_that_is_away_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, postgres: PostgresServer
) -> None:
    monkeypatch.setenv("PGPASSWORD", "the secret")
    for url in ("postgresql://registry@127.0.0.1:1/nowhere", postgres.url().replace("/postgres?", "/none?")):
        with pytest.raises(StateUnavailable) as caught:
            PostgresDatabase(url)
        assert "secret" not in str(caught.value)
        assert "\n" not in caught.value.detail != ""


def test_a_database_that_holds_less_than_every_letter_is_refused(postgres: PostgresServer) -> None:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(StateUnavailable, match="LATIN1"):
        PostgresDatabase(postgres.url().replace("/postgres?", "/latin?"))


def test_a_user_who_may_not_make_tables_is_told_so(postgres: PostgresServer, database_url: str) -> None:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE visitor LOGIN")
    with pytest.raises(StateUnavailable, match="make the user its owner"):
        PostgresDatabase(database_url.replace("registry@", "visitor@"))
