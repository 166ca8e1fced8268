"""Publish what jobs have learnt, each once, and also where the client does not wait for it.

A trial takes seconds, and a page may be loaded again meanwhile. So a publication runs in a task of its own,
which a second request for it joins. Another registry may have begun the same one: the store then has the
version of the first one (registry/store/publishing.py).
"""

from __future__ import annotations

import asyncio
import logging
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from registry.http import card_fields
from registry.http.learning import accepted_style
from registry.http.learning.balancer_client import BalancerLearner
from registry.http.multipart import Upload
from registry.http.publish import PublishHandler, publication_response
from registry.http.request_bodies import AcceptedStyle
from registry.store.access.roles import Writer
from registry.store.authors import private_alias
from registry.store.names.style_names import slug
from registry.store.store import Store
from registry.store.style_versions import LIVE, STAGED
from styles.errors import Permanent
from styles.service.asyncio_tasks import cancel

log = logging.getLogger(__name__)

#: A job, and for whom it is published: the writer's name, and the address that the bot names.
PublicationKey = tuple[str, str, str]


class JobPublisher:
    """Publish the styles of a balancer's jobs."""

    def __init__(
        self, store: Store, publisher: PublishHandler, learner: BalancerLearner, learnt: str
    ) -> None:
        """Take the parts of the process. `learnt` is what `[registry] learnt` says."""
        self._store = store
        self._publisher = publisher
        self._learner = learner
        self._learnt = learnt
        self._under_way: dict[PublicationKey, asyncio.Task[web.Response]] = {}

    @property
    def is_reviewed(self) -> bool:
        """Whether a maintainer looks at what was learnt from mails before everybody gets it."""
        return self._learnt != "live"

    def is_publishing(self, id: str) -> bool:
        """Tell whether what a job has learnt is on trial."""
        return any(job == id for job, _, _ in self._under_way)

    async def accept(self, id: str, body: AcceptedStyle, address: str, writer: Writer) -> web.Response:
        """Publish what a job has learnt, and answer; a second time is answered as the first."""
        what = (id, writer.person, address)
        joined = self._under_way.get(what)
        task = joined or self._begun(what, body, writer)
        try:
            answer = await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.cancelled():  # only the client is gone
                raise
            if await asyncio.to_thread(self._store.made_by, id) is None:  # raises where the job was stopped
                raise  # the registry stops
            joined = task
        return await self._accepted(what, body, writer) if joined else answer

    async def stop(self, id: str) -> None:
        """Stop the publication of a job, at each registry. Raises 409 if it is too late for that.

        A publication that ended before is left as it is: who has it asks to forget the job.
        """
        name = await self._store.writes(lambda: self._store.stop_job(id))
        if await self._stopped(id) and name:
            raise web.HTTPConflict(text=f"It is published already, as {name}: retire it on its page.")

    async def withdraw(self, id: str, writer: Writer) -> None:
        """Stop the publication of a job for the bot, wherever it is, and undo one that has ended."""
        await self._store.writes(lambda: self._store.withdraw(id, by=writer))
        await self._stopped(id)

    async def _stopped(self, id: str) -> bool:
        """Stop the publications of a job that are under way, and tell whether there was one."""
        running = [task for (job, _, _), task in self._under_way.items() if job == id]
        await cancel(*running)
        return bool(running)

    async def shutdown(self) -> None:
        """Stop all publications. Their clients ask again: the jobs keep what was learnt."""
        await cancel(*self._under_way.values())

    async def free_name(self, phrase: str, address: str, writer: Writer, instead_of: str = "") -> str:
        """Return the name that a phrase makes. Raises `NameTaken`."""
        choose = self._store.choose_name
        choice = await asyncio.to_thread(choose, phrase, address, instead_of=instead_of, by=writer)
        if choice.flaw:
            raise NameTaken(choice.flaw, choice.free)
        return choice.name

    def _begun(self, what: PublicationKey, body: AcceptedStyle, writer: Writer) -> asyncio.Task[web.Response]:
        def ended(task: asyncio.Task[web.Response]) -> None:
            del self._under_way[what]
            if not task.cancelled() and (error := task.exception()):  # perhaps nobody waits for it
                log.info("what a job has learnt is not published: %s", type(error).__name__)

        task = self._under_way[what] = asyncio.create_task(self._accepted(what, body, writer))
        task.add_done_callback(ended)
        return task

    async def _accepted(self, what: PublicationKey, body: AcceptedStyle, writer: Writer) -> web.Response:
        id, _, address = what
        made = await asyncio.to_thread(self._store.made_by, id)
        if made:
            await self.free_name(made[0].name, address, writer)  # raises where it is somebody else's
            answer = publication_response(*made, preview=made[0].preview)
        else:
            answer = await self._publish(id, body, address, writer)
            made = await asyncio.to_thread(self._store.made_by, id)
        if made:
            await self._learner.note_style(id, made[0].name)
        return answer

    async def _publish(self, id: str, body: AcceptedStyle, address: str, writer: Writer) -> web.Response:
        status = await self._learner.status(id)
        if status.get("state") != "done" or status.get("kind") != "style":
            raise web.HTTPConflict(text="This job has learnt no style, or not yet.")
        own = str(status.get("name", ""))
        name = await self.free_name(body.name if slug(body.name) else own, address, writer)
        alias: str = body.alias
        if address:
            alias = {"live": LIVE, "staged": STAGED}.get(self._learnt) or private_alias()
        recording, room = self._publisher.recording_refusal(name, writer), self._publisher.folder
        async with recording, room(address or writer.person) as folder:
            upload = await self._fetched(id, folder, accepted_style.fields_of(body))
            trained = accepted_style.record_of(status)
            return await self._publisher.try_and_publish(
                name, upload, folder, alias, writer, author=address, trained=trained, job=id
            )

    async def _fetched(self, id: str, folder: Path, fields: dict[str, str]) -> Upload:
        """Put the style of a job into a folder, as an upload has it."""
        weights = await self._learner.file(id, "style")
        path = folder / "upload"
        await asyncio.to_thread(path.write_bytes, weights)
        checked = {name: card_fields.text(name, text.encode()) for name, text in fields.items() if text}
        digest = f"sha256:{sha256(weights).hexdigest()}"
        return Upload(weights=path, digest=digest, is_here=True, fields=checked)


class NameTaken(Permanent):
    """Refuse a name for a style, and propose another one."""

    status = 409

    def __init__(self, flaw: str, free: str) -> None:
        super().__init__(f"{flaw} “{free}” is free." if free else flaw)
