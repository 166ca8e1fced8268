"""Have the photo of a request painted, in one style or blend, or in every style of a sheet."""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import replace

from aiohttp import web

from runner.http import multipart, photo_upload, query
from runner.http.app_keys import BALANCER, USAGE
from styles.contract import StyleJob, StyleResult
from styles.errors import PainterError
from styles.service.logs import HEADER, trace_or_new, traceparent, tracing

log = logging.getLogger(__name__)

#: The route whose pictures are sheets.
SHEET = "/v1/sheet"


async def paint(request: web.Request) -> web.Response:
    """Paint the photo in the body or in a form, in one style or blend, or in every style of a sheet."""
    trace = trace_or_new(request.headers)
    with tracing(trace):
        try:
            job = await _received(request)
            started = time.monotonic()
            result = await painted(request, replace(job, trace=trace))
            response = _painted(result, time.monotonic() - started)
        except PainterError as error:
            log.info("a photo is not painted: %s", type(error).__name__)
            raise
    response.headers[HEADER] = traceparent(trace)
    return response


async def painted(request: web.Request, job: StyleJob) -> StyleResult:
    """Return the painting of a job, which gets an id if it has none. Raises a `PainterError`."""
    started = time.monotonic()
    result = await request.app[BALANCER].submit(replace(job, id=job.id or uuid.uuid4().hex))
    request.app[USAGE].painted(job)
    seconds = time.monotonic() - started
    log.info("painted by %s in %.3f s (engine %.3f s)", result.runner, seconds, result.seconds)
    return result


async def _received(request: web.Request) -> StyleJob:
    balancer, is_sheet = request.app[BALANCER], request.path == SHEET
    with balancer.stats.counting():
        if not photo_upload.is_form(request):  # refused before its photo comes
            query.read(request.query, sheet=is_sheet)
        sender = request.query.get("sender") or request.remote or ""
        with balancer.receiving(sender, photo_upload.announced(request)) as need:
            image, options = await photo_upload.photo(request, need)
        job = query.read(query.joined(request.query, options), sheet=is_sheet)
    return replace(job, image=image, sender=job.sender or sender)


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
