"""Run SMTP, IMAP and the page over the same accounts until a signal comes.

All three share one event loop, so a mail that comes in by one is known to the others at once: IMAP's IDLE
reports it within a millisecond. pymap takes a mail apart in this loop, in which all others wait. That is some
0.1 s for a megabyte, so seconds for the largest mails. This server is for playing, by a few people.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from mailbot.config import MailbotConfigFile
from mailbot.local_mail import imap, smtp
from mailbot.local_mail.accounts import Accounts
from mailbot.local_mail.app import serving
from styles.service.asyncio_tasks import stop_requested

log = logging.getLogger(__name__)


@asynccontextmanager
async def running(config: MailbotConfigFile) -> AsyncIterator[Accounts]:
    """Listen at the three ports of [mail.local]. Raises OSError.

    Mails may have twice the bytes that the bot reads: to one that is too large the bot answers politely.
    """
    mail = config.mail
    accounts = Accounts(mail.address, mail.aliases)
    limit = 2 * mail.max_message_bytes
    async with AsyncExitStack() as stack:
        # Closing does not wait for the connections, which may be idle.
        stack.callback((await imap.listen(accounts, mail.local)).close)
        stack.callback((await smtp.listen(accounts, mail.local, limit)).close)
        await stack.enter_async_context(serving(config, accounts, limit))
        yield accounts


async def serve(config: MailbotConfigFile) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = stop_requested()
    async with running(config):
        local = config.mail.local
        log.info("SMTP at %d, IMAP at %d, a page at %d", local.smtp_port, local.imap_port, local.web_port)
        await stop.wait()
