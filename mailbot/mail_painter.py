"""Paint the photos of mails, and say once to a sender who waits long when to expect the answer.

The balancer knows its queue and the size of each photo, so the estimate is its own. It is asked while the
photos of a mail are painted, and not at all where they come within seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from mailbot.channels.channel import Channel
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.result_cache import ResultCache
from mailbot.sender_policy import suppression
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message
from mailbot.transport.answer_sender import Outgoing
from runner.client import RunnerClient
from styles.contract import StyleJob, StyleResult
from styles.errors import Busy, PainterError
from styles.service.asyncio_tasks import cancel

log = logging.getLogger(__name__)

#: Seconds from which a wait is long.
LONG_SECONDS = 60.0
#: Seconds until the balancer is asked first, and between two questions: the estimate of a queue may grow.
FIRST_SECONDS, EVERY_SECONDS = 3.0, 15.0


class MailPainter:
    """Paint the photos of many mails at once; painted ones are kept while others of their mail must wait."""

    def __init__(
        self,
        client: RunnerClient,
        ledger: Ledger,
        domain: str,
        channels: Sequence[Channel] = (),
        *,
        write_notice: Callable[[StyleRequest, str, float], bytes],
        send_notice: Callable[[Outgoing], None],
    ) -> None:
        """`write_notice` takes a request, a Message-ID and the seconds to wait."""
        self._client = client
        self._ledger = ledger
        self._domain = domain
        self._write_notice = write_notice
        self._send_notice = send_notice
        self._channels = {channel.name: channel for channel in channels}
        self._waiting: set[int] = set()  # mails whose photos take long
        self.kept = ResultCache()

    @property
    def waiting(self) -> int:
        """Number of mails for which only photos that take long are still to be painted."""
        return len(self._waiting)

    async def run(
        self, message: Message, request: StyleRequest, jobs: Sequence[StyleJob]
    ) -> list[StyleResult | PainterError]:
        """Paint all photos of a mail at once, and return the results in order."""
        watching = asyncio.create_task(self._watch(message, request, jobs))
        channel = self._channels.get(request.channel)
        try:
            async with channel.working(request.sender) if channel else contextlib.nullcontext():
                results = await asyncio.gather(*(self._result(message, request, job) for job in jobs))
        finally:
            await cancel(watching)
            self._waiting.discard(message.id)
        if seconds := postponed_for(results):
            await self._send_notice_of_wait(message, request, seconds)
        return results

    async def _result(
        self, message: Message, request: StyleRequest, job: StyleJob
    ) -> StyleResult | PainterError:
        if kept := await self.kept.get(message.id, job):
            return kept
        try:
            result = await self._client.run(job)
        except PainterError as error:
            return error
        await self.kept.put(message.id, request.automation.from_address, job, result)
        return result

    async def _watch(self, message: Message, request: StyleRequest, jobs: Sequence[StyleJob]) -> None:
        """Send the sender a notice if the photos of the mail will take long."""
        seconds = await until_long(self._client, jobs)
        self._waiting.add(message.id)
        await self._send_notice_of_wait(message, request, seconds)

    async def _send_notice_of_wait(self, message: Message, request: StyleRequest, seconds: float) -> None:
        """Say when the answer to `message` will come, once."""
        notice_id = self._ledger.notice_id(message, self._domain)
        content = await asyncio.to_thread(self._write_notice, request, notice_id, seconds)
        who = self._ledger.known_as(request.sender)
        if await self._ledger.transact(
            lambda db: suppression.may_send_notice(db, who, message.id, notice_id)
        ):
            notice = Outgoing(recipient=request.sender, content=content, channel=request.channel)
            self._send_notice(replace(notice, message_id=notice_id))
            log.info("mail %d waits %.0f s, and its sender gets a notice", message.id, seconds)


async def until_long(client: RunnerClient, jobs: Sequence[StyleJob]) -> float:
    """Ask until the wait turns out to be long, and return the seconds that are left of it.

    Never returns while the wait is short; the caller cancels it when the photos are painted.
    """
    began = time.monotonic()
    await asyncio.sleep(FIRST_SECONDS)
    while True:
        left = await _seconds_left(client, jobs)
        if left > 0 and time.monotonic() - began + left > LONG_SECONDS:
            return left
        await asyncio.sleep(EVERY_SECONDS)


async def _seconds_left(client: RunnerClient, jobs: Sequence[StyleJob]) -> float:
    """Return the seconds until the last of the jobs is painted; 0 where the balancer does not know."""
    try:
        found = [await client.seconds_until_painted(job.id) for job in jobs]
    except PainterError:  # it is not the mail's fault, and the next question may be answered
        return 0.0
    return max((seconds for seconds in found if seconds is not None), default=0.0)


def postponed_for(results: Sequence[object]) -> float:
    """Return the seconds after which a full queue lets the photos in, 0 where that is not long."""
    refusals = [result.retry_after for result in results if isinstance(result, Busy)]
    return max((seconds for seconds in refusals if seconds > LONG_SECONDS), default=0.0)
