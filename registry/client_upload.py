"""Upload a publication by HTTP, for `RegistryClient.push`.

registry/http/publish.py receives it.
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

from registry.values import VALIDATION_SECONDS
from styles.errors import Permanent, RegistryUnavailable
from styles.service.sanitize import plain

#: Status of a registry that no longer has the file of `Publication.upload`.
GONE = 410
#: Seconds of silence while a version is published: of a validation, of one before it that has its place, and
#: of the registry's own work around them.
PUBLISHING = 2 * VALIDATION_SECONDS + 60
#: Timeouts of an upload, seconds. The registry gives half an hour to the bytes, and reports it if they take
#: longer. Silence follows the last byte.
UPLOAD = ClientTimeout(total=3600, sock_connect=3, sock_read=PUBLISHING)


class UploadRefused(Permanent):
    """Report that the registry refused an upload; the message is its reason."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Describe a style to publish."""

    name: str
    weights: Path
    alias: str = "live"  #: what moves to the version; with another alias than `live` it is staged
    #: title, artist, year, licence, description, other_names, tags, pixel_range, values: those known.
    fields: Mapping[str, str] = field(default_factory=dict)
    upload: str = ""  #: digest of `weights` sent before; they are sent if the registry lacks them


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Describe the published version, with control characters removed for a terminal."""

    name: str
    version: int
    digest: str  #: digest of the kept file, which may differ from the uploaded one
    preview: str  #: path below the registry's address
    notes: tuple[str, ...]  #: sentences for the artist from the validation
    seconds: float  #: seconds of the validation
    alias: str = "live"  #: what moved to the version

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Published:
        """Build an answer from JSON. Raises KeyError, TypeError or ValueError."""
        texts = {key: plain(values[key]) for key in ("name", "digest", "preview")}
        texts["alias"] = plain(values.get("alias", "live"))
        notes = tuple(plain(note) for note in values["notes"])
        return cls(**texts, version=int(values["version"]), notes=notes, seconds=float(values["seconds"]))


async def send(
    session: aiohttp.ClientSession,
    url: str,
    publication: Publication,
    token: str,
    on_progress: Callable[[int], None],
) -> Published:
    """Publish a style. `on_progress` is called from another thread with the bytes sent so far.

    Raises `UploadRefused`, `RegistryUnavailable`, and OSError for an unreadable file.
    """
    if publication.upload:
        on_progress(publication.weights.stat().st_size)
        form = _form(publication)
        form.add_field("upload", publication.upload)
        try:
            return await _post(session, url, publication, token, form)
        except UploadRefused as error:
            if error.status != GONE:
                raise
    with _ProgressFile(publication.weights, on_progress) as file:
        form = _form(publication)
        form.add_field("weights", file, filename="weights", content_type="application/octet-stream")
        return await _post(session, url, publication, token, form)


def _form(publication: Publication) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in publication.fields.items():
        form.add_field(name, value)
    return form


async def _post(
    session: aiohttp.ClientSession, url: str, publication: Publication, token: str, form: aiohttp.FormData
) -> Published:
    address = f"{url}/api/styles/{quote(publication.name, safe='')}/versions"
    query = {} if publication.alias == "live" else {"alias": publication.alias}
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with session.post(
            address, params=query, data=form, headers=headers, timeout=UPLOAD
        ) as response:
            return await _publication(response)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise RegistryUnavailable(plain(f"{url}: {error or type(error).__name__}")) from error


async def _publication(response: aiohttp.ClientResponse) -> Published:
    try:
        answer = await response.json(content_type=None)
        if response.status == 201:
            return Published.from_mapping(answer)
        reason = plain(answer["detail"])
    except (KeyError, TypeError, ValueError) as error:
        raise RegistryUnavailable(f"{response.url}: status {response.status}, and no reason") from error
    raise UploadRefused(reason, response.status)


class _ProgressFile(io.BufferedReader):
    """Report how much of a file has been read."""

    def __init__(self, path: Path, on_progress: Callable[[int], None]) -> None:
        super().__init__(io.FileIO(path))
        self._on_progress = on_progress

    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(size)
        self._on_progress(self.tell())
        return chunk
