"""A small balancer and registry over HTTP: it paints by returning the photo it was given, with a mark.

Blends are painted where all their parts are known and none is `alone`; `/v1/sheet` and `preview=` are
answered as the balancer does.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Self

from aiohttp import MultipartWriter, web

from styles.errors import BadOption, PainterError, UnknownStyle
from styles.language.blend_syntax import read
from styles.service.logs import HEADER, trace_of
from styles.service.problems import MEDIA_TYPE, to_problem

STYLES = ("mosaic", "starry-night", "the-scream")


#: Photos asked for at a larger side come back smaller, pixels.
TOO_LARGE = 4096


class FakeBalancer:
    """`faults` are taken one a photo: (status, title, error class) is its answer.

    `alone` are those of the styles that cannot be blended, since each has a network of its own.
    """

    def __init__(self, styles: tuple[str, ...] = STYLES, alone: tuple[str, ...] = ()) -> None:
        self.styles, self.alone = styles, alone
        #: Titles of versions that are not listed, by NAME@REF. They are painted too.
        self.staged: dict[str, str] = {}
        self.faults: deque[tuple[int, str, str]] = deque()
        #: The queries of all photos that came; that of a sheet names no style and is in `sheets` as well.
        self.jobs: list[dict[str, str]] = []
        self.sheets: list[dict[str, str]] = []
        #: The trace of each photo.
        self.traces: list[str] = []
        self.photos: list[bytes] = []
        #: Cleared, every photo waits.
        self.may_paint = asyncio.Event()
        self.may_paint.set()
        self.asked = asyncio.Event()
        self.lists = 0
        #: Whether the registry answers.
        self.has_list = True
        #: Seconds until each pending photo is painted; None: it knows none. `estimates` counts the questions.
        self.expected: float | None = None
        self.estimates = 0
        #: Set, the connection of the next photo is cut when the photo has come.
        self.vanishes = False
        #: URLs of further balancers that a bot is given besides.
        self.others: tuple[str, ...] = ()
        #: What /v1/status says.
        self.draining = False
        self.runner_states = ["ready"]
        self.learning_problem: dict[str, Any] | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.add_routes([web.post("/v1/stylize", self._stylize), web.post("/v1/sheet", self._sheet)])
        app.add_routes([web.get("/api/styles", self._styles), web.get("/v1/status", self._status)])
        app.add_routes([web.get("/api/styles/{name}/card", self._card)])
        app.add_routes([web.get("/health/ready", self._ready), web.get("/v1/jobs/{id}", self._job)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await self._site.start()
        self.port = int(self._runner.addresses[0][1])
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._runner.cleanup()

    async def _stylize(self, request: web.Request) -> web.Response:
        photo = await request.read()
        self.photos.append(photo)
        if fault := await self._came(request):
            return fault
        try:
            self._check(request.query["style"])
        except PainterError as error:
            return web.json_response(to_problem(error), status=error.status, content_type=MEDIA_TYPE)
        return _answer(request, painted(photo), 3)

    async def _sheet(self, request: web.Request) -> web.Response:
        photo = await request.read()
        self.photos.append(photo)
        self.sheets.append(dict(request.query))
        return await self._came(request) or _answer(request, sheet_of(photo), 0)

    async def _came(self, request: web.Request) -> web.Response | None:
        """Takes note of a photo, and gives its fault if there is one."""
        self.jobs.append(dict(request.query))
        self.traces.append(trace_of(request.headers.get(HEADER, "")))
        self.asked.set()
        if self.vanishes and request.transport:
            request.transport.abort()
        await self.may_paint.wait()
        return _problem(*self.faults.popleft()) if self.faults else None

    def _check(self, style: str) -> None:
        parts = list(read(style)) if "," in style or ":" in style else [style]
        for name in parts:
            if name not in self.styles and name not in self.staged:
                raise UnknownStyle(name, known=self.styles)
        if len(parts) > 1 and (strange := [name for name in parts if name in self.alone]):
            raise BadOption(f"{strange[0]} has a network of its own and cannot be blended.")

    async def _job(self, _request: web.Request) -> web.Response:
        self.estimates += 1
        if self.expected is None:
            return web.Response(status=404)
        return web.json_response({"seconds": self.expected})

    async def _ready(self, _request: web.Request) -> web.Response:
        return web.Response()

    async def _status(self, _request: web.Request) -> web.Response:
        runners = [
            {"name": f"cpu-{number}", "device": "cpu", "state": state}
            for number, state in enumerate(self.runner_states)
        ]
        learning = {"problem": self.learning_problem}
        state = {"queued": 0, "draining": self.draining, "runners": runners, "learning": learning}
        return web.json_response(state)

    async def _card(self, request: web.Request) -> web.Response:
        name = f"{request.match_info['name']}@{request.query['ref']}"
        if not self.has_list:
            return web.Response(status=503)
        if name not in self.staged:
            return web.json_response({"near": [], "known": list(self.styles)}, status=404)
        return web.json_response({"name": request.match_info["name"], "title": self.staged[name]})

    async def _styles(self, _request: web.Request) -> web.Response:
        self.lists += 1
        if not self.has_list:
            return web.Response(status=503)
        rows: list[dict[str, Any]] = [
            {"name": name, "title": name.title(), "artist": "", "year": "", "description": "",
             "preview": "", "aliases": {"live": 3}} for name in self.styles
        ]  # fmt: skip
        return web.json_response(rows)


def painted(photo: bytes) -> bytes:
    """What becomes of a photo."""
    return photo + b"painted"


def sheet_of(photo: bytes) -> bytes:
    """The photo in all styles."""
    return photo + b"sheet"


def preview_of(picture: bytes) -> bytes:
    """The smaller JPEG of a picture; no larger than what a runner makes."""
    return picture[:100_000] + b"preview"


def _answer(request: web.Request, picture: bytes, version: int) -> web.Response:
    """One picture, or two as parts where a preview is asked for."""
    headers = {
        "X-Style-Version": str(version),
        "X-Runner": "fake",
        "Server-Timing": "queue;dur=1.0, engine;dur=250.0",
    }
    if int(request.query.get("size", 1024)) > TOO_LARGE:
        headers["X-Reduced-From"] = "8064x6048"
    kind = f"image/{request.query.get('format', 'jpeg')}"
    if "preview" not in request.query:
        return web.Response(body=picture, content_type=kind, headers=headers)
    both = MultipartWriter("mixed")
    for part, part_kind in ((picture, kind), (preview_of(picture), "image/jpeg")):
        both.append(part, {"Content-Type": part_kind}).set_content_disposition("attachment", filename="p.jpg")
    return web.Response(body=both, headers={**headers, "Content-Type": both.content_type})


def _problem(status: int, title: str, kind: str) -> web.Response:
    body = {"type": f"urn:mailbot:error:{kind}", "title": title, "status": status, "detail": "as told"}
    return web.json_response(body, status=status, content_type="application/problem+json")
