"""Where a runner paints: an engine in a thread of its own, the style files, and the models made of them.

    PaintEngine  what is asked of an engine; `runner.process.engine.Engine` is the one there is
    BatchExecutor       styles loaded ahead, batches painted; no socket here

The engine blocks, so it has a thread; the photos of the next batch are decoded and the pictures of the last
encoded beside it (`runner/process/pipeline.py`). Styles are loaded ahead one by one, so that a batch waits
for one of them at the most, and what cannot be loaded harms nobody who did not ask for it. What a batch needs
is held until it is painted; only a sheet, which may need more than there is memory for, takes one at a time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from itertools import compress
from typing import TypeVar

from runner.process import sheets
from runner.process.blob_cache import BlobCache
from runner.process.engine import BatchItem, EngineStep, LoadedStyle, PaintEngine, PhotoInput, grey_photo
from runner.process.model_cache import ModelCache
from runner.process.pipeline import EngineTurn, Pipeline
from runner.protocol.messages import Label, Outcome, PaintedPhoto, Report, StyleShare, Task
from styles.contract import StyleOptions
from styles.errors import DeadlineExceeded, PainterError
from styles.imaging.codec import Pixels
from styles.service.process import resident_memory

log = logging.getLogger(__name__)

T = TypeVar("T")

#: For the paintings of a sheet, seconds; what is not begun by then is left out. Our styles take a tenth of a
#: second each, strangers' networks up to some seconds; a job has 120, with its wait in the queue.
SHEET_SECONDS = 60.0


class BatchExecutor:
    """Paints what it is sent."""

    def __init__(
        self, make_engine: Callable[[], PaintEngine], blobs: BlobCache, cache_bytes: int, threads: int = 0
    ) -> None:
        """`cache_bytes`: models in memory; `threads`: see `Pipeline`."""
        self._make_engine = make_engine
        self._blobs = blobs
        self._models: ModelCache[LoadedStyle] = ModelCache(self._load, cache_bytes)
        self._pipeline = Pipeline(threads)
        self._engine: asyncio.Future[PaintEngine] | None = None
        self._batches = 0

    def startup(self) -> None:
        """Readies the folder of the style files."""
        self._blobs.startup()

    def report(self) -> Report:
        """What there is to say of this process."""
        return Report(
            resident=self._models.resident,
            memory=resident_memory(),
            batches=self._batches,
            loads=self._models.loads,
            evictions=self._models.evictions,
        )

    async def warm(self, digests: Iterable[str]) -> None:
        """Readies the engine, and loads styles as far as they can be had.

        Each paints a plain little picture: a network's first one takes a tenth of a second more.
        """
        engine = await self._ready()
        for digest in digests:
            try:
                async with self._models.hold(digest) as style:
                    await self._pipeline.engine(partial(engine.paint, grey_photo(), style, StyleOptions()))
                    log.info("loaded %s ahead", digest)
            except Exception as error:  # a full disk, a fault in the engine: who asks for it will be told
                log.warning("%s is not loaded ahead: %s", digest, error)

    async def paint(self, batch: Sequence[Task]) -> list[Outcome]:
        """One outcome a task, in order. Raises what the engine raised, which is of no more use then."""
        engine = await self._ready()
        # A sheet too: between its paintings another batch would be begun, for whose hang it would be blamed.
        async with self._pipeline.room(alone=any(task.large for task in batch)) as turn:
            if len(batch) == 1 and batch[0].sheet:
                outcomes = [await self._sheet(engine, batch[0])]
            else:
                outcomes = await self._photos(engine, batch, turn)
        self._batches += 1
        return outcomes

    async def _ready(self) -> PaintEngine:
        if self._engine is None:
            self._engine = asyncio.ensure_future(self._pipeline.engine(self._make_engine))
        return await asyncio.shield(self._engine)

    async def _load(self, digest: str) -> LoadedStyle:
        engine = await self._ready()
        path = await self._blobs.path(digest)
        return await self._pipeline.engine(partial(engine.load, digest, path))

    # Photos, each in a style or in a blend

    async def _photos(self, engine: PaintEngine, batch: Sequence[Task], turn: EngineTurn) -> list[Outcome]:
        """Paints those tasks whose styles can be had; the others fail with the reason, each on its own.

        The photos are decoded at once; the engine loads and paints when it is this batch's turn.
        """
        alone = len(batch) == 1 and self._pipeline.only_one
        opening = [] if alone else self._opening(engine, batch)
        await turn.come()
        async with AsyncExitStack() as held:
            digests = list(frozenset().union(*[task.digests for task in batch]))
            began = time.perf_counter()
            # All at once: a registry that is slow is waited for once, not once a style.
            holding = [_caught(held.enter_async_context(self._models.hold(digest))) for digest in digests]
            found = dict(zip(digests, await asyncio.gather(*holding), strict=True))
            # While the engine painted the batch before, nobody waited for what was loaded for this one.
            loading = time.perf_counter() - max(began, self._pipeline.free_since)
            styles = [_style(engine, task, found) for task in batch]
            items = [
                BatchItem(style=style, image=task.image, options=task.options)
                for task, style in zip(batch, styles, strict=True)
                if not isinstance(style, PainterError)
            ]
            opening = list(compress(opening, (not isinstance(style, PainterError) for style in styles)))
            painted = iter(await self._through(engine, items, opening, turn) if items else ())
            outcomes = [style if isinstance(style, PainterError) else next(painted) for style in styles]
            return [replace(o, loading=loading) if isinstance(o, PaintedPhoto) else o for o in outcomes]

    def _opening(self, engine: PaintEngine, photos: Sequence[PhotoInput]) -> list[asyncio.Task[EngineStep]]:
        """The photos being decoded, each by a thread of its own."""
        decode = self._pipeline.decode
        return [asyncio.create_task(decode(partial(engine.open, photo))) for photo in photos]

    async def _through(
        self,
        engine: PaintEngine,
        items: Sequence[BatchItem],
        opening: list[asyncio.Task[EngineStep]],
        turn: EngineTurn,
    ) -> list[Outcome]:
        """The three steps of a batch, each photo decoded and encoded by a thread of its own.

        `opening` may be empty, and is so in the end.
        """
        pipeline = self._pipeline
        if not opening and pipeline.only_one:  # each thread that it goes through would only cost time
            return [await pipeline.engine(partial(_at_once, engine, items[0]), turn)]
        opened = await asyncio.gather(*(opening or self._opening(engine, items)))
        opening.clear()  # large photos take half a gigabyte, which goes as soon as they are painted
        steps = await pipeline.engine(partial(engine.run, items, opened), turn)
        closing = [partial(engine.close, item, step) for item, step in zip(items, steps, strict=True)]
        del opened, steps
        return await pipeline.in_order(asyncio.gather(*[pipeline.encode(close) for close in closing]))

    # A photo in many styles

    async def _sheet(self, engine: PaintEngine, task: Task) -> Outcome:
        started = time.perf_counter()
        try:
            photo = await self._pipeline.decode(partial(sheets.open_photo, task))
            paintings = await self._paintings(engine, task, photo)
            whole = await self._pipeline.encode(partial(sheets.hang, photo, paintings, task.options))
        except PainterError as error:
            return error
        seconds = time.perf_counter() - started
        return PaintedPhoto(image=whole.picture, seconds=seconds, preview=whole.preview)

    async def _paintings(self, engine: PaintEngine, task: Task, photo: Pixels) -> list[tuple[Label, Pixels]]:
        """Those that succeed, with what stands below them. Raises the last error if there is none at all.

        A network that fails is left out. That the device has failed shows by all of them failing.
        """
        last = time.monotonic() + SHEET_SECONDS
        paintings: list[tuple[Label, Pixels]] = []
        failed: Exception | None = None
        pulled = await asyncio.gather(*[_caught(self._pulled(part)) for part in task.parts])
        for part in pulled:
            try:
                if isinstance(part, PainterError):
                    raise part
                if time.monotonic() > last:
                    raise DeadlineExceeded(f"{SHEET_SECONDS:g} s for all of a sheet")
                async with self._models.hold(part.digest) as style:
                    painting = partial(engine.paint, photo, style, task.options)
                    paintings.append((part.label, await self._pipeline.engine(painting)))
            except Exception as error:  # whatever a stranger's network raises
                log.warning("a sheet goes without a style: %s: %s", type(error).__name__, error)
                failed = error
        if failed and not paintings:
            raise failed
        return paintings

    async def _pulled(self, part: StyleShare) -> StyleShare:
        """The same, once its file is here. All at once: a slow registry is waited for once."""
        if part.digest not in self._models.resident:
            await self._blobs.path(part.digest)
        return part


def _at_once(engine: PaintEngine, item: BatchItem) -> Outcome:
    (step,) = engine.run([item], [engine.open(item)])
    return engine.close(item, step)


async def _caught(finding: Awaitable[T]) -> T | PainterError:
    try:
        return await finding
    except PainterError as error:
        return error


def _style(
    engine: PaintEngine, task: Task, found: Mapping[str, LoadedStyle | PainterError]
) -> LoadedStyle | PainterError:
    """What a task is painted in: its style, a mix of its styles, or why not."""
    styles = []
    for part in task.parts:
        style = found[part.digest]
        if isinstance(style, PainterError):
            return style
        styles.append(style)
    try:
        return engine.mix(styles, [part.share for part in task.parts]) if len(styles) > 1 else styles[0]
    except PainterError as error:
        return error
