"""A registry with a learner behind it, and a bot that learns from the paintings of its mails."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from mailbot.bot import Bot
from mailbot.config import Mail
from mailbot.inbox import Inbox
from mailbot.storage.ledger import Ledger
from mailbot.teaching.teaching import Teaching
from registry.client import LearningClient
from registry.store.store import Store
from tests.fakes.mailbot.bot import ADDRESS, answering, text_of
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.registry.service import BOT_TOKEN
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.runner.learner import FakeLearner

ANN = "ann@example.org"


@dataclass
class School:
    """What a test of teaching needs."""

    learner: FakeLearner
    store: Store  #: of the registry
    url: str  #: of the registry

    @asynccontextmanager
    async def answering(
        self,
        inbox: Inbox,
        ledger: Ledger,
        balancer: FakeBalancer,
        sink: Sink,
        *,
        token: str = BOT_TOKEN,
        clock: Callable[[], float] = time.time,
        **settings: object,
    ) -> AsyncIterator[Bot]:
        """A bot that learns, by default from Ann."""
        settings = {"teachers": [ANN], **settings}

        def teaching(send_notice) -> Teaching:  # type: ignore[no-untyped-def]
            config = Mail.model_validate({"address": ADDRESS, **settings})
            client = LearningClient(self.url, token)
            page = "http://styles.example"
            return Teaching(config, client, ledger, send_notice=send_notice, page_url=page, clock=clock)

        async with answering(inbox, ledger, balancer, sink, teaching=teaching, **settings) as bot:  # type: ignore[arg-type]
            yield bot

    @asynccontextmanager
    async def under_way(
        self, inbox: Inbox, ledger: Ledger, balancer: FakeBalancer, sink: Sink
    ) -> AsyncIterator[EmailMessage]:
        """A bot while a painting is learnt, which does not end by itself; with the notice of it."""
        self.learner.may_finish.clear()
        async with self.answering(inbox, ledger, balancer, sink):
            (notice,) = await sink.wait_for(1)
            yield notice


def lesson(
    subject: str = "learn: my garden", number: int = 1, *names: str, text: str = "", **fields: str
) -> bytes:
    """A mail of Ann's with a painting, or with pictures of these names."""
    images = [(name, photo(seed=100 * number + n)) for n, name in enumerate(names or ("IMG_1.jpg",))]
    fields = {"sender": f"Ann Teacher <{ANN}>", "message_id": f"<{number}@example.org>", **fields}
    return mail(subject, text, images, **fields)


def reply(to: str, text: str, number: int = 9, subject: str = "Re: learn: my garden", **fields: str) -> bytes:
    """An answer of Ann's without a picture to the mail of an id."""
    fields = {"sender": f"Ann Teacher <{ANN}>", "message_id": f"<{number}@example.org>", **fields}
    return mail(subject, text, [], In_Reply_To=to, References=to, **fields)


def said(answer: object) -> str:
    """The text of an answer in one line."""
    return " ".join(text_of(answer).split())
