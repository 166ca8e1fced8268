from __future__ import annotations

from functools import partial

from mailbot.storage.ledger import Ledger
from mailbot.teaching import lesson_search, lessons
from styles.service.units import DAY
from tests.fakes.mailbot.ledger import accept, variant


async def test_a_lesson_that_begins_a_second_time_is_the_same_one(ledger: Ledger) -> None:
    mail = await accept(ledger, variant(1))

    async def begun() -> lessons.Lesson:
        return await ledger.transact(lambda db: lessons.begin(db, mail.id, "ann", 1e6))

    assert not (await begun()).is_unmet
    await ledger.transact(lambda db: lessons.note_job(db, mail.id, "job"))
    await ledger.transact(lambda db: lessons.drop(db, mail.id, "hills"))
    refused = await begun()
    assert (refused.is_unmet, refused.name, refused.job) == (True, "hills", "job")


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
