"""The way between bots: an SMTP server that delivers what it gets, through gateways that do as they please.

Wire          delivers into the mailboxes of bots, and to robots that answer
stripped      a gateway that leaves nothing by which machines know each other
repetitive    a robot that answers everything by quoting it, and says of itself that it is a person
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink

#: What a gateway may do to a mail.
Gateway = Callable[[bytes], bytes]
#: What a robot writes to the bot whose mail it gets.
Robot = Callable[[bytes], bytes]

#: All by which a machine's mail is told from a person's.
MARKS = ("Auto-Submitted", "X-Auto-Response-Suppress", "X-Loop", "In-Reply-To", "References", "Precedence")


class Wire(Sink):
    """`sent` counts the mails between each two, as (from, to)."""

    def __init__(self, gateway: Gateway = lambda mail: mail) -> None:
        super().__init__()
        self.mailboxes: dict[str, Folder] = {}
        self.robots: Mapping[str, Robot] = {}
        self.sent: Counter[tuple[str, str]] = Counter()
        self._gateway = gateway

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        mail = self._gateway(bytes(envelope.original_content or b""))
        for to in envelope.rcpt_tos:
            self.sent[str(envelope.mail_from), to] += 1
            if to in self.mailboxes:
                self.mailboxes[to].put(mail)
            if to in self.robots:
                self.mailboxes[str(envelope.mail_from)].put(self.robots[to](mail))
        return answer


def stripped(mail: bytes, **fields: str) -> bytes:
    """Without the marks, and with other fields in their place."""
    message = message_from_bytes(mail, _class=EmailMessage, policy=policy.SMTP)
    for name in (*MARKS, *fields):
        del message[name.replace("_", "-")]
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    return message.as_bytes()


def repetitive(address: str, *kept: str) -> Robot:
    """As an autoresponder of the worst kind at this address; fields named in `kept` come back as they are."""
    numbers = itertools.count()

    def answer(mail: bytes) -> bytes:
        message = message_from_bytes(mail, _class=EmailMessage, policy=policy.SMTP)
        to, number = str(message["From"]), next(numbers)
        fields = {name: str(message[name]) for name in kept if name in message}
        return stripped(mail, From=address, To=to, Message_ID=f"<{number}.{address}>", **fields)

    return answer
