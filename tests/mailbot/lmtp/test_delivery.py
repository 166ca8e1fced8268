"""Mail that is handed over: safe before its 250, each recipient with its reply, and answered once."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mailbot.lmtp import delivery
from mailbot.lmtp.delivery import AcceptMail, delivered
from mailbot.lmtp.server import listening
from mailbot.parsing.mail_parser import parse_email
from mailbot.settings.lmtp import Lmtp
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage
from mailbot.storage.spool import folder_of
from tests.fakes.mailbot.bot import ADDRESS, answering, asking, until_settled
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.servers.lmtp import LmtpQueue, connect, expect, hand_over, say
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until

ANN = "ann@example.org"
OWN = (ADDRESS, "paint@example.org")
MOST = 500_000


@asynccontextmanager
async def taking(folder: Path, accept: AcceptMail) -> AsyncIterator[Lmtp]:
    place = Lmtp(listen=f"unix:{folder}/lmtp")
    async with listening(place, OWN, MOST, accept):
        yield place


@asynccontextmanager
async def bot(folder: Path, ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> AsyncIterator[Lmtp]:
    """A bot without a mailbox."""
    async with answering(None, ledger, balancer, sink) as at_work, taking(folder, at_work.accept) as place:
        yield place


async def test_a_mail_is_in_spool_and_ledger_before_its_250(tmp_path: Path, ledger: Ledger) -> None:
    async def accept(raw: RawMessage) -> bool:
        return await ledger.accept(raw) is not None

    async with taking(tmp_path, accept) as place:
        (reply,) = await hand_over(place, ANN, [ADDRESS], asking())
        assert reply.startswith("250 2.0.0")
        spooled = list(folder_of(tmp_path / "ledger" / "ledger.db").glob("*.eml"))
        assert len(spooled) == 1
        assert await census(ledger) == {"message.accepted": 1}


async def test_a_mail_that_comes_again_is_answered_once(
    tmp_path: Path, ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with bot(tmp_path, ledger, balancer, sink) as place, LmtpQueue(place, ADDRESS) as queue:
        queue.faults.append("hang up")  # it never hears the 250, and hands the mail over again
        mail = asking()
        queue.put(mail, ANN)
        await until_settled(ledger, 1)
        await until(lambda: sink.received)
        again = await hand_over(place, ANN, [ADDRESS, ADDRESS.replace("@", "+mosaic@")], mail)
        assert again == [delivery.KNOWN, delivery.KNOWN]
        await until_settled(ledger, 1)
    assert len(sink.received) == 1


async def test_each_recipient_has_a_reply_of_its_own(tmp_path: Path) -> None:
    raws = []

    async def accept(raw: RawMessage) -> bool:
        raws.append(raw)
        return True

    async with taking(tmp_path, accept) as place:
        to = ["nobody@example.org", ADDRESS, "Paint+great-wave@example.org"]
        replies = await hand_over(place, ANN, to, asking())
        assert [reply[:9] for reply in replies] == ["550 5.1.1", "250 2.0.0", "250 2.0.0"]
        assert (await hand_over(place, ANN, to[:1], asking()))[0].startswith("550 5.1.1")
    (raw,) = raws
    assert parse_email(raw.body).recipients[:2] == (ADDRESS, "Paint+great-wave@example.org")


async def test_a_bounce_is_known_by_its_envelope(tmp_path: Path) -> None:
    raws = []

    async def accept(raw: RawMessage) -> bool:
        raws.append(raw)
        return True

    async with taking(tmp_path, accept) as place:
        await hand_over(place, "", [ADDRESS], asking())
    assert parse_email(raws[0].body).automation.null_sender


async def test_what_is_too_large_is_refused_for_good_and_long_lines_are_taken(tmp_path: Path) -> None:
    raws = []

    async def accept(raw: RawMessage) -> bool:
        raws.append(raw)
        return True

    async with taking(tmp_path, accept) as place:
        long = asking() + b"x" * 100_000 + b"\r\n"
        assert (await hand_over(place, ANN, [ADDRESS], long))[0].startswith("250")
        assert raws[0].body.endswith(long[-50_000:])
        large = asking() + b"y" * 70 + (b"\r\n" + b"y" * 70) * 8000
        assert (await hand_over(place, ANN, [ADDRESS], large))[0].startswith("552")
        reader, writer = await connect(place)  # without saying its size beforehand
        await expect(reader, "220")
        for command in ("LHLO x", f"MAIL FROM:<{ANN}>", *(f"RCPT TO:<{own}>" for own in OWN)):
            await say(reader, writer, command, "250")
        await say(reader, writer, "DATA", "354")
        writer.write(large + b"\r\n.\r\n")
        async with asyncio.timeout(5):
            assert [(await expect(reader))[:4] for _ in OWN] == ["552 "] * 2, "one for each recipient"
        writer.close()
    assert len(raws) == 1


@pytest.mark.parametrize(
    ("error", "reply"),
    [
        (OSError(5, "Input/output error"), delivery.FAILED),
        (sqlite3.OperationalError("database is locked"), delivery.FAILED),
        (KeyError("an error of the code"), delivery.FAILED),
    ],
)
async def test_what_cannot_be_kept_stays_with_the_mail_server(
    tmp_path: Path, error: Exception, reply: str
) -> None:
    async def accept(_raw: RawMessage) -> bool:
        raise error

    async with taking(tmp_path, accept) as place:
        assert await hand_over(place, ANN, [ADDRESS], asking()) == [reply]


async def test_while_the_disk_is_full_mail_stays_with_the_mail_server(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def accept(raw: RawMessage) -> bool:
        return await ledger.accept(raw) is not None

    monkeypatch.setattr(delivery, "ACCEPT_SECONDS", 0.1)
    fsync = os.fsync

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    async with taking(tmp_path, accept) as place:
        monkeypatch.setattr(os, "fsync", full)
        assert await hand_over(place, ANN, [ADDRESS], asking()) == [delivery.NO_ROOM]
        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(delivery, "ACCEPT_SECONDS", 15.0)
        assert await hand_over(place, ANN, [ADDRESS], asking()) == [delivery.TAKEN]


async def test_a_page_in_a_browser_hands_nothing_over(tmp_path: Path) -> None:
    async def accept(_raw: RawMessage) -> bool:
        raise AssertionError

    async with taking(tmp_path, accept) as place:
        reader, writer = await connect(place)
        await expect(reader, "220")
        writer.write(f"POST / HTTP/1.1\r\nLHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<{ADDRESS}>\r\n".encode())
        assert (await reader.read()).startswith(b"421 ")
        writer.close()


async def test_a_stop_lets_a_mail_under_way_end_and_begins_no_other(tmp_path: Path) -> None:
    may_accept, accepting = asyncio.Event(), asyncio.Event()

    async def accept(_raw: RawMessage) -> bool:
        accepting.set()
        await may_accept.wait()
        return True

    async with asyncio.TaskGroup() as group:
        async with taking(tmp_path, accept) as place:
            reader, writer = await connect(place)
            await expect(reader, "220")
            await say(reader, writer, "LHLO x", "250")
            under_way = group.create_task(hand_over(place, ANN, [ADDRESS], asking()))
            await accepting.wait()

            async def late() -> None:
                assert await say(reader, writer, f"MAIL FROM:<{ANN}>") == delivery.STOPPING
                may_accept.set()
                writer.close()

            asyncio.get_running_loop().call_later(0.05, lambda: group.create_task(late()))
        assert await under_way == [delivery.TAKEN]


def test_the_envelope_adds_no_lines_of_its_own() -> None:
    mail = delivered(b"Subject: x\r\n\r\n", "a>\r\nBcc: b@x", ["bot@x\nX: y"])
    assert mail.split(b"\r\n") == [
        b"Return-Path: <aBcc:b@x>",
        b"Delivered-To: bot@xX:y",
        b"Subject: x",
        b"",
        b"",
    ]
