"""Publish over HTTP: receive a form, validate its style, and make it live.

    POST /api/styles/NAME/versions[?alias=staged]
                                      multipart/form-data: weights (file) or upload (its digest), title,
                                      artist, year, licence, description, other_names, tags, pixel_range,
                                      values; a writer's token or session
      -> 201 {name, version, alias, digest, preview, notes, seconds}; Location
         403 the style belongs to others, or the token does not reach so far
         422 the flaw of the form or the style, and its remedy; `inputs` are what a network takes beside the
             picture, where `values` for them are missing, and `upload` stands for its file from then on
         410 the file of `upload` is to be sent again

A person who may not write is refused before the body is read. If the client waits for `100 Continue`, the
body is not even sent. All files of an upload lie in a folder below the store's `incoming`. The folder is
removed before the response is sent, also after an error or a disconnect.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from aiohttp import web

from registry.blobs.blob import digest_of
from registry.blobs.kept_uploads import KeptUploads
from registry.http import card_fields, multipart
from registry.http.auth import Authenticator
from registry.http.metrics import RegistryMetrics
from registry.http.multipart import Upload
from registry.http.problems import problems
from registry.store.access.roles import Scope, Writer
from registry.store.names.style_names import check_name
from registry.store.store import Store
from registry.store.style_versions import LIVE, blob_path
from registry.store.version_aliases import check
from registry.validation.pool import ValidatedStyle, ValidationPool
from styles.contract import PRIVATE, Card, ResolvedStyle
from styles.errors import Permanent, ValuesNeeded
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: Uploads received or validated at once. Each may take `max_upload_bytes` of the disk three times. A person
#: without an upload is never refused, however many uploads others have: stalled ones of others stop nobody.
AT_ONCE = 16
#: The same of one person.
OF_A_PERSON = 4
#: Seconds after which a refused upload may come again: a validation takes about two.
RETRY_AFTER = "5"


class PublishHandler:
    """Handle publications with a store and a validator."""

    def __init__(
        self,
        store: Store,
        authenticator: Authenticator,
        validator: ValidationPool,
        metrics: RegistryMetrics,
        max_bytes: int,
    ) -> None:
        """Take the parts of the process. `max_bytes` limits the weights."""
        self._store = store
        self._authenticator = authenticator
        self._validator = validator
        self._metrics = metrics
        self._max_bytes = max_bytes
        self._under_way: Counter[str] = Counter()  #: uploads by person
        self._kept = KeptUploads(store.incoming)

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        return [web.post("/api/styles/{name}/versions", self.publish, expect_handler=self._continue)]

    async def publish(self, request: web.Request) -> web.Response:
        """Publish the style of a form."""
        writer = await self._may_send(request)
        name = request.match_info["name"]
        try:
            async with self.recording_refusal(name, writer), self.folder(writer.person) as folder:
                upload = await multipart.receive(request, folder, self._max_bytes)
                answer = await self.try_and_publish(name, upload, folder, _alias(request), writer)
        finally:
            self._metrics.received_bytes += request.content.total_bytes
        self._metrics.uploads["accepted"] += 1
        return answer

    async def _may_send(self, request: web.Request) -> Writer:
        """Return the writer. Raises for all that can be refused by the headers alone."""
        writer = await self._authenticator.writer(request)
        name = request.match_info["name"]
        check_name(name)
        async with self.recording_refusal(name, writer):
            # Once more as it is published: another person may take the name during the trial.
            scope: Scope = "publish" if _alias(request) == LIVE else "stage"
            await asyncio.to_thread(self._store.require, name, writer, scope)
            await asyncio.to_thread(self._store.require_distinct, name)
            multipart.check_announced(request, self._max_bytes)
        return writer

    @asynccontextmanager
    async def recording_refusal(self, name: str, writer: Writer) -> AsyncIterator[None]:
        """Count, log and audit a refusal of a writer's upload in the block."""
        try:
            yield
        except (Permanent, web.HTTPClientError) as error:
            if error.status != 429:  # a 429 says nothing of the upload, which comes again in seconds
                reason = error.message if isinstance(error, Permanent) else error.text or error.reason
                logged = str(error) if isinstance(error, Permanent) else reason  # with the detail
                self._metrics.uploads["refused"] += 1
                log.info("refused %s by %s: %s", name, writer.person, plain(logged))  # both names are checked
                await self._store.writes(lambda: self._store.refused(name, by=writer, reason=reason))
            raise

    async def _continue(self, request: web.Request) -> web.StreamResponse | None:
        """Answer `Expect: 100-continue`, so that a refused client need not send the body."""
        going_on = web.Response()

        async def check(request: web.Request) -> web.StreamResponse:
            await self._may_send(request)
            return going_on

        answer = await problems(request, check)
        if answer is not going_on:
            answer.force_close()  # the client may send the body nevertheless
            self._metrics.answered(request, f"{answer.status // 100}xx")  # no middleware runs here
            return answer
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # nothing of the response itself is sent
        return None

    async def try_and_publish(
        self,
        name: str,
        upload: Upload,
        folder: Path,
        alias: str,
        writer: Writer,
        *,
        author: str = "",
        trained: str = "",
        job: str = "",
    ) -> web.Response:
        """Try an upload, publish it if it paints, and return the answer.

        `author` is the address for which it was learnt, and `trained` the card's record of the training. If
        the `job` that learnt it has made a version meanwhile, that is the answer.
        """
        validated = await self._validate(upload, folder, writer.person)
        self._metrics.validations += 1
        self._metrics.validation_seconds += validated.seconds
        card = replace(
            card_fields.card(name, upload.fields),
            architecture=validated.architecture,
            pixel_range=validated.pixel_range,
            trained=trained,
        )
        version = await self._publish(card, validated, alias, writer, author, job)
        preview = await asyncio.to_thread(digest_of, validated.preview)
        if job and (made := await asyncio.to_thread(self._store.made_by, job)):
            version, alias, preview = made[0], made[1], made[0].preview
        who = writer.person, upload.digest
        shown = PRIVATE if alias.startswith(PRIVATE) else alias
        log.info("%s is version %d of %s, by %s, upload %s", shown, version.version, version.name, *who)
        return publication_response(version, alias, preview, validated.notes, validated.seconds)

    async def _validate(self, upload: Upload, folder: Path, person: str) -> ValidatedStyle:
        """Validate an upload. The file of a network of many styles is kept, so that it is sent once."""
        if not upload.is_here:
            self._kept.take(person, upload.digest, upload.weights)
        values = upload.fields.get("values", "")
        if values:
            self._kept.keep(person, upload.digest, upload.weights)
        pixel_range = card_fields.pixel_range(upload.fields)
        try:
            return await self._validator.run(upload.weights, folder, pixel_range, values)
        except ValuesNeeded as error:
            self._kept.keep(person, upload.digest, upload.weights)
            error.upload = upload.digest
            raise

    async def _publish(
        self, card: Card, validated: ValidatedStyle, alias: str, writer: Writer, author: str, job: str
    ) -> ResolvedStyle:
        """Publish a style that passed its validation."""
        publish = partial(self._store.publish, alias=alias, by=writer, author=author, job=job)
        change = partial(publish, card, validated.kept, validated.preview, format=validated.format)
        publishing = asyncio.ensure_future(self._store.writes(change))
        try:
            version = await asyncio.shield(publishing)
        except asyncio.CancelledError:
            await publishing  # the write reads the files in the folder, which is removed next
            raise
        return version

    @asynccontextmanager
    async def folder(self, person: str) -> AsyncIterator[Path]:
        """Make a private folder, and remove it after the block.

        Raises 429 if `OF_A_PERSON` of the person are in use, or one of theirs and `AT_ONCE` of all people.
        """
        own = self._under_way[person]
        if own and (own >= OF_A_PERSON or self._under_way.total() >= AT_ONCE):
            whose = f"{own} uploads of yours are" if own >= OF_A_PERSON else "Many uploads are"
            text = f"{whose} under way already. Try again in {RETRY_AFTER} s."
            raise web.HTTPTooManyRequests(headers={"Retry-After": RETRY_AFTER}, text=text)
        self._under_way[person] += 1
        folder = self._store.incoming / secrets.token_hex(16)
        try:
            folder.mkdir(mode=0o700)
            yield folder
        finally:
            try:
                # Shielded, or a second cancellation would leave it half done.
                await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))
            finally:
                self._under_way[person] -= 1
                self._under_way += Counter()  # drops the persons without an upload


def publication_response(
    version: ResolvedStyle, alias: str, preview: str, notes: Sequence[str] = (), seconds: float = 0.0
) -> web.Response:
    """Return the answer that tells of a published version, with the digest of its preview."""
    body = {"name": version.name, "version": version.version, "alias": alias, "digest": version.digest}
    body |= {"preview": blob_path(preview), "notes": list(notes), "seconds": round(seconds, 3)}
    path = f"/api/styles/{version.name}/resolve?ref={version.version}"
    return web.json_response(body, status=201, headers={"Location": path, "Cache-Control": "no-store"})


def _alias(request: web.Request) -> str:
    """Return the alias that the new version gets, by default `live`. Raises `BadOption`."""
    alias = request.query.get("alias", LIVE)
    check(alias)
    return alias
