"""Serve proofs to the bot, which mails them, and how often styles are painted to those who keep them.

    GET  /api/proofs                            proofs to be mailed, with the addresses
    PUT  /api/proofs/NAME/VERSION/mailed        {address}: it was
    POST /api/proofs/NAME/VERSION/live          {address}: its reader answered that it goes live
    GET  /api/styles/NAME/usage                 photos that were painted in a style, by day

The first three are for the bot alone, which has a token of its own: REGISTRY_BOT_TOKEN.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from aiohttp import web

from registry.http import request_bodies
from registry.http.auth import Authenticator
from registry.http.problems import whole_number
from registry.store.access.roles import BOT, NotAllowed, Writer
from registry.store.store import Store
from registry.store.usage import KEPT_DAYS

_EXAMPLE = '{"address": "ada@example.org"}'


class ProofsApi:
    """Handle the bot's requests about proofs, over a store."""

    def __init__(self, store: Store, authenticator: Authenticator) -> None:
        self._store = store
        self._authenticator = authenticator

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        version = r"/api/proofs/{name}/{number}"
        return [
            web.get("/api/proofs", self.waiting),
            web.put(f"{version}/mailed", self.mailed),
            web.post(f"{version}/live", self.go_live),
            web.get("/api/styles/{name}/usage", self.usage),
        ]

    async def waiting(self, request: web.Request) -> web.Response:
        """Return the proofs to be mailed."""
        await self._bot(request)
        return request_bodies.private_json(
            [asdict(proof) for proof in await asyncio.to_thread(self._store.waiting_proofs)]
        )

    async def mailed(self, request: web.Request) -> web.Response:
        """Note that a proof was mailed."""
        bot, names = await self._bot(request), request.match_info
        address = (await request_bodies.read(request, request_bodies.MailedTo, _EXAMPLE)).address
        number = request_bodies.number_of(names["number"])
        note = self._store.proof_mailed
        await self._store.writes(lambda: note(names["name"], number, address, by=bot))
        return web.Response(status=204)

    async def go_live(self, request: web.Request) -> web.Response:
        """Make a version live for the reader of its proof."""
        bot, names = await self._bot(request), request.match_info
        address = (await request_bodies.read(request, request_bodies.MailedTo, _EXAMPLE)).address
        number = request_bodies.number_of(names["number"])
        go = self._store.go_live_by_mail
        return request_bodies.private_json(
            asdict(await self._store.writes(lambda: go(names["name"], number, address, by=bot)))
        )

    async def usage(self, request: web.Request) -> web.Response:
        """Return how often a style was painted, by day."""
        writer, name = await self._authenticator.writer(request), request.match_info["name"]
        days = whole_number(request, "days", 30, least=1, most=KEPT_DAYS)
        await asyncio.to_thread(self._store.kept, name)
        await asyncio.to_thread(self._store.require, name, writer, "stage")
        return request_bodies.private_json(
            [asdict(day) for day in await asyncio.to_thread(self._store.usage, name, days)]
        )

    async def _bot(self, request: web.Request) -> Writer:
        """Return the bot as a writer. Raises `NotAllowed` for everybody else."""
        writer = await self._authenticator.writer(request)
        if writer.person != BOT:
            raise NotAllowed("Only the bot mails proofs.")
        return writer
