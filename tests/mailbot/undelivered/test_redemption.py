"""A painting that cannot arrive waits under a code, and comes to whoever writes the code."""

from __future__ import annotations

import re

import pytest

from mailbot.storage.ledger import Ledger
from mailbot.undelivered import one_time_codes
from mailbot.undelivered.notice import may_pass
from tests.fakes.mailbot.bot import (
    Folder,
    answering,
    asking,
    pictures_of,
    text_of,
    until_census,
    until_settled,
)
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

PHONE, ANN = "5551234567@tmomail.net", "ann@example.org"


def written(subject: str, number: int, sender: str = ANN) -> bytes:
    return mail(subject, "", [], sender, message_id=f"<{number}@example.org>")


def bounce(message_id: str, status: str) -> bytes:
    return f"""From: MAILER-DAEMON@mail.example\r
Return-Path: <>\r
Message-ID: <bounce{status}@mail.example>\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mail.example\r
\r
Action: failed\r
Status: {status}\r
\r
--b\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: {message_id}\r
\r
--b--\r
""".encode()


async def test_a_phone_behind_a_closed_gateway_gets_a_code_that_works_once(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(asking(1, PHONE))
    async with answering(inbox, ledger, balancer, sink):
        (told,) = await sink.wait_for(1)
        found = re.search(r"code ([\w-]{9})", text_of(told))
        assert found
        assert [part.get_content_type() for part in told.walk()] == ["text/plain"]
        assert len(text_of(told)) <= 200
        balancer.faults.append((422, "It cannot be painted.", "Unpaintable"))
        inbox.put(written(f"code {found[1]}", 2))
        assert pictures_of((await sink.wait_for(2))[1]) == [], "a failure burns no code"
        inbox.put(written(f"code {found[1].lower()}", 3))
        painting = (await sink.wait_for(3))[2]
        assert painting["To"] == ANN
        assert len(pictures_of(painting)) == 1
        await until_census(ledger, "outbox.sent", 3)
        assert await ledger.read(one_time_codes.counts) == {"waiting": 0, "redeemed": 1, "expired": 0}
        inbox.put(written(f"code {found[1]}", 4))
        assert "I have nothing under the code" in text_of((await sink.wait_for(4))[3])
        inbox.put(
            mail("bigger", "", [], ANN, message_id="<5@example.org>", References=str(painting["Message-ID"]))
        )
        assert len(pictures_of((await sink.wait_for(5))[4])) == 1, "the painting can be talked about"


@pytest.mark.parametrize(("status", "is_told"), [("5.3.4", True), ("5.1.1", False)])
async def test_of_pictures_that_came_back_a_short_text_tells_where_it_may_arrive(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, status: str, is_told: bool
) -> None:
    inbox = Folder(asking(1))
    async with answering(inbox, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        inbox.put(bounce(str(answer["Message-ID"]), status))
        await until_settled(ledger, 3 if is_told else 2)
        if is_told:
            told = (await sink.wait_for(2))[1]
            inbox.put(bounce(str(told["Message-ID"]), "5.3.5"))
            await until_settled(ledger, 4)
    assert len(sink.received) == 1 + is_told, "no answer to the bounce of the text"
    (waiting,) = await ledger.read(one_time_codes.waiting)
    assert (waiting.message, waiting.recipient, waiting.reason) == (1, ANN, f"failed {status}")
    assert not waiting.is_told


async def test_pictures_that_the_server_refuses_wait_under_a_code(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    sink.faults.append("552 5.3.4 message too large")
    async with answering(Folder(asking(1)), ledger, balancer, sink):
        (told,) = await sink.wait_for(1)
    (waiting,) = await ledger.read(one_time_codes.waiting)
    assert waiting.is_told
    assert waiting.code in text_of(told)


async def test_a_photo_beside_a_wrong_code_is_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with answering(Folder(asking(1, style="mosaic, code ABC2-EFGH")), ledger, balancer, sink):
        assert len(pictures_of((await sink.wait_for(1))[0])) == 1


@pytest.mark.parametrize(
    ("recipient", "why", "passes"),
    [
        (ANN, "552 5.3.4 Message too big", True),
        (ANN, "failed 5.7.1", True),
        (ANN, "550 no such user here", False),
        (ANN, "failed 5.1.1", False),
        ("5551234567@vzwpix.com", "failed 5.0.0", True),
        ("5551234567@vzwpix.com", "failed 5.1.1", False),
        (PHONE, "failed 5.3.4", False),
    ],
)
def test_where_a_text_may_arrive(recipient: str, why: str, passes: bool) -> None:
    assert may_pass(recipient, why) is passes
