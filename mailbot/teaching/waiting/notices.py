"""Send a notice about a mail that waits, once."""

from __future__ import annotations

from collections.abc import Callable

from mailbot.config import Mail
from mailbot.replies import chat
from mailbot.replies.mime import ReplyContext
from mailbot.sender_policy import suppression
from mailbot.storage.ledger import Ledger
from mailbot.teaching.taught_mail import TaughtMail
from mailbot.transport.answer_sender import Outgoing


class Notices:
    """Write notices and send them."""

    def __init__(self, ledger: Ledger, settings: Mail, send: Callable[[Outgoing], None]) -> None:
        self._ledger, self._domain, self._send = ledger, settings.address.rpartition("@")[2], send

    async def send(self, mail: TaughtMail, write: Callable[[ReplyContext], bytes]) -> None:
        """Send what `write` makes, unless a notice about the mail went out before."""
        message, sender, channel = mail.message, mail.request.sender, mail.request.channel
        id, who = self._ledger.notice_id(message, self._domain), self._ledger.known_as(sender)
        if await self._ledger.transact(lambda db: suppression.may_send_notice(db, who, message.id, id)):
            content = chat.pieces(channel, write(mail.context(id)))[0]
            self._send(Outgoing(recipient=sender, content=content, channel=channel, message_id=id))
