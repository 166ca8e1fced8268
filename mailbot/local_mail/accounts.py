"""Keep the mail of every address in memory, in the folders that the IMAP server shows.

An account exists as soon as mail comes for it or somebody logs in. The bot's aliases and its addresses with a
tag (`bot+mosaic@…`) are the bot's account.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from pymap.backend.dict.mailbox import MailboxData
from pymap.backend.dict.mailbox import Message as StoredMessage
from pymap.flags import FlagOp
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.parsing.specials.flag import Flag, Seen

from mailbot.local_mail.mailboxes import AccountFolders
from mailbot.parsing.headers import without_tag
from styles.service.asyncio_tasks import wait_until_set

INBOX, SENT = "INBOX", "Sent"
#: Bytes of an account, in all its folders: seven of the largest mails.
ACCOUNT_BYTES = 500_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """Describe one mail of a folder."""

    uid: int
    arrived: datetime
    seen: bool
    headers: Message  #: its header fields alone


class Accounts:
    """Take mails, and give them back, byte for byte."""

    def __init__(self, bot: str, aliases: Iterable[str] = ()) -> None:
        """Take the bot's address and its other addresses."""
        self._bot = bot.lower()
        self._own = {self._bot, *map(str.lower, aliases)}
        self._folders: defaultdict[str, AccountFolders] = defaultdict(AccountFolders)
        self._arrival = asyncio.Event()

    def account(self, address: str) -> str:
        """Return the name of the account that gets the mail for an address."""
        name = address.strip().lower()
        return self._bot if self._own & {name, without_tag(name)} else name

    def folders(self, account: str) -> AccountFolders:
        """Return all folders of an account."""
        return self._folders[account]

    async def deliver(self, recipients: Iterable[str], mail: bytes) -> None:
        """Put a mail into the inbox of each account among the recipients, once."""
        for account in dict.fromkeys(map(self.account, recipients)):
            await self.put(account, INBOX, mail)

    async def put(self, account: str, folder: str, mail: bytes, *flags: Flag) -> int:
        """Put a mail into a folder, which is made if it is missing. Return its UID."""
        mailbox = await self._mailbox(account, folder)
        if mailbox is None:
            await self.folders(account).add_mailbox(folder)
            mailbox = await self.folders(account).get_mailbox(folder)
        message = await mailbox.append(AppendMessage(mail, flag_set=frozenset(flags)))
        await self._make_room(account)
        self._arrival.set()
        self._arrival = asyncio.Event()
        return message.uid

    async def mails(self, account: str, folder: str) -> list[StoredMail]:
        """List the mails of a folder, the newest first; none where there is no such folder."""
        mailbox = await self._mailbox(account, folder)
        found = [message async for message in mailbox.messages()] if mailbox else []
        return [await _described(message) for message in reversed(found)]

    async def open(self, account: str, folder: str, uid: int) -> bytes | None:
        """Return a mail and mark it as read; None if it is not there."""
        mailbox = await self._mailbox(account, folder)
        if mailbox is None:
            return None
        async for message in mailbox.messages():
            if message.uid == uid:
                await mailbox.update(uid, message, frozenset({Seen}), FlagOp.ADD)
                return bytes((await message.load_content(FetchRequirement.CONTENT)).content)
        return None

    async def newest(self, account: str) -> int:
        """Return the highest UID that the inbox has given so far."""
        mailbox = await self.folders(account).get_mailbox(INBOX)
        return (await mailbox.snapshot()).next_uid - 1

    async def newer(self, account: str, uid: int, seconds: float) -> int:
        """Return the same as soon as it is above `uid`, or after some seconds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while True:
            arrival = self._arrival
            newest = await self.newest(account)
            if newest > uid or loop.time() >= end:
                return newest
            await wait_until_set(arrival, end - loop.time())

    async def _make_room(self, account: str) -> None:
        """Drop the oldest mails of an account with more than `ACCOUNT_BYTES`, but never the newest."""
        folders = self.folders(account)
        names = [entry.name for entry in (await folders.list_mailboxes()).list() if entry.exists]
        mailboxes = [await folders.get_mailbox(name) for name in names]
        kept = [(message, mailbox) for mailbox in mailboxes async for message in mailbox.messages()]
        kept.sort(key=lambda found: found[0].internal_date, reverse=True)
        room = ACCOUNT_BYTES
        for number, (message, mailbox) in enumerate(kept):
            room -= (await message.load_content(FetchRequirement.CONTENT)).get_size()
            if room < 0 and number > 0:
                await mailbox.delete([message.uid])

    async def _mailbox(self, account: str, folder: str) -> MailboxData | None:
        try:
            return await self.folders(account).get_mailbox(folder)
        except KeyError:
            return None


async def _described(message: StoredMessage) -> StoredMail:
    content = (await message.load_content(FetchRequirement.HEADER)).content
    return StoredMail(
        uid=message.uid,
        arrived=message.internal_date,
        seen=Seen in message.permanent_flags,
        headers=BytesHeaderParser(policy=compat32).parsebytes(bytes(content.header)),
    )
