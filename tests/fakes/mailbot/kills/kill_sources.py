"""Where the mails of the kill harness come from: a polled mailbox, or a queue that hands them over."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Protocol

from mailbot.storage.spool import folder_of
from tests.fakes.mailbot.kills.kill_mails import MIX
from tests.fakes.mailbot.kills.kill_plan import LMTP_POINTS, POINTS
from tests.fakes.mailbot.process import imap_table
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.lmtp import LmtpQueue


class MailSource(Protocol):
    """A way of mail to the bot."""

    points: Mapping[str, str]  #: where a bot is killed with it
    mix: tuple[str, ...]  #: kinds of mails

    @property
    def table(self) -> str:
        """Of the config."""

    def deliver(self, body: bytes) -> None:
        """A mail comes."""

    def waiting(self) -> int:
        """Mails that the bot has not taken."""

    def set_aside(self, ledger: Path) -> bytes:
        """All mails that nobody could read."""


class MailboxSource:
    """A mailbox at Dovecot."""

    points: Mapping[str, str] = POINTS
    mix: tuple[str, ...] = MIX

    def __init__(self, dovecot: Dovecot, user: str) -> None:
        self._dovecot, self._user = dovecot, user

    @property
    def table(self) -> str:
        return imap_table(self._dovecot, self._user)

    def deliver(self, body: bytes) -> None:
        self._dovecot.deliver(self._user, body)

    def waiting(self) -> int:
        return self._dovecot.count(self._user)

    def set_aside(self, _ledger: Path) -> bytes:
        return b"".join(self._dovecot.mails(self._user, "Quarantine"))


class LmtpSource:
    """The queue of a mail server. What is too large is refused there, and comes to no bot."""

    points: Mapping[str, str] = LMTP_POINTS
    mix: tuple[str, ...] = tuple(kind for kind in MIX if kind != "oversized")

    def __init__(self, queue: LmtpQueue) -> None:
        self._queue = queue

    @property
    def table(self) -> str:
        return f'[mail.lmtp]\nlisten = "{self._queue.place.listen}"'

    def deliver(self, body: bytes) -> None:
        self._queue.put(body)

    def waiting(self) -> int:
        return self._queue.waiting()

    def set_aside(self, ledger: Path) -> bytes:
        with closing(sqlite3.connect(ledger)) as db:
            names = db.execute("SELECT spool FROM message WHERE state = 'quarantined'").fetchall()
        return b"".join((folder_of(ledger) / name).read_bytes() for (name,) in names)
