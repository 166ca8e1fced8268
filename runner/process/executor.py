"""Execute batches in a runner: load their styles, and paint their photos.

The engine blocks and has a thread of its own; decoding and encoding run beside it
(`runner/process/pipeline.py`). `warm` loads one style at a time, so that a batch that arrives then waits
for one load at most. A style that cannot be loaded fails only the photos that ask for it. The styles of a
batch stay in memory until it is painted; a sheet may need more than fit, and holds one at a time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from itertools import compress
from pathlib import Path
from typing import TypeVar

from runner.process.encoding import encode_sheet, open_for_sheet
from runner.process.engine import BatchItem, Engine, EngineStep, LoadedStyle, PhotoInput
from runner.process.model_cache import ModelCache
from runner.process.pipeline import EngineTurn, Pipeline
from runner.protocol.messages import Label, Outcome, PaintedPhoto, Report, Task
from styles.contract import StyleOptions
from styles.errors import DeadlineExceeded, PainterError
from styles.imaging.codec import Pixels
from styles.inference.stylize import grey_photo
from styles.service.child_processes import resident_memory
from styles.service.logs import tracing

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Seconds for the paintings of a sheet; those not begun by then are left out. This project's styles take a
#: tenth of a second each, untrusted networks up to some seconds; a job has 120, with its wait in the
#: queue.
SHEET_SECONDS = 60.0


class BatchExecutor:
    """Execute the batches that the balancer sends."""

    def __init__(
        self,
        make_engine: Callable[[], Engine],
        blob: Callable[[str], Awaitable[Path]],
        cache_bytes: int,
        threads: int = 0,
    ) -> None:
        """`blob` finds the style file of a digest, or raises a `PainterError`.

        `cache_bytes`: bytes of models in memory; `threads`: see `Pipeline`.
        """
        self._make_engine = make_engine
        self._blob = blob
        self._models: ModelCache[LoadedStyle] = ModelCache(self._load, cache_bytes)
        self._pipeline = Pipeline(threads)
        self._engine: asyncio.Future[Engine] | None = None
        self._batches = 0

    def report(self) -> Report:
        """Report the state of this process."""
        return Report(
            resident=self._models.resident,
            memory=resident_memory(),
            batches=self._batches,
            loads=self._models.loads,
            evictions=self._models.evictions,
            large=self._pipeline.holds_large,
        )

    async def warm(self, digests: Iterable[str]) -> None:
        """Ready the engine, and load styles, as far as they are available.

        Each style paints a plain picture: the first picture of a network takes a tenth of a second more.
        """
        engine = await self._ready()
        wanted = list(digests)
        # All pull at once, so that a slow registry costs one wait and not one a style.
        pulled = await asyncio.gather(*(self._pulled(digest) for digest in wanted), return_exceptions=True)
        for digest, failed in zip(wanted, pulled, strict=True):
            try:
                if failed:
                    raise failed
                async with self._models.hold(digest) as style:
                    await self._pipeline.engine(partial(engine.paint, grey_photo(), style, StyleOptions()))
                    log.info("loaded %s ahead", digest)
            except Exception as error:  # a full disk, a fault in the engine: a photo will report it
                log.warning("%s is not loaded ahead: %s", digest, error)

    async def paint(
        self, batch: Sequence[Task], tell: Callable[[bool], None] = lambda _: None
    ) -> list[Outcome]:
        """Return one outcome a task, in order. Raises the error of the engine if the device has failed.

        `tell` is called when the engine begins (True) and ends (False) a slice of a large photo.
        """
        engine = await self._ready()
        if batch[0].large:
            async with self._pipeline.beside():
                outcomes = [await self._large(engine, batch[0], tell)]
        else:
            # A sheet is alone: a batch begun between its paintings could hang, and the sheet be blamed.
            async with self._pipeline.turn(alone=batch[0].sheet) as turn:
                if batch[0].sheet:
                    outcomes = [await self._sheet(engine, batch[0])]
                else:
                    outcomes = await self._photos(engine, batch, turn)
        self._batches += 1
        return outcomes

    async def _large(self, engine: Engine, task: Task, tell: Callable[[bool], None]) -> Outcome:
        """Paint a large photo in slices, between the batches."""
        async with AsyncExitStack() as held:
            started = time.perf_counter()
            (style,) = await self._styles(engine, [task], held)
            if isinstance(style, PainterError):
                return style
            loading = time.perf_counter() - started
            photo = engine.large(task, style)
            await self._pipeline.decode(photo.open)
            await self._pipeline.slices(photo.paint_slice, tell)
            outcome = await self._pipeline.encode(photo.close)
        return replace(outcome, loading=loading) if isinstance(outcome, PaintedPhoto) else outcome

    async def _ready(self) -> Engine:
        if self._engine is None:
            self._engine = asyncio.ensure_future(self._pipeline.engine(self._make_engine))
        return await asyncio.shield(self._engine)

    async def _load(self, digest: str) -> LoadedStyle:
        engine = await self._ready()
        path = await self._blob(digest)
        return await self._pipeline.engine(partial(engine.load, digest, path))

    async def _photos(self, engine: Engine, batch: Sequence[Task], turn: EngineTurn) -> list[Outcome]:
        """Paint the tasks whose styles are available; the others fail, each with its own reason.

        Decoding begins at once; the engine loads and paints in the turn of this batch.
        """
        alone = len(batch) == 1 and self._pipeline.only_one
        opening = [] if alone else self._opening(engine, batch)
        await turn.before.wait()
        async with AsyncExitStack() as held:
            began = time.perf_counter()
            styles = await self._styles(engine, batch, held)
            # Loading while the engine paints the batch before delays nothing, and does not count.
            loading = time.perf_counter() - max(began, self._pipeline.free_since)
            items = [
                BatchItem(style=style, image=task.image, options=task.options, xmp=task.xmp, trace=task.trace)
                for task, style in zip(batch, styles, strict=True)
                if not isinstance(style, PainterError)
            ]
            opening = list(compress(opening, (not isinstance(style, PainterError) for style in styles)))
            painted = iter(await self._through(engine, items, opening, turn) if items else ())
            outcomes = [style if isinstance(style, PainterError) else next(painted) for style in styles]
            return [replace(o, loading=loading) if isinstance(o, PaintedPhoto) else o for o in outcomes]

    async def _styles(
        self, engine: Engine, batch: Sequence[Task], held: AsyncExitStack
    ) -> list[LoadedStyle | PainterError]:
        """Return the style of each task, or its error; `held` keeps the loaded ones in memory."""
        digests = list(frozenset().union(*[task.digests for task in batch]))
        # All at once, so that a slow registry costs one wait and not one a style.
        holding = [_caught(held.enter_async_context(self._models.hold(digest))) for digest in digests]
        found = dict(zip(digests, await asyncio.gather(*holding), strict=True))
        return [engine.style_of(task.parts, found) for task in batch]

    def _opening(self, engine: Engine, photos: Sequence[PhotoInput]) -> list[asyncio.Task[EngineStep]]:
        """Start to decode photos, each in a thread."""
        decode = self._pipeline.decode
        return [asyncio.create_task(decode(partial(engine.open, photo))) for photo in photos]

    async def _through(
        self,
        engine: Engine,
        items: Sequence[BatchItem],
        opening: list[asyncio.Task[EngineStep]],
        turn: EngineTurn,
    ) -> list[Outcome]:
        """Decode, paint and encode a batch; each photo is decoded and encoded in a thread of its own.

        `opening` may be empty, and is emptied.
        """
        pipeline = self._pipeline
        if not opening and pipeline.only_one:  # more threads would only cost time
            return await pipeline.engine(partial(engine.run_batch, items), turn)
        opened = await asyncio.gather(*(opening or self._opening(engine, items)))
        opening.clear()  # frees large photos, half a gigabyte, as soon as they are painted
        steps = await pipeline.engine(partial(engine.run, items, opened), turn)
        closing = [partial(engine.close, item, step) for item, step in zip(items, steps, strict=True)]
        del opened, steps
        return await pipeline.in_order(asyncio.gather(*[pipeline.encode(close) for close in closing]))

    async def _sheet(self, engine: Engine, task: Task) -> Outcome:
        started = time.perf_counter()
        try:
            photo = await self._pipeline.decode(partial(open_for_sheet, task))
            paintings = await self._paintings(engine, task, photo)
            whole = await self._pipeline.encode(
                partial(encode_sheet, photo, paintings, task.options, task.xmp)
            )
        except PainterError as error:
            return error
        seconds = time.perf_counter() - started
        return PaintedPhoto(image=whole.picture, seconds=seconds, preview=whole.preview)

    async def _paintings(self, engine: Engine, task: Task, photo: Pixels) -> list[tuple[Label, Pixels]]:
        """Return the successful paintings with their labels. Raises the last error if there are none.

        A network that fails is left out. A failed device shows by the failure of all.
        """
        last = time.monotonic() + SHEET_SECONDS
        paintings: list[tuple[Label, Pixels]] = []
        failed: Exception | None = None
        # All parts pull at once, so that a slow registry costs one wait.
        pulled = await asyncio.gather(*[_caught(self._pulled(part.digest)) for part in task.parts])
        for part, lacking in zip(task.parts, pulled, strict=True):
            try:
                if lacking:
                    raise lacking
                if time.monotonic() > last:
                    raise DeadlineExceeded(f"{SHEET_SECONDS:g} s for all of a sheet")
                async with self._models.hold(part.digest) as style:
                    painting = partial(engine.paint, photo, style, task.options)
                    paintings.append((part.label, await self._pipeline.engine(painting)))
            except Exception as error:  # an untrusted network may raise any error
                with tracing(task.trace):
                    log.warning("a sheet lacks a style: %s: %s", type(error).__name__, error)
                failed = error
        if failed and not paintings:
            raise failed
        return paintings

    async def _pulled(self, digest: str) -> None:
        """Wait until a style's file is here, if it is needed."""
        if digest not in self._models.resident:
            await self._blob(digest)


async def _caught(finding: Awaitable[T]) -> T | PainterError:
    try:
        return await finding
    except PainterError as error:
        return error
