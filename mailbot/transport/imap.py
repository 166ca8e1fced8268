"""Keep one IMAP connection reliable; with `imap_protocol` and `imap_calls` it wraps all of aioimaplib.

aioimaplib 2.0 leaves some things to its caller, and all of them are dealt with here:

- A waiting call does not learn of a lost connection: every call waits for the loss too, and has a timeout.
- After a timeout a late answer breaks the protocol object: a connection that failed is never used again.
- NO and BAD do not raise: `_ok` does.
- EXISTS outside of IDLE is dropped, so a mail that comes between SEARCH and IDLE goes unnoticed until the
  IDLE ends: `ImapProtocol` notes every EXISTS, and `idle` returns at once if there was one since `new_uids`.
- More than about 970 lines in one read overflow the stack: at most `MAX_UIDS` in a command.
- Mailbox names are not quoted, capabilities are those of before the login, and CREATE of a folder that exists
  hangs on some servers.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Self

from mailbot.config import Imap
from mailbot.transport.credentials import Credentials
from mailbot.transport.folders import Folders
from mailbot.transport.imap_calls import CommandRefused, ImapCalls, ImapError
from mailbot.transport.imap_protocol import log_in
from mailbot.transport.imap_syntax import MailLocation, appended, copied, fetch_items, quoted, with_body
from mailbot.transport.smtp import sending

#: Is called with the new places of mails, by the UIDs that they had.
Moved = Callable[[dict[int, MailLocation]], Awaitable[None]]

#: UIDs in one command. The answer to each is three lines at most.
MAX_UIDS = 200
#: Bytes of headers that are fetched alone, since a mail may be nothing but headers. Changing it changes the
#: keys of oversized mails (`dedupe_key`, `spool.name_of`).
MAX_HEADER_BYTES = 65_536
#: Seconds that a server may be silent. While a literal arrives they start anew.
TIMEOUT = 30.0
#: Seconds between two questions to a server without IDLE.
NO_IDLE_SECONDS = 10.0


class Connection(ImapCalls):
    """Hold a connection with a folder selected. Every method raises `ImapError`."""

    def __init__(self, settings: Imap, credentials: Credentials, timeout: float = TIMEOUT) -> None:
        super().__init__(settings, timeout)
        self._credentials = credentials
        self.folders = Folders(self._client.protocol, self._ok)
        #: Is set when the server has reported a mail since `new_uids` was called.
        self.news: asyncio.Event = self._client.protocol.news
        self.uidvalidity = 0
        #: The paths of these two folders.
        self.processed = self.quarantine = ""

    @classmethod
    @asynccontextmanager
    async def open(
        cls, settings: Imap, credentials: Credentials, seconds: float = TIMEOUT
    ) -> AsyncIterator[Self]:
        """Connect, log in, create the missing folders, select; hang up at the end."""
        try:
            connection = cls(settings, credentials, seconds)
        except OSError as error:
            raise ImapError(f"ca_file cannot be used: {error}") from error
        try:
            await connection.greet()
            await connection.log_in()
            await connection.open_folders()
            yield connection
        finally:
            await connection.drop()

    async def greet(self) -> None:
        """Connect, by TLS where the config says so, and read the server's greeting."""
        await self._answer("greeting", self._client.wait_hello_from_server())

    async def log_in(self) -> None:
        """Log in with the credentials and read the capabilities."""
        logging_in = log_in(self._client.protocol, self._settings.username, self._credentials)
        await self._ok("LOGIN", logging_in)
        await self._answer("CAPABILITY", self._client.protocol.capability())

    async def open_folders(self) -> None:
        """Find the three folders, create missing ones, and select the one to poll."""
        await self.folders.look()
        path = await self.folders.ensure(self._settings.folder)
        self.processed = await self.folders.ensure(self._settings.processed)
        self.quarantine = await self.folders.ensure(self._settings.quarantine)
        await self.select(path)

    @property
    def tls_version(self) -> str | None:
        """The TLS version, such as `TLSv1.3`; None without TLS."""
        encrypted = self._client.protocol.transport.get_extra_info("ssl_object")
        return encrypted.version() if encrypted else None

    @property
    def capabilities(self) -> frozenset[str]:
        """The server's capabilities; before the login they may be fewer."""
        return frozenset(self._client.protocol.capabilities)

    @property
    def has_labels(self) -> bool:
        """Whether folders are labels, as Gmail's are: a mail that is expunged from one lives on."""
        return bool(self._client.has_capability("X-GM-EXT-1"))

    async def select(self, path: str) -> None:
        """Select another folder."""
        lines = await self._ok("SELECT", self._client.select(quoted(path)))
        match = re.search(rb"UIDVALIDITY (\d+)", b" ".join(lines))
        self.uidvalidity = int(match[1]) if match else 0

    async def new_uids(self, cursor: int) -> list[int]:
        """Return the UIDs above `cursor`, rising, without those marked as deleted."""
        self.news.clear()
        # The word UID is needed: without it the numbers are positions in the folder, in UID SEARCH as well.
        uids = await self.search("UID", f"{cursor + 1}:*", "UNDELETED")
        # `*` is the last mail, even when its UID is below the range that was asked for.
        return [uid for uid in uids if uid > cursor]

    async def search(self, *criteria: str) -> list[int]:
        """Return the UIDs in the selected folder that SEARCH finds by `criteria`, rising."""
        lines = await self._ok("SEARCH", self._client.uid_search(*criteria, charset=None))
        return sorted({int(word) for line in lines[:-1] for word in line.split() if word.isdigit()})

    async def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Return the bytes of each mail by UID; a mail that is gone is missing."""
        items = fetch_items(await self._fetch(uids, "(UID RFC822.SIZE)"))
        found = {uid: re.search(rb"RFC822\.SIZE (\d+)", head) for uid, (head, _) in items.items()}
        return {uid: int(match[1]) for uid, match in found.items() if match}

    async def bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Return the mails by UID, byte for byte, without marking them as read."""
        return with_body(fetch_items(await self._fetch(uids, "(UID BODY.PEEK[])")))

    async def headers(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Return the mails' headers alone by UID, at most `MAX_HEADER_BYTES` of each."""
        items = fetch_items(await self._fetch(uids, f"(UID BODY.PEEK[HEADER]<0.{MAX_HEADER_BYTES}>)"))
        return {uid: head[:MAX_HEADER_BYTES] for uid, head in with_body(items).items()}

    async def move(
        self, uids: Sequence[int], folder: str, moved: Moved | None = None
    ) -> dict[int, MailLocation]:
        """MOVE mails to the folder at a path; on a server without MOVE, copy and `delete` them.

        Returns the new places, if the server reports them. `moved` is called with them after each part, so
        the copies are known even if the deletion fails.
        """
        locations: dict[int, MailLocation] = {}
        for part in chunks(uids, MAX_UIDS):
            name = "MOVE" if self._client.has_capability("MOVE") else "COPY"
            numbers = ",".join(map(str, part))
            call = partial(self._client.uid, name, numbers, quoted(folder))
            arrived = copied(await self._into(folder, name, call), folder)
            locations |= arrived
            if moved:
                await moved(arrived)
            if name == "COPY":
                await self.delete(part)
        return locations

    async def delete(self, uids: Sequence[int]) -> None:
        """Mark mails as deleted, and expunge them by UID; a missing one is no error.

        Without UIDPLUS they stay marked, since an EXPUNGE would delete what others have marked too.
        """
        for part in chunks(uids, MAX_UIDS):
            numbers = ",".join(map(str, part))
            await self._ok("STORE", self._client.uid("STORE", numbers, "+FLAGS.SILENT", r"(\Deleted)"))
            if self._client.has_capability("UIDPLUS"):
                await self._ok("EXPUNGE", self._client.uid("EXPUNGE", numbers))

    async def append(self, folder: str, mail: bytes) -> MailLocation | None:
        """Put a copy of `mail` into the folder at a path. Returns its place, if the server reports it."""
        # Not by the library's own wrapper, which gives every mail the same time.
        limit = self._timeout + sending(mail)
        call = partial(self._client.protocol.append, mail, quoted(folder), timeout=limit)
        return appended(await self._into(folder, "APPEND", call, timed=False), folder)

    async def _into(
        self, folder: str, name: str, call: Callable[[], Awaitable[Any]], *, timed: bool = True
    ) -> list[Any]:
        """Run a command that puts mail into a folder, and create the folder again if somebody deleted it."""
        try:
            return await self._ok(name, call(), timed=timed)
        except CommandRefused:
            if await self.folders.exists(folder):
                raise
        await self.folders.create(folder)
        return await self._ok(name, call(), timed=timed)

    async def idle(self, seconds: float, wake: asyncio.Event) -> None:
        """Wait until the server reports a mail, `wake` is set, or `seconds` are over."""
        if not self._client.has_capability("IDLE"):
            await self._first_of(min(seconds, NO_IDLE_SECONDS), self.news, wake)
            await self._ok("NOOP", self._client.noop())  # servers look for new mail then, not at a SEARCH
            return
        if self.news.is_set():
            return
        call = self._client.idle_start(seconds + self._timeout)
        idling: asyncio.Future[Any] = await self._answer("IDLE", call)
        await self._first_of(seconds, self.news, wake)
        self._client.idle_done()
        await self._ok("DONE", idling)

    async def _fetch(self, uids: Sequence[int], what: str) -> list[bytes | bytearray]:
        # No timer here: the library's own starts anew whenever bytes arrive.
        call = self._client.uid("FETCH", ",".join(map(str, uids)), what)
        return await self._ok("FETCH", call, timed=False)


def chunks(uids: Sequence[int], length: int) -> list[Sequence[int]]:
    """Split `uids` into runs of at most `length`."""
    return [uids[start : start + length] for start in range(0, len(uids), length)]
