"""Send answers by SMTP, each over a connection of its own, and keep the connections for the next ones."""

from __future__ import annotations

import contextlib
import re

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from mailbot.config import Smtp
from mailbot.transport import smtp
from mailbot.transport.answer_sender import Outgoing, ReplyRejected
from mailbot.transport.credentials import Credentials

#: Reply to a MAIL that states its size (RFC 1870). Every other refusal of MAIL concerns the bot.
TOO_LARGE = 552
#: 5xx which say that the bot may not send, or not now, whichever mail it is: a login is missing or void, or
#: the day's share is used up (RFC 3463 and 4954; Gmail's 5.4.5 and 5.7.14, Exchange's 5.7.57 to 5.7.139).
ABOUT_US_CODES = frozenset((530, 534, 535, 538))
ABOUT_US = re.compile(r"5\.(?:4\.5|7\.(?:3|8|9|11|14|57|60|139))(?!\d)")


class SmtpSender:
    """See `AnswerSender`."""

    keeps = False

    def __init__(self, settings: Smtp, credentials: Credentials, address: str, timeout: float) -> None:
        self._settings = settings
        self._credentials = credentials
        self._address = address
        self._timeout = timeout
        self._kept: list[SMTP] = []

    @property
    def is_open(self) -> bool:
        """See `AnswerSender`."""
        return bool(self._kept)

    async def send(self, answer: Outgoing) -> str:
        """See `AnswerSender`."""
        client, recipient = await self._connection(), answer.recipient
        options = [] if recipient.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
        try:
            await client.sendmail(self._address, [recipient], answer.content, mail_options=options)
        except BaseException as error:
            client.close()
            match error:
                case aiosmtplib.SMTPRecipientsRefused():
                    raise_if_final(error.recipients[0])
                case aiosmtplib.SMTPDataError():
                    raise_if_final(error)
                case aiosmtplib.SMTPSenderRefused() if error.code == TOO_LARGE:
                    raise_if_final(error)
                case aiosmtplib.SMTPNotSupported() | ValueError():
                    raise ReplyRejected(f"this address cannot be written to: {error}") from error
            raise
        self._kept.append(client)
        return ""

    async def hang_up(self) -> None:
        """See `AnswerSender`."""
        while self._kept:
            client = self._kept.pop()
            with contextlib.suppress(OSError, SMTPException):
                await client.quit(timeout=2)
            client.close()

    async def _connection(self) -> SMTP:
        """Return a kept connection that still lives, or a new one, logged in."""
        while self._kept:
            client = self._kept.pop()
            if client.is_connected:
                return client
            client.close()
        return await smtp.connect(self._settings, self._credentials, self._timeout)


def raise_if_final(error: SMTPResponseException) -> None:
    """Raise `ReplyRejected` for a 5xx about the mail. One about the bot, and every 4xx, may pass later."""
    about_us = error.code in ABOUT_US_CODES or ABOUT_US.match(error.message.strip())
    if 500 <= error.code < 600 and not about_us:
        raise ReplyRejected(f"{error.code} {error.message}") from error
