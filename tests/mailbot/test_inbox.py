"""The inbox against a real Dovecot, with a proxy between them where lines must break."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mailbot import inbox as inbox_module
from mailbot.config import Imap
from mailbot.inbox import FIRST_DELAY, LAST_DELAY, by_bytes, is_whole
from mailbot.storage.mail_keys import dedupe_key
from mailbot.transport import imap as imap_module
from mailbot.transport.imap import MAX_HEADER_BYTES, Connection
from mailbot.transport.imap_calls import ImapError
from mailbot.transport.imap_protocol import ImapClient
from mailbot.transport.imap_syntax import MailLocation
from styles.service.backoff import jittered
from tests.fakes.mailbot.inbox import LIMIT, set_aside, watching
from tests.fakes.mailbot.ledger import numbered
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.proxy import Proxy
from tests.fakes.waiting import until


async def test_a_mail_that_lies_there_is_given_byte_for_byte(dovecot: Dovecot, user: str, imap: Imap) -> None:
    dovecot.deliver(user, numbered(1, size=300_000))
    async with watching(imap) as watcher:
        (raw,) = await watcher.wait_for(1)
    assert raw.body == numbered(1, size=300_000)
    assert raw.size == len(raw.body)
    assert (raw.account, raw.folder, raw.uid) == (f"{user}@127.0.0.1", "INBOX", 1)
    assert raw.uidvalidity > 0
    assert not raw.oversized


async def test_an_empty_mail_is_given_too(dovecot: Dovecot, user: str, imap: Imap) -> None:
    dovecot.deliver(user, b"\r\n")
    async with watching(imap) as watcher:
        (raw,) = await watcher.wait_for(1)
    assert raw.body.strip() == b""


async def test_a_mail_that_comes_during_idle_is_pushed(dovecot: Dovecot, user: str, imap: Imap) -> None:
    async with watching(imap) as watcher:
        await until(lambda: watcher.inbox.polled_at > 0, 10)
        dovecot.deliver(user, numbered(1))
        await watcher.wait_for(1, seconds=5)  # far less than the IDLE's 60 s
        dovecot.deliver(user, numbered(2))
        await watcher.wait_for(2, seconds=5)


async def test_processed_mail_is_moved_into_a_folder_made_for_it(
    dovecot: Dovecot, user: str, imap: Imap
) -> None:
    dovecot.deliver(user, numbered(1))
    async with watching(imap) as watcher:
        await watcher.wait_for(1)
        await until(lambda: dovecot.mails(user, "Processed") == [numbered(1)], 10)
        await until(lambda: dovecot.mails(user) == [], 10)  # Dovecot links first and removes then


async def test_a_server_without_move_copies_and_expunges(
    dovecot: Dovecot, user: str, imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    has = ImapClient.has_capability
    monkeypatch.setattr(ImapClient, "has_capability", lambda self, name: name != "MOVE" and has(self, name))
    dovecot.deliver(user, numbered(1))
    dovecot.deliver(user, numbered(2))
    async with watching(imap) as watcher:
        await watcher.wait_for(2)
        await until(lambda: len(dovecot.mails(user, "Processed")) == 2, 10)
        await until(lambda: dovecot.mails(user) == [], 10)


async def test_a_server_without_idle_is_asked_again_and_again(
    dovecot: Dovecot, user: str, imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    has = ImapClient.has_capability
    monkeypatch.setattr(ImapClient, "has_capability", lambda self, name: name != "IDLE" and has(self, name))
    monkeypatch.setattr(imap_module, "NO_IDLE_SECONDS", 0.05)
    async with watching(imap) as watcher:
        await until(lambda: watcher.inbox.polled_at > 0, 10)
        dovecot.deliver(user, numbered(1))
        await watcher.wait_for(1)


async def test_mail_that_was_not_filed_away_is_given_again_at_the_next_start(
    dovecot: Dovecot, user: str, imap: Imap
) -> None:
    dovecot.deliver(user, numbered(1))
    async with watching(imap, files=False) as watcher:
        await watcher.wait_for(1)
    async with watching(imap) as watcher:
        (again,) = await watcher.wait_for(1)
    assert again.uid == 1


async def test_over_the_limit_only_the_headers_are_downloaded(
    dovecot: Dovecot, user: str, imap: Imap
) -> None:
    dovecot.deliver(user, numbered(1, size=50_000))
    dovecot.deliver(user, numbered(2))
    async with watching(imap, limit=10_000) as watcher:
        got = await watcher.wait_for(2)
    large = next(raw for raw in got if raw.oversized)
    assert large.size == len(numbered(1, size=50_000))
    assert b"<1@example.org>" in large.body
    assert b"xxxx" not in large.body
    assert [raw.body for raw in got if not raw.oversized] == [numbered(2)]


async def test_of_a_large_mail_that_is_all_headers_a_part_is_downloaded_and_always_the_same(
    dovecot: Dovecot, user: str, imap: Imap
) -> None:
    endless = b"X-Filler: %s\r\n" % (b"x" * 900) * 300
    mails = [b"Message-ID: <%d@x>\r\n" % number + endless + b"\r\nhi\r\n" for number in range(40)]
    for mail in mails:
        dovecot.deliver(user, mail)
    keys = []
    for files in (False, True):
        async with watching(imap, limit=10_000, files=files) as watcher:
            got = await watcher.wait_for(40)
        assert [raw.body for raw in got] == [mail[:MAX_HEADER_BYTES] for mail in mails]
        keys.append([dedupe_key(raw) for raw in got])
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 40


NIL = b"* 1 FETCH (UID 1 BODY[] NIL)\r\nTAG OK done"
SHORT = b"* 1 FETCH (UID 1 BODY[] {9}\r\nerror 500)\r\nTAG OK done"
HEADLESS = b"* 1 FETCH (UID 1 BODY[HEADER]<0> NIL)\r\nTAG OK done"
NO = b"TAG NO [SERVERBUG] later"


@pytest.mark.parametrize(
    ("answer", "limit"),
    [
        (NIL, LIMIT),
        (b'* 1 FETCH (UID 1 BODY[] "")\r\nTAG OK done', LIMIT),
        (SHORT, LIMIT),
        (HEADLESS, 10_000),
        (NO, LIMIT),
        (NO, 10_000),
    ],
    ids=["NIL", "empty", "short", "no headers", "refused", "headers refused"],
)
async def test_a_mail_that_the_server_cannot_give_whole_stays_until_the_next_sweep(
    dovecot: Dovecot, user: str, imap: Imap, caplog: pytest.LogCaptureFixture, answer: bytes, limit: int
) -> None:
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        proxy.answers.extend([(b"FETCH 1 (UID BODY.PEEK[", answer)] * 2)
        dovecot.deliver(user, numbered(1, size=300_000))
        async with watching(imap.model_copy(update={"port": proxy.port}), limit=limit) as watcher:
            for left in (1, 0):
                await until(lambda left=left: len(proxy.answers) == left and watcher.inbox._left)  # type: ignore[misc]
                dovecot.deliver(user, numbered(5 - left))
                got = await watcher.wait_for(2 - left)
                assert all(raw.uid > 1 for raw in got)
                await until(lambda left=left: dovecot.count(user, "Processed") == 2 - left)  # type: ignore[misc]
                await until(lambda: dovecot.count(user) == 1)
                proxy.reset_all()
            *_, whole = await watcher.wait_for(3)
    assert (whole.uid, whole.size) == (1, len(numbered(1, size=300_000)))
    assert caplog.text.count("mail 1 cannot be fetched") == 1


async def test_a_mail_that_was_left_is_tried_again_on_a_connection_that_lasts(
    dovecot: Dovecot, user: str, imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "SWEEP_SECONDS", 0.2)
    dovecot.deliver(user, numbered(1, size=300_000))
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        proxy.answers.append((b"BODY.PEEK[]", NIL))
        settings = imap.model_copy(update={"port": proxy.port, "idle_seconds": 0.1})
        async with watching(settings) as watcher:
            (raw,) = await watcher.wait_for(1)
            assert proxy.connections == 1
    assert raw.body == numbered(1, size=300_000)


async def test_a_mail_whose_move_was_refused_is_moved_on_a_connection_that_lasts(
    dovecot: Dovecot, user: str, imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "SWEEP_SECONDS", 0.2)
    dovecot.deliver(user, numbered(1))
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        proxy.answers.append((b"UID MOVE", b"TAG NO [OVERQUOTA] the mailbox is full"))
        settings = imap.model_copy(update={"port": proxy.port, "idle_seconds": 0.1})
        async with watching(settings) as watcher:
            await until(lambda: dovecot.mails(user, "Processed") == [numbered(1)], 10)
            await until(lambda: not watcher.inbox._left)
            assert proxy.connections == 1


async def test_five_hundred_mails_are_swept_once_each(dovecot: Dovecot, user: str, imap: Imap) -> None:
    for number in range(500):
        dovecot.deliver(user, numbered(number))
    async with watching(imap) as watcher:
        got = await watcher.wait_for(500, seconds=30)
        await until(lambda: len(dovecot.mails(user, "Processed")) == 500, 10)
    assert sorted(raw.body for raw in got) == sorted(numbered(number) for number in range(500))
    assert [raw.uid for raw in got] == list(range(1, 501))


async def test_a_folder_made_anew_has_a_new_uidvalidity_and_loses_nothing(
    dovecot: Dovecot, user: str, imap: Imap
) -> None:
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        settings = imap.model_copy(update={"folder": "Photos", "port": proxy.port})
        async with watching(settings) as watcher:
            await until(lambda: watcher.inbox.polled_at > 0, 10)
            dovecot.deliver(user, numbered(1), "Photos")
            await watcher.wait_for(1)
            await until(lambda: dovecot.mails(user, "Photos") == [], 10)
            async with Connection.open(imap, Dovecot.credentials) as other:
                await other._ok("DELETE", other._client.delete("Photos"))
            proxy.reset_all()
            await until((dovecot.maildir(user, "Photos") / "new").exists, 10)
            dovecot.deliver(user, numbered(2), "Photos")
            first, second = await watcher.wait_for(2)
            await until(lambda: len(dovecot.mails(user, "Processed")) == 2, 10)
    assert (first.body, second.body) == (numbered(1), numbered(2))
    assert first.uid == second.uid
    assert first.uidvalidity != second.uidvalidity


async def test_a_connection_reset_in_the_middle_of_a_fetch_is_made_anew(
    dovecot: Dovecot, user: str, imap: Imap
) -> None:
    dovecot.deliver(user, numbered(1, size=400_000))
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        proxy.cut_after = 100_000
        async with watching(imap.model_copy(update={"port": proxy.port})) as watcher:
            (raw,) = await watcher.wait_for(1)
            await until(lambda: len(dovecot.mails(user, "Processed")) == 1, 10)
        assert proxy.was_cut.is_set()
        assert proxy.connections == 2
    assert raw.body == numbered(1, size=400_000)


async def test_a_connection_reset_during_idle_is_made_anew(dovecot: Dovecot, user: str, imap: Imap) -> None:
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        settings = imap.model_copy(update={"port": proxy.port})
        async with watching(settings) as watcher:
            await until(lambda: watcher.inbox.polled_at > 0, 10)
            proxy.reset_all()
            dovecot.deliver(user, numbered(1))
            await watcher.wait_for(1)


async def test_a_line_that_goes_dead_is_given_up_after_the_timeout(
    dovecot: Dovecot, user: str, imap: Imap
) -> None:
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        settings = imap.model_copy(update={"port": proxy.port, "idle_seconds": 0.2})
        async with watching(settings, seconds=0.5) as watcher:
            await until(lambda: watcher.inbox.polled_at > 0, 10)
            proxy.silent = True
            await until(lambda: proxy.connections > 1, 10)
            proxy.silent = False
            dovecot.deliver(user, numbered(1))
            await watcher.wait_for(1)


async def test_a_mailbox_that_is_away_is_waited_for(
    user: str, dovecot: Dovecot, imap: Imap, caplog: pytest.LogCaptureFixture
) -> None:
    proxy = Proxy(dovecot.host, dovecot.port)
    async with proxy:
        port = proxy.port
    dovecot.deliver(user, numbered(1))
    async with watching(imap.model_copy(update={"port": port})) as watcher:
        await until(lambda: "the mailbox is away, again in" in caplog.text, 10)
        server = await asyncio.start_server(proxy._serve, "127.0.0.1", port)
        async with server:
            await watcher.wait_for(1)
            proxy.reset_all()


async def test_tls_is_spoken_and_checked(
    dovecot: Dovecot, user: str, imap: Imap, certificate: tuple[Path, Path]
) -> None:
    dovecot.deliver(user, numbered(1))
    settings = imap.model_copy(update={"port": dovecot.tls_port, "tls": "tls"})
    with pytest.raises(ImapError, match=r"name the file of its authority in \[mail.imap\] ca_file"):
        async with Connection.open(settings, Dovecot.credentials):
            pass
    async with watching(settings.model_copy(update={"ca_file": certificate[0]})) as watcher:
        await watcher.wait_for(1)


async def test_a_processed_folder_that_vanished_is_made_anew(dovecot: Dovecot, user: str, imap: Imap) -> None:
    async with watching(imap) as watcher:
        await until(lambda: dovecot.maildir(user, "Processed").exists(), 10)
        async with Connection.open(imap, Dovecot.credentials) as other:
            await other._ok("DELETE", other._client.delete("Processed"))
        for number in (1, 2):
            dovecot.deliver(user, numbered(number))
            await watcher.wait_for(number)
        await until(lambda: len(dovecot.mails(user, "Processed")) == 2, 10)
        await until(lambda: dovecot.mails(user) == [], 10)


async def test_a_copy_is_set_aside_while_the_inbox_idles(dovecot: Dovecot, user: str, imap: Imap) -> None:
    async with watching(imap) as watcher:
        await until(lambda: watcher.inbox.polled_at > 0, 10)
        await asyncio.wait_for(set_aside(watcher.inbox, numbered(7)), 5)
    (copy,) = dovecot.mails(user, "Quarantine")
    assert copy.splitlines() == numbered(7).splitlines()  # Dovecot stores an APPEND with LF


async def test_a_copy_at_which_the_server_hangs_up_fails_alone(
    dovecot: Dovecot, user: str, imap: Imap
) -> None:
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        proxy.cut_at = b"APPEND"
        async with watching(imap.model_copy(update={"port": proxy.port})) as watcher:
            with pytest.raises(ImapError):
                await asyncio.wait_for(set_aside(watcher.inbox, numbered(7)), 10)
            dovecot.deliver(user, numbered(1))
            await watcher.wait_for(1)


async def test_no_new_mail_waits_for_a_copy(
    dovecot: Dovecot, user: str, imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, may_go_on = Connection.append, asyncio.Event()

    async def slowly(connection: Connection, folder: str, mail: bytes) -> MailLocation | None:
        await may_go_on.wait()
        return await append(connection, folder, mail)

    monkeypatch.setattr(Connection, "append", slowly)
    async with watching(imap) as watcher:
        copy = asyncio.create_task(set_aside(watcher.inbox, numbered(7)))
        dovecot.deliver(user, numbered(1))
        await watcher.wait_for(1)
        assert not copy.done()
        may_go_on.set()
        await asyncio.wait_for(copy, 10)
    assert len(dovecot.mails(user, "Quarantine")) == 1


async def test_a_large_copy_may_take_longer_than_a_command(dovecot: Dovecot, user: str, imap: Imap) -> None:
    large = numbered(7, size=500_000)  # 30 s at the slowest
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        settings = imap.model_copy(update={"port": proxy.port})
        async with Connection.open(settings, Dovecot.credentials) as connection:
            connection._timeout = connection._client.timeout = 0.05
            proxy.flows.clear()
            asyncio.get_running_loop().call_later(0.3, proxy.flows.set)
            await connection.append("Quarantine", large)
    assert len(dovecot.mails(user, "Quarantine")) == 1


def test_fetches_are_limited_by_bytes() -> None:
    assert by_bytes({1: 6, 2: 4, 3: 1, 4: 30, 5: 0, 6: 10}, 10) == [[1, 2], [3], [4], [5, 6]]


def test_a_size_that_is_inexact_by_line_ends_is_no_failure() -> None:
    assert is_whole(b"\n" * 100, 200)
    assert is_whole(b"", 0)
    assert not is_whole(b"", 2)
    assert not is_whole(b"x" * 99, 200)


def test_reconnects_come_quickly_at_first_and_never_too_rarely() -> None:
    assert jittered(0, FIRST_DELAY, LAST_DELAY) <= 0.2
    assert LAST_DELAY / 2 <= jittered(1000, FIRST_DELAY, LAST_DELAY) <= LAST_DELAY
