"""Serve learning over HTTP, for the page, for `registry learn`, and for the bot.

    GET    /api/paintings/name?name=WORDS       the name that the words make, its flaw, and a free one like it
    POST   /api/paintings/corners               form: painting   -> where its corners were found
    GET    /api/learn                       whether paintings are learnt from here
    POST   /api/learn                       form: painting, name, title, artist, minutes, corners, key, photo
      -> 202 the job's status; Location
    GET    /api/learn/ID                    its status
    GET    /api/learn/ID/events             the same as server-sent events, until it has ended
    GET    /api/learn/ID/thumbnail, /preview, /painting, /picture
    POST   /api/learn/ID/accept  {name, title, artist}   -> 201, as a publication is answered;
                                            it goes on without its client, and a second one joins it
    DELETE /api/learn/ID[?withdraw&swapped] cancel it, or throw it away, also on its trial; for the bot, with
                                            what it has made, and for another picture in its place
    GET    /api/authors/styles              what was learnt from the paintings of a person, private too
    PATCH  /api/authors/styles  {name, to, title}   -> 201, one of them under another name

All of them need a writer's token or session, of the scope `publish`; or the bot's, which names the author's
`address` besides. A job of somebody else is answered as an unknown one, but to maintainers of the registry
(`job_owners.py`). What the bot publishes gets the alias that `[registry] learnt` says.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import asdict
from functools import partial
from hashlib import sha256
from typing import Any

from aiohttp import web

from registry.http import card_fields, request_bodies
from registry.http.auth import Authenticator
from registry.http.learning import accepted_style
from registry.http.learning import form as painting_form
from registry.http.learning.balancer_client import PICTURES, BalancerLearner
from registry.http.learning.form import PaintingForm
from registry.http.learning.job_owners import JobOwners
from registry.http.learning.job_publisher import JobPublisher
from registry.http.publish import publication_response
from registry.store.access.roles import BOT, Writer
from registry.store.learning_jobs import NoLongerPublished
from registry.store.proofs import check_address
from registry.store.store import Store
from styles.errors import BadOption

_ADDRESS = '{"address": "ada@example.org"}'
_RENAMED = '{"address": "ada@example.org", "name": "my-garden", "to": "blue hills"}'
_ACCEPT = '{"name": "my-garden", "title": "My garden"}'


class LearningApi:
    """Handle the requests to learn a style: pass them to a balancer, and publish the result."""

    def __init__(
        self,
        store: Store,
        authenticator: Authenticator,
        learner: BalancerLearner,
        publisher: JobPublisher,
    ) -> None:
        """Take the parts of the process."""
        self._store = store
        self._authenticator = authenticator
        self._learner = learner
        self._publisher = publisher
        self._owners = JobOwners(store, learner)

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        pictures = "|".join(PICTURES)
        return [
            web.get("/api/learn", self.learns),
            web.get("/api/paintings/name", self.name),
            web.post("/api/paintings/corners", self.corners),
            web.post("/api/learn", self.begin),
            web.get("/api/learn/{id}", self.status),
            web.get("/api/learn/{id}/events", self.events),
            web.get(f"/api/learn/{{id}}/{{picture:{pictures}}}", self.picture),
            web.post("/api/learn/{id}/accept", self.accept),
            web.delete("/api/learn/{id}", self.cancel),
            web.get("/api/authors/styles", self.styles_of),
            web.patch("/api/authors/styles", self.rename_of),
            web.delete("/api/authors/styles", self.retire_of),
        ]

    async def learns(self, request: web.Request) -> web.Response:
        """Return whether paintings are learnt from, or the problem that says what is missing."""
        await self._writer(request)
        problem = await self._learner.problem()
        return request_bodies.private_json({"learns": problem is None, "problem": problem})

    async def name(self, request: web.Request) -> web.Response:
        """Return the name that words make, and a free one like it."""
        writer, query, choose = await self._writer(request), request.query, self._store.choose_name
        phrase, address = query.get("name", "")[:200], _address(query.get("address", ""), writer)
        instead_of = query.get("instead_of", "")[:100] if address else ""
        choice = await asyncio.to_thread(choose, phrase, address, instead_of=instead_of, by=writer)
        return request_bodies.private_json(asdict(choice))

    async def corners(self, request: web.Request) -> web.Response:
        """Return where the corners of a painting were found."""
        await self._writer(request)
        sent = await painting_form.read(request, "painting")
        return request_bodies.private_json(await self._learner.corners(sent.as_form()))

    async def begin(self, request: web.Request) -> web.Response:
        """Have a painting learnt, or a photo painted exactly like it."""
        writer = await self._writer(request)
        sent = await painting_form.read(request, "painting")
        fields = dict(sent.fields)
        address = _address(fields.pop("address", ""), writer)
        if "photo" not in sent.files:
            fields["name"] = await self._publisher.free_name(fields.get("name", ""), address, writer)
        if fields.get("key"):  # two people may choose the same one
            fields["key"] = sha256(f"{writer.person}\n{fields['key']}".encode()).hexdigest()[:48]
        fields["owner"] = await self._owners.owner(address, writer)
        if writer.person != BOT:  # whose minutes the config says
            painting_form.require_short(fields.get("minutes", ""))
        status = await self._learner.begin(sent.as_form(**_checked(sent, fields)))
        headers = {"Location": f"/api/learn/{status['id']}", "Cache-Control": "no-store"}
        return web.json_response(status, status=202, headers=headers)

    async def status(self, request: web.Request) -> web.Response:
        """Return the status of a job, with whether what it has learnt is on trial here.

        That it was published is known also where the balancer has forgotten it.
        """
        writer, id = await self._writer(request), request.match_info["id"]
        address = _author(request, writer)
        try:
            status = await self._learner.status(id, await self._owners.owners(address, writer))
        except web.HTTPNotFound as unknown:
            status = await self._status_of_style(id, address, writer, unknown)
        return request_bodies.private_json(status | {"publishing": self._publisher.is_publishing(id)})

    async def _status_of_style(
        self, id: str, address: str, writer: Writer, unknown: web.HTTPNotFound
    ) -> dict[str, Any]:
        """Return the status of a job of which only the store knows. Raises `unknown` if it does not."""
        is_theirs = await self._owners.has_made(id, address, writer)
        try:
            made = await asyncio.to_thread(self._store.made_by, id)
        except NoLongerPublished as error:
            # The bot would begin an unknown job again.
            if is_theirs or (writer.person == BOT and not error.style):
                raise
            raise unknown from None
        if made is None or not is_theirs:
            raise unknown
        status = {"id": id, "kind": "style", "state": "done", "name": made[0].name}
        return status | {"title": made[0].card.title, "published": made[0].name}

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Return the status of a job again and again, as server-sent events."""
        writer = await self._writer(request)
        owners = await self._owners.owners(_author(request, writer), writer)
        return await self._learner.pass_events(request.match_info["id"], request, owners)

    async def picture(self, request: web.Request) -> web.Response:
        """Return a picture of a job."""
        writer, names = await self._writer(request), request.match_info
        owners = await self._owners.owners(_author(request, writer), writer)
        picture = await self._learner.file(names["id"], names["picture"], owners)
        return web.Response(body=picture, content_type="image/jpeg", headers={"Cache-Control": "no-store"})

    async def cancel(self, request: web.Request) -> web.Response:
        """Cancel a job, or throw away what it has learnt, a second time too: the first answer may be lost."""
        writer, id, query = await self._writer(request), request.match_info["id"], request.query
        if await self._owners.is_thrown_away(id, _author(request, writer), writer):
            return web.Response(status=204)
        if "withdraw" in query:
            await self._publisher.withdraw(id, writer)
        else:
            await self._publisher.stop(id)
        with contextlib.suppress(web.HTTPNotFound):
            await self._learner.forget(id, is_swapped=writer.person == BOT and "swapped" in query)
        return web.Response(status=204)

    async def accept(self, request: web.Request) -> web.Response:
        """Publish what a job has learnt, once, and go on where the client does not wait for it."""
        writer, id = await self._writer(request), request.match_info["id"]
        body = await request_bodies.read(request, request_bodies.AcceptedStyle, _ACCEPT)
        address = _address(body.address, writer)
        await self._owners.require(id, address, writer)
        return await self._publisher.accept(id, body, address, writer)

    async def styles_of(self, request: web.Request) -> web.Response:
        """Return the styles of an author, for the bot; those of a person, with the private ones, for them."""
        writer = await self._writer(request)
        address = _address(request.query.get("address", ""), writer)
        if address:
            styles = await asyncio.to_thread(self._store.styles_of, address)
        else:
            styles = await asyncio.to_thread(self._store.own_styles, writer)
        return request_bodies.private_json([asdict(style) for style in styles])

    async def rename_of(self, request: web.Request) -> web.Response:
        """Give a style of an author another name, for the bot."""
        writer = await self._writer(request)
        body = await request_bodies.read(request, request_bodies.RenamedStyle, _RENAMED)
        address = _address(body.address, writer, is_needed=True)
        card, rename = accepted_style.renamed(body), self._store.rename_of
        if card.name != body.name:
            await self._publisher.free_name(card.name, address, writer, instead_of=body.name)
        is_reviewed = self._publisher.is_reviewed
        work = partial(rename, address, body.name, card, is_reviewed=is_reviewed, by=writer)
        version, alias = await self._store.writes(work)
        return publication_response(version, alias, version.preview)

    async def retire_of(self, request: web.Request) -> web.Response:
        """Retire the styles of an author, or one of them, for the bot."""
        writer = await self._writer(request)
        body = await request_bodies.read(request, request_bodies.AuthorsStyles, _ADDRESS)
        address = _address(body.address, writer, is_needed=True)
        names = await self._store.writes(partial(self._store.retire_of, address, body.name, by=writer))
        return request_bodies.private_json(list(names))

    async def _writer(self, request: web.Request) -> Writer:
        """Return a person with the scope to publish, or the bot."""
        writer = await self._authenticator.writer(request)
        if writer.person != BOT:
            writer.require("publish")
        return writer


def _address(address: str, writer: Writer, *, is_needed: bool = False) -> str:
    """Return the address of an author, which the bot alone names. Raises `BadOption`."""
    if writer.person != BOT and (address or is_needed):
        raise BadOption("Only the bot acts for the authors of mails.")
    if writer.person == BOT and not address:
        raise BadOption("The bot names the author's address.")
    check_address(address)
    return address


def _author(request: web.Request, writer: Writer) -> str:
    """Return the address of the author whose job the bot asks for; "" where it names none."""
    address = request.query.get("address", "")
    return _address(address, writer) if address else ""


def _checked(sent: PaintingForm, fields: dict[str, str]) -> dict[str, str]:
    """Return the fields as the balancer takes them, with the texts in one line."""
    texts = {
        name: card_fields.text(name, fields[name].encode()) for name in ("title", "artist") if name in fields
    }
    return fields | texts
