"""Publishing, seen from who publishes: a file goes out over HTTP as it is read, and a version comes back.

    send(session, url, publication, token, told) -> Published

`registry.client` has it as `RegistryClient.push`. The other end is registry/http/publish.py.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import ClientTimeout

from styles.errors import Permanent, RegistryUnavailable
from styles.service.sanitize import plain

#: An upload: as long as the registry itself allows. After the last byte comes the validation, silent for a
#: minute at most, and it may have to wait for others'.
UPLOAD = ClientTimeout(total=3600, sock_connect=3, sock_read=300)


class UploadRefused(Permanent):
    """The registry answered, and does not take it; the message is the registry's own reason."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is to be published."""

    name: str
    weights: Path
    #: title, artist, year, licence, description, pixel_range: those that are given.
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What it became, in words that a terminal may show whoever answered."""

    name: str
    version: int
    digest: str  #: of the file that is kept, which may not be the one that was sent
    preview: str  #: path below the registry's address
    notes: tuple[str, ...]  #: sentences for the artist: what the validation found out
    seconds: float  #: that the validation took

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Published:
        """From JSON. Raises KeyError, TypeError or ValueError for what is none."""
        return cls(
            name=plain(values["name"]),
            version=int(values["version"]),
            digest=plain(values["digest"]),
            preview=plain(values["preview"]),
            notes=tuple(plain(note) for note in values["notes"]),
            seconds=float(values["seconds"]),
        )


async def send(
    session: aiohttp.ClientSession,
    url: str,
    publication: Publication,
    token: str,
    told: Callable[[int], None],
) -> Published:
    """Publishes; `told` is called with the bytes that are on their way, from another thread.

    Raises `UploadRefused`, `RegistryUnavailable`, and OSError for a file that cannot be read.
    """
    address = f"{url}/api/styles/{quote(publication.name, safe='')}/versions"
    with _Told(publication.weights, told) as file:
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in publication.fields.items():
            form.add_field(name, value)
        form.add_field("weights", file, filename="weights", content_type="application/octet-stream")
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with session.post(address, data=form, headers=headers, timeout=UPLOAD) as response:
                return await _understood(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RegistryUnavailable(plain(f"{url}: {error or type(error).__name__}")) from error


async def _understood(response: aiohttp.ClientResponse) -> Published:
    try:
        answer = await response.json(content_type=None)
        if response.status == 201:
            return Published.from_mapping(answer)
        reason = plain(answer["detail"])
    except (KeyError, TypeError, ValueError) as error:
        raise RegistryUnavailable(f"{response.url}: status {response.status}, and no reason") from error
    raise UploadRefused(reason, response.status)


class _Told(io.BufferedReader):
    """A file that tells how much of it has been read."""

    def __init__(self, path: Path, told: Callable[[int], None]) -> None:
        super().__init__(io.FileIO(path))
        self._told = told

    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(size)
        self._told(self.tell())
        return chunk
