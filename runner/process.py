"""A runner process: one device, the models it holds, pixels. No mail, no credentials, no TCP port.

    main       what `python -m runner.process` does: arguments, life line, event loop
    Runner     answers the balancer on one unix socket
    PaintEngine  what is asked of an engine; `runner.engine.Engine` is the one there is

Two requests: `warm` readies engine and styles, `batch` paints. The engine blocks, so it has a thread of
its own. Styles are loaded ahead one by one, so that a batch waits for one of them at the most, and what
cannot be loaded harms nobody who did not ask for it. The process ends when its connection closes and when
its parent dies, so nobody is left behind; and it ends when the engine raises while it paints, since a
device that has failed once may fail for ever: the balancer starts a fresh one.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from registry.client import RegistryClient
from runner.cache import Blobs, Models
from runner.engine import Engine, Item, LoadedStyle, Painted
from runner.lifeline import die_with_parent, resident_memory
from runner.tasks import (
    Outcome,
    Painting,
    Report,
    Task,
    frame_to_batch,
    outcomes_to_frame,
    report_to_json,
)
from runner.wire import Frame, WireError, read_frame, write_frame
from styles.errors import PainterError

log = logging.getLogger(__name__)

T = TypeVar("T")


class PaintEngine(Protocol):
    """One device. Blocking, and used by one thread."""

    def load(self, digest: str, weights: Path) -> LoadedStyle:
        """Raises `BadCheckpoint`."""

    def run_batch(self, items: Sequence[Item]) -> Sequence[Painted | PainterError]:
        """One outcome an item, in order; whatever it raises means that the device is of no more use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a runner process is told by its command line."""

    socket: Path
    parent: int  #: pid of the process that started it
    device: str
    threads: int
    cache: Path  #: folder of the blobs
    cache_bytes: int  #: models in memory
    cache_disk_bytes: int  #: blobs in the folder
    registry: str  #: URL


EngineFactory = Callable[[str, int], PaintEngine]


class Runner:
    """Answers one connection until it closes."""

    def __init__(self, settings: Settings, make_engine: EngineFactory, registry: RegistryClient) -> None:
        self._settings = settings
        self._make_engine = make_engine
        self._thread = ThreadPoolExecutor(1, "engine")
        self._engine: PaintEngine | None = None
        self._blobs = Blobs(settings.cache, registry.download, settings.cache_disk_bytes)
        self._models: Models[LoadedStyle] = Models(self._load, settings.cache_bytes)
        self._batches = 0
        self._writing = asyncio.Lock()
        self._over: asyncio.Future[None]
        self._conversation: asyncio.Task[None]

    async def serve(self) -> None:
        """Listens until the one connection has come and gone. Raises what a request or the engine raised."""
        self._blobs.startup()
        self._over = asyncio.get_running_loop().create_future()
        server = await asyncio.start_unix_server(self._on_connection, self._settings.socket)
        try:
            await self._over
        finally:
            server.close()  # from Python 3.12 on, `wait_closed` would wait for the balancer to hang up

    def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._conversation = asyncio.create_task(self._converse(reader, writer))

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Reads requests until the balancer goes; each is answered when it is done."""
        requests: set[asyncio.Task[None]] = set()  # the loop itself holds tasks only weakly
        try:
            while (frame := await read_frame(reader)) is not None:
                request = asyncio.create_task(self._answer(frame, writer))
                requests.add(request)
                request.add_done_callback(requests.discard)
                request.add_done_callback(self._end_if_failed)
        except ConnectionError as error:
            log.debug("the connection ends: %s", error)
        if not self._over.done():
            self._over.set_result(None)

    def _end_if_failed(self, request: asyncio.Task[None]) -> None:
        if request.cancelled() or self._over.done():
            return
        if error := request.exception():
            self._over.set_exception(error)

    async def _answer(self, request: Frame, writer: asyncio.StreamWriter) -> None:
        match request.header.get("op"):
            case "batch":
                answer = await self._paint(frame_to_batch(request))
            case "warm":
                await self._warm(request.header.get("digests", ()))
                answer = Frame({"report": report_to_json(self._report())})
            case other:
                raise WireError(f"nobody knows the request {other!r}")
        answer = Frame({**answer.header, "id": request.header.get("id")}, answer.parts)
        async with self._writing:
            await write_frame(writer, answer)

    async def _warm(self, digests: Sequence[str]) -> None:
        """Readies the engine, and loads styles as far as they can be had."""
        await self._ready_engine()
        for digest in digests:
            try:
                async with self._models.hold(digest):
                    log.info("loaded %s ahead", digest)
            except Exception as error:  # a full disk, a fault in the engine: who asks for it will be told
                log.warning("%s is not loaded ahead: %s", digest, error)

    def _report(self) -> Report:
        return Report(resident=self._models.resident, memory=resident_memory(), batches=self._batches)

    async def _ready_engine(self) -> PaintEngine:
        if self._engine is None:
            make, settings = self._make_engine, self._settings
            self._engine = await self._in_thread(lambda: make(settings.device, settings.threads))
        return self._engine

    async def _load(self, digest: str) -> LoadedStyle:
        engine = await self._ready_engine()
        path = await self._blobs.path(digest)
        return await self._in_thread(lambda: engine.load(digest, path))

    async def _paint(self, batch: Sequence[Task]) -> Frame:
        """Paints those tasks whose style can be had; the others fail with the reason, each on its own."""
        engine = await self._ready_engine()
        async with AsyncExitStack() as held:
            digests = list({task.digest for task in batch})
            # All at once: a registry that is slow is waited for once, not once a style.
            found = await asyncio.gather(
                *[_caught(held.enter_async_context(self._models.hold(digest))) for digest in digests]
            )
            styles = dict(zip(digests, found, strict=True))
            items = [
                Item(style=style, image=task.image, options=task.options)
                for task in batch
                if not isinstance(style := styles[task.digest], PainterError)
            ]
            painted = iter(await self._in_thread(lambda: engine.run_batch(items)) if items else ())
            outcomes: list[Outcome] = []
            for task in batch:
                style = styles[task.digest]
                outcomes.append(style if isinstance(style, PainterError) else _outcome(next(painted)))
        self._batches += 1
        return outcomes_to_frame(outcomes, self._report())

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


