"""Spool folders: one for each ledger, and the shared one that older versions used."""

from __future__ import annotations

from pathlib import Path

from mailbot.storage.ledger import Ledger
from mailbot.storage.spool import SHARED, Spool, folder_of
from tests.fakes.mailbot.ledger import BODY, accept, spooled, variant, work


async def test_two_ledgers_in_one_folder_leave_each_others_mails(file: Path) -> None:
    async with Ledger(file) as one, Ledger(file.with_suffix(".other")) as other:
        message = await accept(one)
        await other.recover()
        assert await one.body(message) == BODY


async def test_mails_in_the_folder_of_before_are_taken_over_each_by_its_ledger(file: Path) -> None:
    files = (file, file.with_name("other.db"))
    for number, each in enumerate(files):
        async with Ledger(each) as ledger:
            await accept(ledger, variant(number))
        _as_before(each)
    for number, each in enumerate(files):
        async with Ledger(each) as ledger:
            await ledger.recover()
            assert await ledger.body(await work(ledger)) == variant(number).body
    assert not (file.parent / SHARED).exists()


async def test_a_take_over_that_was_cut_short_is_gone_on_with(file: Path) -> None:
    async with Ledger(file) as ledger:
        message = await accept(ledger)
        await accept(ledger, variant(2))
    _as_before(file)
    folder_of(file).mkdir(mode=0o700)
    Spool(folder_of(file)).put(BODY)  # written here, and not gone there
    (folder_of(file) / "half.eml.part").write_bytes(b"half")
    async with Ledger(file) as ledger:
        await ledger.recover()
        assert await ledger.body(message) == BODY
        assert len(spooled(file)) == 2
    assert not (file.parent / SHARED).exists()


async def test_what_no_row_names_stays_in_the_folder_of_before(file: Path) -> None:
    (file.parent / SHARED).mkdir(parents=True)
    foreign = Spool(file.parent / SHARED).put(b"of another ledger")
    async with Ledger(file) as ledger:
        await ledger.recover()
    assert [path.name for path in (file.parent / SHARED).iterdir()] == [foreign]


def _as_before(file: Path) -> None:
    """Its mails in the folder that all ledgers shared."""
    shared = file.parent / SHARED
    shared.mkdir(exist_ok=True)
    for path in folder_of(file).iterdir():
        path.rename(shared / path.name)
    folder_of(file).rmdir()
