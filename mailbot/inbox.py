"""Poll the mailbox: yield every mail in it once, then move it out of the way.

`Inbox.poll` yields mails until it is closed, over as many connections as it takes. Each connection first
sweeps the whole folder, and the ledger recognises what it has seen. From then on it asks for UIDs above the
highest it has had, so a new UIDVALIDITY needs no special care. Whether a mail was read plays no part: looking
into the mailbox with another program disturbs nothing.

`file_away` only notes a mail that is safely in the ledger. One command moves all noted mails before the next
wait, so no new mail waits for a move. After a crash in between, the next sweep finds the mail again. Copies
for the quarantine folder have a connection of their own. So no new mail waits for a copy, and a server that
hangs up at a copy still gives new mail.

A mail that the server cannot give, not whole, or not move, stays where it is until the next sweep: the next
connection, or an hour later. Taken for an empty mail, it would be filed away, and deleted in the end.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial

from mailbot.config import Imap
from mailbot.storage.ledger_rows import RawMessage
from mailbot.transport.credentials import Credentials
from mailbot.transport.imap import MAX_UIDS, TIMEOUT, Connection, chunks
from mailbot.transport.imap_calls import CommandRefused, ImapError
from mailbot.transport.imap_syntax import MailLocation
from styles.service.backoff import jittered

log = logging.getLogger(__name__)

#: Bytes of mail that one command asks for. This limits what is held in memory, except for one large mail.
FETCH_BYTES = 32 * 2**20
#: Headers of oversized mails that one command asks for, 2 MiB at most.
HEADERS_AT_ONCE = 32
#: Seconds after which a connection that left a mail in place sweeps again.
SWEEP_SECONDS = 3600.0
#: Shortest and longest backoff between two attempts to connect, seconds. Half to all of it is waited.
FIRST_DELAY, LAST_DELAY = 0.2, 60.0

#: Is called with an account and with the old and the new place of each moved mail.
Filed = Callable[[str, Sequence[tuple[MailLocation, MailLocation]]], Awaitable[None]]
#: Copies a mail and returns the copy's place, if the server reports it. Raises `ImapError`.
CopyMail = Callable[[bytes], Awaitable[MailLocation | None]]
#: Fetches mails, or their headers, by UID.
Ask = Callable[[Sequence[int]], Awaitable[dict[int, bytes]]]


class Inbox:
    """Poll one folder of one account, once at a time. `filed` is called after each move."""

    def __init__(
        self,
        settings: Imap,
        credentials: Credentials,
        max_message_bytes: int,
        timeout: float = TIMEOUT,
        filed: Filed | None = None,
    ) -> None:
        self._settings = settings
        self._connect = partial(Connection.open, settings, credentials, timeout)
        self._max_bytes = max_message_bytes
        self._account = settings.account
        self._filed = filed
        self._filings: set[tuple[int, int]] = set()
        self._wake = asyncio.Event()
        #: UIDVALIDITY and UID of the mails that the server could not give or move so far.
        self._left: set[tuple[int, int]] = set()
        #: When the folder was last looked at, seconds of `time.monotonic`; 0 if never.
        self.polled_at = 0.0

    async def poll(self) -> AsyncGenerator[RawMessage, None]:
        """Yield every mail in the folder, then every new one, without end; close it when done."""
        failures = 0
        while True:
            began = time.monotonic()
            try:
                async with self._connect() as connection:
                    log.info("watching %s of %s", self._settings.folder, self._account)
                    async with aclosing(self._watch(connection)) as mails:
                        async for raw in mails:
                            yield raw
            except ImapError as error:
                failures = 0 if time.monotonic() - began > LAST_DELAY else failures
                delay = jittered(failures, FIRST_DELAY, LAST_DELAY)
                log.warning("the mailbox is away, again in %.1f s: %s", delay, error)
                await asyncio.sleep(delay)
                failures += 1

    def file_away(self, raw: RawMessage) -> None:
        """Move `raw`, which is in the ledger, to the processed folder soon."""
        self._filings.add((raw.uidvalidity, raw.uid))
        self._wake.set()

    @asynccontextmanager
    async def copying(self) -> AsyncIterator[CopyMail]:
        """Connect, and yield a function that copies a mail into the quarantine folder. Raises `ImapError`."""
        async with self._connect() as connection:
            yield partial(connection.append, connection.quarantine)

    async def _watch(self, connection: Connection) -> AsyncGenerator[RawMessage, None]:
        cursor, swept = 0, time.monotonic()
        while True:
            await self._tidy(connection)
            if self._left and time.monotonic() - swept > SWEEP_SECONDS:
                cursor, swept = 0, time.monotonic()
            uids = await connection.new_uids(cursor)
            if not cursor:  # a mail that is not there any more is no reason to sweep again
                self._left &= {(connection.uidvalidity, uid) for uid in uids}
            self.polled_at = time.monotonic()
            for part in chunks(uids, MAX_UIDS):
                async for raw in self._fetch(connection, part):
                    yield raw
                cursor = part[-1]
                await self._tidy(connection)
            if not uids:
                await connection.idle(self._settings.idle_seconds, self._wake)

    async def _fetch(self, connection: Connection, uids: Sequence[int]) -> AsyncGenerator[RawMessage, None]:
        sizes = await connection.sizes(uids)
        small = {uid: size for uid, size in sizes.items() if size <= self._max_bytes}
        large = [uid for uid in sizes if uid not in small]
        new = partial(
            RawMessage,
            account=self._account,
            folder=self._settings.folder,
            uidvalidity=connection.uidvalidity,
        )
        for part in by_bytes(small, FETCH_BYTES):
            for uid, body in (await self._given(connection, connection.bodies, part)).items():
                if self._is_given(connection, uid, is_whole(body, sizes[uid]), "it came cut short"):
                    yield new(uid=uid, body=body, size=len(body))
        for some in chunks(large, HEADERS_AT_ONCE):
            for uid, head in (await self._given(connection, connection.headers, some)).items():
                if self._is_given(connection, uid, bool(head), "its headers came empty"):
                    yield new(uid=uid, body=head, size=sizes[uid], oversized=True)

    async def _given(self, connection: Connection, ask: Ask, uids: Sequence[int]) -> dict[int, bytes]:
        """Fetch the mails. One that the server cannot give is left where it is, and delays no other."""
        try:
            return await ask(uids)
        except CommandRefused as error:
            if len(uids) == 1:
                self._is_given(connection, uids[0], False, str(error))
                return {}
        found: dict[int, bytes] = {}
        for uid in uids:
            found |= await self._given(connection, ask, [uid])
        return found

    def _is_given(self, connection: Connection, uid: int, given: bool, otherwise: str) -> bool:
        """Return whether the server has `given` the mail, and warn once of one that it has not."""
        mail = (connection.uidvalidity, uid)
        if given:
            self._left.discard(mail)
        elif mail not in self._left:
            self._left.add(mail)
            log.warning("mail %d cannot be fetched and stays where it is: %s", uid, otherwise)
        return given

    async def _tidy(self, connection: Connection) -> None:
        """Make the moves that were noted. A UID of another UIDVALIDITY means nothing now."""
        self._wake.clear()
        noted = set(self._filings)
        uids = sorted(uid for uidvalidity, uid in noted if uidvalidity == connection.uidvalidity)
        try:
            if uids:
                await connection.move(uids, connection.processed, partial(self._note, connection))
        except CommandRefused as error:
            folder = self._settings.folder
            self._left.update((connection.uidvalidity, uid) for uid in uids)
            log.warning("%d mails stay in %s until the next sweep: %s", len(uids), folder, error)
        self._filings -= noted

    async def _note(self, connection: Connection, locations: Mapping[int, MailLocation]) -> None:
        if self._filed:
            here = partial(MailLocation, folder=self._settings.folder, uidvalidity=connection.uidvalidity)
            moves = [(here(uid=uid), location) for uid, location in locations.items()]
            await self._filed(self._account, moves)


def is_whole(body: bytes, size: int) -> bool:
    """Return whether `body` is a mail of `size` bytes, as the server counts them.

    Some servers count each line end as two bytes and send one, some only estimate. A mail of nothing but line
    ends then comes at half its size, and every other at more. So less than half is a failure.
    """
    return 2 * len(body) >= size


def by_bytes(sizes: Mapping[int, int], limit: int) -> list[list[int]]:
    """Split UIDs into runs whose sizes together keep to `limit`. A larger mail gets a run of its own."""
    runs: list[list[int]] = []
    room = -1
    for uid, size in sizes.items():
        if size > room:
            runs.append([])
            room = limit
        runs[-1].append(uid)
        room -= size
    return runs
