"""A small balancer over HTTP that learns at once what it is sent, or waits, or fails, as it is told.

async with FakeLearner() as learner:
    learner.may_finish.clear()     # jobs stay at a third until it is set
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import BodyPartReader, web

from styles.errors import PainterError
from styles.learning_errors import LearningQueueFull
from styles.service.asyncio_tasks import wait_until_set
from styles.service.problems import MEDIA_TYPE, to_problem
from tests.fakes.mailbot.mails import photo

CORNERS = [[0.1, 0.1], [0.9, 0.12], [0.88, 0.9], [0.12, 0.86]]


@dataclass
class LearningJob:
    """A job, with the form that it came by."""

    id: str
    form: dict[str, Any]
    cancelled: bool = False
    is_swapped: bool = False  #: was cancelled for another picture
    problem: dict[str, str] | None = None
    published: str = ""
    state: str = ""  #: set, it stays so
    was_fetched: asyncio.Event = field(default_factory=asyncio.Event)  #: its style, or its picture

    @property
    def kind(self) -> str:
        return "picture" if "photo" in self.form else "style"


@dataclass
class FakeLearner:
    """`refusal` answers the next request; `problem` is that of all jobs, which fail."""

    jobs: dict[str, LearningJob] = field(default_factory=dict)
    may_finish: asyncio.Event = field(default_factory=asyncio.Event)
    refusal: tuple[int, str] | PainterError | None = None  #: a status with a title, or an error
    problem: dict[str, str] | None = None
    most: int = 1000  #: jobs that it takes; one more is refused, since the queue is full
    is_frame_found: bool = True
    is_seen: bool = True  #: somebody has looked for the paintings
    previews: int = 1  #: of each job
    looks: int = 0  #: questions how far a job is
    answers_lost: int = 0  #: jobs that begin, though who sent them does not hear of it
    forgets_unheard: int = 0  #: jobs that are forgotten, though who asked for it does not hear of it
    files_missed: int = 0  #: styles that are asked for in vain
    jobs_lost: int = 0  #: jobs that are gone when their style or finished picture is asked for
    breaks: int = 0  #: streams that end after one event, as if the balancer was killed; jobs finish then
    may_hand_over: asyncio.Event = field(default_factory=asyncio.Event)  #: what was learnt, once asked for
    may_forget: asyncio.Event = field(default_factory=asyncio.Event)  #: a job, when first asked to
    began: Callable[[], None] = lambda: None  #: is called with each new job
    missing: PainterError | None = None  #: why nothing can be learnt
    may_find: asyncio.Event = field(default_factory=asyncio.Event)  #: corners
    events_until_done: int = 0  #: counts down to 0, when jobs finish
    posts: int = 0  #: jobs that were sent, known ones included
    port: int = 0

    def __post_init__(self) -> None:
        self.may_finish.set()
        self.may_find.set()
        self.may_hand_over.set()
        self.may_forget.set()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20)
        app.add_routes(
            [
                web.get("/v1/status", self._status),
                web.post("/learn", self._begin),
                web.post("/learn/corners", self._corners),
                web.get("/learn/{id}", self._get),
                web.put("/learn/{id}/published", self._published),
                web.delete("/learn/{id}", self._delete),
                web.get("/learn/{id}/events", self._events),
                web.get("/learn/{id}/{what:thumbnail|preview|painting|picture|style}", self._file),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = int(self._runner.addresses[0][1])
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._runner.cleanup()

    @property
    def only(self) -> LearningJob:
        """The one job that came."""
        (job,) = self.jobs.values()
        return job

    async def _status(self, _request: web.Request) -> web.Response:
        problem = to_problem(self.missing) if self.missing else None
        return web.json_response({"learning": {"queued": 0, "problem": problem}})

    async def _begin(self, request: web.Request) -> web.Response:
        form = await _form(request)
        self.posts += 1
        if refused := self._refused():
            return refused
        known = next((job for job in self.jobs.values() if job.form.get("key") == form.get("key")), None)
        if not known and len(self.jobs) >= self.most:
            return _refusal(LearningQueueFull(60, place=self.most, seconds_left=300 * self.most))
        job = known or LearningJob(id=f"job-{len(self.jobs) + 1:016}", form=form, problem=self.problem)
        self.jobs[job.id] = job
        self.began()
        if self.answers_lost and request.transport:
            self.answers_lost -= 1
            request.transport.abort()
        return web.json_response(self.status(job), status=202, headers={"Location": f"/learn/{job.id}"})

    def _refused(self) -> web.Response | None:
        refusal, self.refusal = self.refusal, None
        if isinstance(refusal, PainterError):
            return _refusal(refusal)
        return _problem(*refusal) if refusal else None

    async def _corners(self, request: web.Request) -> web.Response:
        await _form(request)
        await self.may_find.wait()
        if refused := self._refused():
            return refused
        corners = CORNERS if self.is_frame_found else [[0, 0], [1, 0], [1, 1], [0, 1]]
        found = {"corners": corners, "width": 320, "height": 240, "found": self.is_frame_found}
        return web.json_response(found)

    def status(self, job: LearningJob) -> dict[str, Any]:
        """The status object of a job."""
        state = "failed" if job.problem else "done" if self.may_finish.is_set() else "running"
        state = "cancelled" if job.cancelled else job.state or state
        is_done = state == "done"
        summary = {"steps": 420, "minutes": 4.9, "losses": {"content": 1.5, "style": 0.5}}
        return {
            "id": job.id,
            "kind": job.kind,
            **{name: job.form.get(name, "") for name in ("name", "title", "artist")},
            "state": state,
            "phase": "measuring" if is_done else "training",
            "share": 1.0 if is_done else 0.33 if state == "running" else 0.0,
            "seconds_left": None if is_done else 200.0,
            "position": 2 if state == "queued" else None,
            "corners": (json.loads(job.form.get("corners", "null")) or CORNERS) if self.is_seen else None,
            "previews": self.previews,
            "problem": job.problem,
            "summary": summary if is_done else None,
            "published": job.published or None,
        }

    def _job(self, request: web.Request) -> LearningJob:
        job, owners = self.jobs.get(request.match_info["id"]), request.query.getall("owner", ())
        if job is None or (owners and job.form["owner"] not in owners):
            raise web.HTTPNotFound(
                text=json.dumps({"title": "No such job.", "type": "about:blank"}), content_type=MEDIA_TYPE
            )
        return job

    async def _get(self, request: web.Request) -> web.Response:
        self.looks += 1
        return web.json_response(self.status(self._job(request)))

    async def _published(self, request: web.Request) -> web.Response:
        self._job(request).published = request.query["name"]
        return web.Response(status=204)

    async def _delete(self, request: web.Request) -> web.Response:
        job = self._job(request)
        is_first, job.cancelled = not job.cancelled, True
        job.is_swapped |= "swapped" in request.query
        if is_first:
            await self.may_forget.wait()
        if self.forgets_unheard and request.transport:
            self.forgets_unheard -= 1
            del self.jobs[job.id]
            request.transport.abort()
        return web.Response(status=204)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        job = self._job(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        while request.transport and not request.transport.is_closing():
            status = self.status(job)
            await response.write(f"event: status\ndata: {json.dumps(status)}\n\n".encode())
            if status["state"] in ("done", "failed", "cancelled"):
                return response
            if self.events_until_done:
                self.events_until_done -= 1
                if not self.events_until_done:
                    self.may_finish.set()
            if self.breaks:
                self.breaks -= 1
                self.may_finish.set()
                return response
            await wait_until_set(self.may_finish, 0.05)
        return response

    async def _file(self, request: web.Request) -> web.Response:
        job, what = self._job(request), request.match_info["what"]
        if what in ("style", "picture") and self.jobs_lost:
            self.jobs_lost -= 1
            del self.jobs[job.id]
            self._job(request)  # raises 404
        if what in ("style", "picture"):
            job.was_fetched.set()
            await self.may_hand_over.wait()
        if what == "style":
            if self.files_missed:
                self.files_missed -= 1
                raise web.HTTPServiceUnavailable
            return web.Response(body=b"a style of " + job.form["painting"][-40:])
        return web.Response(body=photo(seed=len(what)), content_type="image/jpeg", headers={"ETag": '"1"'})


async def _form(request: web.Request) -> dict[str, Any]:
    form: dict[str, Any] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = await part.read()
        form[str(part.name)] = bytes(content) if part.filename else content.decode()
    return form


def _refusal(error: PainterError) -> web.Response:
    return web.json_response(to_problem(error), status=error.status, content_type=MEDIA_TYPE)


def _problem(status: int, title: str) -> web.Response:
    body = {"type": "urn:mailbot:error:Permanent", "title": title, "detail": "raw: 2400x1", "status": status}
    return web.json_response(body, status=status, content_type=MEDIA_TYPE)
