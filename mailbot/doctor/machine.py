"""Check this machine for `mailbot doctor`: what the bot keeps on it, and whether it has sandboxes."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from mailbot.config import Mail
from mailbot.doctor.check_runner import CheckFailed, CheckResult, CheckRunner, CheckWarning
from mailbot.locks import holder, lock_files
from mailbot.parsing import carriers
from mailbot.storage.outside_access import NoLedger, looking
from mailbot.storage.spool import file_sizes, folder_of
from mailbot.undelivered.one_time_codes import counts, waiting
from styles.sandbox.sandbox import missing
from styles.service.config import ConfigError

#: Free bytes below which the bot would stop soon: a few of the largest mails and their answers.
LEAST_FREE = 200 * 10**6
#: Free bytes below which the doctor warns: a week of a hundred mails a day.
LOW_FREE = 2 * 10**9
#: Seconds that a bot may hold the ledger.
BUSY_SECONDS = 5.0


async def examine(mail: Mail) -> list[CheckResult]:
    """Run the checks and return their results."""
    area = CheckRunner("here")
    await area.check("ledger", partial(asyncio.to_thread, _ledger, mail.ledger))
    checks: dict[str, Callable[[], str | CheckWarning]] = {
        "ledger's lock": partial(_lock, mail, "ledger"),
        **({"mailbox's lock": partial(_lock, mail, "mailbox")} if mail.has_mailbox else {}),
        "spool": partial(_spool, folder_of(mail.ledger)),
        "disk": partial(_disk, mail.ledger.parent),
        "gateways": partial(_gateways, mail.ledger),
    }
    for name, check in checks.items():
        await area.check(name, partial(asyncio.to_thread, check), ["ledger"])
    await area.check("sandbox", partial(asyncio.to_thread, _sandbox))
    return area.results


def _ledger(file: Path) -> str:
    remedy = "mend [mail] ledger, or the rights and the disk of its folder"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=file.parent):
            pass
        if not file.exists():
            return f"none yet at {file}; it can be made"
        with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
    except (OSError, sqlite3.Error) as error:
        raise CheckFailed(f"{file} cannot be written: {error}", remedy) from error
    return f"{file} can be written"


def _lock(mail: Mail, what: str) -> str:
    try:
        held = holder(lock_files(mail)[what])
    except (OSError, ConfigError) as error:
        raise CheckFailed(str(error).rstrip(".")) from error
    return f"held by {held}: a bot is at work" if held else "free: no bot is at work"


def _spool(folder: Path) -> str | CheckWarning:
    if not folder.exists():
        return "none yet; it is made with the ledger"
    sizes = file_sizes(folder)
    words = f"{len(sizes)} mails, {sum(sizes) / 1e6:.1f} MB in {folder}"
    if folder.stat().st_mode & 0o077:
        return CheckWarning(f"{words}, which others on this machine can enter", f"chmod 700 {folder}")
    return words


def _gateways(ledger: Path) -> str | CheckWarning:
    """Tell which carriers take no answers, and how many paintings wait because of that."""
    today = datetime.now(UTC).date()
    closed = sorted(carriers.closed(today))
    words = f"{', '.join(closed)} take no mail to phones"
    with suppress(NoLedger), looking(ledger) as db:
        untold = sum(not each.is_told for each in waiting(db))
        counted = counts(db)
        words += f"; {counted['waiting']} paintings wait under codes, {counted['redeemed']} were fetched"
        if untold:
            remedy = "mailbot codes shows those that nobody could be told; docs/channels.md has other ways"
            return CheckWarning(words, remedy)
    return words


def _sandbox() -> str | CheckWarning:
    if lacking := missing():
        words = f"this system has no {' and no '.join(lacking)}"
        return CheckWarning(words, "let only people who are trusted send photos and upload styles")
    return "what opens photos and uploaded styles is sandboxed"


def _disk(folder: Path) -> str | CheckWarning:
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:.1f} GB are free beside the ledger"
    if free < LEAST_FREE:
        raise CheckFailed(words, "make room: without it no mail is taken up")
    return CheckWarning(words, "make room soon") if free < LOW_FREE else words
