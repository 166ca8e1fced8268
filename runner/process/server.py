"""Answer the balancer: `warm` readies the engine and styles, `batch` paints.

Imported after the sandbox is closed, since it imports what decodes photos.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial

from runner.process.blob_requests import BlobRequests
from runner.process.engine import Engine
from runner.process.executor import BatchExecutor
from runner.protocol.framing import Frame, WireError, encode, read_frame, write_frame
from runner.protocol.messages import (
    Outcome,
    PaintedPhoto,
    Task,
    frame_to_batch,
    outcomes_to_frame,
    slice_frame,
    to_plain,
)
from styles.service.asyncio_tasks import TaskSet
from styles.service.logs import tracing

log = logging.getLogger(__name__)


class RunnerServer:
    """Answer one connection until it closes."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        make_engine: Callable[[], Engine],
        cache_bytes: int,
        threads: int,
    ) -> None:
        """`cache_bytes`: bytes of models in memory; `threads`: see `Pipeline`."""
        self._reader = reader
        self._writer = writer
        self._blobs = BlobRequests(self._send)
        self._executor = BatchExecutor(make_engine, self._blobs.path, cache_bytes, threads)
        self._writing = asyncio.Lock()
        self._failed: asyncio.Future[None]

    async def serve(self) -> None:
        """Read requests until the connection closes. Raises the error of a request or of the engine."""
        self._failed = asyncio.get_running_loop().create_future()
        reading = asyncio.create_task(self._read())
        done, _ = await asyncio.wait({reading, self._failed}, return_when=asyncio.FIRST_COMPLETED)
        for ended in done:
            await ended

    async def _read(self) -> None:
        """Begin each request as it comes; each is answered when it is done."""
        requests = TaskSet(self._end_if_failed)
        try:
            while (frame := await read_frame(self._reader)) is not None:
                if frame.header.get("op") == "pulled":
                    self._blobs.answer(frame)
                    continue
                requests.start(self._answer(frame))
        except ConnectionError as error:
            log.debug("the connection ends: %s", error)

    def _end_if_failed(self, error: BaseException | None) -> None:
        if error and not self._failed.done():
            self._failed.set_exception(error)

    async def _answer(self, request: Frame) -> None:
        number = request.header.get("id")
        match request.header.get("op"):
            case "batch":
                batch = frame_to_batch(request)
                outcomes = await self._executor.paint(batch, partial(self._tell, number))
                _log(batch, outcomes)
                answer = outcomes_to_frame(outcomes, self._executor.report())
            case "warm":
                await self._executor.warm(request.header.get("digests", ()))
                answer = Frame({"report": to_plain(self._executor.report())})
            case other:
                raise WireError(f"an unknown request {other!r}")
        answer = Frame({**answer.header, "id": number}, answer.parts)
        async with self._writing:
            await write_frame(self._writer, answer)

    def _tell(self, request: object, begins: bool) -> None:
        """Report a slice of a large photo."""
        self._send(Frame({**slice_frame(begins=begins).header, "id": request}))

    def _send(self, frame: Frame) -> None:
        """Send some 100 bytes, which need no waiting for the other side."""
        self._writer.writelines(list(encode(frame)))


def _log(batch: Sequence[Task], outcomes: Sequence[Outcome]) -> None:
    for task, outcome in zip(batch, outcomes, strict=True):
        with tracing(task.trace):
            if isinstance(outcome, PaintedPhoto):
                log.info("painted in %.3f s, of a batch of %d", outcome.seconds, len(batch))
            else:
                log.info("not painted: %s", type(outcome).__name__)
