"""Call the registry by HTTP: the only way for other packages.

A failure to get or read an answer is `RegistryUnavailable`: a retry can mend it. An unknown name is
`UnknownStyle`.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar
from urllib.parse import quote

import aiohttp
import msgspec
from aiohttp import ClientTimeout

from registry.client_learning import LearningClient
from registry.client_learning_values import LearningStatus, PaintingToLearn
from registry.client_proofs import ProofClient
from registry.client_upload import Publication, Published, send
from registry.store.events import LONGEST_WAIT, Changes
from registry.values import LearntStyle, WaitingProof
from styles.contract import Card, ResolvedStyle, StyleSummary, split_digest, style_to_show
from styles.errors import RegistryUnavailable, UnknownStyle

__all__ = [
    "LearningClient",
    "LearningStatus",
    "LearntStyle",
    "PaintingToLearn",
    "ProofClient",
    "RegistryClient",
    "WaitingProof",
]

T = TypeVar("T")
#: Timeouts of a question, seconds. An answer takes milliseconds, a restart of the registry some seconds.
ASK = ClientTimeout(total=10, sock_connect=3)
#: Timeouts of a blob of some MB over a slow line, which ends after 30 s of silence.
DOWNLOAD = ClientTimeout(total=600, sock_connect=3, sock_read=30)
#: Timeouts of the long poll, which answers within `LONGEST_WAIT`; the rest is for the network.
EVENTS = ClientTimeout(total=LONGEST_WAIT + 10, sock_connect=3)
#: Most characters of a name in a request. A style's has at most 64, and the length of an address is limited.
LONGEST_NAME = 80
#: Header with the key of a private style's weights.
BLOB_KEY = "X-Blob-Key"
_NONE: Mapping[str, str] = {}
#: Bytes read and written at once.
CHUNK = 256 * 1024


class RegistryClient:
    """Call the registry at `url`; an async context manager."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def styles(self) -> list[StyleSummary]:
        """Return every style that is not retired, by name. Raises `RegistryUnavailable`."""
        return _read(list[StyleSummary], await self._ask("/api/styles"))

    async def resolve(self, name: str, ref: str | int = "live") -> ResolvedStyle:
        """Return the version that `ref`, an alias or a version number, means now.

        Raises `UnknownStyle` with the nearest names and all known ones, or `RegistryUnavailable`.
        """
        if not name.strip("."):  # in an address, "" and ".." lead to another page
            raise UnknownStyle(name, known=[style.name for style in await self.styles()])
        step = quote(name[:LONGEST_NAME], safe="")
        asked = style_to_show(name, ref)
        answer = await self._ask(f"/api/styles/{step}/resolve", {"ref": str(ref)}, asked=asked)
        return _read(ResolvedStyle, answer)

    async def card(self, name: str, ref: str | int = "live") -> Card:
        """Return the card of the version that `ref` means now, unless its style is retired.

        Raises `UnknownStyle` and `RegistryUnavailable`.
        """
        if not name.strip("."):
            raise UnknownStyle(name)
        step, asked = quote(name[:LONGEST_NAME], safe=""), style_to_show(name, ref)
        return _read(Card, await self._ask(f"/api/styles/{step}/card", {"ref": str(ref)}, asked=asked))

    async def events(self, since: int = 0, wait: float = LONGEST_WAIT) -> Changes:
        """Return the changes after event `since`, at once or after at most `wait` seconds without any.

        `Changes.last` is the `since` of the next call. If it is smaller than `since`, the registry began
        anew, and everything cached of it is outdated. Raises `RegistryUnavailable`.
        """
        answer = await self._ask("/api/events", {"since": str(since), "wait": f"{wait:g}"}, limits=EVENTS)
        return _read(Changes, answer)

    async def download(self, digest: str, path: Path) -> None:
        """Download a blob to `path`, completely and with its digest checked, or leave `path` as it was.

        Raises `RegistryUnavailable` for a blob that is missing, incomplete or has another digest, and OSError
        if it cannot be written.
        """
        running, (digest, key) = hashlib.sha256(), split_digest(digest)
        with _partial(path) as (temporary, file):
            address, headers = f"/blobs/{digest.removeprefix('sha256:')}", {BLOB_KEY: key} if key else {}
            async with self._get(address, {}, DOWNLOAD, headers) as response:
                if response.status != 200:
                    raise RegistryUnavailable(f"the blob {digest} is answered with status {response.status}")
                async for chunk in response.content.iter_chunked(CHUNK):
                    running.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
            if (found := f"sha256:{running.hexdigest()}") != digest:
                raise RegistryUnavailable(f"the blob {digest} came as {found}")
            await asyncio.to_thread(_flush, file)
            temporary.replace(path)

    async def push(
        self, publication: Publication, token: str, on_progress: Callable[[int], None] = lambda sent: None
    ) -> Published:
        """Publish a style file, read while it is sent. `on_progress` is called with the bytes sent so far.

        Raises `UploadRefused` with the registry's reason, `RegistryUnavailable`, and OSError for a bad file.
        """
        return await send(self._open_session(), self._url, publication, token, on_progress)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("RegistryClient is used before `async with`")
        return self._session

    async def _ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        asked: str = "",
        limits: ClientTimeout = ASK,
    ) -> Any:
        """Return the JSON of an answer. A 404 is `UnknownStyle` where a style was `asked` for."""
        async with self._get(path, query or {}, limits) as response:
            try:
                answer = await response.json(content_type=None)
            except ValueError as error:
                raise RegistryUnavailable(f"{path}: status {response.status}, and no JSON") from error
        # Another server at this address may answer 404 too.
        if response.status == 404 and asked and isinstance(answer, dict) and "known" in answer:
            raise UnknownStyle(asked, near=_names(answer, "near"), known=_names(answer, "known"))
        if response.status != 200:
            raise RegistryUnavailable(f"{path}: status {response.status}")
        return answer

    @asynccontextmanager
    async def _get(
        self, path: str, query: Mapping[str, str], limits: ClientTimeout, headers: Mapping[str, str] = _NONE
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        session, url = self._open_session(), self._url + path
        try:
            async with session.get(url, params=query, timeout=limits, headers=headers) as response:
                yield response
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RegistryUnavailable(f"{self._url}{path}: {error or type(error).__name__}") from error


def _read(kind: type[T], answer: object) -> T:
    """Read an answer into its type. Raises `RegistryUnavailable` where it has another shape."""
    try:
        return msgspec.convert(answer, kind)
    except msgspec.ValidationError as error:
        raise RegistryUnavailable(f"a malformed answer: {error}") from error


def _names(answer: Mapping[str, Any], key: str) -> list[str]:
    names = answer.get(key)
    return [str(name) for name in names] if isinstance(names, list) else []


@contextmanager
def _partial(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a file beside `path`, and remove it after the block unless it was renamed.

    It blocks, unlike the writes, so that a cancelled download cannot skip it.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.partial")
    try:
        with temporary.open("xb") as file:
            yield temporary, file
    finally:
        temporary.unlink(missing_ok=True)


def _flush(file: BinaryIO) -> None:
    # On the disk before the rename: after a power cut the name must not mean an empty file.
    file.flush()
    os.fsync(file.fileno())
