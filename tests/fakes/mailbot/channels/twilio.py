"""A small Twilio: it signs and calls the webhook, gives photos, takes answers, fetches pictures, reports."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import itertools
import random
import socket
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from mailbot.settings.sms import Sms

ACCOUNT, TOKEN, NUMBER = f"AC{'0' * 32}", "test-token", "+15550001111"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessage:
    """What the bot sent."""

    sid: str
    to: str
    body: str
    picture: bytes | None
    receipts: str  #: where its receipts go
    media: str


def free_port() -> int:
    """A port for the webhook, below those that the kernel gives to others that ask for any."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as free, contextlib.suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


class FakeTwilio:
    """`faults` are taken one an answer: its (status, JSON), "drop" for a cut line after it was taken,
    "pieces" for an answer that comes in two, or "late" for one that waits until `may_answer` is set.
    `list_faults` are taken one a page of the list: a status, "late" for a page that never comes, or what the
    page says of itself: {"next_page_uri": …}.
    """

    #: Messages of a page of the list, whatever is asked for.
    page_size = 2

    def __init__(self, port: int = 0, webhook: int = 0, *, first: int = 1) -> None:
        """`port` is the API's, and `webhook` the bot's; 0 is a free one. `first` numbers the messages."""
        self._api_port = port
        self.photos: dict[str, bytes] = {}
        #: Paths of photos that redirect, and where to.
        self.redirects: dict[str, str] = {}
        #: Photos that come only when they are asked for again, and how often not.
        self.late: dict[str, int] = {}
        self.sent: list[TextMessage] = []
        self.listed: list[dict[str, Any]] = []
        self.pages: list[str] = []  #: of the list, as they were asked for
        self.list_faults: deque[dict[str, Any] | int | str] = deque()
        self.faults: deque[tuple[int, dict[str, Any]] | str] = deque()
        #: Numbers that nothing can be sent to.
        self.unreachable: set[str] = set()
        self.calling: set[asyncio.Task[None]] = set()
        self.authorized: list[str] = []
        self.came = asyncio.Event()
        self.may_answer = asyncio.Event()
        self._ids = itertools.count(first)
        self._port = webhook or free_port()
        self._leaves = False

    async def __aenter__(self) -> Self:
        app = web.Application()
        account = f"/2010-04-01/Accounts/{ACCOUNT}"
        app.add_routes([web.post(f"{account}/Messages.json", self._messages)])
        app.add_routes([web.get(f"{account}/Messages.json", self._list)])
        app.add_routes([web.get(f"{account}/Messages/{{sid}}/Media.json", self._media_list)])
        app.add_routes(
            [
                web.get("/media/{name}", self._media),
                web.delete("/media/{name}", self._forget),
                web.get("/2010-04-01/Accounts/{a}", self._account),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._api_port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        # Cancelled while it connects, a call leaves its socket open: each ends by itself.
        self._leaves = True
        if calling := set(self.calling):
            await asyncio.wait(calling, timeout=5)
            for task in calling:
                task.cancel()
            await asyncio.gather(*calling, return_exceptions=True)
        await self._session.close()
        await self._runner.cleanup()

    @property
    def settings(self) -> Sms:
        """Of a bot whose number this is."""
        public = f"http://127.0.0.1:{self._port}"
        values = {"enabled": True, "number": NUMBER, "account": ACCOUNT, "public_url": public}
        return Sms.model_validate({**values, "port": self._port, "api": self.url})

    # People

    def message(
        self, text: str, *photos: bytes, sender: str = "+15552223333", **fields: str
    ) -> dict[str, str]:
        """The form of a message that came in."""
        form = {"MessageSid": f"MM{next(self._ids)}", "From": sender, "To": NUMBER, "Body": text}
        for number, photo in enumerate(photos):
            name = f"photo{next(self._ids)}"
            self.photos[name] = photo
            form |= {
                f"MediaUrl{number}": f"{self.url}/media/{name}",
                f"MediaContentType{number}": "image/jpeg",
            }
        return form | {"NumMedia": str(len(photos))}

    async def call(self, path: str, form: dict[str, str], *, token: str = TOKEN) -> int:
        """Call the webhook, and return its status. It may not listen yet."""
        url = f"{self.settings.public_url}{path}"
        text = url + "".join(name + form[name] for name in sorted(form))
        signed = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
        for _ in range(200):
            if self._leaves:
                break
            try:
                async with self._session.post(
                    url, data=form, headers={"X-Twilio-Signature": signed}
                ) as answer:
                    return answer.status
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.02)
        raise TimeoutError(url)

    async def says(self, text: str, *photos: bytes, sender: str = "+15552223333") -> dict[str, str]:
        """Text the bot; returns the form, to be delivered again."""
        form = self.message(text, *photos, sender=sender)
        self.misses(form)
        assert await self.call("/sms", form) == 200
        return form

    def misses(self, form: dict[str, str], sent: float | None = None, **fields: Any) -> None:
        """A message that no call brings: it is in the list alone."""
        self._note(form, time.time() if sent is None else sent, fields)

    def _note(self, form: dict[str, str], sent: float, fields: dict[str, Any]) -> None:
        media = [
            {
                "content_type": form[f"MediaContentType{n}"],
                "uri": form[f"MediaUrl{n}"].removeprefix(self.url) + ".json",
            }
            for n in range(int(form["NumMedia"]))
        ]
        self.listed.append(
            {
                "sid": form["MessageSid"],
                "from": form["From"],
                "to": NUMBER,
                "body": form["Body"],
                "direction": "inbound",
                "num_media": form["NumMedia"],
                "date_sent": format_datetime(datetime.fromtimestamp(sent, UTC)),
                "media": media,
                **fields,
            }
        )

    def deliver(self, form: dict[str, str]) -> None:
        """Call the webhook until it takes the message, as Twilio does where it is told to try again."""
        self.misses(form)
        task = asyncio.create_task(self._deliver(form))
        self.calling.add(task)
        task.add_done_callback(self.calling.discard)

    async def _deliver(self, form: dict[str, str]) -> None:
        while not self._leaves:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                if await self.call("/sms", form) == 200:
                    return
            await asyncio.sleep(0.05)

    async def report(self, sent: TextMessage, status: str, code: int = 0) -> int:
        """Report what became of a message."""
        form = {"MessageSid": sent.sid, "MessageStatus": status, **({"ErrorCode": str(code)} if code else {})}
        return await self.call(sent.receipts.removeprefix(self.settings.public_url), form)

    async def fetch(self, url: str) -> tuple[int, bytes]:
        """Ask the webhook for something, as anybody could."""
        async with self._session.get(url) as answer:
            return answer.status, await answer.read()

    async def wait_for(self, count: int) -> list[TextMessage]:
        """The messages of the bot, when there are `count` of them."""
        async with asyncio.timeout(20):
            while len(self.sent) < count:
                self.came.clear()
                await self.came.wait()
        return self.sent

    # The API

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.authorized.append(request.headers.get("Authorization", ""))
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, tuple):
            return web.json_response(fault[1], status=fault[0])
        if form["To"] in self.unreachable:
            return web.json_response({"code": 21211, "message": "Invalid 'To' Phone Number"}, status=400)
        media = form.get("MediaUrl", "")
        try:
            picture = (await self.fetch(media))[1] if media else None
        except aiohttp.ClientError:  # the bot was killed meanwhile
            return web.Response(status=503)
        sid = f"SM{next(self._ids)}"
        receipts = form.get("StatusCallback", "")
        values = {"to": form["To"], "body": form["Body"], "receipts": receipts, "media": media}
        self.sent.append(TextMessage(sid=sid, picture=picture, **values))
        self.came.set()
        if fault == "drop":
            assert request.transport is not None
            request.transport.abort()
        if fault == "late":
            await self.may_answer.wait()
        answer = web.json_response({"sid": sid, "status": "queued"}, status=201)
        return await self._in_pieces(request, str(answer.text)) if fault == "pieces" else answer

    async def _list(self, request: web.Request) -> web.Response:
        """A page, the newest message first. Like Twilio, it may give older ones than it was asked for."""
        self.pages.append(request.query_string)
        self.came.set()
        fault = self.list_faults.popleft() if self.list_faults else {}
        if fault == "late":
            await asyncio.Event().wait()
        if isinstance(fault, int):
            return web.Response(status=fault)
        assert isinstance(fault, dict)
        assert request.query["To"] == NUMBER
        newest, at = self.listed[::-1], int(request.query.get("Page", "0")) * self.page_size
        following = f"{request.path}?{urlencode({**request.query, 'Page': at // self.page_size + 1})}"
        page = {
            "messages": newest[at : at + self.page_size],
            "next_page_uri": following if at + self.page_size < len(newest) else None,
        }
        return web.json_response(page | fault)

    async def _media_list(self, request: web.Request) -> web.Response:
        sid = request.match_info["sid"]
        (found,) = (each for each in self.listed if each["sid"] == sid)
        left = [each for each in found["media"] if each["uri"].split("/")[-1][:-5] in self.photos]
        return web.json_response({"media_list": left})

    async def until_listed(self, count: int) -> None:
        """Until the bot has asked for so many pages of the list."""
        async with asyncio.timeout(20):
            while len(self.pages) < count:
                self.came.clear()
                await self.came.wait()

    async def _in_pieces(self, request: web.Request, text: str) -> web.StreamResponse:
        answer = web.StreamResponse(status=201)
        await answer.prepare(request)
        for piece in (text[:9], text[9:]):
            await answer.write(piece.encode())
            await asyncio.sleep(0.05)  # so that they are two on the line
        return answer

    async def _media(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.authorized.append(request.headers.get("Authorization", ""))
        if target := self.redirects.get(name):
            return web.Response(status=307, headers={"Location": target})
        if self.late.get(name, 0):
            self.late[name] -= 1
            return web.Response(status=503)
        if name not in self.photos:
            return web.Response(status=404)
        answer = web.StreamResponse()  # without a length, which could lie
        await answer.prepare(request)
        await answer.write(self.photos[name])
        return answer

    async def _forget(self, request: web.Request) -> web.Response:
        wanted = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        assert request.headers["Authorization"] == f"Basic {wanted}"
        self.photos.pop(request.match_info["name"], None)
        self.came.set()
        return web.Response(status=204)

    async def until_forgotten(self) -> None:
        """Until the bot has deleted all photos here."""
        async with asyncio.timeout(20):
            while self.photos:
                self.came.clear()
                await self.came.wait()

    async def _account(self, request: web.Request) -> web.Response:
        if (
            request.headers.get("Authorization")
            != f"Basic {base64.b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}"
        ):
            return web.Response(status=401)
        return web.json_response({"status": "active"})
