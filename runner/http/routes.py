"""Serve the balancer over HTTP.

    POST /v1/stylize       a photo in, a painted photo out
    POST /v1/sheet         a photo in, the photo in all styles out, as one picture
    GET  /v1/jobs/ID       the seconds until a pending photo is painted
    GET  /v1/usage         the paintings of each style by day
    GET  /v1/status        the queue, the runners and the last minute, JSON
    GET  /health/live      200 while the process runs
    GET  /health, /health/ready   200 while a photo would be painted; else 503 and the reasons
    GET  /metrics          for Prometheus
    GET  /openapi.json     all of these, described
    …    /learn            paintings to learn from: learning/
    …    /v2               the same photos by the Open Inference Protocol: inference_protocol.py

Photos are passed on undecoded. Errors are RFC 9457 problem details.
"""

from __future__ import annotations

from aiohttp import web

from runner.balancer.balancer import Balancer
from runner.balancer.style_resolver import StyleResolver
from runner.http import inference_protocol
from runner.http.app_keys import BALANCER, LEARNING, METRICS, RESOLVER, USAGE
from runner.http.learning import routes as learning
from runner.http.metrics import Metrics
from runner.http.openapi import openapi
from runner.http.painting import SHEET, paint
from runner.http.problems import problems
from runner.http.status import status as status_of
from runner.http.status import unready
from runner.http.usage import DailyUsage
from runner.learning.queue import LearningQueue
from styles.service.metrics import CONTENT_TYPE


def create_app(balancer: Balancer, resolver: StyleResolver, learning_queue: LearningQueue) -> web.Application:
    """Build the application; it neither starts nor stops its arguments."""
    app = web.Application(middlewares=[problems])
    app[BALANCER], app[RESOLVER], app[METRICS] = balancer, resolver, Metrics(balancer, learning_queue)
    app[USAGE], app[LEARNING] = DailyUsage(), learning_queue
    app.router.add_post("/v1/stylize", paint)
    app.router.add_post(SHEET, paint)
    app.router.add_get("/v1/jobs/{id}", pending)
    app.router.add_get("/v1/usage", usage)
    app.router.add_get("/v1/status", status)
    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)
    app.router.add_get("/health", ready)
    app.router.add_get("/metrics", metrics)
    app.router.add_get("/openapi.json", openapi)
    app.add_routes(inference_protocol.routes())
    app.add_routes(learning.routes())
    return app


async def pending(request: web.Request) -> web.Response:
    """Return the seconds until a photo is painted that was sent with this `job` and is not answered yet."""
    seconds = request.app[BALANCER].seconds_until_painted(request.match_info["id"])
    if seconds is None:
        raise web.HTTPNotFound(text="no photo of that job is pending")
    return web.json_response({"seconds": round(seconds, 1)})


async def status(request: web.Request) -> web.Response:
    """Return the queue, the runners and the last minute, see `runner.http.status`."""
    return web.json_response(status_of(request.app[BALANCER], request.app[RESOLVER], request.app[LEARNING]))


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
