"""Answers by Graph: the same bytes, and the outbox's promises as with SMTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mailbot import outbox as outbox_module
from mailbot.config import Mail, Smtp
from mailbot.outbox import Outbox
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage, Reply
from mailbot.transport.credentials import OAuthToken
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.servers.graph import LIMIT, FakeGraph
from tests.fakes.mailbot.servers.tokens import Authority
from tests.fakes.waiting import until

ADDRESS = "bot@outlook.com"


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraph]:
    async with FakeGraph() as server:
        yield server


def content(number: int = 1, to: str = "Ann <ann@example.org>", size: int = 70) -> bytes:
    head = f"From: {ADDRESS}\r\nTo: {to}\r\nMessage-ID: <{number}@outlook.com>\r\n\r\n"
    return head.encode() + b".a line that begins with a dot\r\n" + b"x" * size + b"\r\n"


async def put(ledger: Ledger, mail: bytes, number: int = 1) -> None:
    raw = RawMessage(account="a", folder="INBOX", uidvalidity=1, uid=number, body=b"%d" % number, size=1)
    assert await ledger.accept(raw) is not None
    (message,) = await ledger.lease(1)
    reply = Reply(kind="results", message_id=f"<{number}@o>", recipient="ann@example.org", content=mail)
    await ledger.finish(message, reply)


@asynccontextmanager
async def sending(graph: FakeGraph, ledger: Ledger, *tokens: str, user: str = "") -> AsyncIterator[Outbox]:
    place = {"host": graph.host, "port": graph.port, "tls": "none", "username": user}
    settings = Smtp.model_validate({"transport": "graph", **place})
    credentials = OAuthToken(Authority(*(tokens or ("token",))))
    outbox = Outbox(settings, ledger, ADDRESS, credentials)
    task = asyncio.create_task(outbox.run())
    try:
        yield outbox
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await outbox.drain(2)


async def until_state(ledger: Ledger, state: str) -> None:
    async def reached() -> bool:
        return (await census(ledger)).get(f"outbox.{state}", 0) == 1

    async with asyncio.timeout(20):
        while not await reached():  # noqa: ASYNC110 - rows change without an event
            await asyncio.sleep(0.01)


async def error_of(ledger: Ledger) -> str:
    row = await ledger.read(lambda db: db.execute("SELECT last_error FROM outbox").fetchone())
    return str(row["last_error"])


async def test_an_answer_is_sent_byte_for_byte(ledger: Ledger, graph: FakeGraph) -> None:
    await put(ledger, content())
    async with sending(graph, ledger):
        await until_state(ledger, "sent")
    assert (graph.received, graph.users, graph.tokens) == ([content()], ["me"], ["token"])


async def test_an_application_names_the_mailbox(ledger: Ledger, graph: FakeGraph) -> None:
    await put(ledger, content())
    async with sending(graph, ledger, user=ADDRESS):
        await until_state(ledger, "sent")
    assert graph.users == [f"users/{ADDRESS}"]


async def test_a_token_that_is_refused_is_replaced_once(ledger: Ledger, graph: FakeGraph) -> None:
    graph.faults.append("401 InvalidAuthenticationToken")
    await put(ledger, content())
    async with sending(graph, ledger, "old", "new"):
        await until_state(ledger, "sent")
    assert graph.tokens == ["old", "new"]


@pytest.mark.parametrize(
    "fault",
    [
        "503 ServiceUnavailable",
        "403 ErrorAccessDenied",
        "400 BadRequest",
        "400 ErrorMessageSubmissionBlocked",
    ],
)
async def test_what_may_pass_is_sent_again_with_the_same_bytes(
    ledger: Ledger, graph: FakeGraph, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(outbox_module, "FIRST_DELAY", 0.02)
    graph.faults += [fault, fault]
    await put(ledger, content())
    async with sending(graph, ledger):
        await until_state(ledger, "sent")
    assert graph.received == [content()]


async def test_a_mail_whose_taking_is_not_known_is_sent_again(
    ledger: Ledger, graph: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "FIRST_DELAY", 0.02)
    graph.faults.append("drop")
    await put(ledger, content())
    async with sending(graph, ledger):
        await until_state(ledger, "sent")
    assert graph.received == [content(), content()]


async def test_a_slow_answer_is_waited_for_and_the_mail_sent_once(
    ledger: Ledger, graph: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "KEEP_SECONDS", 0.01)
    monkeypatch.setattr(outbox_module, "FIRST_DELAY", 0.01)
    graph.answers.clear()
    await put(ledger, content())
    async with sending(graph, ledger) as outbox:
        await graph.wait_for(1)
        outbox.wake()  # it looks for another answer, finds none, and waits
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):  # thirty times as long as an unused connection is kept
                await graph.wait_for(2)
        graph.answers.set()
        await until_state(ledger, "sent")
    assert graph.received == [content()]


async def test_microsoft_is_left_alone_for_as_long_as_it_asks(ledger: Ledger, graph: FakeGraph) -> None:
    graph.faults.append("429 ErrorTooManyRequests 300")
    await put(ledger, content())
    async with sending(graph, ledger):
        await until(lambda: not graph.faults)
        await until_state(ledger, "pending")
    due = await ledger.next_reply_at()
    assert due is not None
    assert due - time.time() > 200


@pytest.mark.parametrize("fault", ["400 ErrorInvalidRecipients", "400 ErrorMimeContentInvalid"])
async def test_what_is_about_the_mail_is_final(ledger: Ledger, graph: FakeGraph, fault: str) -> None:
    graph.faults.append(fault)
    await put(ledger, content())
    async with sending(graph, ledger):
        await until_state(ledger, "failed")
    assert fault in await error_of(ledger)


async def test_a_mail_over_the_limit_is_refused(ledger: Ledger, graph: FakeGraph) -> None:
    await put(ledger, content(size=LIMIT))
    async with sending(graph, ledger):
        await until_state(ledger, "failed")


@pytest.mark.parametrize("to", ["bob@example.org", "ann@example.org, bob@example.org"])
async def test_no_mail_goes_where_its_headers_say_something_else(
    ledger: Ledger, graph: FakeGraph, to: str
) -> None:
    await put(ledger, content(to=to))
    async with sending(graph, ledger):
        await until_state(ledger, "failed")
    assert graph.received == []


def test_answers_fit_into_a_request(tmp_path: Path) -> None:
    mail = Mail.model_validate({"provider": "outlook", "smtp": {"transport": "graph"}})
    assert mail.effective_reply_bytes * 4 / 3 * 4 / 3 < LIMIT
    smtp = mail.effective_smtp
    assert (smtp.host, smtp.port, smtp.tls, smtp.username) == ("graph.microsoft.com", 443, "tls", "")
