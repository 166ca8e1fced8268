"""Back up the ledger and its spool while the bot runs, and restore them in another place.

    backup.tar      ledger.db, spool/…, and a list of their hashes (`styles/service/archive.py`)

The ledger is copied as it is at one moment, by SQLite. In that moment no process writes to it, and each mail
that it needs is in the spool. So the spool's files get second names (hard links) then, which takes
milliseconds, and all else is done while the bot goes on.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from mailbot.locks import without_bot
from mailbot.storage.ledger import SPOOLED
from mailbot.storage.outside_access import changing, looking, require_ledger
from mailbot.storage.spool import folder_of
from styles.service.archive import (
    BadArchive,
    ProgressBytes,
    behind,
    new_backup,
    pack,
    put_in_place,
    sync_folder,
    unpack,
    work_folder,
)

KIND = "the bot's ledger"
#: Pages of 4 KB that are copied between two reports of progress.
PAGES = 4096
#: Is the reason of mails that a restored ledger has in quarantine, where a person decides.
LEFT = "left unanswered after a restore"

_UNFINISHED = """SELECT (SELECT count(*) FROM message WHERE state IN ('accepted', 'working')) AS mails,
    (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')) AS answers"""


class PlaceTaken(OSError):
    """Refuse to restore where a ledger or its mails are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """Count what a backup holds."""

    spooled: int  #: mails of the spool
    lost: int  #: mails that the ledger names and the spool does not have
    bytes: int
    mails: int  #: mails that were not dealt with at that moment
    answers: int  #: answers that were not sent at that moment


def back_up(ledger: Path, file: Path, progress: ProgressBytes = lambda *_: None) -> BackupReport:
    """Write a new backup.

    Raises `NoLedger`, sqlite3.Error and OSError, as `new_backup`; then there is no new file.
    """
    require_ledger(ledger)
    with new_backup(file, KIND) as new, work_folder(_work(ledger)) as folder:
        (folder / "spool").mkdir()
        with ExitStack() as stack:
            db = stack.enter_context(looking(ledger))
            with changing(ledger):  # so that no process writes
                wanted = {row["spool"] for row in db.execute(SPOOLED)}  # begins the snapshot
                lost = sum(not _link(folder_of(ledger) / name, folder / "spool" / name) for name in wanted)
            unfinished = dict(db.execute(_UNFINISHED).fetchone())
            _copy(db, folder, progress)
        _require_whole(folder / "ledger.db")
        size = pack(folder, new, behind((folder / "ledger.db").stat().st_size, progress))
    return BackupReport(spooled=len(wanted) - lost, lost=lost, bytes=size, **unfinished)


def _copy(db: sqlite3.Connection, folder: Path, progress: ProgressBytes) -> None:
    """Copy the ledger of a snapshot to `folder`, with the progress that packing goes on from."""
    mails = sum(path.stat().st_size for path in (folder / "spool").iterdir())
    (page,) = db.execute("PRAGMA page_size").fetchone()

    def copied(_status: int, remaining: int, pages: int) -> None:
        # The ledger is copied, then both are packed, then read back.
        progress((pages - remaining) * page, 3 * pages * page + 2 * mails)

    with closing(sqlite3.connect(folder / "ledger.db")) as copy:
        db.backup(copy, pages=PAGES, progress=copied)


def restore(
    file: Path, ledger: Path, progress: ProgressBytes = lambda *_: None, *, answers: bool = True
) -> BackupReport:
    """Put a backup where no ledger is. The ledger gets its name last: killed before, this can be repeated.

    Without `answers` mails that were not finished are in quarantine, and answers wait for a retry. Raises
    `BadArchive`, `PlaceTaken`, `LedgerInUse`, sqlite3.Error and OSError.
    """
    _require_no_ledger(ledger)
    with without_bot(ledger), work_folder(_work(ledger)) as folder:
        unpack(file, folder, KIND, progress)
        spooled = {path.name for path in (folder / "spool").glob("*")}
        _require_free(ledger, spooled)
        _require_whole(folder / "ledger.db")
        with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            unfinished = dict(db.execute(_UNFINISHED).fetchone())
            # What came after the backup was answered: a provider's list does not bring it again.
            db.execute("UPDATE meta SET value = ? WHERE key LIKE 'listed %'", (time.time(),))
            if not answers:
                _leave(db)
        folder_of(ledger).mkdir(mode=0o700, exist_ok=True)
        for name in spooled:
            (folder / "spool" / name).replace(folder_of(ledger) / name)
        sync_folder(folder_of(ledger))
        put_in_place(folder / "ledger.db", ledger)
    size = ledger.stat().st_size
    return BackupReport(spooled=len(spooled), lost=0, bytes=size, **unfinished)


def remove_leftovers(ledger: Path) -> None:
    """Remove the mails that a killed backup left, unless a backup is at work. Raises OSError."""
    if _work(ledger).exists():
        with suppress(BlockingIOError), work_folder(_work(ledger)):
            pass


def _work(ledger: Path) -> Path:
    """Return the folder for the work, on the disk of the spool."""
    return ledger.with_name(f"{ledger.name}.backup")


def _link(source: Path, target: Path) -> bool:
    """Give a file a second name, or copy it where the disk has no second names. False: it is missing."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        return False
    except OSError:
        with suppress(FileNotFoundError):
            shutil.copyfile(source, target)
    return target.exists()


def _require_whole(file: Path) -> None:
    """Raise `BadArchive` unless SQLite finds the file in order."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as db:
            (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            db.execute("SELECT 1 FROM message LIMIT 1")
    except sqlite3.Error as error:
        raise BadArchive(f"The ledger in the backup is damaged: {error}.") from error
    if said != "ok":
        raise BadArchive(f"The ledger in the backup is damaged: {said}.")


def _require_free(ledger: Path, spooled: set[str]) -> None:
    """Raise `PlaceTaken` if there is a ledger, or a mail that is not of the backup."""
    _require_no_ledger(ledger)
    others = [path for path in folder_of(ledger).glob("*") if path.name not in spooled]
    if others:
        raise PlaceTaken(f"{folder_of(ledger)} has mails that are not in the backup: move it away first.")


def _require_no_ledger(ledger: Path) -> None:
    """Raise `PlaceTaken` if there is a ledger or a part of one."""
    for path in (ledger, *(ledger.with_name(f"{ledger.name}-{end}") for end in ("wal", "shm"))):
        if path.exists():
            raise PlaceTaken(f"{path} exists: stop the bot, and move it away first.")


def _leave(db: sqlite3.Connection) -> None:
    """Put mails that were not finished into quarantine, and mark answers as failed: both can be retried."""
    db.execute("BEGIN")
    db.execute(
        """UPDATE message SET state = 'quarantined', reason = ?, finished_at = ?
            WHERE state IN ('accepted', 'working')""",
        (LEFT, time.time()),
    )
    db.execute(
        "UPDATE outbox SET state = 'failed', last_error = ? WHERE state IN ('pending', 'sending')", (LEFT,)
    )
    db.execute("COMMIT")
