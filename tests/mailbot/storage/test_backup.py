"""Backups of a ledger that is at work, restored in another folder."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sqlite3
import stat
import time
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailbot.cli import app
from mailbot.locks import LedgerInUse, holder, lock_of, without_bot
from mailbot.storage import backup as backup_module
from mailbot.storage import manual_retry
from mailbot.storage.backup import LEFT, PlaceTaken, back_up, remove_leftovers, restore
from mailbot.storage.ledger import SPOOLED, Ledger
from mailbot.storage.ledger_rows import Message, RawMessage, Reply
from mailbot.storage.outside_access import NoLedger, changing, looking
from mailbot.storage.spool import folder_of
from styles.service.archive import BadArchive, work_folder
from tests.fakes.deaths import deaths

NUMBERS = count(1)


async def take_in(ledger: Ledger) -> Message:
    number = next(NUMBERS)
    body = b"Message-ID: <%d@example.org>\r\n\r\n" % number + b"x" * 10_000
    raw = RawMessage(account="a", folder="INBOX", uidvalidity=1, uid=number, body=body, size=len(body))
    message = await ledger.accept(raw)
    assert message is not None
    return message


async def answer(ledger: Ledger, *, photos: int = 0) -> None:
    for message in await ledger.lease(1):
        content = b"answer %d" % message.id
        reply = Reply(
            kind="results",
            message_id=f"<{message.id}@painter.example>",
            recipient="ann@example.org",
            content=content,
            photos=photos,
        )
        await ledger.finish(message, reply)


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A ledger with mails in each state."""
    path = tmp_path / "here" / "ledger.db"
    async with Ledger(path) as ledger:
        for _ in range(4):
            await take_in(ledger)
        await answer(ledger)
        await answer(ledger, photos=1)
        row = await ledger.take()
        assert row is not None
        await ledger.sent(row)
        await ledger.lease(1)
    return path


