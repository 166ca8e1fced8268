"""Run a runner process: one device, and a unix socket to the balancer.

There are two requests: `warm` readies the engine and styles, `batch` paints. The process has no mail, no
credentials and no TCP port. It ends when its connection closes or its parent dies, so no process is left. It
also ends when the engine fails, since a failed device may stay so; the balancer then starts a fresh process.
Starts are frequent, so nothing is imported before it is needed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from runner.process.blob_cache import BlobCache, Download
from runner.process.engine import Engine
from runner.process.executor import BatchExecutor
from runner.protocol.framing import READ_AHEAD, Frame, WireError, encode, read_frame, write_frame
from runner.protocol.messages import frame_to_batch, outcomes_to_frame, report_to_json, slice_frame
from styles.service.process import die_with_parent

if TYPE_CHECKING:
    from registry.client import RegistryClient

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerSettings:
    """Hold the command line of a runner process."""

    socket: Path
    parent: int  #: pid of the process that started it
    device: str
    threads: int
    cache: Path  #: folder of blobs
    cache_bytes: int  #: models in memory
    cache_disk_bytes: int  #: blobs in the folder
    registry: str  #: URL


EngineFactory = Callable[[str, int], Engine]


class Runner:
    """Answer one connection until it closes."""

    def __init__(self, settings: RunnerSettings, make_engine: EngineFactory, download: Download) -> None:
        self._socket = settings.socket
        self._executor = BatchExecutor(
            lambda: make_engine(settings.device, settings.threads),
            BlobCache(settings.cache, download, settings.cache_disk_bytes),
            settings.cache_bytes,
            settings.threads,
        )
        self._writing = asyncio.Lock()
        self._over: asyncio.Future[None]

    async def serve(self) -> None:
        """Listen until the one connection closes. Raises the error of a request or of the engine."""
        self._executor.startup()
        self._over = asyncio.get_running_loop().create_future()
        server = await asyncio.start_unix_server(self._converse, self._socket, limit=READ_AHEAD)
        try:
            await self._over
        finally:
            server.close()  # from Python 3.12 on, `wait_closed` would wait for the balancer to hang up

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read requests until the connection closes; each is answered when it is done."""
        requests: set[asyncio.Task[None]] = set()  # the loop holds tasks only weakly
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
                outcomes = await self._executor.paint(
                    frame_to_batch(request), partial(_tell, writer, request.header.get("id"))
                )
                answer = outcomes_to_frame(outcomes, self._executor.report())
            case "warm":
                await self._executor.warm(request.header.get("digests", ()))
                answer = Frame({"report": report_to_json(self._executor.report())})
            case other:
                raise WireError(f"an unknown request {other!r}")
        answer = Frame({**answer.header, "id": request.header.get("id")}, answer.parts)
        async with self._writing:
            await write_frame(writer, answer)


def _tell(writer: asyncio.StreamWriter, request: object, begins: bool) -> None:
    """Report a slice of a large photo. Some 50 bytes need no waiting for the other side."""
    writer.writelines(list(encode(Frame({**slice_frame(begins=begins).header, "id": request}))))


def _parse(arguments: Sequence[str] | None) -> RunnerSettings:
    parser = argparse.ArgumentParser(
        prog="python -m runner.process.process",
        description="Paints what the balancer sends. `runner serve` starts it.",
    )
    for name, kind in get_type_hints(RunnerSettings).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, required=True)
    values: dict[str, Any] = vars(parser.parse_args(arguments))
    return RunnerSettings(**values)


@contextlib.asynccontextmanager
async def _downloading(registry: str) -> AsyncIterator[Download]:
    """Yield a function that pulls blobs. Its client takes 0.1 s to import, and most starts need none."""
    async with contextlib.AsyncExitStack() as stack:
        opening = asyncio.Lock()
        clients: list[RegistryClient] = []

        async def download(digest: str, path: Path) -> None:
            async with opening:
                if not clients:
                    module = await asyncio.to_thread(importlib.import_module, "registry.client")
                    clients.append(await stack.enter_async_context(module.RegistryClient(registry)))
            await clients[0].download(digest, path)

        yield download


async def _serve(settings: RunnerSettings, make_engine: EngineFactory) -> None:
    async with _downloading(settings.registry) as download:
        serving = asyncio.ensure_future(Runner(settings, make_engine, download).serve())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def main(make_engine: EngineFactory = Engine, arguments: Sequence[str] | None = None) -> None:
    """Run until the balancer is gone or sends SIGTERM; never returns."""
    settings = _parse(arguments)
    die_with_parent(settings.parent, "balancer")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the balancer drains
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s runner[{os.getpid()}] %(message)s")
    code = 0
    try:
        asyncio.run(_serve(settings, make_engine))
    except Exception:
        log.exception("the runner ends")
        code = 1
    logging.shutdown()
    os._exit(code)  # a plain exit would wait for an engine that hangs


if __name__ == "__main__":
    main()
