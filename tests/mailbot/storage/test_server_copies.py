"""What the ledger knows of the places of its mails on the server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.storage import server_copies
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage
from mailbot.storage.server_copies import ServerCopy
from mailbot.transport.imap_syntax import MailLocation
from tests.fakes.mailbot.ledger import numbered

ACCOUNT = "bot@host"


def raw(number: int, uid: int | None = None) -> RawMessage:
    body = numbered(number)
    return RawMessage(
        account=ACCOUNT, folder="INBOX", uidvalidity=7, uid=uid or number, body=body, size=len(body)
    )


def seen(uid: int) -> MailLocation:
    return MailLocation(folder="INBOX", uidvalidity=7, uid=uid)


def filed(uid: int) -> MailLocation:
    return MailLocation(folder="Processed", uidvalidity=8, uid=uid)


async def accept(ledger: Ledger, *numbers: int) -> None:
    for number in numbers:
        assert await ledger.accept(raw(number)) is not None


async def note(ledger: Ledger, *moves: tuple[MailLocation, MailLocation]) -> None:
    await ledger.transact(lambda db: server_copies.filed(db, ACCOUNT, moves))


async def erase(ledger: Ledger) -> None:
    await ledger.transact(lambda db: db.execute("UPDATE message SET erased_at = 1, cleared = 0"))


async def open_copies(ledger: Ledger) -> list[ServerCopy]:
    found = await ledger.transact(
        lambda db: server_copies.folders(db, ACCOUNT, "Processed", "Quarantine", None)
    )
    copies = []
    for folder in found:
        copies += await ledger.transact(
            lambda db, name=folder: server_copies.to_clear(db, ACCOUNT, name, 0, 100)  # type: ignore[misc]
        )
    return copies


async def settle(ledger: Ledger, copies: list[ServerCopy]) -> None:
    await ledger.transact(lambda db: server_copies.settled(db, copies))


async def cleared(ledger: Ledger) -> list[int]:
    query = "SELECT id FROM message WHERE cleared ORDER BY id"
    return [row["id"] for row in await ledger.transact(lambda db: db.execute(query).fetchall())]


async def test_a_mail_is_deleted_where_it_was_moved_to(ledger: Ledger) -> None:
    await accept(ledger, 1, 2)
    await note(ledger, (seen(1), filed(11)), (seen(2), filed(12)))
    assert await open_copies(ledger) == [], "nothing is erased yet"
    await erase(ledger)
    copies = await open_copies(ledger)
    assert [(copy.message, copy.folder, copy.uidvalidity, copy.uid) for copy in copies] == [
        (1, "Processed", 8, 11),
        (2, "Processed", 8, 12),
    ]
    await settle(ledger, copies[:1])
    assert await cleared(ledger) == [1]
    assert [copy.message for copy in await open_copies(ledger)] == [2]


async def test_a_mail_of_whose_move_nothing_is_known_is_looked_for_once(ledger: Ledger) -> None:
    await accept(ledger, 1)
    await erase(ledger)
    (copy,) = await open_copies(ledger)
    assert (copy.uid, copy.size, copy.oversized) == (0, len(numbered(1)), False)
    assert await open_copies(ledger) == [copy]
    await settle(ledger, [copy])
    assert await open_copies(ledger) == []
    assert await cleared(ledger) == [1]


async def test_a_mail_moved_after_it_was_looked_for_is_deleted_all_the_same(ledger: Ledger) -> None:
    await accept(ledger, 1)
    await erase(ledger)
    await settle(ledger, await open_copies(ledger))
    await note(ledger, (seen(1), filed(11)))
    (copy,) = await open_copies(ledger)
    assert copy.uid == 11


@pytest.mark.parametrize("known", [True, False])
async def test_a_mail_that_comes_again_is_deleted_again(ledger: Ledger, known: bool) -> None:
    await accept(ledger, 1)
    await erase(ledger)
    await settle(ledger, await open_copies(ledger))
    assert await ledger.accept(replace(raw(1), uid=5)) is None
    if known:
        await note(ledger, (seen(5), filed(15)))
    (copy,) = await open_copies(ledger)
    assert copy.uid == (15 if known else 0)


async def test_a_mail_seen_again_where_it_was_is_looked_for_again(ledger: Ledger) -> None:
    await accept(ledger, 1)
    await erase(ledger)
    await settle(ledger, await open_copies(ledger))
    assert await ledger.accept(raw(1)) is None
    assert [copy.uid for copy in await open_copies(ledger)] == [0]


async def test_a_copy_is_looked_for_from_before_it_is_made(ledger: Ledger) -> None:
    await accept(ledger, 1)
    await note(ledger, (seen(1), filed(11)))
    first = await ledger.transact(lambda db: server_copies.copying(db, 1))
    again = await ledger.transact(lambda db: server_copies.copying(db, 1))
    assert first == again
    await erase(ledger)
    assert {(copy.folder, copy.uid) for copy in await open_copies(ledger)} == {
        ("Processed", 11),
        ("Quarantine", 0),
    }
    location = MailLocation(folder="Quarantine", uidvalidity=9, uid=3)
    await ledger.transact(lambda db: server_copies.placed(db, [(first, location)]))
    assert ("Quarantine", 3) in {(copy.folder, copy.uid) for copy in await open_copies(ledger)}


async def test_a_mail_of_another_account_is_left_alone(ledger: Ledger) -> None:
    assert await ledger.accept(replace(raw(1), account="other@host"))
    await erase(ledger)
    assert await open_copies(ledger) == []


async def test_the_number_of_a_note_is_never_given_again(ledger: Ledger) -> None:
    """Else what clears one mail, and waits for the server, would settle another's."""
    await accept(ledger, 1)
    first = await ledger.transact(lambda db: server_copies.copying(db, 1))
    await ledger.transact(lambda db: db.execute("DELETE FROM copy"))
    assert await ledger.transact(lambda db: server_copies.copying(db, 1)) > first


async def test_a_mail_that_was_seen_nowhere_has_no_note(ledger: Ledger) -> None:
    await accept(ledger, 1)
    await ledger.transact(lambda db: server_copies.copying(db, 1))
    assert await ledger.transact(lambda db: server_copies.copying(db, 99)) == 0
