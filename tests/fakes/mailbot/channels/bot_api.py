"""A small Telegram: the Bot API over HTTP, and people who write to the bot.

It keeps every update until an offset confirms it, and gives unconfirmed ones again, as Telegram does.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

TOKEN = "123456:test-token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the bot sent to a chat."""

    method: str
    chat: str
    number: int  #: of the message in its chat
    text: str = ""
    content: bytes = b""
    name: str = ""
    buttons: dict[str, str] = field(default_factory=dict)  #: data by words
    answers: int = 0  #: number of the message to which it is an answer


class FakeBotApi:
    """`faults` are taken one a call of their method: an answer of Telegram, or "drop" for a cut line."""

    def __init__(self, port: int = 0, *, first: int = 1) -> None:
        """`first` is the number of the first message: a bot answers none that it knows."""
        self._port = port
        self.updates: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, deque[dict[str, Any] | str]] = {}
        #: Chats that have blocked the bot.
        self.blocked: set[str] = set()
        self.came = asyncio.Event()
        self.webhook = ""
        self._news = asyncio.Event()
        self._ids = itertools.count(first)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.add_routes([web.post(f"/bot{TOKEN}/{{method}}", self._call)])
        app.add_routes([web.get(f"/file/bot{TOKEN}/{{path}}", self._file)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._news.set()
        await self._runner.cleanup()

    # People

    def says(
        self,
        text: str = "",
        *photos: bytes,
        chat: int = 1,
        kind: str = "private",
        to: int = 0,
        as_file: bool = False,
        **fields: Any,
    ) -> int:
        """Send a message; several photos are an album. Returns its number in the chat."""
        group = {"media_group_id": f"album{next(self._ids)}"} if len(photos) > 1 else {}
        first = 0
        for at, content in enumerate(photos or (b"",)):
            number = next(self._ids)
            first = first or number
            message: dict[str, Any] = {"message_id": number, "chat": {"id": chat, "type": kind}, **group}
            message["from"] = {"id": chat, "first_name": "Ann", "language_code": "en", "is_bot": False}
            if to:
                message["reply_to_message"] = {"message_id": to, "chat": {"id": chat, "type": "private"}}
            if content:
                message |= self._photo(content, as_file=as_file)
            if text and not at:
                message["caption" if content else "text"] = text
            self._put({"message": message | fields})
        return first

    def presses(self, sent: Sent, words: str) -> None:
        """Press a button below a message."""
        chat = {"id": int(sent.chat), "type": "private"}
        person = {"id": int(sent.chat), "first_name": "Ann", "language_code": "en"}
        message = {"message_id": sent.number, "chat": chat}
        data = sent.buttons[words]
        number = str(next(self._ids))
        self._put({"callback_query": {"id": number, "from": person, "message": message, "data": data}})

    def _photo(self, content: bytes, *, as_file: bool) -> dict[str, Any]:
        id = f"file{next(self._ids)}"
        self.files[id] = content
        whole = {"file_id": id, "file_size": len(content), "width": 320, "height": 240}
        if as_file:
            return {"document": {**whole, "file_name": "beach.png", "mime_type": "image/png"}}
        return {"photo": [{"file_id": "small", "width": 90, "height": 60}, whole]}

    def _put(self, update: dict[str, Any]) -> None:
        self.updates.append({"update_id": next(self._ids), **update})
        self._news.set()

    def fault(self, method: str, answer: dict[str, Any] | str) -> None:
        """The next call of a method is answered so."""
        self.faults.setdefault(method, deque()).append(answer)

    async def wait_for(self, count: int, seconds: float = 20) -> list[Sent]:
        """The messages of the bot, when there are `count` of them."""
        async with asyncio.timeout(seconds):
            while len(self.sent) < count:
                self.came.clear()
                await self.came.wait()
        return self.sent

    async def until_called(self, method: str) -> dict[str, Any]:
        """The values of the last call of a method, when there was one."""
        async with asyncio.timeout(20):
            while not (found := [values for name, values in self.calls if name == method]):
                self.came.clear()
                await self.came.wait()
        return found[-1]

    # The API

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        form: dict[str, Any] = dict(await request.post())
        if method != "getUpdates":
            self.calls.append((method, form))
            self.came.set()
        fault = self.faults[method].popleft() if self.faults.get(method) else None
        if isinstance(fault, dict):
            return web.json_response({"ok": False, **fault}, status=fault["error_code"])
        result = await self._result(method, form)
        if fault == "drop":
            assert request.transport is not None
            request.transport.abort()
        if isinstance(result, web.Response):
            return result
        return web.json_response({"ok": True, "result": result})

    async def _result(self, method: str, form: dict[str, Any]) -> Any:
        match method:
            case "getUpdates":
                return await self._updates(int(form["offset"]), int(form["timeout"]))
            case "getFile":
                return {"file_id": form["file_id"], "file_path": form["file_id"]}
            case "getMe":
                return {"id": 123456, "is_bot": True, "first_name": "Painter", "username": "painter_bot"}
            case "getWebhookInfo":
                return {"url": self.webhook}
            case "sendMessage" | "sendPhoto" | "sendDocument":
                return self._send(method, form)
        return True

    async def _updates(self, offset: int, seconds: int) -> list[dict[str, Any]]:
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if not self.updates and seconds:
            self._news.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._news.wait()
            except TimeoutError:
                pass
        return self.updates[:100]

    def _send(self, method: str, form: dict[str, Any]) -> Any:
        if form["chat_id"] in self.blocked:
            words = "Forbidden: bot was blocked by the user"
            return web.json_response({"ok": False, "error_code": 403, "description": words}, status=403)
        file = form.get("photo") or form.get("document")
        rows = json.loads(form.get("reply_markup", "{}")).get("inline_keyboard", [])
        sent = Sent(
            method=method,
            chat=form["chat_id"],
            number=next(self._ids),
            text=form.get("text") or form.get("caption") or "",
            content=file.file.read() if file else b"",
            name=file.filename if file else "",
            buttons={button["text"]: button["callback_data"] for row in rows for button in row},
            answers=json.loads(form.get("reply_parameters", "{}")).get("message_id", 0),
        )
        self.sent.append(sent)
        self.came.set()
        return {"message_id": sent.number, "chat": {"id": int(sent.chat)}}

    async def _file(self, request: web.Request) -> web.Response:
        if self.faults.get("file") and self.faults["file"].popleft() == "stall":
            await asyncio.Event().wait()
        return web.Response(body=self.files[request.match_info["path"]])
