"""The bot's rules, with a mailbox in memory; test_bot_mailbox.py has the same bot over IMAP."""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from pathlib import Path

import pytest

from mailbot import bot as bot_module
from mailbot.bot import AT_ONCE, LAST_DELAY, error_retry_delay, retry_delay
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage
from mailbot.transport.imap_calls import CommandRefused, ImapError
from styles.errors import Busy, RunnerDied
from styles.service.backoff import backoff
from tests.fakes.mailbot.bot import ADDRESS, Folder, answering, asking, pictures_of, text_of, until_census
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.mails import deep, mail, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer, painted, preview_of
from tests.fakes.waiting import until

# What is answered, and what is not


async def test_mail_that_must_not_be_answered_is_not(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    silent = mail(subject="mosaic", images=[("a.jpg", photo())], Auto_Submitted="auto-replied")
    own = mail(sender=ADDRESS, subject="mosaic", message_id="<2@x>", images=[("a.jpg", photo())])
    async with answering(Folder(silent, own, asking(3)), ledger, balancer, sink):
        await sink.wait_for(1)
        await until_census(ledger, "message.silent", 2)
    assert [answer["In-Reply-To"] for answer in sink.messages] == ["<3@example.org>"]


async def test_a_mail_without_a_photo_gets_a_friendly_answer(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with answering(Folder(asking(photos=0)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "no photo" in text_of(answer)
    assert balancer.jobs == []


async def test_a_painting_in_the_default_style_says_that_none_was_named(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(asking(1, style="mosaic"), asking(2, style="photo"))
    async with answering(inbox, ledger, balancer, sink):
        answers = await sink.wait_for(2)
    by_mail = {answer["In-Reply-To"]: text_of(answer) for answer in answers}
    assert ["You named no style that I know" in by_mail[f"<{number}@example.org>"] for number in (1, 2)] == [
        False,
        True,
    ]


async def test_help_and_the_list_of_styles_are_given(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(asking(1, style="help", photos=0), asking(2, style="styles", photos=0))
    async with answering(inbox, ledger, balancer, sink):
        answers = await sink.wait_for(2)
    for answer in answers:
        assert "starry-night" in text_of(answer)


async def test_what_is_about_the_sender_is_answered(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    requests = ("stop", "start", "delete my photos")
    # Each of another person: whoever wants all deleted gets no answer to what they asked before.
    inbox = Folder(*(asking(n, f"{n}@example.org", request, photos=0) for n, request in enumerate(requests)))
    async with answering(inbox, ledger, balancer, sink):
        answers = await sink.wait_for(3)
    text = "".join(map(text_of, answers))
    assert all(words in text for words in ("nothing more", "Welcome back", "deleted"))


async def test_a_mail_over_the_limit_is_answered_though_only_its_headers_came(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    head = asking().partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    async with answering(Folder(head, oversized=True), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "too large" in text_of(answer)


async def test_several_photos_come_back_in_one_answer(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with answering(Folder(asking(photos=3)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        await until_census(ledger, "outbox.sent")
    assert pictures_of(answer) == [painted(photo(seed=100 + n)) for n in range(3)]


async def test_one_bad_photo_of_two_is_told_and_the_other_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.faults.append((415, "I could not open that file as a photo.", "NotAnImage"))
    async with answering(Folder(asking(photos=2)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "could not open" in text_of(answer)
    assert len(pictures_of(answer)) == 1


async def test_our_own_picture_in_a_quote_is_not_painted_again(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(asking(1))
    async with answering(inbox, ledger, balancer, sink):
        await sink.wait_for(1)
        ours = painted(photo(seed=100))
        pictures = [("shown.jpg", preview_of(ours)), ("quoted.jpg", ours), ("new.jpg", photo(seed=7))]
        inbox.put(mail(subject="mosaic", message_id="<2@example.org>", images=pictures))
        await sink.wait_for(2)
    assert len(balancer.jobs) == 2


async def test_the_hourly_cap_is_told_once_and_ends_in_silence(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(*(asking(number) for number in range(1, 7)))
    async with answering(inbox, ledger, balancer, sink, replies_per_hour=2):
        inbox.put(asking(9, sender="bob@example.org"))
        await until_census(ledger, "message.silent", 3)
        await until_census(ledger, "outbox.sent", 4)
    assert sum("as many mails as I can answer" in text_of(answer) for answer in sink.messages) == 1
    assert len(balancer.jobs) == 3


# What goes wrong for a while


async def test_a_temporary_failure_is_tried_again_until_it_goes_well(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.02)
    balancer.faults.extend(
        [(502, "The painter stopped.", "RunnerDied"), (504, "Too long.", "DeadlineExceeded")]
    )
    async with answering(Folder(asking()), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert len(balancer.jobs) == 3
    assert any(part.get_content_type() == "image/jpeg" for part in answer.walk())


async def test_a_photo_that_is_painted_waits_for_its_neighbour_and_is_not_painted_again(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.02)
    balancer.faults.append((502, "The painter stopped.", "RunnerDied"))
    async with answering(Folder(asking(photos=2)), ledger, balancer, sink) as bot:
        (answer,) = await sink.wait_for(1)
        assert len(bot._responder._painter.kept._kept) == 0
    assert len(balancer.jobs) == 3
    assert len(pictures_of(answer)) == 2


async def test_after_hours_there_is_an_apology(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    balancer.faults.append((502, "The painter stopped in the middle of your photo.", "RunnerDied"))
    async with answering(Folder(asking()), ledger, balancer, sink, retry_hours=0):
        (answer,) = await sink.wait_for(1)
    assert "stopped in the middle" in text_of(answer)
    assert len(balancer.jobs) == 1


async def test_a_balancer_and_registry_that_are_away_are_waited_for(
    ledger: Ledger, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.02)
    async with FakeBalancer() as gone:
        pass
    async with answering(Folder(asking()), ledger, gone, sink):
        await until_census(ledger, "message.accepted")
        async with asyncio.timeout(40):
            while not await postponed(ledger):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert sink.received == []
    async with FakeBalancer() as back, answering(Folder(), ledger, back, sink):
        await sink.wait_for(1)


async def test_one_mail_that_waits_blocks_no_other(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.may_paint.clear()
    inbox = Folder(asking(1))
    async with answering(inbox, ledger, balancer, sink):
        await asyncio.wait_for(balancer.asked.wait(), 10)
        inbox.put(asking(2, style="help", photos=0))
        (answer,) = await sink.wait_for(1)
        assert answer["In-Reply-To"] == "<2@example.org>"
        balancer.may_paint.set()
        await sink.wait_for(2)


async def test_more_mails_than_are_worked_on_at_once_are_all_answered(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    count = 2 * AT_ONCE + 3
    balancer.may_paint.clear()
    async with answering(Folder(*(asking(n) for n in range(1, count + 1))), ledger, balancer, sink):
        await until_census(ledger, "message.working", AT_ONCE)
        balancer.may_paint.set()
        await sink.wait_for(count)
    assert len({answer["In-Reply-To"] for answer in sink.messages}) == count


async def test_a_copy_for_the_quarantine_folder_is_tried_again(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_COPY_DELAY", 0.001)
    inbox = Folder(deep(3000))
    inbox.refusals = [ImapError("the server hung up")] * 2
    async with answering(inbox, ledger, balancer, sink):
        await asyncio.wait_for(inbox.was_set_aside.wait(), 10)
    assert inbox.aside == [deep(3000)]


async def quarantined(ledger: Ledger, count: int) -> list[bytes]:
    """Mails that lie in quarantine before a bot starts, the first one first."""
    bodies = [asking(number) for number in range(1, count + 1)]
    for uid, body in enumerate(bodies, start=1):
        await ledger.accept(
            RawMessage(account="a", folder="INBOX", uidvalidity=9, uid=uid, body=body, size=len(body))
        )
    for message in await ledger.lease(count):
        await ledger.quarantine(message, "poison")
    return bodies


async def test_refused_copies_share_a_connection_and_are_tried_ever_more_rarely(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def at_once(failures: int, first: float, last: float) -> float:
        pauses.append(backoff(failures, first, last))
        return 0.001

    monkeypatch.setattr(bot_module, "jittered", at_once)
    await quarantined(ledger, 3)
    inbox = Folder()
    inbox.refusals = [CommandRefused("over quota") for _ in range(3 * 9)]
    async with answering(inbox, ledger, balancer, sink):
        await until(lambda: len(inbox.aside) == 3, 10)
    assert (inbox.connections, inbox.copied) == (10, 30)
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


async def test_without_mails_in_quarantine_nobody_connects(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(asking())
    async with answering(inbox, ledger, balancer, sink) as bot:
        await sink.wait_for(1)
        bot.wake()
        await asyncio.sleep(0.05)
    assert inbox.connections == 0


async def test_a_copy_at_which_the_server_hangs_up_delays_no_other(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_COPY_DELAY", 0.001)
    first, *others = await quarantined(ledger, 3)
    inbox = Folder()
    inbox.refusals = [ImapError("the server hung up")]
    async with answering(inbox, ledger, balancer, sink):
        await until(lambda: len(inbox.aside) == 3, 10)
    assert inbox.aside == [*others, first]
    assert inbox.connections == 2


async def test_what_was_painted_for_a_mail_that_waits_is_gone_at_its_authors_request(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.faults.append((429, "Busy.", "RunnerDied"))
    inbox = Folder(asking(1, photos=2))
    async with answering(inbox, ledger, balancer, sink) as bot:
        await until(lambda: len(bot._responder._painter.kept._kept) == 1)
        inbox.put(mail("delete my photos", images=[], sender="ann@example.org", message_id="<2@example.org>"))
        await sink.wait_for(1)
        assert len(bot._responder._painter.kept._kept) == 0


async def test_an_error_of_ours_is_tried_three_times_then_set_aside(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.001)
    calls = []

    def silence(*_what: object) -> str | None:
        calls.append(1)
        raise KeyError

    monkeypatch.setattr("mailbot.sender_policy.silence.silence", silence)
    poison = asking()
    inbox = Folder(poison)
    async with answering(inbox, ledger, balancer, sink):
        await asyncio.wait_for(inbox.was_set_aside.wait(), 10)
    assert len(calls) == 3
    assert inbox.aside == [poison]
    assert sink.received == []


@pytest.mark.parametrize("error", [sqlite3.OperationalError("disk is full"), OSError(errno.ENOSPC, "full")])
async def test_a_full_disk_ends_the_bot_and_is_not_held_against_the_mail(
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    async def finish(*_what: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(ledger, "finish", finish)
        async with answering(Folder(asking()), ledger, balancer, sink) as bot:
            (running,) = (task for task in asyncio.all_tasks() if task.get_name() == "bot")
            with pytest.raises(ExceptionGroup) as raised:
                await asyncio.wait_for(running, 10)
            assert raised.value.exceptions == (error,)
            assert len(bot._responder._painter.kept._kept) == 0
    assert await census(ledger) == {"message.accepted": 1}
    (message,) = await ledger.lease(1)
    assert (message.attempts, message.failures) == (1, 0)


async def test_a_mail_whose_file_is_gone_stops_no_other(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.001)
    gone = asking(1)
    await ledger.accept(
        RawMessage(account="a", folder="INBOX", uidvalidity=9, uid=1, body=gone, size=len(gone))
    )
    for file in ledger.spool.folder.iterdir():
        file.unlink()
    inbox = Folder()
    async with answering(inbox, ledger, balancer, sink):
        await until_census(ledger, "message.quarantined")
        inbox.put(asking(2))
        (answer,) = await sink.wait_for(1)
    assert answer["In-Reply-To"] == "<2@example.org>"


async def test_the_times_of_a_mail_are_kept(tmp_path: Path, balancer: FakeBalancer, sink: Sink) -> None:
    async with Ledger(tmp_path / "l.db") as ledger, answering(Folder(asking()), ledger, balancer, sink):
        await sink.wait_for(1)
        await until_census(ledger, "outbox.sent")
        query = """SELECT accepted_at, parsed_at, painted_at, finished_at, sending_at, sent_at, engine_seconds
            FROM message JOIN outbox ON outbox.message = message.id"""
        *times, engine = tuple(await ledger._call(lambda: ledger._db.execute(query).fetchone()))
    assert times == sorted(times)
    assert engine == pytest.approx(0.25)


def test_an_error_of_ours_is_given_a_minute_to_pass() -> None:
    assert [error_retry_delay(failures) for failures in (0, 1)] == [1, 60]


def test_retries_grow_to_a_minute_and_heed_what_the_balancer_asks() -> None:
    assert retry_delay(0, RunnerDied()) <= 1
    assert LAST_DELAY / 2 <= retry_delay(100, RunnerDied()) <= LAST_DELAY
    assert retry_delay(0, Busy(retry_after=7)) == 7


async def test_stopped_while_painting_the_next_bot_answers_once(
    tmp_path: Path, balancer: FakeBalancer, sink: Sink
) -> None:
    file = tmp_path / "ledger.db"
    balancer.may_paint.clear()
    async with Ledger(file) as first, answering(Folder(asking()), first, balancer, sink):
        await asyncio.wait_for(balancer.asked.wait(), 10)
    balancer.may_paint.set()
    async with Ledger(file) as second, answering(Folder(), second, balancer, sink):
        await sink.wait_for(1)
        await until_census(second, "outbox.sent")
    assert len(sink.received) == 1
    assert len({job["job"] for job in balancer.jobs}) == 1  # the same id, so that the balancer can know it


async def postponed(ledger: Ledger) -> bool:
    return bool(await ledger.next_message_at())
