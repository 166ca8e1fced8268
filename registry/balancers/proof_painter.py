"""Have the photos of proofs painted by the balancer, as mails have theirs, and keep the pictures.

The photos of a proof are in registry/proof_photos. What is yet to be painted is read from the store, so a
restart forgets nothing. While the balancer is away it is tried again after a pause.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from functools import partial
from pathlib import Path

import aiohttp

from registry.store.store import Store
from styles.contract import PROOFS
from styles.service.asyncio_tasks import repeat
from styles.service.http.whole_body import read_whole

log = logging.getLogger(__name__)

PROOF_PHOTOS = Path(__file__).parent.parent / "proof_photos"
#: Long side of a proof's picture, pixels: as much as a screen shows beside another one.
SIZE = 640
#: Seconds from the photo to its picture: the balancer's own deadline, and a little more.
TIMEOUT = aiohttp.ClientTimeout(total=150, sock_connect=5)
#: Most bytes of a picture.
LARGEST_PICTURE = 4 << 20
#: Shortest and longest pause after a failure, seconds.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
#: Seconds between two looks at the store, in which another registry may have published.
INTERVAL_SECONDS = 60.0
#: Statuses by which the balancer says that no attempt will help: this version cannot paint this photo.
HOPELESS = (400, 413, 415, 422)


class ProofPainter:
    """Paint the proofs of a store by the balancer at a URL."""

    def __init__(self, store: Store, url: str) -> None:
        self._store = store
        self._url = url.rstrip("/") + "/v1/stylize"
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Look into the store at once, since a version may have been published."""
        self._news.set()

    async def run(self) -> None:
        """Paint what is wanted, again and again, until cancelled."""

        def failed(error: Exception) -> None:  # the balancer's, the database's or the disk's
            log.info("proofs wait: %s", type(error).__name__)
            log.debug("in full", exc_info=error)

        pauses = FIRST_PAUSE, LONGEST_PAUSE
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            await repeat(partial(self._paint_all, session), self._news, INTERVAL_SECONDS, failed, pauses)

    async def _paint_all(self, session: aiohttp.ClientSession) -> None:
        """Paint all proofs that are wanted. Raises the last error of a version that could not be painted."""
        failed: Exception | None = None
        for style, version, photos in await asyncio.to_thread(self._store.proofs_wanted):
            try:
                for photo in photos:
                    picture = await self._paint(session, f"{style}@{version}", photo)
                    await self._keep(style, version, photo, picture)
            except aiohttp.ClientResponseError as error:  # of this version; the balancer answers
                failed = error
        if failed:
            raise failed

    async def _paint(self, session: aiohttp.ClientSession, style: str, photo: str) -> bytes | None:
        """Return the painted photo, or None if the version cannot paint it. Raises for other failures."""
        body = await asyncio.to_thread((PROOF_PHOTOS / f"{photo}.jpg").read_bytes)
        query = {"style": style, "size": str(SIZE), "sender": PROOFS}
        async with session.post(self._url, params=query, data=body, allow_redirects=False) as answer:
            if answer.status in HOPELESS:
                log.info("%s cannot paint the proof's photo %s: status %d", style, photo, answer.status)
                return None
            answer.raise_for_status()
            picture = await read_whole(answer, LARGEST_PICTURE)
        if answer.status != 200 or not picture.startswith(b"\xff\xd8\xff"):
            raise ValueError("the balancer sent no JPEG")
        return picture

    async def _keep(self, style: str, version: int, photo: str, picture: bytes | None) -> None:
        path = self._store.incoming / secrets.token_hex(16) if picture is not None else None
        try:
            if path and picture is not None:
                await asyncio.to_thread(path.write_bytes, picture)
            await self._store.writes(lambda: self._store.keep_proof(style, version, photo, path))
        finally:
            if path:
                await asyncio.to_thread(path.unlink, missing_ok=True)