def dump(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as db:
        return list(db.iterdump())


def spooled(file: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder_of(file).iterdir()}


def require_consistent(file: Path) -> None:
    """Each mail that the ledger needs is in the spool, byte for byte."""
    with looking(file) as db:
        wanted = {row["spool"] for row in db.execute(SPOOLED)}
    assert wanted <= spooled(file).keys()
    for name, content in spooled(file).items():
        assert name == f"{hashlib.sha256(content).hexdigest()}.eml"


def test_all_is_restored_in_another_folder(file: Path, tmp_path: Path) -> None:
    made = back_up(file, tmp_path / "b.tar")
    assert (made.spooled, made.lost, made.mails, made.answers) == (3, 0, 2, 1)
    there = tmp_path / "there" / "of" / "ledger.db"
    found = restore(tmp_path / "b.tar", there)
    assert (found.mails, found.answers) == (2, 1)
    assert dump(there) == dump(file)
    assert spooled(there) == spooled(file)
    assert [path.name for path in tmp_path.glob("**/*.backup")] == []


async def test_a_bot_goes_on_from_it(file: Path, tmp_path: Path) -> None:
    back_up(file, tmp_path / "b.tar")
    there = tmp_path / "there" / "ledger.db"
    restore(tmp_path / "b.tar", there)
    async with Ledger(there) as ledger:
        assert await ledger.recover() == (1, 0)
        bodies = [await ledger.body(message) for message in await ledger.lease(5)]
        row = await ledger.take()
    assert [len(body) for body in bodies] == [len(bodies[0])] * 2
    assert row is not None
    assert row.content == b"answer 2"


async def test_each_backup_of_a_ledger_at_work_is_one_moment(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    async with Ledger(file) as ledger:
        await take_in(ledger)

        async def work() -> None:
            while True:
                await take_in(ledger)
                await answer(ledger, photos=next(NUMBERS) % 2)

        working = asyncio.create_task(work())
        made = [await asyncio.to_thread(back_up, file, tmp_path / f"{n}.tar") for n in range(5)]
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
    for number in range(5):
        there = tmp_path / f"there-{number}" / "ledger.db"
        restore(tmp_path / f"{number}.tar", there)
        require_consistent(there)
    assert [each.lost for each in made] == [0] * 5
    assert made[-1].spooled > made[0].spooled


def test_what_was_not_finished_may_stay_without_an_answer(file: Path, tmp_path: Path) -> None:
    back_up(file, tmp_path / "b.tar")
    there = tmp_path / "there" / "ledger.db"
    restore(tmp_path / "b.tar", there, answers=False)
    with looking(there) as db:
        assert {row["state"] for row in db.execute("SELECT state FROM message")} == {"done", "quarantined"}
        assert {row["state"] for row in db.execute("SELECT state FROM outbox")} == {"sent", "failed"}


async def test_a_mail_that_was_left_can_be_answered_after_all(file: Path, tmp_path: Path) -> None:
    began = time.time()
    back_up(file, tmp_path / "b.tar")
    there = tmp_path / "there" / "ledger.db"
    restore(tmp_path / "b.tar", there, answers=False)
    with changing(there) as db:
        assert all(
            row["finished_at"] >= began
            for row in db.execute("SELECT * FROM message WHERE reason = ?", (LEFT,))
        )
        number = manual_retry.quarantined(db)[0]
        manual_retry.release(db, number, began)
    async with Ledger(there) as ledger:
        await ledger.recover()  # which tidies the spool
        (message,) = await ledger.lease(5)
        assert message.id == number
        assert len(await ledger.body(message)) > 10_000


async def test_a_ledger_is_not_restored_under_a_bot(file: Path, tmp_path: Path) -> None:
    back_up(file, tmp_path / "b.tar")
    there = tmp_path / "there" / "ledger.db"
    with without_bot(there), pytest.raises(LedgerInUse, match=rf"process {os.getpid()} with .*stop it first"):
        restore(tmp_path / "b.tar", there)
    assert not there.exists()


def test_no_bot_starts_while_a_ledger_is_restored(file: Path, tmp_path: Path) -> None:
    back_up(file, tmp_path / "b.tar")
    there = tmp_path / "there" / "ledger.db"
    held: list[str] = []
    restore(tmp_path / "b.tar", there, lambda *_: held.append(holder(lock_of(there))))
    assert set(held) == {f"process {os.getpid()} with {there}"}
    assert holder(lock_of(there)) == ""


def test_a_ledger_that_appears_is_not_overwritten(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(file, tmp_path / "b.tar")
    there = tmp_path / "there" / "ledger.db"

    def appear(_: Path) -> None:
        there.write_bytes(b"mine")  # after the check that the place is free

    monkeypatch.setattr(backup_module, "_require_whole", appear)
    with pytest.raises(OSError, match="exists"):
        restore(tmp_path / "b.tar", there)
    assert there.read_bytes() == b"mine"


def test_what_a_killed_backup_left_is_removed_unless_one_is_at_work(file: Path) -> None:
    left = file.with_name("ledger.db.backup")
    (left / "spool").mkdir(parents=True)
    (left / "spool" / "a mail").touch()
    with work_folder(left):
        (left / "at work").touch()
        remove_leftovers(file)
        assert (left / "at work").exists()
    left.mkdir()
    (left / "a mail").touch()
    remove_leftovers(file)
    assert not left.exists()
    remove_leftovers(file)
    assert not left.exists()


def test_a_mail_that_is_lost_already_is_counted(file: Path, tmp_path: Path) -> None:
    next(folder_of(file).iterdir()).unlink()
    assert back_up(file, tmp_path / "b.tar").lost == 1


def test_what_speaks_against_it_is_said_before_the_work(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(file, tmp_path / "b.tar")
    for work in ("changing", "unpack"):
        monkeypatch.setattr(backup_module, work, lambda *_: pytest.fail("the work begins"))
    with pytest.raises(FileExistsError, match="name another file"):
        back_up(file, tmp_path / "b.tar")
    with pytest.raises(OSError, match="cannot be written: No such file"):
        back_up(file, tmp_path / "missing" / "b.tar")
    with pytest.raises(NoLedger, match="There is no ledger at"):
        back_up(tmp_path / "wrong" / "ledger.db", tmp_path / "c.tar")
    with pytest.raises(PlaceTaken, match="move it away first"):
        restore(tmp_path / "b.tar", file)
    assert {path.name for path in tmp_path.iterdir()} == {"here", "b.tar"}


def test_progress_leads_through_the_whole_work(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "PAGES", 2)
    seen: list[tuple[int, int]] = []
    made = back_up(file, tmp_path / "b.tar", lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {seen[-1][0]}  # known from the beginning, and reached
    assert seen[-1][0] > 2 * made.bytes


@pytest.mark.parametrize("left", ["ledger.db", "ledger.db-wal", "ledger.db.spool/of-another.eml"])
def test_nothing_is_overwritten(file: Path, tmp_path: Path, left: str) -> None:
    back_up(file, tmp_path / "b.tar")
    there = tmp_path / "there" / left
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    with pytest.raises(PlaceTaken, match="move it away first"):
        restore(tmp_path / "b.tar", tmp_path / "there" / "ledger.db")
    assert there.read_text() == "mine"


def test_a_damaged_ledger_is_not_backed_up(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'message_sender'")
        db.commit()
    with pytest.raises((BadArchive, sqlite3.DatabaseError)):
        back_up(file, tmp_path / "b.tar")
    assert not (tmp_path / "b.tar").exists()


def test_killed_at_any_point_a_backup_is_whole_or_not_there(file: Path, tmp_path: Path) -> None:
    before, points = dump(file), 0
    for points in deaths(_back_up_if_missing, file, tmp_path / "b.tar"):
        if (tmp_path / "b.tar").exists():
            restore(tmp_path / "b.tar", tmp_path / f"there-{points}" / "ledger.db")
    assert points > 10
    assert dump(file) == before
    restore(tmp_path / "b.tar", tmp_path / "there" / "ledger.db")
    require_consistent(tmp_path / "there" / "ledger.db")


def _back_up_if_missing(ledger: Path, file: Path) -> None:
    if not file.exists():
        back_up(ledger, file)


def test_killed_at_any_point_a_restore_can_be_repeated(file: Path, tmp_path: Path) -> None:
    back_up(file, tmp_path / "b.tar")
    there, points = tmp_path / "there" / "ledger.db", 0
    for points in deaths(_restore_if_missing, tmp_path / "b.tar", there):  # noqa: B007 - counted
        if there.exists():
            require_consistent(there)
    assert points > 10
    assert dump(there) == dump(file)


def _restore_if_missing(source: Path, there: Path) -> None:
    if not there.exists():
        restore(source, there)


def test_the_commands_say_what_they_did(file: Path, tmp_path: Path) -> None:
    (tmp_path / "here.toml").write_text(f'[mail]\nledger = "{file}"\n')
    (tmp_path / "there.toml").write_text('[mail]\nledger = "there/ledger.db"\n')
    backup = str(tmp_path / "b.tar")

    def run(*words: str) -> tuple[int, str]:
        found = CliRunner().invoke(app, [words[0], backup, *words[1:]], env={"COLUMNS": "200"})
        return found.exit_code, found.output

    here, there = ["--config", str(tmp_path / "here.toml")], ["--config", str(tmp_path / "there.toml")]
    code, said = run("backup", *here)
    assert (code, "holds the ledger and 3 mails" in said) == (0, True)
    assert run("backup", *here) == (1, f"{backup} exists already: name another file for the backup.\n")
    code, said = run("restore", *there)
    assert code == 0
    assert "2 mails and 1 answers that were not finished are taken up when the bot starts" in said
    assert run("restore", *there)[0] == 1
    assert stat.S_IMODE((tmp_path / "there").stat().st_mode) == 0o700
    assert {
        stat.S_IMODE(path.stat().st_mode) for path in folder_of(tmp_path / "there" / "ledger.db").iterdir()
    } == {0o600}
    found = CliRunner().invoke(app, ["restore", "/nope.tar"])
    assert (found.exit_code, "'/nope.tar' does not exist" in found.output) == (2, True)
