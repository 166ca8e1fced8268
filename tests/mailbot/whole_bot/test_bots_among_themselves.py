"""Bots that mail each other over SMTP, each with its own ledger: however set on, they fall silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mailbot.intents.jobs import MAX_ANSWERS
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, answering
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.wire import Wire, repetitive, stripped
from tests.fakes.runner.balancer import FakeBalancer

A, B, C = "bot@one.example", "bot@two.example", "bot@three.example"
ANN = "ann@example.org"
#: As in the config, only fewer: what ends a loop is the same.
CAPS: dict[str, Any] = {"replies_per_hour": 4, "notes_per_hour": 3}
#: Under a cap, and the notice that says so.
MOST, MOST_NOTES = 4 + 1, 3 + 1


class Bots:
    """At work, each at its own address."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.ledgers: dict[str, Ledger] = {}

    def put(self, to: str, *, photos: bool = True, **fields: str) -> None:
        images = [("beach.jpg", photo())] if photos else []
        self.wire.mailboxes[to].put(mail("mosaic", images=images, to=to, **fields))

    async def until_silent(self) -> None:
        """Until every mail that was delivered has been dealt with, and every answer to it sent."""
        async with asyncio.timeout(60):
            while not await self._are_silent():  # noqa: ASYNC110 - rows change without an event for tests
                await asyncio.sleep(0.02)

    async def _are_silent(self) -> bool:
        counts = {address: await census(ledger) for address, ledger in self.ledgers.items()}
        return all(
            sum(
                count
                for state, count in counts[address].items()
                if state in ("message.done", "message.silent")
            )
            == self.wire.mailboxes[address].last
            and not {"outbox.pending", "outbox.sending"} & counts[address].keys()
            for address in counts
        )


@pytest.fixture
def bots(tmp_path: Path, balancer: FakeBalancer) -> Callable[..., object]:
    @asynccontextmanager
    async def at_work(wire: Wire, *addresses: str) -> AsyncIterator[Bots]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(wire)
            bots = Bots(wire)
            for address in addresses:
                wire.mailboxes[address] = Folder()
                ledger = Ledger(tmp_path / address / "ledger.db")
                bots.ledgers[address] = await stack.enter_async_context(ledger)
                bot = answering(
                    wire.mailboxes[address], ledger, balancer, wire, None, address=address, **CAPS
                )
                await stack.enter_async_context(bot)
            yield bots

    return at_work


async def test_two_bots_fall_silent_after_one_answer_each(bots: Callable[..., object]) -> None:
    async with bots(Wire(), A, B) as both:  # type: ignore[attr-defined]
        both.put(A, sender=B, message_id="<1@x>")
        both.put(B, sender=A, message_id="<2@x>")
        await both.until_silent()
    assert both.wire.sent == {(A, B): 1, (B, A): 1}


async def test_a_reply_to_sets_no_bot_on_another(bots: Callable[..., object]) -> None:
    async with bots(Wire(), A, B, C) as three:  # type: ignore[attr-defined]
        three.put(A, Reply_To=B, message_id="<1@x>")
        three.put(B, sender=A, Reply_To=C, message_id="<2@x>")
        three.put(C, sender=C, Reply_To=B, message_id="<3@x>")
        await three.until_silent()
    assert three.wire.sent == {(A, B): 1, (B, C): 1}


@pytest.mark.parametrize("left", ["Auto-Submitted", "X-Auto-Response-Suppress"])
async def test_one_mark_that_a_gateway_leaves_is_enough(bots: Callable[..., object], left: str) -> None:
    def gateway(mail: bytes) -> bytes:
        return stripped(mail, **{left.replace("-", "_"): "auto-replied"})

    async with bots(Wire(gateway), A, B) as both:  # type: ignore[attr-defined]
        both.put(A, sender=B)
        await both.until_silent()
    assert both.wire.sent == {(A, B): 1}


async def test_the_caps_end_a_loop_whose_gateway_takes_all_marks(bots: Callable[..., object]) -> None:
    """Each painting is a new photo to the other, in a mail as a person would write it."""
    async with bots(Wire(stripped), A, B) as both:  # type: ignore[attr-defined]
        both.put(A, sender=B)
        await both.until_silent()
        query = "SELECT count(DISTINCT message) FROM outbox"
        answered = [
            (await ledger.read(lambda db: db.execute(query).fetchone()))[0]
            for ledger in both.ledgers.values()
        ]
    assert answered == [MOST, MOST]
    # Pictures that do not fit into one mail come in up to two more.
    assert all(MOST <= sent <= MAX_ANSWERS * MOST for sent in both.wire.sent.values())


async def test_words_alone_loop_for_fewer_turns(bots: Callable[..., object]) -> None:
    async with bots(Wire(stripped), A, B) as both:  # type: ignore[attr-defined]
        both.put(A, sender=B, photos=False)
        await both.until_silent()
    assert both.wire.sent == {(A, B): MOST_NOTES, (B, A): MOST_NOTES}


async def test_a_gateway_that_sends_every_answer_on_to_a_third_bot(bots: Callable[..., object]) -> None:
    async with bots(Wire(partial(stripped, Reply_To=C)), A, B, C) as three:  # type: ignore[attr-defined]
        three.put(A, sender=B)
        three.put(B, sender=A, message_id="<2@x>")
        await three.until_silent()
    # Whoever is asked answers C, who is in its own `Reply-To` and so answers nobody.
    assert three.wire.sent == {(A, B): 1, (B, A): 1, (A, C): 1, (B, C): 1}


async def test_an_autoresponder_that_hides_what_it_is(bots: Callable[..., object]) -> None:
    wire = Wire()
    wire.robots = {ANN: repetitive(ANN)}
    async with bots(wire, A) as one:  # type: ignore[attr-defined]
        one.put(A, sender=ANN)
        await one.until_silent()
    # One painting; then our own picture comes back, which is none of theirs, with our words.
    assert one.wire.sent == {(A, ANN): 1 + MOST_NOTES}


async def test_what_an_autoresponder_sends_back_is_known_by_our_loop_field(
    bots: Callable[..., object],
) -> None:
    wire = Wire()
    wire.robots = {ANN: repetitive(ANN, "X-Loop")}
    async with bots(wire, A) as one:  # type: ignore[attr-defined]
        one.put(A, sender=ANN)
        await one.until_silent()
    assert one.wire.sent == {(A, ANN): 1}
