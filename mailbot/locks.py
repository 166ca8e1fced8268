"""Allow one bot per mailbox and per ledger; make a second one report the first and wait.

The ledger's lock lies beside it. The mailbox's lies in a folder that only this user can enter. Its name is
made of host, account and folder, so that bots with different ledgers meet there. Bots of other users or on
other machines do not: IMAP has no lock that they could see. The kernel frees a lock when its holder dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import logging
import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from mailbot.config import Mail
from styles.service.asyncio_tasks import wait_until_set
from styles.service.config import ConfigError
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: Seconds between two attempts of a second bot to get the lock.
LOCK_SECONDS = 0.5
#: Folder in which the folder of the mailbox's lock is made. $TMPDIR and $XDG_RUNTIME_DIR are not used, since
#: cron, a shell and systemd set them differently. A runtime folder is there only while its user is logged in.
TEMPORARY = Path("/tmp")  # noqa: S108 - `private_folder` believes nothing that it finds there


class LedgerInUse(OSError):
    """Report that a bot, or a restore, has the ledger."""


@asynccontextmanager
async def mailbox_lock(mail: Mail, stop: asyncio.Event) -> AsyncIterator[bool]:
    """Hold ledger and mailbox as the only bot; yield False if `stop` is set first.

    Raises `ConfigError` where there is no place for the locks that is this user's alone.
    """
    async with AsyncExitStack() as stack:
        for what, file in lock_files(mail).items():
            descriptor = stack.enter_context(_opened(file))
            if not await _lock(descriptor, what, file, stop):
                yield False
                return
            _write(descriptor, mail.ledger)
        yield True


def lock_files(mail: Mail) -> dict[str, Path]:
    """Return the lock files in locking order, and make their folders. Raises `ConfigError`."""
    mail.ledger.parent.mkdir(parents=True, exist_ok=True)
    files = {"ledger": lock_of(mail.ledger)}
    if mail.has_mailbox:
        imap = mail.effective_imap
        place = "\0".join((imap.host.lower(), str(imap.port), imap.username, imap.folder))
        files["mailbox"] = private_folder() / f"{hashlib.sha256(place.encode()).hexdigest()[:32]}.lock"
    return files


def lock_of(ledger: Path) -> Path:
    """Return the lock file of a ledger."""
    return ledger.with_suffix(".lock")


@contextmanager
def without_bot(ledger: Path) -> Iterator[None]:
    """Keep every bot from a ledger during the block. Raises `LedgerInUse` while one has it, and OSError."""
    ledger.parent.mkdir(parents=True, exist_ok=True)
    with _opened(lock_of(ledger)) as descriptor:
        if not _locked(descriptor, fcntl.LOCK_EX):
            raise LedgerInUse(f"The ledger is in use ({_written(descriptor)}): stop it first.")
        _write(descriptor, ledger)
        yield


def holder(file: Path) -> str:
    """Return who holds the lock, or "" if it is free. Raises OSError."""
    if not file.exists():
        return ""
    with _opened(file) as descriptor:
        return "" if _locked(descriptor, fcntl.LOCK_SH) else _written(descriptor)


def private_folder() -> Path:
    """Return a folder that is this user's alone while the machine runs. Raises `ConfigError`.

    In the folder for temporary files anyone can make a folder, or a link, of the wanted name. So the folder
    is used only if it is a real folder of this user that is closed to all others.
    """
    folder = TEMPORARY / f"mailbot-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        words = f"{folder}, for the lock of the mailbox, cannot be made: {error.strerror}"
        raise ConfigError(words) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise ConfigError(f"{folder} is not a folder that is yours alone: have it removed.")
    return folder


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    # A shared lock on the folder stops programs that remove old temporary files (tmpfiles.d(5)).
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _locked(folder, fcntl.LOCK_SH)
        yield descriptor
    finally:
        os.close(folder)
        os.close(descriptor)


async def _lock(descriptor: int, what: str, file: Path, stop: asyncio.Event) -> bool:
    """Wait for the lock; return False if `stop` is set first."""
    if _locked(descriptor, fcntl.LOCK_EX):
        return True
    log.warning("another bot has this %s (%s); waiting until it ends", what, _written(descriptor))
    log.info("its lock is %s", file)
    while not await wait_until_set(stop, LOCK_SECONDS):
        if _locked(descriptor, fcntl.LOCK_EX):
            return True
    return False


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(descriptor: int, ledger: Path) -> None:
    """Name the holder in a lock file."""
    with contextlib.suppress(OSError):  # on a full disk it is held all the same
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} with {ledger}\n".encode(), 0)


def _written(descriptor: int) -> str:
    said = os.pread(descriptor, 1000, 0).decode(errors="replace").strip()
    return plain(said, mark="") or "it does not say who it is"
