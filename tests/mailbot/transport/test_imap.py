"""The IMAP client: what it asks a real Dovecot, and what it reads in answers."""

from __future__ import annotations

import asyncio

import pytest

from mailbot.config import Imap
from mailbot.transport.credentials import Password
from mailbot.transport.imap import Connection, chunks
from mailbot.transport.imap_calls import CommandRefused, ImapError
from tests.fakes.mailbot.ledger import numbered
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.proxy import Proxy
from tests.fakes.waiting import until


async def test_a_refused_login_is_an_error(imap: Imap) -> None:
    with pytest.raises(ImapError, match="LOGIN"):
        async with Connection.open(imap, Password("wrong")):
            pass


async def test_the_connection_is_closed_when_opening_is_cancelled(dovecot: Dovecot, imap: Imap) -> None:
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        proxy.silent = True
        opening = asyncio.create_task(
            Connection.open(imap.model_copy(update={"port": proxy.port}), Dovecot.credentials).__aenter__()
        )
        await until(lambda: proxy.connections == 1, 10)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        await until(lambda: not proxy._lines, 10)


async def test_a_connection_hangs_up_though_its_end_is_cancelled(imap: Imap) -> None:
    connection = Connection(imap, Dovecot.credentials)
    await connection.greet()
    dropping = asyncio.create_task(connection.drop())
    await asyncio.sleep(0)  # it waits for the library's tasks
    dropping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dropping
    assert connection._client.protocol.transport.is_closing()


async def test_mail_that_came_between_search_and_idle_ends_the_idle_at_once(
    dovecot: Dovecot, user: str, imap: Imap
) -> None:
    async with Connection.open(imap, Dovecot.credentials) as connection:
        assert await connection.new_uids(0) == []
        dovecot.deliver(user, numbered(1))
        # The server tells of it within another command: an EXISTS that aioimaplib drops.
        await until_news(connection)
        async with asyncio.timeout(5):
            await connection.idle(60, asyncio.Event())
        assert await connection.new_uids(0) == [1]
        assert await connection.new_uids(1) == []


async def until_news(connection: Connection) -> None:
    async with asyncio.timeout(5):
        while not connection.news.is_set():
            await connection._ok("NOOP", connection._client.noop())


async def test_wake_ends_an_idle(imap: Imap) -> None:
    async with Connection.open(imap, Dovecot.credentials) as connection:
        wake = asyncio.Event()
        asyncio.get_running_loop().call_later(0.05, wake.set)
        async with asyncio.timeout(5):
            await connection.idle(60, wake)
        assert await connection.new_uids(0) == []


async def test_a_refusal_leaves_the_connection_usable(dovecot: Dovecot, user: str, imap: Imap) -> None:
    dovecot.deliver(user, numbered(1))
    async with Connection.open(imap, Dovecot.credentials) as connection:
        with pytest.raises(CommandRefused, match="Invalid mailbox name"):
            await connection.move([1], "no//such folder")
        assert await connection.sizes([1]) == {1: len(numbered(1))}


async def test_mail_marked_as_deleted_is_not_answered(dovecot: Dovecot, user: str, imap: Imap) -> None:
    dovecot.deliver(user, numbered(1))
    async with Connection.open(imap, Dovecot.credentials) as connection:
        await connection._ok("STORE", connection._client.uid("STORE", "1", "+FLAGS.SILENT", r"(\Deleted)"))
        assert await connection.new_uids(0) == []


def test_fetches_are_limited_by_number() -> None:
    assert chunks([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]
