"""Serve the balancer over HTTP.

    POST /v1/stylize       a photo in, a painted photo out
    POST /v1/sheet         a photo in, the photo in all styles out, as one picture
    GET  /v1/jobs/ID       the seconds until a pending photo is painted
    GET  /v1/usage         the paintings of each style by day
    GET  /v1/status        the queue, the runners and the last minute, JSON
    GET  /health/live      200 while the process runs
    GET  /health, /health/ready   200 while a photo would be painted; else 503 and the reasons
    GET  /metrics          for Prometheus

Photos are passed on undecoded. Errors are RFC 9457 problem details.
"""

from __future__ import annotations

import logging
import math
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from runner.balancer.balancer import Balancer
from runner.balancer.style_resolver import StyleResolver
from runner.http import multipart, query
from runner.http.metrics import Metrics
from runner.http.status import status as status_of
from runner.http.status import unready
from runner.http.usage import DailyUsage
from styles.contract import StyleResult
from styles.errors import Busy, ImageTooLarge, NotAnImage, PainterError
from styles.service.logs import HEADER, new_trace, trace_of, traceparent, tracing
from styles.service.metrics import CONTENT_TYPE
from styles.service.problems import MEDIA_TYPE, to_problem

log = logging.getLogger(__name__)

#: The route whose pictures are sheets.
SHEET = "/v1/sheet"
#: Bytes of a photo: the limit of a mail (35 MiB), and a little more.
MAX_PHOTO = 36 << 20

BALANCER = web.AppKey("balancer", Balancer)
RESOLVER = web.AppKey("resolver", StyleResolver)
METRICS = web.AppKey("metrics", Metrics)
USAGE = web.AppKey("usage", DailyUsage)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_app(balancer: Balancer, resolver: StyleResolver) -> web.Application:
    """Build the application; it neither starts nor stops its arguments."""
    app = web.Application(middlewares=[_problems])
    app[BALANCER], app[RESOLVER], app[METRICS] = balancer, resolver, Metrics(balancer)
    app[USAGE] = DailyUsage()
    app.router.add_post("/v1/stylize", paint)
    app.router.add_post(SHEET, paint)
    app.router.add_get("/v1/jobs/{id}", pending)
    app.router.add_get("/v1/usage", usage)
    app.router.add_get("/v1/status", status)
    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)
    app.router.add_get("/health", ready)
    app.router.add_get("/metrics", metrics)
    return app


async def paint(request: web.Request) -> web.Response:
    """Paint the photo in the body, in one style or blend, or in every style of a sheet."""
    trace = trace_of(request.headers.get(HEADER, "")) or new_trace()
    with tracing(trace):
        try:
            response = await _paint(request, trace)
        except PainterError as error:
            log.info("a photo is not painted: %s", type(error).__name__)
            raise
    response.headers[HEADER] = traceparent(trace)
    return response


async def _paint(request: web.Request, trace: str) -> web.Response:
    balancer = request.app[BALANCER]
    with balancer.stats.counting():
        job = query.read(request.query, sheet=request.path == SHEET)
        sender = job.sender or request.remote or ""
        size = request.content_length or 0
        if size > MAX_PHOTO:
            raise ImageTooLarge(f"{size} bytes, at most {MAX_PHOTO}")
        with balancer.receiving(sender, size) as need:
            image = await _body(request, need)
    started = time.monotonic()
    job = replace(job, id=job.id or uuid.uuid4().hex, sender=sender, image=image, trace=trace)
    result = await balancer.submit(job)
    request.app[USAGE].painted(job)
    seconds = time.monotonic() - started
    log.info("painted by %s in %.3f s (engine %.3f s)", result.runner, seconds, result.seconds)
    return _painted(result, seconds)


def _painted(result: StyleResult, seconds: float) -> web.Response:
    """Build the response; the photo waited for the part of `seconds` that the engine did not take."""
    waited = max(0.0, seconds - result.seconds)
    body, content_type = multipart.write(result)
    headers = {
        "Content-Type": content_type,
        "X-Style-Version": str(result.version),
        "X-Runner": result.runner,
        "Server-Timing": f"queue;dur={waited * 1000:.1f}, engine;dur={result.seconds * 1000:.3f}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if result.reduced_from:
        headers["X-Reduced-From"] = "{}x{}".format(*result.reduced_from)
    return web.Response(body=body, headers=headers)


async def pending(request: web.Request) -> web.Response:
    """Return the seconds until a photo is painted that was sent with this `job` and is not answered yet."""
    seconds = request.app[BALANCER].seconds_until_painted(request.match_info["id"])
    if seconds is None:
        raise web.HTTPNotFound(text="no photo of that job is pending")
    return web.json_response({"seconds": round(seconds, 1)})


async def _body(request: web.Request, need: Callable[[int], None]) -> bytes:
    """Read the whole body. Raises `ImageTooLarge` as soon as it is over the limit.

    `need` is called with the bytes received until now, and raises `Busy` if there is no memory for them.
    """
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_PHOTO:
            raise ImageTooLarge(f"more than {MAX_PHOTO} bytes")
        need(len(body))
    if not body:
        raise NotAnImage("the body of the request is empty")
    return bytes(body)


async def status(request: web.Request) -> web.Response:
    """Return the queue, the runners and the last minute, see `runner.http.status`."""
    return web.json_response(status_of(request.app[BALANCER], request.app[RESOLVER]))


async def usage(request: web.Request) -> web.Response:
    """Return the paintings of each style by day."""
    return web.json_response(request.app[USAGE].as_json())


async def live(request: web.Request) -> web.Response:
    """Report that the process runs."""
    return web.json_response({"live": True})


async def ready(request: web.Request) -> web.Response:
    """Report whether a photo would be painted now, and the reasons if not."""
    reasons = unready(request.app[BALANCER], request.app[RESOLVER])
    return web.json_response({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


async def metrics(request: web.Request) -> web.Response:
    """Return the metrics."""
    return web.Response(body=request.app[METRICS].text(), headers={"Content-Type": CONTENT_TYPE})


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into problem details."""
    try:
        return await handler(request)
    except PainterError as error:
        headers = {"Retry-After": str(math.ceil(error.retry_after))} if isinstance(error, Busy) else {}
        # The traceback's frames hold the photo and the error. Without it they end now, not at a collection.
        return _problem(to_problem(error.with_traceback(None)), headers)
    except web.HTTPError as error:
        problem = {"type": "about:blank", "title": error.reason, "status": error.status, "detail": error.text}
        kept = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return _problem(problem, kept)
    except ConnectionError:
        raise  # the client disconnected while it sent its photo
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        problem = {"type": "about:blank", "title": "Internal Server Error", "status": 500}
        return _problem(problem | {"detail": "Something went wrong here; it is in the log."}, {})


def _problem(problem: Mapping[str, Any], headers: Mapping[str, str]) -> web.Response:
    return web.json_response(problem, status=problem["status"], content_type=MEDIA_TYPE, headers=headers)
