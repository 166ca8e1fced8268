"""Have thumbnails made of all previews that have none, one after the other, and keep them.

What is yet to be made is read from the store. So the previews of earlier releases, of shipped styles and of
other registries get theirs too, and a restart forgets nothing. Pages show the preview until then.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

from registry.store.store import Store
from registry.thumbnails.protocol import LARGEST_ANSWER, read
from styles.service.asyncio_tasks import repeat
from styles.service.child_processes import allowed_environment, python_command
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: Seconds by the clock of one process, on a machine that does other work too.
SECONDS = 60.0
#: Shortest and longest pause after a failure, and between two looks at the store, seconds.
FIRST_PAUSE, LONGEST_PAUSE, INTERVAL_SECONDS = 1.0, 300.0, 60.0

#: Makes the thumbnails of a preview; None if it cannot be decoded. Raises OSError.
Make = Callable[[bytes], Awaitable[Sequence[bytes] | None]]


async def make_thumbnails(preview: bytes) -> Sequence[bytes] | None:
    """Return the thumbnails of a preview, made in a process of its own; None if that failed.

    Raises OSError where no process can be started.
    """
    process = await asyncio.create_subprocess_exec(
        *python_command("registry.thumbnails.worker_process", str(os.getpid())),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # the reason of a failure is in the answer
        env=allowed_environment(os.environ) | {"PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(SECONDS):
            return read(await _ask(process, preview))
    except (TimeoutError, ValueError) as error:
        log.warning("a preview has no thumbnails: %s", plain(str(error) or "it takes too long"))
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class ThumbnailMaker:
    """Make the thumbnails of a store's previews."""

    def __init__(self, store: Store, make: Make = make_thumbnails) -> None:
        self._store = store
        self._make = make
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Look into the store at once, since a version may have been published."""
        self._news.set()

    async def run(self) -> None:
        """Make what is wanted, again and again, until cancelled."""

        def failed(error: Exception) -> None:  # the database or the disk
            log.warning("thumbnails wait: %s", type(error).__name__)
            log.debug("in full", exc_info=error)

        pauses = FIRST_PAUSE, LONGEST_PAUSE
        await repeat(self._make_all, self._news, INTERVAL_SECONDS, failed, pauses)

    async def _make_all(self) -> None:
        for preview in await asyncio.to_thread(self._store.thumbnails_wanted):
            await self._keep(preview)

    async def _keep(self, preview: str) -> None:
        blob = await asyncio.to_thread(self._store.blob, preview)
        pictures = await self._make(await asyncio.to_thread(blob.read)) if blob else None
        folder = self._store.incoming / secrets.token_hex(16)
        folder.mkdir(0o700)
        try:
            paths = await asyncio.to_thread(_write, folder, pictures or ())
            await self._store.writes(lambda: self._store.keep_thumbnails(preview, paths))
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _write(folder: Path, pictures: Sequence[bytes]) -> list[Path]:
    paths = [folder / f"{number}.webp" for number in range(len(pictures))]
    for path, picture in zip(paths, pictures, strict=True):
        path.write_bytes(picture)
    return paths


async def _ask(process: asyncio.subprocess.Process, preview: bytes) -> bytes:
    """Send the preview and return the answer, of at most one byte more than is allowed."""
    assert process.stdin and process.stdout  # noqa: S101, PT018 - as it was started
    with suppress(ConnectionError):  # of a process that died before; its answer is empty then
        process.stdin.write(preview)
        await process.stdin.drain()
    process.stdin.close()
    answer = bytearray()
    while len(answer) <= LARGEST_ANSWER and (part := await process.stdout.read(LARGEST_ANSWER)):
        answer += part
    return bytes(answer)
