"""Whoever waits long gets one word that says when the answer comes: once, and nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from mailbot import bot, mail_painter
from mailbot.mail_painter import LONG_SECONDS, postponed_for, until_long
from mailbot.replies.mime import FOLLOWED
from mailbot.sender_policy import suppression
from mailbot.storage.ledger import Ledger
from styles.errors import Busy, RunnerDied
from tests.fakes.clock import run
from tests.fakes.mailbot.bot import Folder, answering, asking, text_of, until_census
from tests.fakes.mailbot.ledger import accept, work
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until

LONG = 3 * LONG_SECONDS


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_painter, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(mail_painter, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(mail_painter, "CONFIRM_SECONDS", 0.01)


async def test_one_word_comes_and_then_the_answer(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    balancer.may_paint.clear()
    balancer.expected = LONG
    async with answering(Folder(asking(photos=2)), ledger, balancer, sink):
        (word,) = await sink.wait_for(1)
        await asyncio.sleep(0.1)  # long enough for a second one
        assert len(sink.messages) == 1
        balancer.may_paint.set()
        _, answer = await sink.wait_for(2)
        await until_census(ledger, "outbox.sent")
    assert "about 3 minutes" in text_of(word)
    assert "your photos" in text_of(word)
    assert list(word.iter_attachments()) == []
    assert word["In-Reply-To"] == answer["In-Reply-To"] == "<1@example.org>"
    assert word["Auto-Submitted"] == answer["Auto-Submitted"]
    assert (word[FOLLOWED], answer[FOLLOWED]) == ("yes", None)
    assert word["Message-ID"] != answer["Message-ID"]


async def test_the_word_is_in_the_language_of_the_mail(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.may_paint.clear()
    balancer.expected = LONG
    body = mail("", "Bitte als mosaic malen, danke!", message_id="<1@example.org>")
    async with answering(Folder(body), ledger, balancer, sink):
        (word,) = await sink.wait_for(1)
        balancer.may_paint.set()
        await sink.wait_for(2)
    assert "Die Antwort kommt in etwa 3 Minuten." in text_of(word)


@pytest.mark.parametrize("expected", [None, LONG_SECONDS / 2])
async def test_nobody_is_told_of_a_short_wait(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, expected: float | None
) -> None:
    balancer.may_paint.clear()
    balancer.expected = expected
    async with answering(Folder(asking()), ledger, balancer, sink):
        await until(lambda: balancer.estimates > 5)
        assert sink.messages == []
        balancer.may_paint.set()
        await sink.wait_for(1)
        await until_census(ledger, "outbox.sent")
    assert len(sink.messages) == 1


async def test_an_estimate_may_grow(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    balancer.may_paint.clear()
    balancer.expected = 1.0
    async with answering(Folder(asking()), ledger, balancer, sink):
        await until(lambda: balancer.estimates > 2)
        balancer.expected = 3600.0
        (word,) = await sink.wait_for(1)
        assert "about 1 hour" in text_of(word)
        balancer.may_paint.set()
        await sink.wait_for(2)


#: When a sender is told at the latest, where the estimate is short all the time: it is asked each 15 s.
LATE = LONG_SECONDS + 15 + 5


@pytest.mark.parametrize(
    ("left", "before", "told"),
    [
        (lambda now: 480 - now, 0, (8, 480 - 8)),
        (lambda now: 480 if now < 5 else 1, 0, (LATE, 1)),  # a queue that empties at once
        (lambda now: 5, 0, (LATE, 5)),  # it is always said to be soon
        (lambda now: 0, 0, (LATE, 1)),
        (lambda now: 5 if now < 30 else 100, 0, (38, 100)),
        (lambda now: 5, 70, (8, 5)),  # it has waited in the ledger
        (lambda now: None, 70, None),
        (lambda now: None if now < 40 else 100, 0, (53, 100)),
    ],
    ids=["long", "gone", "soon", "overdue", "grown", "old", "unknown", "known late"],
)
def test_the_word_comes_once_the_wait_is_sure_to_be_long(
    monkeypatch: pytest.MonkeyPatch,
    left: Callable[[float], float | None],
    before: float,
    told: tuple[float, float] | None,
) -> None:
    """By a clock that jumps; `told` is when the word comes at the latest, and the seconds that it says."""
    for name, seconds in (("FIRST", 3.0), ("EVERY", 15.0), ("CONFIRM", 5.0)):
        monkeypatch.setattr(mail_painter, f"{name}_SECONDS", seconds)

    async def wait() -> tuple[float, float] | None:
        clock = asyncio.get_running_loop().time

        async def seconds_left() -> float | None:
            return left(clock())

        try:
            async with asyncio.timeout(600):
                said = await until_long(seconds_left, lambda: before + clock())
        except TimeoutError:
            return None
        return clock(), said

    found = run(wait())
    if told is None or found is None:
        assert found == told
    else:
        assert (found[0] <= told[0], found[1]) == (True, told[1])
        assert before + sum(found) > LONG_SECONDS


async def test_the_time_in_earlier_attempts_counts(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.faults += [(504, "too late", "DeadlineExceeded")]
    balancer.expected = 1.0
    later = 0.0
    async with answering(Folder(asking()), ledger, balancer, sink, clock=lambda: time.time() + later):
        await until(lambda: len(balancer.jobs) == 1)
        balancer.may_paint.clear()
        await until(lambda: len(balancer.jobs) == 2)
        asked = balancer.estimates
        await until(lambda: balancer.estimates > asked + 3)
        assert sink.messages == []
        later = 2 * LONG_SECONDS
        (word,) = await sink.wait_for(1)
        assert "about 1 minute" in text_of(word)
        balancer.may_paint.set()
        await sink.wait_for(2)


async def test_a_mail_that_is_tried_again_brings_no_second_word(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.faults += [(502, "died", "RunnerDied")]
    balancer.may_paint.clear()
    balancer.expected = LONG
    async with answering(Folder(asking()), ledger, balancer, sink):
        await sink.wait_for(1)
        balancer.may_paint.set()
        await until(lambda: len(balancer.jobs) == 2)
        await sink.wait_for(2)
        await until_census(ledger, "outbox.sent")
    assert len(sink.messages) == 2


async def test_a_phone_gets_it_as_text(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    balancer.may_paint.clear()
    balancer.expected = LONG
    sender = "15551230001@mms.att.net"
    async with answering(Folder(asking(sender=sender)), ledger, balancer, sink):
        (word,) = await sink.wait_for(1)
        balancer.may_paint.set()
        await sink.wait_for(2)
    assert word.get_content_type() == "text/plain" or word.get_body(("html",)) is None
    assert "about 3 minutes" in text_of(word)


async def test_who_is_not_answered_is_told_nothing(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.expected = LONG
    silent = mail(subject="mosaic", images=[("a.jpg", photo())], Auto_Submitted="auto-replied")
    async with answering(Folder(silent), ledger, balancer, sink):
        await until_census(ledger, "message.silent")
    assert sink.messages == []
    assert balancer.estimates == 0


async def test_the_word_is_given_once_whatever_becomes_of_it(ledger: Ledger) -> None:
    """It is recorded before it is sent: a crash in between loses it, and does not repeat it."""
    await accept(ledger)
    message = await work(ledger)
    word = ledger.notice_id(message, "painter.example")
    who = ledger.known_as("ann@example.org")

    async def may() -> bool:
        return await ledger.transact(lambda db: suppression.may_send_notice(db, who, message.id, word))

    assert await may()
    assert not await may()
    await ledger.recover()
    assert (await work(ledger)).id == message.id
    assert not await may()


async def test_who_wrote_stop_or_is_done_gets_none(ledger: Ledger) -> None:
    await accept(ledger)
    message = await work(ledger)
    who = ledger.known_as("ann@example.org")

    async def may() -> bool:
        return await ledger.transact(lambda db: suppression.may_send_notice(db, who, message.id, "<w@x>"))

    await ledger.transact(lambda db: suppression.mute(db, who, message.id + 1, 1.0))
    assert not await may()
    await ledger.transact(lambda db: suppression.unmute(db, who))
    await ledger.silence(message, "told so")
    assert not await may()


async def test_no_mail_waits_for_those_that_wait_long(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot, "AT_ONCE", 1)
    monkeypatch.setattr(bot, "COUNT_SECONDS", 0.01)
    balancer.may_paint.clear()
    inbox = Folder(asking(1), asking(2, "bob@example.org"))
    async with answering(inbox, ledger, balancer, sink):
        await until(lambda: balancer.estimates > 3)
        assert len(balancer.jobs) == 1
        balancer.expected = LONG
        await until(lambda: len(balancer.jobs) == 2)
        balancer.may_paint.set()
        await until_census(ledger, "outbox.sent", 2)


def test_a_full_queue_is_a_long_wait_if_it_says_so() -> None:
    assert postponed_for([Busy(30, ""), RunnerDied("")]) == 0
    assert postponed_for([Busy(30, ""), Busy(100, ""), object()]) == 100


async def test_a_full_queue_is_told_too(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    balancer.faults += [(429, "full", "Busy")]
    async with answering(Folder(asking()), ledger, balancer, sink):
        await sink.wait_for(1)
    assert len(sink.messages) == 1  # it named no time, and so no long one


async def test_a_picture_that_was_reduced_says_so(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    async with answering(Folder(asking(style="mosaic, full size")), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "the largest I can paint in ten minutes, instead of 8064" in text_of(answer)


async def test_what_is_painted_while_its_author_has_all_deleted_is_not_kept(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.may_paint.clear()
    balancer.faults.append((429, "Busy.", "RunnerDied"))
    inbox = Folder(asking(1, photos=2))
    async with answering(inbox, ledger, balancer, sink) as bot:
        await until(lambda: len(balancer.jobs) == 2)
        inbox.put(mail("delete my photos", images=[], sender="Ann@Example.org", message_id="<2@example.org>"))
        await sink.wait_for(1)
        balancer.may_paint.set()
        await until(lambda: not bot._working)
        assert len(bot._responder._painter.kept._kept) == 0
