"""How the other rooms speak with the registry: over HTTP, through `RegistryClient` and nothing else.

    styles()                the list of styles
    resolve(name, ref)      which blob a name means now
    download(digest, path)  the blob, its digest checked
    events(since)           what changed; waits until something does
    push(publication, …)    publishes a style file
    ready()                 whether it answers

Whatever keeps an answer from being had or understood is `RegistryUnavailable`, which a later attempt can
mend; only a name that the registry does not know is `UnknownStyle`.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import quote

import aiohttp
from aiohttp import ClientTimeout

from registry.client_upload import Publication, Published, send
from registry.store.events import LONGEST_WAIT, Changes, StyleEvent
from styles.contract import ResolvedStyle, StyleSummary
from styles.errors import RegistryUnavailable, UnknownStyle

#: A question about a style, seconds: an answer takes milliseconds, a restart of the registry a few seconds.
ASK = ClientTimeout(total=10, sock_connect=3)
#: A blob: some MB, over a slow line. Silence of 30 s is the end of it.
DOWNLOAD = ClientTimeout(total=600, sock_connect=3, sock_read=30)
#: The long poll answers within its own bound; the rest is for the way.
EVENTS = ClientTimeout(total=LONGEST_WAIT + 10, sock_connect=3)
#: What is asked for of a name, characters: no style's has more than 64, and an address has its limits.
LONGEST_NAME = 80
#: Read and written at once, bytes.
CHUNK = 256 * 1024


class RegistryClient:
    """A registry at `url`. Use it as an async context manager, or give it a session of your own."""

    def __init__(self, url: str, session: aiohttp.ClientSession | None = None) -> None:
        self._url = url.rstrip("/")
        self._session = session
        self._owned: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        if self._session is None:
            self._session = self._owned = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the session, if it is the client's own."""
        if self._owned is not None:
            await self._owned.close()
            self._session = self._owned = None

    async def styles(self) -> list[StyleSummary]:
        """Every style that can be asked for, by name. Raises `RegistryUnavailable`."""
        rows = await self._ask("/api/styles")
        with _understanding():
            return [_summary(row) for row in rows]

    async def resolve(self, name: str, ref: str | int = "live") -> ResolvedStyle:
        """What `ref` (an alias or a version number) of a style is now.

        Raises `UnknownStyle` with the nearest names and all known ones, or `RegistryUnavailable`.
        """
        if not name.strip("."):  # in an address, "" and ".." are no names but ways to another page
            raise UnknownStyle(name, known=[style.name for style in await self.styles()])
        step = quote(name[:LONGEST_NAME], safe="")
        answer = await self._ask(f"/api/styles/{step}/resolve", {"ref": str(ref)}, asked=name)
        with _understanding():
            return _resolved(answer)

    async def events(self, since: int = 0, wait: float = LONGEST_WAIT) -> Changes:
        """What changed after event number `since`: at once, or after at most `wait` seconds of nothing.

        `Changes.last` is the `since` of the next call. It can be smaller than what was asked for: the
        registry began anew, and whatever was known of it is out of date. Raises `RegistryUnavailable`.
        """
        answer = await self._ask("/api/events", {"since": str(since), "wait": f"{wait:g}"}, limits=EVENTS)
        with _understanding():
            events = tuple(StyleEvent.from_mapping(event) for event in answer["events"])
            return Changes(events=events, last=int(answer["last"]))

    async def ready(self) -> bool:
        """Whether the registry answers and can serve."""
        try:
            return bool((await self._ask("/health/ready"))["status"] == "ready")
        except (RegistryUnavailable, KeyError, TypeError):
            return False

    async def download(self, digest: str, path: Path) -> None:
        """Fetches a blob into `path`, which then holds all of it, its digest checked, or is as it was.

        Raises `RegistryUnavailable` for a blob that is missing, cut short or not what its digest says, and
        OSError if it cannot be written here.
        """
        with _partial(path) as (temporary, file):
            found = await self._receive(digest, file)
            if found != digest:
                raise RegistryUnavailable(f"the blob {digest} came as {found}")
            await asyncio.to_thread(_flush, file)
            temporary.replace(path)

    async def push(
        self, publication: Publication, token: str, told: Callable[[int], None] = lambda sent: None
    ) -> Published:
        """Publishes a style file, read as it is sent; `told` is called with the bytes sent so far.

        Raises `Refused` with the registry's reason, `RegistryUnavailable`, and OSError for a file that
        cannot be read.
        """
        return await send(self._open_session(), self._url, publication, token, told)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("RegistryClient is used before `async with`")
        return self._session

    async def _receive(self, digest: str, file: BinaryIO) -> str:
        """Writes a blob to `file`; gives the digest of what came."""
        running = hashlib.sha256()
        async with self._get(f"/blobs/{digest.removeprefix('sha256:')}", {}, DOWNLOAD) as response:
            if response.status != 200:
                raise RegistryUnavailable(f"the blob {digest} is answered with status {response.status}")
            async for chunk in response.content.iter_chunked(CHUNK):
                running.update(chunk)
                await asyncio.to_thread(file.write, chunk)
        return f"sha256:{running.hexdigest()}"

    async def _ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        asked: str = "",
        limits: ClientTimeout = ASK,
    ) -> Any:
        """The JSON of an answer; a 404 is `UnknownStyle` where a style was `asked` for."""
        async with self._get(path, query or {}, limits) as response:
            try:
                answer = await response.json(content_type=None)
            except ValueError as error:
                raise RegistryUnavailable(f"{path}: status {response.status}, and no JSON") from error
        if response.status == 404 and asked and _is_problem(answer):
            raise UnknownStyle(asked, near=_names(answer, "near"), known=_names(answer, "known"))
        if response.status != 200:
            raise RegistryUnavailable(f"{path}: status {response.status}")
        return answer

    @asynccontextmanager
    async def _get(
        self, path: str, query: Mapping[str, str], limits: ClientTimeout
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        session = self._open_session()
        try:
            async with session.get(self._url + path, params=query, timeout=limits) as response:
                yield response
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RegistryUnavailable(f"{self._url}{path}: {error or type(error).__name__}") from error


class _understanding:  # noqa: N801 - reads as a word after `with`
    """Turns the errors of reading an answer of the wrong shape into `RegistryUnavailable`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (KeyError, TypeError, ValueError, AttributeError)):
            raise RegistryUnavailable(f"an answer that is none: {error!r}") from error


def _summary(row: Mapping[str, Any]) -> StyleSummary:
    texts = {key: str(row[key]) for key in ("name", "title", "artist", "year", "description", "preview")}
    aliases = {str(alias): int(version) for alias, version in row["aliases"].items()}
    return StyleSummary(**texts, aliases=aliases)


def _resolved(answer: Mapping[str, Any]) -> ResolvedStyle:
    texts = {key: str(answer[key]) for key in ("name", "digest", "base", "format", "architecture")}
    return ResolvedStyle(**texts, version=int(answer["version"]), bytes=int(answer["bytes"]))


def _is_problem(answer: Any) -> bool:
    """Whether a 404 is the registry's own, not that of something else at this address."""
    return isinstance(answer, dict) and "known" in answer


def _names(answer: Mapping[str, Any], key: str) -> list[str]:
    names = answer.get(key)
    return [str(name) for name in names] if isinstance(names, list) else []


@contextmanager
def _partial(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A file beside `path` that is closed and gone after the block, unless it was renamed.

    Not in a thread, unlike the writing: a cancelled download must not leave before this is done.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.partial")
    try:
        with temporary.open("xb") as file:
            yield temporary, file
    finally:
        temporary.unlink(missing_ok=True)


def _flush(file: BinaryIO) -> None:
    # On the disk before it is renamed: after a power cut the name must not stand for an empty file.
    file.flush()
    os.fsync(file.fileno())
