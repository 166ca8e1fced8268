from __future__ import annotations

from functools import partial

from mailbot.storage.ledger import Ledger
from mailbot.teaching import lesson_search, lessons
from styles.service.units import DAY
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.ledger import accept, variant
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import School, lesson, reply
from tests.fakes.runner.balancer import FakeBalancer


async def test_lessons_count_for_a_day_and_a_second_time_is_the_same_one(ledger: Ledger) -> None:
    mails = [await accept(ledger, variant(number)) for number in range(1, lessons.MOST_IN_A_DAY + 3)]

    async def begun(number: int, now: float = 1e6) -> lessons.Lesson | None:
        return await ledger.transact(lambda db: lessons.begin(db, mails[number].id, "ann", now))

    assert all([await begun(number) for number in range(lessons.MOST_IN_A_DAY)])
    assert await begun(lessons.MOST_IN_A_DAY) is None
    assert await begun(0) is not None
    await ledger.transact(lambda db: lessons.drop(db, mails[0].id, "hills"))
    assert await begun(lessons.MOST_IN_A_DAY) is not None
    assert await begun(lessons.MOST_IN_A_DAY + 1) is None
    assert await begun(lessons.MOST_IN_A_DAY + 1, 1e6 + DAY + 1) is not None
    refused = await begun(0)
    assert refused
    assert (refused.is_unmet, refused.name) == (True, "hills")


async def test_a_job_that_failed_does_not_count_and_is_still_known(ledger: Ledger) -> None:
    mails = [await accept(ledger, variant(number)) for number in range(1, lessons.MOST_IN_A_DAY + 2)]
    for mail in mails[:-1]:
        await ledger.transact(lambda db, mail=mail: lessons.begin(db, mail.id, "ann", 1e6))  # type: ignore[misc]
    await ledger.transact(lambda db: lessons.note_job(db, mails[0].id, "job"))
    await ledger.transact(lambda db: lessons.drop(db, mails[0].id, "hills"))
    assert await ledger.transact(lambda db: lessons.begin(db, mails[-1].id, "ann", 1e6))
    again = await ledger.transact(lambda db: lessons.begin(db, mails[0].id, "ann", 1e6))
    assert again
    assert again.job == "job"


async def test_a_made_name_is_claimed_by_one_lesson(ledger: Ledger) -> None:
    first, second = [await accept(ledger, variant(number)) for number in (1, 2)]
    await ledger.transact(lambda db: lessons.begin(db, first.id, "ann", 1.0))
    await ledger.transact(lambda db: lessons.begin(db, second.id, "ann", 1.0))
    assert await ledger.transact(lambda db: lessons.claim(db, first.id, "ann canvas"))
    assert not await ledger.transact(lambda db: lessons.claim(db, second.id, "ann canvas"))
    assert await ledger.transact(lambda db: lessons.claim(db, first.id, "ann canvas"))


async def test_a_repeated_wish_to_stop_or_delete_finds_the_same(ledger: Ledger) -> None:
    taught, wish = [await accept(ledger, variant(number)) for number in (1, 2)]
    await ledger.transact(lambda db: lessons.begin(db, taught.id, "ann", 1.0))
    later = taught.accepted_at + DAY + 1
    (under_way,) = await ledger.read(lambda db: lessons.not_forgotten(db, wish.id, "ann", later))
    assert await ledger.transact(lambda db: lessons.cancel(db, under_way, wish.accepted_at + 1))
    assert not await ledger.transact(lambda db: lessons.cancel(db, under_way, wish.accepted_at + 2))
    await ledger.transact(lambda db: db.execute("UPDATE message SET state = 'silent' WHERE id < 2"))
    # After a crash the mail that stopped it is read once more.
    stopped = await ledger.read(lambda db: lesson_search.newest(db, wish, "ann"))
    assert stopped
    assert (stopped.message, stopped.cancelled_at) == (taught.id, wish.accepted_at + 1)
    assert len(await ledger.read(lambda db: lessons.not_forgotten(db, wish.id, "ann", later - 2))) == 1
    assert await ledger.read(lambda db: lessons.not_forgotten(db, wish.id, "ann", later)) == []

    await ledger.transact(lambda db: db.execute("UPDATE lesson SET style = 'hills', cancelled_at = NULL"))
    for styles in (["hills"], []):
        noted = await ledger.transact(
            partial(lessons.note_retired, message=wish, who="ann", styles=styles, now=9e9)
        )
        assert noted == ["hills"]


async def test_what_is_stopped_before_its_turn_does_not_count(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink):
        job = school.learner.only
        job.state = "queued"
        folder.put(reply("<1@example.org>", "stop learning", 8))
        await sink.wait_for(2)
        folder.put(lesson("learn: blue hills", 2))
        await sink.wait_for(3)
        folder.put(reply("<2@example.org>", "stop learning", 9))
        await sink.wait_for(4)
    counted = await ledger.read(
        lambda db: db.execute("SELECT begun_at > 0 FROM lesson ORDER BY message").fetchall()
    )
    assert [bool(is_counted) for (is_counted,) in counted] == [False, True]