async def _caught(loading: Awaitable[LoadedStyle]) -> LoadedStyle | PainterError:
    try:
        return await loading
    except PainterError as error:
        return error


def _outcome(outcome: Painted | PainterError) -> Outcome:
    if isinstance(outcome, PainterError):
        return outcome
    return Painting(image=outcome.image, seconds=outcome.seconds)


def _parse(arguments: Sequence[str] | None) -> Settings:
    parser = argparse.ArgumentParser(
        prog="python -m runner.process",
        description="Paints what the balancer sends. `runner serve` starts it.",
    )
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--device", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--cache-bytes", type=int, required=True)
    parser.add_argument("--cache-disk-bytes", type=int, required=True)
    parser.add_argument("--registry", required=True)
    values: dict[str, Any] = vars(parser.parse_args(arguments))
    return Settings(**values)


async def _serve(settings: Settings, make_engine: EngineFactory) -> None:
    async with RegistryClient(settings.registry) as registry:
        serving = asyncio.ensure_future(Runner(settings, make_engine, registry).serve())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def main(make_engine: EngineFactory = Engine, arguments: Sequence[str] | None = None) -> None:
    """Runs until the balancer is gone or says SIGTERM; never returns."""
    settings = _parse(arguments)
    die_with_parent(settings.parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the balancer drains
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s runner[{os.getpid()}] %(message)s")
    code = 0
    try:
        asyncio.run(_serve(settings, make_engine))
    except Exception:
        log.exception("the runner ends")
        code = 1
    logging.shutdown()
    os._exit(code)  # an engine that hangs in its thread would keep a plain exit waiting


if __name__ == "__main__":
    main()
