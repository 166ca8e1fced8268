"""Decide whose a job is, and answer others as if there was none.

The balancer keeps an opaque name of each job's owner: of the person whose token began it, or of the author of
the mail by which it was begun. A maintainer of the registry gets at every job. So does the bot where it
names no author: it cancels jobs of mails that are erased, and keeps no addresses of these.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from hashlib import sha256

from aiohttp import web

from registry.database.dialect import ascii_lower
from registry.http.learning.balancer_client import BalancerLearner, path_of
from registry.store.access.roles import BOT, Writer
from registry.store.store import Store


class JobOwners:
    """Name the owners of jobs, as the balancer knows them."""

    def __init__(self, store: Store, learner: BalancerLearner) -> None:
        self._store = store
        self._learner = learner

    async def owner(self, address: str, writer: Writer) -> str:
        """Return the name of who begins a job, whose paintings the balancer counts.

        A sender at the address of a person with a token is that person.
        """
        person = await asyncio.to_thread(self._store.person_of, address) if address else writer.person
        return _named(person or address)

    async def owners(self, address: str, writer: Writer) -> Sequence[str]:
        """Return the names of those whose jobs a writer gets at, for the bot those of an author; none is all.

        A person may have begun jobs by mail before there was a token, and the other way round.
        """
        if writer.person == BOT:
            person = await asyncio.to_thread(self._store.person_of, address) if address else ""
        elif writer.reaches("registry"):
            return ()
        else:
            person = writer.person
            address = await asyncio.to_thread(self._store.address_of, person)
        return [_named(each) for each in (person, address) if each]

    async def require(self, id: str, address: str, writer: Writer) -> None:
        """Raise 404 for a job of somebody else, as for an unknown one.

        Those who may change the style that a job has made get at the job, also where no balancer knows it.
        """
        path_of(id)  # raises
        owners = await self.owners(address, writer)
        if owners and not await self.has_made(id, address, writer):
            await self._learner.status(id, owners)

    async def is_thrown_away(self, id: str, address: str, writer: Writer) -> bool:
        """Tell whether a job was stopped and is forgotten since. Raises 404 as `require` does.

        Nobody knows any more whose it was, and there is nothing of it that others could get at.
        """
        try:
            await self.require(id, address, writer)
        except web.HTTPNotFound:
            if await asyncio.to_thread(self._store.is_stopped, id) and not await self._is_known(id):
                return True
            raise
        return False

    async def _is_known(self, id: str) -> bool:
        """Tell whether the balancer has a job, of whomever."""
        try:
            await self._learner.status(id)
        except web.HTTPNotFound:
            return False
        return True

    async def has_made(self, id: str, address: str, writer: Writer) -> bool:
        """Tell whether a job has made a style that a writer may change, for the bot one of an author."""
        return await asyncio.to_thread(self._store.has_made, id, address, by=writer)


def _named(name: str) -> str:
    return sha256(f"owner\n{ascii_lower(name)}".encode()).hexdigest()[:48]
