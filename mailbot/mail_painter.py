"""Paint the photos of mails, and say once to a sender who waits long when to expect the answer.

The balancer knows its queue and the size of each photo, so the estimate is its own. It is asked while the
photos of a mail are painted, and not at all where they come within seconds. The time that the mail has waited
counts too: in the ledger, and in attempts before. An estimate is told once another one confirms it, since a
queue may empty at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

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
#: Seconds after which an estimate that is long is asked for again, before a sender is told.
CONFIRM_SECONDS = 5.0


class MailPainter:
    """Paint the photos of many mails at once; painted ones are kept while others of their mail must wait."""

    def __init__(
        self,
        client: RunnerClient,
        ledger: Ledger,
        domain: str,
        channels: Sequence[Channel] = (),
        *,
        write: Callable[[StyleRequest, str, float], bytes],
        send: Callable[[Outgoing], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`write` makes a notice of a request, a Message-ID and the seconds to wait; `send` sends it."""
        self._clock, self._started = clock, clock()
        self._client = client
        self._ledger = ledger
        self._domain = domain
        self._write_notice = write
        self._send_notice = send
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
        # The time before this process started does not count: it tells nothing of the wait that is left.
        began = max(message.accepted_at, message.held_until, self._started)
        seconds = await until_long(partial(_seconds_left, self._client, jobs), lambda: self._clock() - began)
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


async def until_long(
    seconds_left: Callable[[], Awaitable[float | None]], waited: Callable[[], float]
) -> float:
    """Ask for the seconds left until the wait is sure to be long, and return them.

    `waited` returns the seconds that the mail has waited. Never returns while the wait is short; the caller
    cancels it when the photos are painted.
    """
    await asyncio.sleep(FIRST_SECONDS)
    is_sure = False
    while True:
        left = await seconds_left()
        is_long = left is not None and waited() + left > LONG_SECONDS
        if left is not None and is_long and is_sure:
            return max(left, 1.0)
        is_sure = is_long
        await asyncio.sleep(CONFIRM_SECONDS if is_long else EVERY_SECONDS)


async def _seconds_left(client: RunnerClient, jobs: Sequence[StyleJob]) -> float | None:
    """Return the seconds until the last of the jobs is painted; None where the balancer does not know."""
    try:
        found = [await client.seconds_until_painted(job.id) for job in jobs]
    except PainterError:  # it is not the mail's fault, and the next question may be answered
        return None
    return max((seconds for seconds in found if seconds is not None), default=None)


def postponed_for(results: Sequence[object]) -> float:
    """Return the seconds after which a full queue lets the photos in, 0 where that is not long."""
    refusals = [result.retry_after for result in results if isinstance(result, Busy)]
    return max((seconds for seconds in refusals if seconds > LONG_SECONDS), default=0.0)
