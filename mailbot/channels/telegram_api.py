"""Call Telegram's Bot API over HTTP (https://core.telegram.org/bots/api).

This is a hundred lines over aiohttp. The libraries for it bring a framework of their own, and aiogram holds
back the versions of aiohttp and pydantic that this project uses.

The token is a part of every URL, so no error repeats one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import aiohttp
import msgspec

from mailbot.transport.answer_sender import NoAnswer, ReplyRejected, TryLater
from styles.service.http.whole_body import AnswerTooLarge, read_whole
from styles.service.sanitize import shown

T = TypeVar("T")

#: The channel's name.
NAME = "telegram"
#: Bytes of a file that a bot may download, as Telegram limits it.
MAX_DOWNLOAD = 20_000_000
#: Seconds for a request, and beyond those of a long poll. An upload may take longer: bytes a second of a slow
#: uplink.
TIMEOUT, UPLINK = 30.0, 16_000
#: Characters of Telegram's sentence that the ledger keeps.
MOST_WORDS = 300


_NO_FILES: Mapping[str, tuple[str, bytes]] = MappingProxyType({})


class _Parameters(msgspec.Struct, frozen=True):
    retry_after: float = 0.0


class _BotApiAnswer(msgspec.Struct, frozen=True):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: _Parameters = _Parameters()


class _RemoteFile(msgspec.Struct, frozen=True):
    file_path: str = ""


class TelegramRefusal(ReplyRejected):
    """Report a request that Telegram will never grant, by its `code`."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


class TelegramApi:
    """Call methods of one bot. Use it until `close`."""

    def __init__(self, api: str, token: str, timeout: float = TIMEOUT) -> None:
        self._root, self._token, self._timeout = api, token, timeout
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self,
        method: str,
        kind: type[T],
        files: Mapping[str, tuple[str, bytes]] = _NO_FILES,
        /,
        **values: Any,
    ) -> T:
        """Call a method and return its result. `files` are names and bytes, by the parameter.

        Raises `TelegramRefusal`, and `TryLater` for what may pass: no answer, a limit, the bot's own token.
        """
        given = {name: _text(value) for name, value in values.items() if value is not None}
        form = aiohttp.FormData(given)
        for name, (file, content) in files.items():
            form.add_field(name, content, filename=file, content_type="application/octet-stream")
        size = sum(len(content) for _, content in files.values())
        seconds = self._timeout + size / UPLINK + float(values.get("timeout") or 0)
        body = await self._fetch("POST", f"bot{self._token}/{method}", 10_000_000, seconds, form)
        try:
            answer = msgspec.json.decode(body, type=_BotApiAnswer)
            if answer.ok:
                return msgspec.json.decode(answer.result, type=kind)
        except msgspec.MsgspecError as error:
            raise NoAnswer(f"{method}: no answer of the Bot API") from error
        words = shown(f"{answer.error_code} {answer.description}", MOST_WORDS)
        if answer.error_code in (400, 403, 413):
            raise TelegramRefusal(answer.error_code, words)
        raise TryLater(words, answer.parameters.retry_after)

    async def download(self, file_id: str) -> bytes:
        """Return the bytes of a file. Raises as `call`, and `TelegramRefusal` for one that is too large."""
        found = await self.call("getFile", _RemoteFile, file_id=file_id)
        path = f"file/bot{self._token}/{found.file_path}"
        return await self._fetch("GET", path, MAX_DOWNLOAD, self._timeout + MAX_DOWNLOAD / UPLINK)

    async def sign(self, method: str, **values: str) -> None:
        """Call a method that nobody misses if it fails."""
        with contextlib.suppress(TryLater, TelegramRefusal):
            await self.call(method, bool, **values)

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def _fetch(
        self, verb: str, path: str, most: int, seconds: float, form: aiohttp.FormData | None = None
    ) -> bytes:
        """Return the body of an answer, of at most `most` bytes."""
        # A file that stalls may not hold up the messages behind it for as long as a slow one takes.
        stalled = self._timeout if verb == "GET" else None
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=self._timeout, sock_read=stalled)
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.request(
                verb, f"{self._root}/{path}", data=form, timeout=timeout, allow_redirects=False
            ) as answer:
                if verb == "GET" and answer.status != 200:
                    raise TryLater(f"no file: status {answer.status}")
                try:
                    return await read_whole(answer, most)
                except AnswerTooLarge as error:
                    raise TelegramRefusal(413, str(error)) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NoAnswer(f"no answer: {type(error).__name__}") from None  # its words may hold the URL


def _text(value: Any) -> str:
    """Return a parameter as a form holds it: text as it is, all else in JSON."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
