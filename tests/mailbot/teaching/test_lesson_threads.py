from __future__ import annotations

import pytest

from mailbot.parsing.mail_parser import parse_email
from mailbot.storage.ledger import Ledger
from mailbot.teaching import lessons
from mailbot.teaching.lesson_threads import LessonThreads
from tests.fakes.mailbot.ledger import accept, numbered, variant


async def test_a_lesson_goes_on_though_its_row_has_changed_since_it_was_read(ledger: Ledger) -> None:
    taught, question = [await accept(ledger, variant(number)) for number in (1, 2)]
    request = parse_email(numbered(2))
    threads = LessonThreads(ledger)
    who = threads.who(request)
    read = await ledger.transact(lambda db: lessons.begin(db, taught.id, who, 1.0))
    await ledger.transact(lambda db: lessons.note_job(db, taught.id, "job"))
    assert await threads.goes_on(question, request, read)
    await ledger.transact(lambda db: lessons.cancel(db, read, question.accepted_at - 1))
    assert not await threads.goes_on(question, request, read)


@pytest.mark.parametrize("begun_at", [(1.0, 2.0), (2.0, 1.0), (1.0, 0.0)])
async def test_the_newest_lesson_that_goes_on_is_that_of_the_newest_mail(
    ledger: Ledger, begun_at: tuple[float, float]
) -> None:
    mails = [await accept(ledger, variant(number)) for number in (1, 2, 3)]
    request, threads = parse_email(numbered(3)), LessonThreads(ledger)
    who = threads.who(request)
    for mail, at in zip(mails, begun_at, strict=False):
        await ledger.transact(lambda db, mail=mail, at=at: lessons.begin(db, mail.id, who, at))  # type: ignore[misc]
    found = await threads.under_way(mails[2], request)
    assert [each.message for each in found] == [mails[0].id, mails[1].id]
