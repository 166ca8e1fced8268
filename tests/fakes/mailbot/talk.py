"""A person who writes mails to a bot and replies to its answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, answering, until_settled
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

ANN = "Ann <ann@example.org>"


class Talk:
    """A person who writes mails and gets answers."""

    def __init__(self, ledger: Ledger, balancer: FakeBalancer, sink: Sink, **settings: Any) -> None:
        self.ledger, self.balancer, self.sink = ledger, balancer, sink
        self.folder = Folder()
        self._bot = answering(self.folder, ledger, balancer, sink, **settings)
        self._count = 0

    async def __aenter__(self) -> Talk:
        await self._bot.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._bot.__aexit__(*error)

    async def says(
        self,
        text: str,
        *photos: bytes,
        to: EmailMessage | None = None,
        sender: str = ANN,
        names: Sequence[str] = (),
        **fields: str,
    ) -> EmailMessage | None:
        """The answer to a mail, or None. It replies to the answer `to`; `names` are those of the photos."""
        self._count += 1
        if to is not None:
            references = f"{to['References'] or ''} {to['Message-ID']}".strip()
            fields |= {"In_Reply_To": str(to["Message-ID"]), "References": references}
        named = names or [f"beach{number}.jpg" for number in range(len(photos))]
        images = list(zip(named, photos, strict=True))
        number, before = f"<{self._count}@example.org>", len(self.sink.received)
        subject = fields.pop("subject", "Re: your photo" if to is not None else "")
        self.folder.put(mail(subject, text, images, sender=sender, message_id=number, **fields))
        await until_settled(self.ledger, self._count)
        query = "SELECT state FROM message ORDER BY id DESC LIMIT 1"
        (state,) = await self.ledger.read(lambda db: db.execute(query).fetchone())
        if state != "done":
            return None
        answer = (await self.sink.wait_for(before + 1))[-1]
        while "outbox.sending" in await census(self.ledger):  # noqa: ASYNC110 - rows change without an event
            await asyncio.sleep(0.01)
        return answer

    @property
    def last(self) -> dict[str, str]:
        """The last photo that was asked for, without what is of no interest here."""
        boring = ("job", "sender", "max_bytes", "preview")
        return {name: value for name, value in self.balancer.jobs[-1].items() if name not in boring}
