"""Call Twilio's API over HTTP: send a message, and fetch a photo that came with one.

    POST /2010-04-01/Accounts/ACCOUNT/Messages.json     201: Twilio has taken it, under its `sid`
    GET  /2010-04-01/Accounts/ACCOUNT/Messages.json     what came and went, the newest first

Photos lie at Twilio's API, which redirects to its own hosts. No other host is asked, and the password goes to
the API alone.
"""

from __future__ import annotations

import base64
import contextlib
import logging
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote, urljoin, urlsplit

import aiohttp
import msgspec

from mailbot.settings.sms import Sms
from mailbot.transport.answer_sender import NoAnswer, ReplyRejected, TryLater
from styles.service.http.whole_body import AnswerTooLarge, read_whole
from styles.service.sanitize import shown

log = logging.getLogger(__name__)

T = TypeVar("T")

#: The channel's name.
NAME = "sms"
#: Seconds for one request.
TIMEOUT = 30.0
#: Bytes of one photo. Twilio takes 5 MB in one message.
MAX_MEDIA = 6_000_000
#: Redirects that are followed from a photo's address, and the hosts to which they may lead.
MAX_REDIRECTS, MEDIA_HOSTS = 3, (".twilio.com", ".twiliocdn.com")
#: Characters of Twilio's sentence that the ledger keeps.
MOST_WORDS = 300
#: Twilio's code for a person who has written STOP. It has told them so itself.
OPTED_OUT = 21610
#: Codes about the bot's number, and not about the answer: it is no number for messages, or its queue is full.
BOT_CODES = frozenset((21212, 21603, 21606, 21611, 21659, 21660))


class _TwilioAnswer(msgspec.Struct, frozen=True):
    sid: str = ""
    code: int | None = None
    message: str | None = None


class _TwilioAccount(msgspec.Struct, frozen=True):
    status: str


class _ListedMedia(msgspec.Struct, frozen=True):
    uri: str
    content_type: str = ""


class _MediaPage(msgspec.Struct, frozen=True):
    media_list: list[_ListedMedia]


class MediaRefused(Exception):
    """Report a photo that will never be fetched."""


class TwilioApi:
    """Call one account. Use it until `close`."""

    def __init__(self, settings: Sms, token: str, timeout: float = TIMEOUT) -> None:
        self._settings = settings
        login = base64.b64encode(f"{settings.account}:{token}".encode()).decode()
        self._login = {"Authorization": f"Basic {login}"}
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def send(self, values: Mapping[str, str]) -> str:
        """Send a message; return its sid, or "" where the recipient has opted out or the sid is unreadable.

        Raises `ReplyRejected`, and `TryLater` for what may pass.
        """
        url = f"{self._settings.api}/2010-04-01/Accounts/{self._settings.account}/Messages.json"
        try:
            async with self._opened().post(
                url, data=values, headers=self._login, allow_redirects=False
            ) as answer:
                body, status = await _within(answer), answer.status
                asked = answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NoAnswer(f"no answer: {type(error).__name__}") from error
        try:
            said = msgspec.json.decode(body, type=_TwilioAnswer)
        except msgspec.MsgspecError:
            said = _TwilioAnswer()
        if status == 201:  # taken, even if its name cannot be read: sent again, it would come twice
            return said.sid
        if said.code == OPTED_OUT:
            return ""
        words = shown(f"{status} {said.code or ''} {said.message or ''}", MOST_WORDS)
        is_of_bot = status in (401, 403, 404, 408, 429) or said.code in BOT_CODES
        if 400 <= status < 500 and not is_of_bot:
            raise ReplyRejected(words)
        raise TryLater(words, float(asked) if asked.isdecimal() and len(asked) < 6 else 0.0)

    async def read(self, path: str, kind: type[T]) -> T:
        """Return what the API has at a path that begins with a slash.

        Raises `MediaRefused` for what is not there any more, and `TryLater`.
        """
        try:
            async with self._opened().get(
                f"{self._settings.api}{path}", headers=self._login, allow_redirects=False
            ) as answer:
                if answer.status in (404, 410):
                    raise MediaRefused(f"status {answer.status}")
                if answer.status != 200:
                    raise TryLater(f"status {answer.status}")
                return msgspec.json.decode(await _within(answer), type=kind)
        except (aiohttp.ClientError, TimeoutError, msgspec.MsgspecError) as error:
            raise NoAnswer(f"no answer: {type(error).__name__}") from error

    async def media_of(self, sid: str) -> list[tuple[str, str]]:
        """Return the types and addresses of a message's photos. Raises as `read`."""
        path = f"/2010-04-01/Accounts/{self._settings.account}/Messages/{quote(sid, safe='')}/Media.json"
        page = await self.read(path, _MediaPage)
        found = ((each.content_type, each.uri.removesuffix(".json")) for each in page.media_list)
        return [(type, f"{self._settings.api}{uri}") for type, uri in found]

    async def account(self) -> str:
        """Return the account's status, such as `active`. Raises `TryLater` where Twilio does not say."""
        try:
            path = f"/2010-04-01/Accounts/{self._settings.account}.json"
            return (await self.read(path, _TwilioAccount)).status
        except MediaRefused as error:
            raise TryLater(str(error)) from error

    async def media(self, url: str) -> bytes:
        """Return the bytes of a photo. Raises `MediaRefused` for good, and `TryLater`."""
        for _ in range(1 + MAX_REDIRECTS):
            self._require_twilio(url)
            is_api = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" == self._settings.api
            login = self._login if is_api else {}
            try:
                async with self._opened().get(url, headers=login, allow_redirects=False) as answer:
                    if answer.status in (301, 302, 303, 307, 308):
                        url = _joined(url, answer.headers.get("Location", ""))
                        continue
                    if answer.status in (400, 404, 410):
                        raise MediaRefused(f"status {answer.status}")
                    if answer.status != 200:
                        raise TryLater(f"status {answer.status}")
                    return await _within(answer)
            except UnicodeError as error:  # a host that is no name, such as a..twilio.com
                raise MediaRefused("the photo's address cannot be read") from error
            except (aiohttp.ClientError, TimeoutError) as error:
                raise NoAnswer(f"no answer: {type(error).__name__}") from error
        raise MediaRefused("too many redirects")

    async def forget(self, url: str) -> None:
        """Have Twilio delete a photo that was fetched. One that it keeps is no error."""
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            if url.startswith(f"{self._settings.api}/"):
                async with self._opened().delete(url, headers=self._login, allow_redirects=False) as answer:
                    log.debug("a photo at Twilio was deleted: status %d", answer.status)

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session:
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._timeout)
            self._session = aiohttp.ClientSession(timeout=timeout)
        return self._session

    def _require_twilio(self, url: str) -> None:
        """Raise `MediaRefused` for an address that is not Twilio's."""
        api = urlsplit(self._settings.api)
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:  # a bracket without its other half, a port that is no number
            raise MediaRefused("the photo's address cannot be read") from error
        if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
            return
        if parts.scheme != "https" or port not in (None, 443) or not host.endswith(MEDIA_HOSTS):
            raise MediaRefused("the photo's address is not Twilio's")


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise MediaRefused("the photo's address cannot be read") from error


async def _within(answer: aiohttp.ClientResponse) -> bytes:
    """Return the body of an answer. Raises `MediaRefused` for one of more than `MAX_MEDIA` bytes."""
    try:
        return await read_whole(answer, MAX_MEDIA)
    except AnswerTooLarge as error:
        raise MediaRefused(str(error)) from error
