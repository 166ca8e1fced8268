"""What the registry counts, and what Prometheus reads of it.

A request is counted by its method, its route as it is declared and its status class: how many series there
are depends on the routes, never on what callers ask for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from styles.service.metrics import build, counter, gauge, text

#: Method and route of requests that have no route: callers may make up any method.
NO_ROUTE = ("any", "none")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class RegistryMetrics:
    """The counts since the process began."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, str]] = Counter()  #: by method, route and status class
        self.uploads: Counter[str] = Counter(accepted=0, refused=0)
        self.pool = 0  #: that ran to the end
        self.trial_seconds = 0.0
        self.received_bytes = 0  #: of uploads, whatever became of them
        self.blobs = 0  #: answers with a blob, whole or in part

    def middleware(self) -> Middleware:
        """Counts every request; it stands before what turns errors into answers."""

        @web.middleware
        async def counting(request: web.Request, handler: Handler) -> web.StreamResponse:
            status = "cut off"  # the caller hung up, or the answer failed half-way
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

        return counting

    def answered(self, request: web.Request, status: str) -> None:
        """A request was answered with a status of that class, such as `2xx`."""
        resource = request.match_info.route.resource
        method, route = (request.method, resource.canonical) if resource else NO_ROUTE
        self.requests[method, route, status] += 1


def prometheus(metrics: RegistryMetrics, *, waiting: int, styles: int, versions: int) -> bytes:
    """What /metrics answers."""
    labels = ("method", "route", "status")
    uploads = {(result,): count for result, count in metrics.uploads.items()}
    return text(
        [
            build("registry"),
            counter("registry_requests", "Requests answered.", metrics.requests, labels),
            counter("registry_uploads", "Uploads, by what became of them.", uploads, ["result"]),
            counter("registry_trials", "Validations that passed.", metrics.pool),
            counter("registry_trial_seconds", "Seconds of validations that passed.", metrics.trial_seconds),
            counter("registry_received_bytes", "Bytes of uploads.", metrics.received_bytes),
            counter("registry_blobs_served", "Blobs sent, whole or in part.", metrics.blobs),
            gauge("registry_events_waiting", "Callers that wait for events.", waiting),
            gauge("registry_styles", "Styles that can be asked for.", styles),
            gauge("registry_versions", "Versions of those styles.", versions),
        ]
    )
