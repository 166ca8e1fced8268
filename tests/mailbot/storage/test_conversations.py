"""Threads in the ledger: which photos they hold, and how those were painted."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from mailbot.storage import conversations, erasure
from mailbot.storage.conversations import KeptMail, Remembered
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message, PaintedFrom, ReplyPart
from styles.contract import PaintingRecipe
from tests.fakes.mailbot.ledger import REPLY, Clock, accept, census, spooled, variant, work

ANN, BEN = "ann@example.org", "ben@example.org"
PAINTED = PaintedFrom(
    source=1, photo="aa" * 32, recipe=PaintingRecipe(style="mosaic", version=2, strength=0.6)
)


async def begun(ledger: Ledger, number: int, author: str = ANN) -> Message:
    await accept(ledger, variant(number))
    message = await work(ledger)

    def note(db: sqlite3.Connection) -> None:
        conversations.note_id(db, message.id, f"<{number}@example.org>")
        erasure.noted(db, message.id, author, 1.0)

    await ledger.transact(note)
    return message


async def answered(
    ledger: Ledger, number: int, author: str = ANN, photos: int = 1, **reply: object
) -> Message:
    message = await begun(ledger, number, author)
    answer = replace(REPLY, message_id=f"<r{number}@painter.example>", photos=photos, **reply)  # type: ignore[arg-type]
    await ledger.finish(message, answer)
    return message


async def recall(ledger: Ledger, message: Message, *references: str) -> Remembered | None:
    return await ledger.read(partial(conversations.recall, message=message, references=references))


async def test_a_mail_with_photos_stays_in_the_spool(ledger: Ledger, file: Path) -> None:
    await answered(ledger, 1, photos=2)
    await answered(ledger, 2, photos=0)
    assert len(spooled(file)) == 1
    await ledger.recover()  # tidies up
    assert len(spooled(file)) == 1


async def test_a_thread_is_known_by_the_answer_and_by_the_mail(ledger: Ledger) -> None:
    first = await answered(ledger, 1, recipes=(PAINTED,))
    reply = await begun(ledger, 2)
    kept = KeptMail(message=1, spool=first.spool, photos=(PAINTED.photo,))
    expected = Remembered(mails=(kept,), count=1, painted=(PAINTED,))
    for reference in ("<r1@painter.example>", "<1@example.org>"):
        assert await recall(ledger, reply, "<strange@x>", reference, "<other@y>") == expected
    assert await recall(ledger, reply) is None
    assert await recall(ledger, reply, "<unknown@x>", "") is None


async def test_a_mail_that_was_not_painted_means_all_its_photos(ledger: Ledger) -> None:
    first = await answered(ledger, 1, photos=3)
    reply = await begun(ledger, 2)
    expected = Remembered(mails=(KeptMail(message=1, spool=first.spool),), count=3)
    assert await recall(ledger, reply, "<r1@painter.example>") == expected


async def test_the_newest_painting_of_a_thread_counts(ledger: Ledger) -> None:
    await answered(ledger, 1, recipes=(PAINTED,))
    scream = replace(PAINTED, recipe=PaintingRecipe(style="the-scream"))
    await answered(ledger, 2, photos=0, recipes=(scream,))
    await answered(ledger, 3, photos=0)  # "thanks", or a question
    reply = await begun(ledger, 4)
    thread = [f"<r{number}@painter.example>" for number in (1, 2, 3)]
    found = await recall(ledger, reply, *thread)
    assert found is not None
    assert found.painted == (scream,)
    assert [mail.message for mail in found.mails] == [1]


async def test_only_the_author_is_remembered(ledger: Ledger) -> None:
    await answered(ledger, 1, recipes=(PAINTED,))
    other = await begun(ledger, 2, BEN)
    assert await recall(ledger, other, "<r1@painter.example>", "<1@example.org>") is None
    assert await ledger.read(partial(conversations.last, message=other)) == ()
    nobody = await begun(ledger, 3, "")
    assert await recall(ledger, nobody, "<r1@painter.example>") is None


async def test_the_last_painting_of_an_author(ledger: Ledger) -> None:
    await answered(ledger, 1, recipes=(PAINTED,))
    await answered(ledger, 2, BEN, recipes=(replace(PAINTED, source=2),))
    third = await begun(ledger, 3)
    assert await ledger.read(partial(conversations.last, message=third)) == (PAINTED,)


async def test_what_is_erased_is_gone(ledger: Ledger, file: Path, clock: Clock) -> None:
    await answered(ledger, 1, recipes=(PAINTED,))
    while row := await ledger.take():
        await ledger.sent(row)
    clock.now += 100
    files = await ledger.transact(lambda db: erasure.erase_due(db, clock.now, 50, 10))
    assert files == spooled(file)
    reply = await begun(ledger, 2)
    assert await recall(ledger, reply, "<r1@painter.example>") == Remembered(is_gone=True)
    assert await ledger.read(partial(conversations.last, message=reply)) == ()
    count = "SELECT count(*) FROM recipe"
    assert await ledger.read(lambda db: db.execute(count).fetchone()[0]) == 0


async def test_a_younger_reply_does_not_keep_the_photo_longer(ledger: Ledger, clock: Clock) -> None:
    await answered(ledger, 1, recipes=(PAINTED,))
    while row := await ledger.take():
        await ledger.sent(row)
    clock.now += 40
    await answered(ledger, 2, photos=0, recipes=(PAINTED,))
    while row := await ledger.take():
        await ledger.sent(row)
    clock.now += 20
    assert len(await ledger.transact(lambda db: erasure.erase_due(db, clock.now, 50, 10))) == 1
    reply = await begun(ledger, 3)
    found = await recall(ledger, reply, "<r1@painter.example>", "<r2@painter.example>")
    assert found == Remembered(is_gone=True)


async def test_all_parts_of_an_answer_or_none(ledger: Ledger) -> None:
    message = await begun(ledger, 1)
    parts = tuple(ReplyPart(message_id=f"<p{n}@x>", content=b"part %d" % n) for n in (2, 3))
    await ledger.finish(message, replace(REPLY, further=parts))
    await ledger.finish(message, replace(REPLY, further=parts))  # a second time changes nothing
    assert await census(ledger) == {"message.done": 1, "outbox.pending": 3}
    taken = [await ledger.take() for _ in range(3)]
    assert [row.message_id for row in taken if row] == [REPLY.message_id, "<p2@x>", "<p3@x>"]


async def test_a_broken_part_leaves_nothing(ledger: Ledger) -> None:
    message = await begun(ledger, 1)
    twice = ReplyPart(message_id=REPLY.message_id, content=b"the same id")
    with pytest.raises(sqlite3.IntegrityError):
        await ledger.finish(message, replace(REPLY, further=(twice,)))
    assert await census(ledger) == {"message.working": 1}


async def test_a_mail_is_kept_until_its_last_part_is_sent(ledger: Ledger, clock: Clock) -> None:
    message = await begun(ledger, 1)
    part = ReplyPart(message_id="<p2@x>", content=b"part 2")
    await ledger.finish(message, replace(REPLY, further=(part,)))
    first = await ledger.take()
    assert first
    await ledger.sent(first)
    clock.now += 1_000
    assert await ledger.transact(lambda db: erasure.erase_due(db, clock.now, 50, 10)) == []
    second = await ledger.take()
    assert second
    await ledger.sent(second)
    clock.now += 1_000
    assert len(await ledger.transact(lambda db: erasure.erase_due(db, clock.now, 50, 10))) == 1


async def test_the_ids_of_the_parts_are_stable(ledger: Ledger) -> None:
    message = await begun(ledger, 1)
    ids = [ledger.reply_id(message, "x", part) for part in (1, 2, 3)]
    assert ids == [ledger.reply_id(message, "x", part) for part in (1, 2, 3)]
    assert len(set(ids)) == 3
    assert ids[0] == ledger.reply_id(message, "x")


async def test_the_language_of_the_newest_mail_that_had_a_clear_one_is_known(ledger: Ledger) -> None:
    await answered(ledger, 1, language="fr")
    await answered(ledger, 2, language="de")
    await answered(ledger, 3)
    for author, language in ((BEN, ""), (ANN, "de")):
        message = await begun(ledger, 4 + len(language), author)
        assert await ledger.read(partial(conversations.newest_language, message=message)) == language
    await answered(ledger, 9, language="it")  # while a painting of the mail before is learnt
    assert await ledger.read(partial(conversations.newest_language, message=message)) == "it"
