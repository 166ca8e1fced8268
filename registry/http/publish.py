"""Publishing over HTTP: a form comes in, its style is tried, and what passes is live.

    POST /api/styles/NAME/versions    multipart/form-data: weights (file), title, artist, year, licence,
                                      description, pixel_range; a writer's token or session
      -> 201 {name, version, digest, preview, notes, seconds}; Location
         422 what is wrong with the form or the style, and what to do

Who may not write is refused before the body is read, and before it is sent where the client waits for
`100 Continue`. Everything that an upload makes lies in a folder of its own below the store's `incoming`,
which is gone before the answer goes out, whatever that is, and when the client hangs up.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from aiohttp import web

from registry.http import card_fields, multipart
from registry.http.auth import Authenticator
from registry.http.metrics import RegistryMetrics
from registry.http.multipart import Upload
from registry.http.problems import problems
from registry.store.blobs import digest_of
from registry.store.events import EventFeed
from registry.store.models import blob_path
from registry.store.store import Store, check_name
from registry.validation.pool import ValidatedStyle
from styles.contract import PixelRange, ResolvedStyle
from styles.errors import Permanent
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: Uploads that are received or tried at once; each may take `max_upload_bytes` of the disk three times.
AT_ONCE = 8
#: When one more should come again, seconds: a validation takes about two.
RETRY_AFTER = "5"


class StyleValidator(Protocol):
    """Who tries a style before it is published: `registry.validation.pool.ValidationPool`."""

    async def startup(self) -> None:
        """Called once, before the first validation."""
        ...

    async def shutdown(self) -> None:
        """Called once, after the last."""
        ...

    async def run(self, upload: Path, folder: Path, pixel_range: PixelRange | None) -> ValidatedStyle:
        """Tries a file; writes below `folder`. Raises `BadCheckpoint`: what is wrong, and what to do."""
        ...


class PublishHandler:
    """The handler, over a store and who tries styles for it."""

    def __init__(
        self,
        store: Store,
        feed: EventFeed,
        authenticator: Authenticator,
        validator: StyleValidator,
        metrics: RegistryMetrics,
        max_bytes: int,
    ) -> None:
        """`max_bytes`: of the weights."""
        self._store = store
        self._feed = feed
        self._authenticator = authenticator
        self._validator = validator
        self._metrics = metrics
        self._max_bytes = max_bytes
        self._free = AT_ONCE

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [web.post("/api/styles/{name}/versions", self.publish, expect_handler=self._expected)]

    async def publish(self, request: web.Request) -> web.Response:
        """From the form to the version."""
        person = await self._may_send(request)
        name = request.match_info["name"]
        try:
            async with self._noting(name, person), self._folder() as folder:
                answer = await self._published(request, folder, name, person)
        finally:
            self._metrics.received_bytes += request.content.total_bytes
        self._metrics.uploads["accepted"] += 1
        return answer

    async def _may_send(self, request: web.Request) -> str:
        """Who it is. Raises for what can be refused by the headers alone."""
        person = await self._authenticator.writer(request)
        name = request.match_info["name"]
        check_name(name)
        async with self._noting(name, person):
            multipart.check_announced(request, self._max_bytes)
        return person

    @asynccontextmanager
    async def _noting(self, name: str, person: str) -> AsyncIterator[None]:
        """Around what may refuse a writer's upload: a refusal is counted, logged and in the audit trail."""
        try:
            yield
        except Permanent as error:
            await self._note(name, person, error.message, str(error))
            raise
        except web.HTTPClientError as error:
            if error.status != 429:  # which says nothing of the upload: it will be back in seconds
                reason = error.text or error.reason
                await self._note(name, person, reason, reason)
            raise

    async def _note(self, name: str, person: str, reason: str, told: str) -> None:
        """A refusal. `told`: to the log, which has the detail too."""
        self._metrics.uploads["refused"] += 1
        log.info("%s by %s is refused: %s", name, person, plain(told))  # the other two are checked
        await self._store.writes(lambda: self._store.refused(name, by=person, reason=reason))

    async def _expected(self, request: web.Request) -> web.StreamResponse | None:
        """For `Expect: 100-continue`: who may send is told to go on, and others spare themselves the body."""
        going_on = web.Response()

        async def check(request: web.Request) -> web.StreamResponse:
            await self._may_send(request)
            return going_on

        answer = await problems(request, check)
        if answer is not going_on:
            answer.force_close()  # whether the body comes nevertheless, nobody knows
            self._metrics.answered(request, f"{answer.status // 100}xx")  # no middleware is asked here
            return answer
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # nothing of the answer itself is out
        return None

    async def _published(self, request: web.Request, folder: Path, name: str, person: str) -> web.Response:
        upload = await multipart.receive(request, folder, self._max_bytes)
        validated = await self._validator.run(upload.weights, folder, card_fields.pixel_range(upload.fields))
        self._metrics.pool += 1
        self._metrics.trial_seconds += validated.seconds
        preview = blob_path(await asyncio.to_thread(digest_of, validated.preview))
        version = await self._kept(name, upload, validated, person)
        log.info("%s, version %d, by %s, came as %s", name, version.version, person, upload.digest)
        return _created(version, validated, preview)

    async def _kept(self, name: str, upload: Upload, validated: ValidatedStyle, person: str) -> ResolvedStyle:
        """Publishes what has passed."""
        card = replace(
            card_fields.card(name, upload.fields),
            architecture=validated.architecture,
            pixel_range=validated.pixel_range,
        )

        def publish() -> ResolvedStyle:
            return self._store.publish(
                card, validated.kept, validated.preview, format=validated.format, by=person
            )

        publishing = asyncio.ensure_future(self._store.writes(publish))
        try:
            version = await asyncio.shield(publishing)
        except asyncio.CancelledError:
            await publishing  # what has begun reads the files in the folder: they must not go before it ends
            raise
        finally:
            self._feed.wake()
        return version

    @asynccontextmanager
    async def _folder(self) -> AsyncIterator[Path]:
        """A private folder, gone after the block. Raises 429 where too many have one."""
        if not self._free:
            text = f"{AT_ONCE} uploads are under way already. Try again in {RETRY_AFTER} s."
            raise web.HTTPTooManyRequests(headers={"Retry-After": RETRY_AFTER}, text=text)
        self._free -= 1
        folder = self._store.incoming / secrets.token_hex(16)
        try:
            folder.mkdir(mode=0o700)
            yield folder
        finally:
            try:
                # Shielded, so that a second cancellation does not leave it half done.
                await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))
            finally:
                self._free += 1


def _created(version: ResolvedStyle, validated: ValidatedStyle, preview: str) -> web.Response:
    body = {
        "name": version.name,
        "version": version.version,
        "digest": version.digest,
        "preview": preview,
        "notes": list(validated.notes),
        "seconds": round(validated.seconds, 3),
    }
    path = f"/api/styles/{version.name}/resolve?ref={version.version}"
    return web.json_response(body, status=201, headers={"Location": path, "Cache-Control": "no-store"})
