from __future__ import annotations

from mailbot.storage.ledger import Ledger
from mailbot.teaching import lessons
from styles.service.units import DAY
from tests.fakes.mailbot.ledger import accept, variant


async def test_lessons_count_for_a_day_and_a_second_time_is_the_same_one(ledger: Ledger) -> None:
    mails = [await accept(ledger, variant(number)) for number in range(1, lessons.MOST_IN_A_DAY + 2)]

    async def begun(number: int, now: float = 1000.0) -> lessons.Lesson | None:
        return await ledger.transact(lambda db: lessons.begin(db, mails[number].id, "ann", now))

    assert all([await begun(number) for number in range(lessons.MOST_IN_A_DAY)])
    assert await begun(lessons.MOST_IN_A_DAY) is None
    assert await begun(0) is not None
    await ledger.transact(lambda db: lessons.drop(db, mails[0].id))
    assert await begun(lessons.MOST_IN_A_DAY) is not None
    assert await begun(0) is None
    assert await begun(0, 1001.0 + DAY) is not None


async def test_a_made_name_is_claimed_by_one_lesson(ledger: Ledger) -> None:
    first, second = [await accept(ledger, variant(number)) for number in (1, 2)]
    await ledger.transact(lambda db: lessons.begin(db, first.id, "ann", 1.0))
    await ledger.transact(lambda db: lessons.begin(db, second.id, "ann", 1.0))
    assert await ledger.transact(lambda db: lessons.claim(db, first.id, "ann canvas"))
    assert not await ledger.transact(lambda db: lessons.claim(db, second.id, "ann canvas"))
    assert await ledger.transact(lambda db: lessons.claim(db, first.id, "ann canvas"))
