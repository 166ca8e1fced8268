"""Logos that are known by their repetition, and what is kept of them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mailbot.storage import erasure, shown_pictures
from mailbot.storage.ledger import Ledger
from mailbot.storage.shown_pictures import EARLIER
from tests.fakes.mailbot.ledger import Clock, accept, on_disk, variant

LOGO, ANN, BOB = "aa" * 32, "ann@example.org", "bob@example.org"


async def noted(ledger: Ledger, number: int, beside: str, author: str = ANN, again: bool = False) -> set[str]:
    message = None if again else await accept(ledger, variant(number))
    id_ = message.id if message else number

    def work(db: object) -> set[str]:
        erasure.noted(db, id_, author, 0.0)  # type: ignore[arg-type]
        return shown_pictures.note(db, id_, ledger.known_as(author), [LOGO], [beside])  # type: ignore[arg-type]

    return await ledger.transact(work)


async def test_a_logo_is_known_after_some_mails_with_other_photos(ledger: Ledger) -> None:
    found = [await noted(ledger, number, f"{number:064d}") for number in range(1, EARLIER + 2)]
    assert found == [set()] * EARLIER + [{LOGO}]


async def test_a_mail_that_is_read_again_counts_once(ledger: Ledger) -> None:
    for number in range(1, EARLIER + 1):
        for again in (False, True, True):
            assert await noted(ledger, number, f"{number:064d}", again=again) == set()


async def test_two_photos_that_always_come_together_are_photos(ledger: Ledger) -> None:
    for number in range(1, 8):
        assert await noted(ledger, number, "bb" * 32) == set()


async def test_each_sender_has_logos_of_their_own(ledger: Ledger) -> None:
    for number in range(1, EARLIER + 1):
        await noted(ledger, number, f"{number:064d}", ANN)
    assert await noted(ledger, EARLIER + 1, "cc" * 32, BOB) == set()


async def test_nothing_beside_it_or_no_author_is_not_recorded(ledger: Ledger) -> None:
    message = await accept(ledger)
    for author, others in ((ledger.known_as(ANN), []), ("", ["bb" * 32])):
        await ledger.transact(lambda db: shown_pictures.note(db, message.id, author, [LOGO], others))  # noqa: B023
    assert await ledger.read(lambda db: db.execute("SELECT * FROM shown_picture").fetchall()) == []


async def test_only_keyed_hashes_are_kept(ledger: Ledger, file: Path) -> None:
    await noted(ledger, 1, "bb" * 32)
    await ledger.compact()
    assert LOGO.encode() not in on_disk(file)
    assert b"bb" * 32 not in on_disk(file)


async def test_deleting_at_request_deletes_them(ledger: Ledger, clock: Clock) -> None:
    for number in range(1, EARLIER + 1):
        await noted(ledger, number, f"{number:064d}")
    await noted(ledger, EARLIER + 1, "dd" * 32, BOB)
    request = await accept(ledger, variant(EARLIER + 2))
    await ledger.transact(lambda db: erasure.forget(db, ledger.spool, request.id, ANN, clock.now))
    rows = await ledger.read(lambda db: db.execute("SELECT message FROM shown_picture").fetchall())
    assert [row["message"] for row in rows] == [EARLIER + 1]


async def test_nothing_is_recorded_of_a_mail_that_was_erased_meanwhile(ledger: Ledger) -> None:
    await noted(ledger, 1, "bb" * 32)
    await accept(ledger, variant(2))

    def erased_while_read(db: sqlite3.Connection) -> int:
        erasure.forget(db, ledger.spool, 2, ANN, 0.0)
        shown_pictures.note(db, 1, ledger.known_as(ANN), [LOGO], ["bb" * 32])
        return int(db.execute("SELECT count(*) FROM shown_picture").fetchone()[0])

    assert await ledger.transact(erased_while_read) == 0
