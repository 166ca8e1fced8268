"""Serve the tokens of people, and the people of styles.

    GET    /api/tokens                              one's own; all of them for a maintainer of the registry
    POST   /api/tokens      {person, label, scope, days}     -> 201, with the secret, which is shown only here
    DELETE /api/tokens/ID                           revoke one
    PUT    /api/styles/NAME/maintainers/PERSON      let a person change a style
    DELETE /api/styles/NAME/maintainers/PERSON      end it
    PUT    /api/styles/NAME/owner  {person}         hand a style over

registry/store/access/roles.py says who may do which.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from aiohttp import web

from registry.http import request_bodies
from registry.http.auth import Authenticator
from registry.store.proofs import check_address
from registry.store.store import Store


class PeopleApi:
    """Handle requests about people with a store."""

    def __init__(self, store: Store, authenticator: Authenticator) -> None:
        self._store = store
        self._authenticator = authenticator

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        maintainer = "/api/styles/{name}/maintainers/{person}"
        return [
            web.get("/api/tokens", self.tokens),
            web.post("/api/tokens", self.add_token),
            web.delete("/api/tokens/{number}", self.revoke_token),
            web.put(maintainer, self.add_maintainer),
            web.delete(maintainer, self.remove_maintainer),
            web.put("/api/styles/{name}/owner", self.hand_over),
        ]

    async def tokens(self, request: web.Request) -> web.Response:
        """Return the tokens that the writer may see, without their secrets."""
        writer = await self._authenticator.writer(request)
        whose = None if writer.reaches("registry") else writer.person
        return request_bodies.private_json(
            [asdict(token) for token in await asyncio.to_thread(self._store.tokens.list, whose)]
        )

    async def add_token(self, request: web.Request) -> web.Response:
        """Make a token, and return its secret."""
        writer = await self._authenticator.writer(request)
        wanted = await request_bodies.read(
            request, request_bodies.NewToken, '{"label": "ci", "scope": "stage", "days": 90}'
        )
        person = wanted.person or writer.person
        more = {"label": wanted.label, "scope": wanted.scope, "days": wanted.days or None, "by": writer}
        if wanted.address:  # before there is a token that nobody has seen
            writer.require("registry")
            check_address(wanted.address)
        secret = await self._store.writes(lambda: self._store.tokens.add(person, **more))  # type: ignore[arg-type]
        if wanted.address:
            await self._store.writes(lambda: self._store.set_address(person, wanted.address, by=writer))
        answer = {"person": person, "label": wanted.label, "scope": wanted.scope, "secret": secret}
        return request_bodies.private_json(answer, status=201)

    async def revoke_token(self, request: web.Request) -> web.Response:
        """Revoke a token."""
        writer = await self._authenticator.writer(request)
        number = request_bodies.number_of(request.match_info["number"])
        await self._store.writes(lambda: self._store.tokens.revoke_one(number, by=writer))
        return web.Response(status=204)

    async def add_maintainer(self, request: web.Request) -> web.Response:
        """Let a person change a style."""
        writer, names = await self._authenticator.writer(request), request.match_info
        add = self._store.add_maintainer
        await self._store.writes(lambda: add(names["name"], names["person"], by=writer))
        return web.Response(status=204)

    async def remove_maintainer(self, request: web.Request) -> web.Response:
        """End a person's part in a style."""
        writer, names = await self._authenticator.writer(request), request.match_info
        remove = self._store.remove_maintainer
        await self._store.writes(lambda: remove(names["name"], names["person"], by=writer))
        return web.Response(status=204)

    async def hand_over(self, request: web.Request) -> web.Response:
        """Give a style to another person."""
        writer, name = await self._authenticator.writer(request), request.match_info["name"]
        person = (await request_bodies.read(request, request_bodies.NewOwner, '{"person": "ada"}')).person
        await self._store.writes(lambda: self._store.hand_over(name, person, by=writer))
        return web.Response(status=204)
