"""Count requests and uploads, for Prometheus.

A request is counted by method, declared route and status class. So the number of series depends on the
routes, not on the requests.
"""

from __future__ import annotations

from collections import Counter

from aiohttp import web
from aiohttp.typedefs import Handler

from styles.service.metrics import build, counter, gauge, text

#: Method and route of requests without a route, since callers can invent methods.
NO_ROUTE = ("any", "none")


class RegistryMetrics:
    """Hold the counts since the process began."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, str]] = Counter()  #: by method, route and status class
        self.uploads: Counter[str] = Counter(accepted=0, refused=0)
        self.validations = 0  #: validations that passed
        self.validation_seconds = 0.0
        self.received_bytes = 0  #: bytes of uploads, accepted or not
        self.blobs = 0  #: responses with a blob, whole or in part

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count a request. This middleware runs outside the one for errors."""
        status = "cut off"  # the client disconnected, or the response failed half-way
        try:
            response = await handler(request)
            status = f"{response.status // 100}xx"
        except web.HTTPException as answer:
            status = f"{answer.status // 100}xx"
            raise
        else:
            return response
        finally:
            self.answered(request, status)

    def answered(self, request: web.Request, status: str) -> None:
        """Count a response by its status class, such as `2xx`."""
        resource = request.match_info.route.resource
        method, route = (request.method, resource.canonical) if resource else NO_ROUTE
        self.requests[method, route, status] += 1


def prometheus(metrics: RegistryMetrics, *, waiting: int, styles: int, versions: int) -> bytes:
    """Format the body of /metrics."""
    labels = ("method", "route", "status")
    uploads = {(result,): count for result, count in metrics.uploads.items()}
    return text(
        [
            build("registry"),
            counter("registry_requests", "Requests answered.", metrics.requests, labels),
            counter("registry_uploads", "Uploads, by what became of them.", uploads, ["result"]),
            counter("registry_validations", "Validations that passed.", metrics.validations),
            counter(
                "registry_validation_seconds",
                "Seconds of validations that passed.",
                metrics.validation_seconds,
            ),
            counter("registry_received_bytes", "Bytes of uploads.", metrics.received_bytes),
            counter("registry_blobs_served", "Blobs sent, whole or in part.", metrics.blobs),
            gauge("registry_events_waiting", "Callers that wait for events.", waiting),
            gauge("registry_styles", "Styles that can be asked for.", styles),
            gauge("registry_versions", "Versions of those styles.", versions),
        ]
    )
