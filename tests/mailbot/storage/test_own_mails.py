"""Mails that answer no mail: sent once, erased with what is kept of their reader, and in no limit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mailbot.admin.ledger_summary import overview
from mailbot.admin.trace import find
from mailbot.storage import erasure, manual_retry, own_mails
from mailbot.storage.ledger import Ledger
from mailbot.storage.own_mails import OwnMail
from tests.fakes.mailbot.ledger import accept

MAIL = OwnMail(
    kind="proof", message_id="<proof@x>", recipient="Ada@example.org", content=b"proof", language="de"
)


async def test_it_is_sent_once_however_often_it_is_put_in(ledger: Ledger) -> None:
    assert await ledger.transact(lambda db: own_mails.enqueue(db, MAIL, 1.0))
    assert not await ledger.transact(lambda db: own_mails.enqueue(db, MAIL, 2.0))
    row = await ledger.take()
    assert row is not None
    assert (row.recipient, row.content, row.message_id) == ("Ada@example.org", b"proof", "<proof@x>")
    await ledger.sent(row)
    assert not await ledger.transact(lambda db: own_mails.enqueue(db, MAIL, 3.0))
    assert await ledger.take() is None
    other = replace(MAIL, message_id="<another@x>")
    assert await ledger.transact(lambda db: own_mails.enqueue(db, other, 3.0))


async def test_it_outlives_a_crash_while_it_is_sent(ledger: Ledger) -> None:
    await ledger.transact(lambda db: own_mails.enqueue(db, MAIL, 1.0))
    await ledger.take()
    assert await ledger.recover() == (0, 1)
    again = await ledger.take()
    assert again is not None
    assert again.content == b"proof"


async def test_its_reader_may_have_it_deleted_and_is_told_of_their_own_mails_alone(ledger: Ledger) -> None:
    await ledger.transact(lambda db: own_mails.enqueue(db, MAIL, 1.0))
    request = await accept(ledger)
    spool = ledger.spool
    gone = await ledger.transact(lambda db: erasure.forget(db, spool, request.id, "ada@EXAMPLE.org", 5.0))
    assert (gone.mails, gone.answers) == (0, 1)
    assert await ledger.take() is None


async def test_it_is_erased_by_its_age_and_leaves_nothing_to_clear(ledger: Ledger) -> None:
    await ledger.transact(lambda db: own_mails.enqueue(db, MAIL, 1.0))
    row = await ledger.take()
    assert row is not None
    await ledger.failed(row, "550 no")
    names = await ledger.transact(lambda db: erasure.erase_due(db, 1e12, 60.0, 10))
    for name in names:
        spool_file = ledger.spool.folder / name
        assert not spool_file.exists()
        ledger.spool.remove(name)
    assert len(names) == 1
    query = "SELECT recipient, cleared, (SELECT count(*) FROM letter) AS letters FROM outbox, message"
    (left,) = await ledger.read(lambda db: [tuple(row) for row in db.execute(query)])
    assert left == ("", 1, 0)


async def test_who_runs_the_bot_sees_it_and_may_send_it_again(ledger: Ledger, tmp_path: Path) -> None:
    await ledger.transact(lambda db: own_mails.enqueue(db, MAIL, 1.0))
    row = await ledger.take()
    assert row is not None
    await ledger.failed(row, "550 no")
    (mail,) = await ledger.read(lambda db: find(db, "<proof@x>"))
    assert mail.steps[0].words == "was written without a mail before it"
    (latest,) = overview(ledger._file, 10.0).latest
    assert (latest.kind, latest.state) == ("proof", "failed")
    assert "sent once more" in await ledger.transact(lambda db: manual_retry.retry(db, mail.id, 10.0))
    assert await ledger.take() is not None


async def test_the_language_of_a_reader_is_that_of_the_last_mail_that_told_one(ledger: Ledger) -> None:
    assert await ledger.read(lambda db: own_mails.language(db, "ada@example.org")) == ""
    for number, code in enumerate(("fr", "de", "")):
        other = replace(MAIL, message_id=f"<{number}@x>", language=code)
        await ledger.transact(lambda db, other=other: own_mails.enqueue(db, other, 1.0))  # type: ignore[misc]
    assert await ledger.read(lambda db: own_mails.language(db, "ada@example.org")) == "de"
    assert await ledger.read(lambda db: own_mails.language(db, "bo@example.org")) == ""
