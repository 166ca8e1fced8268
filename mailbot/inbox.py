"""The mailbox that is polled: every mail in it once, and then out of the way.

`Inbox.poll` gives mails for as long as it is asked, over as many connections as it takes. On each connection
it first sweeps what lies in the folder, whatever was seen before (the ledger knows a mail again), and from
then on asks for UIDs above the highest it has had; so a new UIDVALIDITY needs no special care. Whether a mail
was read plays no part: looking into the mailbox with another program disturbs nothing.

`file_away` only notes a mail that is safely in the ledger; the moves are made in one command for all that
were noted, before the next wait. So nothing that someone waits for is behind a move, and a crash in between
costs no more than that the next sweep finds the mail again. Copies for the quarantine folder are made one at
a time and only when there is no new mail; one that fails is given back to who asked for it, so that a server
which hangs up at it does not do so again and again.

A mail that the server cannot give, or not whole, stays where it is until the next sweep: the next connection,
or an hour later. Taken for an empty mail, it would be filed away, and deleted in the end.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial

from mailbot.config import Imap
from mailbot.storage.models import RawEmail
from mailbot.transport.credentials import Credentials
from mailbot.transport.imap import MAX_UIDS, PATIENCE, Connection, chunks
from mailbot.transport.imap_calls import CommandRefused, ImapError
from mailbot.transport.uidplus import MailLocation

log = logging.getLogger(__name__)

#: Bytes of mail that are asked for in one command: what is held in memory at once, save for one large mail.
FETCH_BYTES = 32 * 2**20
#: Headers of oversized mails that are asked for in one command, 2 MiB at most.
HEADERS_AT_ONCE = 32
#: After which a connection that left a mail lying sweeps again, seconds.
SWEEP_SECONDS = 3600.0
#: Between two attempts to connect, seconds: half to all of a delay that doubles from the first to the last.
FIRST_DELAY, LAST_DELAY = 0.2, 60.0

#: Is told of an account's mails where they were and where they are now.
Filed = Callable[[str, Sequence[tuple[MailLocation, MailLocation]]], Awaitable[None]]
#: Gives mails, or their headers, by UID.
Ask = Callable[[Sequence[int]], Awaitable[dict[int, bytes]]]


async def _nobody_asks(_account: str, _moves: Sequence[tuple[MailLocation, MailLocation]]) -> None:
    """For an inbox whose mails nobody will delete."""


class Inbox:
    """One folder of one account. `poll` may be running once at a time; `filed` is told of each move."""

    def __init__(
        self,
        settings: Imap,
        credentials: Credentials,
        max_message_bytes: int,
        patience: float = PATIENCE,
        filed: Filed = _nobody_asks,
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._patience = patience
        self._max_bytes = max_message_bytes
        self._account = f"{settings.username}@{settings.host}"
        self._filed = filed
        self._filings: set[tuple[int, int]] = set()
        self._copies: list[tuple[bytes, asyncio.Future[MailLocation | None]]] = []
        self._wake = asyncio.Event()
        #: UIDVALIDITY and UID of the mails that the server could not give so far.
        self._left: set[tuple[int, int]] = set()
        #: When the folder was last looked at, seconds of `time.monotonic`; 0 if never.
        self.polled_at = 0.0

    async def poll(self) -> AsyncGenerator[RawEmail, None]:
        """Every mail in the folder, then every mail that comes; reconnects by itself, and never ends.

        Close it (`contextlib.aclosing`) when done.
        """
        failures = 0
        while True:
            began = time.monotonic()
            try:
                async with await Connection.open(
                    self._settings, self._credentials, self._patience
                ) as connection:
                    log.info("watching %s of %s", self._settings.folder, self._account)
                    async with aclosing(self._watch(connection)) as mails:
                        async for raw in mails:
                            yield raw
            except ImapError as error:
                failures = 0 if time.monotonic() - began > LAST_DELAY else failures
                delay = reconnect_delay(failures)
                log.warning("the mailbox is away, again in %.1f s: %s", delay, error)
                await asyncio.sleep(delay)
                failures += 1

    def file_away(self, raw: RawEmail) -> None:
        """`raw` is in the ledger: move it to the processed folder, soon."""
        self._filings.add((raw.uidvalidity, raw.uid))
        self._wake.set()

    async def set_aside(self, mail: bytes) -> MailLocation | None:
        """Put a copy of `mail` into the quarantine folder. Raises `ImapError` if that fails, in any way.

        Gives where it is, if the server says.
        """
        done: asyncio.Future[MailLocation | None] = asyncio.get_running_loop().create_future()
        self._copies.append((mail, done))
        self._wake.set()
        return await done

    async def _watch(self, connection: Connection) -> AsyncGenerator[RawEmail, None]:
        cursor, swept = 0, time.monotonic()
        while True:
            await self._tidy(connection)
            if self._left and time.monotonic() - swept > SWEEP_SECONDS:
                cursor, swept = 0, time.monotonic()
            uids = await connection.new_uids(cursor)
            self.polled_at = time.monotonic()
            for part in chunks(uids, MAX_UIDS):
                async for raw in self._fetch(connection, part):
                    yield raw
                cursor = part[-1]
                await self._tidy(connection)
            if not uids and self._copies:
                await self._copy(connection, *self._copies.pop(0))
            elif not uids:
                await connection.idle(self._settings.idle_seconds, self._wake)

    async def _fetch(self, connection: Connection, uids: Sequence[int]) -> AsyncGenerator[RawEmail, None]:
        sizes = await connection.sizes(uids)
        small = {uid: size for uid, size in sizes.items() if size <= self._max_bytes}
        large = [uid for uid in sizes if uid not in small]
        for part in by_bytes(small, FETCH_BYTES):
            for uid, body in (await self._given(connection, connection.bodies, part)).items():
                if self._is_given(connection, uid, is_whole(body, sizes[uid]), "it came cut short"):
                    yield self._raw(connection, uid, body, len(body), oversized=False)
        for some in chunks(large, HEADERS_AT_ONCE):
            for uid, head in (await self._given(connection, connection.headers, some)).items():
                if self._is_given(connection, uid, bool(head), "its headers came empty"):
                    yield self._raw(connection, uid, head, sizes[uid], oversized=True)

    async def _given(self, connection: Connection, ask: Ask, uids: Sequence[int]) -> dict[int, bytes]:
        """The mails; one that the server cannot give is left where it is, and holds up no other."""
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
        """Whether the server has `given` the mail; one that it has not is warned of once."""
        mail = (connection.uidvalidity, uid)
        if given:
            self._left.discard(mail)
        elif mail not in self._left:
            self._left.add(mail)
            log.warning("mail %d cannot be fetched and stays where it is: %s", uid, otherwise)
        return given

    def _raw(self, connection: Connection, uid: int, body: bytes, size: int, *, oversized: bool) -> RawEmail:
        return RawEmail(
            account=self._account,
            folder=self._settings.folder,
            uidvalidity=connection.uidvalidity,
            uid=uid,
            body=body,
            size=size,
            oversized=oversized,
        )

    async def _tidy(self, connection: Connection) -> None:
        """Make the moves that were noted. A UID of another UIDVALIDITY means nothing now."""
        self._wake.clear()
        noted = set(self._filings)
        uids = sorted(uid for uidvalidity, uid in noted if uidvalidity == connection.uidvalidity)
        try:
            if uids:
                await connection.move(uids, connection.processed, partial(self._note, connection))
        except CommandRefused as error:
            log.warning(
                "%d mails stay in %s until the next sweep: %s", len(uids), self._settings.folder, error
            )
        self._filings -= noted

    async def _note(self, connection: Connection, locations: Mapping[int, MailLocation]) -> None:
        here = partial(MailLocation, folder=self._settings.folder, uidvalidity=connection.uidvalidity)
        await self._filed(self._account, [(here(uid=uid), location) for uid, location in locations.items()])

    async def _copy(
        self, connection: Connection, mail: bytes, done: asyncio.Future[MailLocation | None]
    ) -> None:
        """Make the copy, and tell who waits for `done` how that went."""
        try:
            location = await connection.append(connection.quarantine, mail)
        except ImapError as error:
            if not done.done():
                done.set_exception(error)
            if not isinstance(error, CommandRefused):
                raise
        else:
            if not done.done():
                done.set_result(location)


def is_whole(body: bytes, size: int) -> bool:
    """Whether `body` is the mail of which the server said that it has `size` bytes.

    Some servers count each line end as two bytes and give one, some only estimate. A mail of nothing but line
    ends comes at half its size by that, and every other at more: what has less than half is a failure.
    """
    return 2 * len(body) >= size


def by_bytes(sizes: Mapping[int, int], limit: int) -> list[list[int]]:
    """UIDs in runs whose sizes together keep to `limit`; a mail that is larger alone has a run of its own."""
    runs: list[list[int]] = []
    room = -1
    for uid, size in sizes.items():
        if size > room:
            runs.append([])
            room = limit
        runs[-1].append(uid)
        room -= size
    return runs


def reconnect_delay(failures: int) -> float:
    """Seconds before the next attempt, after `failures` that failed before this one."""
    longest = min(LAST_DELAY, FIRST_DELAY * 2.0 ** min(failures, 16))
    return longest * random.uniform(0.5, 1)
