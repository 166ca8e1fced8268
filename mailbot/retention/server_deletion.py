"""Delete mails on the mail server: those that the bot put there, and no others.

`ServerDeletion.clear` goes through the folders with mails that are erased here. It has a connection of its
own, so no new mail waits for it. A mail whose place the ledger knows is deleted by its UID. A mail astray is
searched by its size, fetched and compared by its SHA-256 (see `server_copies.py`). No mail is ever chosen by
age, by folder or by flags: the folder may be a person's archive.

Where folders are labels (Gmail) a mail is moved to the trash, and deleted there by its new UID.

Everything may be done twice, since a UID that is gone stays gone. So a mail is settled after the server's OK.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from functools import partial

from mailbot.config import Imap
from mailbot.storage import server_copies
from mailbot.storage.ledger import Ledger
from mailbot.storage.server_copies import ServerCopy
from mailbot.storage.spool import name_of
from mailbot.transport.credentials import Credentials
from mailbot.transport.imap import TIMEOUT, Connection
from mailbot.transport.imap_calls import CommandRefused
from mailbot.transport.imap_syntax import quoted

log = logging.getLogger(__name__)

#: Mails that are deleted in one step. Each mail astray may be fetched whole.
STEP = 100


class ServerDeletion:
    """Delete mails of the ledger from the mailbox of `settings`."""

    def __init__(
        self, settings: Imap, credentials: Credentials, ledger: Ledger, timeout: float = TIMEOUT
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._ledger = ledger
        self._timeout = timeout
        self._account = settings.account

    async def clear(self) -> int:
        """Delete the mails that are erased here; return the number settled. Raises `ImapError`."""
        if not await self._ledger.read(lambda db: server_copies.is_anything_to_clear(db, self._account)):
            return 0
        count = 0
        async with Connection.open(self._settings, self._credentials, self._timeout) as connection:
            done: set[str] = set()
            while left := set(await self._folders(connection)) - done:  # moving to the trash makes one more
                for folder in sorted(left):
                    count += await self._clear_folder(connection, folder)
                done |= left
        return count

    async def _folders(self, connection: Connection) -> list[str]:
        sent = await connection.folders.special_use(r"\Sent")
        ours = (connection.processed, connection.quarantine, sent)
        return await self._ledger.transact(lambda db: server_copies.folders(db, self._account, *ours))

    async def _clear_folder(self, connection: Connection, folder: str) -> int:
        count = last = 0
        try:
            is_there = await connection.folders.exists(folder)
            if is_there:
                await connection.select(folder)
            todo = partial(server_copies.to_clear, account=self._account, folder=folder, limit=STEP)
            while copies := await self._ledger.read(partial(todo, after=last)):
                gone = await self._delete(connection, folder, copies) if is_there else copies
                await self._ledger.transact(partial(server_copies.settled, copies=gone))
                count, last = count + len(gone), copies[-1].id
        except CommandRefused as error:
            log.warning("mails in %s cannot be deleted for now: %s", folder, error)
        return count

    async def _delete(
        self, connection: Connection, folder: str, copies: Sequence[ServerCopy]
    ) -> Sequence[ServerCopy]:
        """Delete the copies; return those that are gone. The others are in the trash now."""
        by_uid = await located(connection, copies)
        trash = await connection.folders.special_use(r"\Trash") if connection.has_labels else None
        if not by_uid or trash in (None, folder):
            await connection.delete(sorted(by_uid))
            return copies
        locations = await connection.move(sorted(by_uid), trash)
        moved = [(by_uid[uid].id, location) for uid, location in locations.items() if uid in by_uid]
        await self._ledger.transact(lambda db: server_copies.placed(db, moved))
        still = {number for number, _ in moved}
        return [copy for copy in copies if copy.id not in still]


async def located(connection: Connection, copies: Sequence[ServerCopy]) -> dict[int, ServerCopy]:
    """Return the copies in the selected folder by UID. A known place may be empty by now."""
    here = connection.uidvalidity
    found = {copy.uid: copy for copy in copies if copy.uid and copy.uidvalidity == here}
    for copy in copies:
        if not copy.uid or copy.uidvalidity != here:
            found |= dict.fromkeys(await search(connection, copy, found), copy)
    return found


async def search(connection: Connection, copy: ServerCopy, taken: Collection[int]) -> set[int]:
    """Return the UID of the mail of `copy`, found by its content; empty if it is not here or is `taken`."""
    if copy.answer:
        return set(await connection.search("HEADER", "Message-ID", quoted(copy.answer)))
    for uid in await connection.search("LARGER", str(copy.size - 1), "SMALLER", str(copy.size + 1)):
        if uid in taken:
            continue
        found = await (connection.headers([uid]) if copy.oversized else connection.bodies([uid]))
        if name_of(found.get(uid, b""), f"-{copy.size}" if copy.oversized else "") == copy.spool:
            return {uid}
    return set()
